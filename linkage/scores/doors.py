"""Through how many addresses a ring goes: an office has a door or two, and whoever hides has many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.tables import Table, derive

if TYPE_CHECKING:
    from linkage.evidence.collect import Evidence


def list_doors(evidence: Evidence) -> Table:
    """Count each account's requests by the shared addresses that they came from.

    Returns:
        account, door (an address's number; null where none of the account's is shared), requests, addressed (how many
        of all its requests came from an address that is known).
    """
    return derive(
        """
        with shared as (
            select account, identifier as door, count as requests
            from holdings
            join identifiers using (identifier)
            where kind = 'ip' and level = 0
        )
        select account, door, coalesce(requests, 0) as requests, addressed
        from people
        left join shared using (account)
        where addressed > 0
        """,
        people=evidence.people,
        holdings=evidence.holdings,
        identifiers=evidence.identifiers,
    )


def measure_doors(doors: Table, senders: Table) -> dict[int, dict[str, float]]:
    """Measure how much of a sender's traffic goes through the same address, as far as addresses are known.

    Args:
        doors: as from ``list_doors``.
        senders: account, sender (a number; several accounts are one).

    Returns:
        By sender ``door``, the chance that two of its requests came through the same shared address (the sum of the
        squared shares); 0 where no address is shared. Nothing for a sender of which no address is known.
    """
    rows = derive(
        """
        with own as (select sender, doors.* from doors join senders using (account)),
        through as (select sender, door, sum(requests) as requests from own group by all),
        each as (select distinct sender, account, addressed from own),
        all_of_it as (select sender, sum(addressed) as addressed from each group by all)
        select sender, round(fsum(pow(requests / addressed, 2)), 6) as door
        from all_of_it
        join through using (sender)
        group by sender
        """,
        doors=doors,
        senders=senders,
    )
    return {sender: {"door": min(1.0, door)} for sender, door in rows.rows("sender")}
