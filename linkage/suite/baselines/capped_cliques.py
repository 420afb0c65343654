"""Every shared identifier as a clique of its holders, hubs left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphs.pairs import find_modules
from linkage.suite.baseline import Baseline, every
from linkage.suite.sharing import held, pair_graph
from linkage.tables import derive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphs import Partition
    from linkage.evidence.collect import Evidence


class CappedCliques(Baseline):
    """Make a clique of the holders of each identifier, leave out those with too many, and run Leiden.

    What graph databases' fraud tutorials do: project accounts onto each other, cap the degree, find communities by
    modularity (Traag et al. 2019). Each pair in a clique weighs 1/(holders - 1), so that an identifier ties each
    holder once (Newman 2001), or, with ``rarity`` 1, its bits.
    """

    name = "capped_cliques"
    label = "cliques without hubs, Leiden"
    grid = every(largest=(50, 20, 200), rarity=(0, 1), resolution=(1.0, 10.0, 30.0))

    def partition(self, evidence: Evidence, knobs: Mapping[str, float]) -> Partition:
        """Add up the cliques, and find their modules."""
        holdings = held(evidence, "bits > 0", largest=knobs["largest"])
        weight = "a.bits" if knobs["rarity"] else "1 / (a.holders - 1)"
        pairs = derive(
            f"""
            select a.account as first, b.account as second, round(sum(round({weight}, 9)), 9) as weight
            from holdings as a
            join holdings as b using (identifier)
            where a.account < b.account
            group by all
            """,
            holdings=holdings,
        )
        holdings.drop()
        return find_modules(pair_graph(pairs, evidence), resolution=float(knobs["resolution"]))
