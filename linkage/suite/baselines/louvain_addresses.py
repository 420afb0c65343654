"""Communities of accounts that come from the same addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphs.pairs import find_modules
from linkage.suite.baseline import Baseline, every
from linkage.suite.sharing import ADDRESSES, held, pair_graph
from linkage.tables import derive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphs import Partition
    from linkage.evidence.collect import Evidence


class LouvainAddresses(Baseline):
    """Weigh each pair of accounts by the addresses they share, drop light pairs, and run Louvain.

    The idea of EvilCohort (Stringhini et al., USENIX Security 2015), which needs nothing but accounts and
    addresses; written anew from the paper's description. Addresses with many holders are left out, because the
    paper's projection makes a pair of every two of them.
    """

    name = "louvain_addresses"
    label = "Louvain on shared addresses"
    grid = every(largest=(50, 20, 200), least=(1, 2), resolution=(1.0, 4.0))

    def partition(self, evidence: Evidence, knobs: Mapping[str, float]) -> Partition:
        """Project accounts and addresses onto pairs of accounts, and find their modules."""
        holdings = held(evidence, ADDRESSES, largest=knobs["largest"])
        pairs = derive(
            """
            select a.account as first, b.account as second, count(*)::double as weight
            from holdings as a
            join holdings as b using (identifier)
            where a.account < b.account
            group by all
            having count(*) >= ?
            """,
            [int(knobs["least"])],
            holdings=holdings,
        )
        holdings.drop()
        return find_modules(
            pair_graph(pairs, evidence), method="louvain", resolution=float(knobs["resolution"])
        )
