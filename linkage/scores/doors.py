"""Through how many addresses a ring goes: an office has a door or two, and whoever hides has many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.tables import Table, derive

if TYPE_CHECKING:
    from linkage.evidence.collect import Evidence


def list_doors(evidence: Evidence) -> Table:
    """Count each account's requests by the shared addresses that they came from.

    Returns:
        account, door (an address's number), requests.
    """
    return derive(
        """
        select account, identifier as door, count as requests
        from holdings
        join identifiers using (identifier)
        where kind = 'ip' and level = 0
        """,
        holdings=evidence.holdings,
        identifiers=evidence.identifiers,
    )


def measure_doors(doors: Table, traffic: Table, senders: Table) -> dict[int, dict[str, float]]:
    """Measure how much of a sender's traffic goes through the same address.

    Args:
        doors: as from ``list_doors``.
        traffic: account, events, and more.
        senders: account, sender (a number; several accounts are one).

    Returns:
        By sender ``door``, the chance that two of its requests came through the same shared address (the sum of the
        squared shares); 0 where no address is shared.
    """
    rows = derive(
        """
        with through as (
            select sender, door, sum(requests) as requests from doors join senders using (account) group by all
        ),
        all_of_it as (
            select sender, sum(events) as events from traffic join senders using (account) group by all
        )
        select sender, round(coalesce(fsum(pow(requests / events, 2)), 0), 6) as door
        from all_of_it
        left join through using (sender)
        where events > 0
        group by sender
        """,
        doors=doors,
        traffic=traffic,
        senders=senders,
    )
    return {sender: {"door": min(1.0, door)} for sender, door in rows.rows("sender")}
