"""Members who may be victims: a ring works through their stolen keys for some days, and their own life goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.rings.bridges import TELLING
from linkage.tables import derive

if TYPE_CHECKING:
    from linkage.evidence.collect import Evidence
    from linkage.rings.membership import Membership
    from linkage.tables import Logs

SHORT = 1 / 3
"""Of an account's life; a key that is stolen is found out some day, and a ring's own account works all its life."""
LEAST = 3
"""Requests with what the ring shares; fewer lie close together by chance."""
CHANCE = 0.2
"""That a ring's own account, working now and then all its life, would have kept to so short a time."""


def compromised(membership: Membership, evidence: Evidence, logs: Logs) -> frozenset[int]:
    """Find the members whose keys the ring may have stolen.

    What ties such an account to its ring, its habits only, lies within a short part of its life, and it was active
    before and is active after without it. Were the k requests with the identifier it uses most spread over its life
    by chance, they would lie within a part p of it with probability k p^(k-1) - (k-1) p^k, the distribution of a
    sample's range (David and Nagaraja 2003, Order Statistics, section 2.3); requests of one day count once, for they
    come together. A shared card is not stolen with a key.

    Args:
        membership: who belongs, and by what.
        evidence: who holds what, and when.
        logs: what accounts did, in the window and in the reference.

    Returns:
        Their account numbers.
    """
    rows = derive(
        """
        with work as (
            select account, min(holdings.first_seen) as start, max(holdings.last_seen) as stop, max(count) as times
            from members
            join shared using (ring)
            join holdings using (account, identifier)
            join identifiers using (identifier)
            where shared.bits >= ? and family <> 'signup'
            group by account
            having bool_and(habit)
        ),
        moments as (
            select account_id, happened_at from events
            union all
            select account_id, happened_at from reference
        ),
        lives as (
            select account, any_value(times) as times,
                epoch(any_value(stop) - any_value(start)) / greatest(1, epoch(max(happened_at) - min(happened_at))) as part,
                count(*) filter (happened_at < start) as before,
                count(*) filter (happened_at > stop) as after,
                count(distinct happened_at::date) filter (happened_at between start and stop) as days
            from work
            join people using (account)
            join moments using (account_id)
            group by account
        ),
        tested as (
            select account, part, least(times, greatest(2, days)) as often
            from lives
            where before > 0 and after > 0 and times >= ? and part <= ?
        )
        select account from tested
        where often * pow(part, often - 1) - (often - 1) * pow(part, often) <= ?
        """,
        [TELLING, LEAST, SHORT, CHANCE],
        members=membership.members,
        shared=membership.shared,
        holdings=evidence.holdings,
        identifiers=evidence.identifiers,
        people=evidence.people,
        events=logs.events,
        reference=logs.reference,
    )
    return frozenset(account for (account,) in rows.rows())
