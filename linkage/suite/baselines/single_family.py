"""One family of evidence alone: what the others add is measured against this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphs import components, find_communities
from linkage.suite.baseline import Baseline, every
from linkage.suite.sharing import held, stars

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphs import Partition
    from linkage.evidence.collect import Evidence

SEEDS = (1, 2, 3)


class SingleFamily(Baseline):
    """Group accounts by one family of evidence alone, which has a largest number of holders.

    An ablation rather than anybody's idea: with ``resolution`` 0 those who share anything of the family are joined
    as connected components, otherwise our own Leiden on stars divides them.
    """

    grid = every(largest=(50, 20, 200, 1000, 20_000), resolution=(0.25, 0))

    def __init__(self, name: str, label: str, which: str) -> None:
        self.name = name
        self.label = label
        self._which = which

    def partition(self, evidence: Evidence, knobs: Mapping[str, float]) -> Partition:
        """Take the components or the communities of accounts and what they hold of the family."""
        holdings = held(evidence, self._which, largest=knobs["largest"])
        graph = stars(holdings, evidence, weighed=True)
        holdings.drop()
        if not knobs["resolution"]:
            return components(graph)
        return find_communities(graph, resolution=float(knobs["resolution"]), seeds=SEEDS)
