"""Accounts joined by any shared card or address, directly or through others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphs import components
from linkage.suite.baseline import Baseline, every
from linkage.suite.sharing import ADDRESSES, CARDS, held, stars

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphs import Partition
    from linkage.evidence.collect import Evidence


class Components(Baseline):
    """Join accounts that share a card or an address, and those joined to them: what most link charts show.

    Nobody's idea in particular: entity resolution by shared values and transitive closure. Its one guard is the
    largest number of holders that a card or address may have.
    """

    name = "components"
    label = "connected components"
    grid = every(largest=(50, 5, 20, 1000))

    def partition(self, evidence: Evidence, knobs: Mapping[str, float]) -> Partition:
        """Take the components of accounts and what they share."""
        holdings = held(evidence, f"{CARDS} or {ADDRESSES}", largest=knobs["largest"])
        graph = stars(holdings, evidence)
        holdings.drop()
        return components(graph)
