"""Who alone holds a ring together: the first to be doubted when two operations are taken for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphs import StarGraph, bridging
from linkage.tables import derive

if TYPE_CHECKING:
    from linkage.evidence.collect import Evidence
    from linkage.rings.membership import Membership

TELLING = 3.0
"""Bits from which an identifier ties its holders here: a hosting network in common holds every ring together a little."""
SIDE = 5
"""Accounts that a part has at least; fewer are no ring of their own."""


def bridges(membership: Membership, evidence: Evidence) -> frozenset[int]:
    """Find the members without whom two parts of their ring would share nothing that tells much.

    Args:
        membership: who belongs, and by what.
        evidence: who holds what.

    Returns:
        Their account numbers.
    """
    ties = derive(
        """
        select dense_rank() over (order by ring, identifier) - 1 as tie, account
        from members
        join shared using (ring)
        join holdings using (account, identifier)
        where shared.bits >= ?
        """,
        [TELLING],
        members=membership.members,
        shared=membership.shared,
        holdings=evidence.holdings,
    ).arrow("tie, account")
    accounts, places = np.unique(ties["account"].to_numpy(), return_inverse=True)
    graph = StarGraph.of(places, ties["tie"].to_numpy(), left=len(accounts))
    return frozenset(accounts[bridging(graph, smallest=SIDE)].tolist())
