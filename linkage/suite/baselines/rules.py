"""Rules that merge: one card, one block of addresses or one client in common, and two clusters are one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphs import Partition, components
from linkage.suite.baseline import Baseline, every
from linkage.suite.sharing import BLOCKS, CARDS, DECLARED, held, stars

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linkage.evidence.collect import Evidence

EVERYBODY = 2**31
"""More holders than anything has: no limit."""


class Rules(Baseline):
    """Merge accounts that share a card, a /24 (/48) or any declared column; report clusters of five and more.

    The clustering rules of Glasswally (2026), an open detector of distillation, as we read them in its code:
    card, organisation, address block and TLS client merge, whatever their number of holders. Organisation and
    client count here where the settings declare their columns. Limits on holders are our addition, tried for
    fairness; its score per account is no part of this.
    """

    name = "rules"
    label = "merging rules"
    grid = every(largest=(EVERYBODY, 200, 50, 20), smallest=(5,))

    def partition(self, evidence: Evidence, knobs: Mapping[str, float]) -> Partition:
        """Take the components of accounts and what merges them; let go of small ones."""
        holdings = held(evidence, f"{CARDS} or {BLOCKS} or {DECLARED}", largest=knobs["largest"])
        graph = stars(holdings, evidence)
        holdings.drop()
        found = components(graph)
        sizes = np.append(found.sizes, 0)  # the last is that of accounts alone, labelled -1
        return Partition.of(np.where(sizes[found.labels] >= knobs["smallest"], found.labels, -1))
