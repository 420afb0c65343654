"""A ring inside a crowd: those of a group who share, beside what all of it has in common, much with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.rings.find import belonging
from linkage.rings.membership import add_up
from linkage.tables import Table, derive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linkage.evidence.collect import Evidence
    from linkage.settings import RingSettings

SMALLEST = 8
"""Fewest members: three or four colleagues share this and that."""
WITHIN = 0.8
"""So much of what threads hold together lies in one group, or it is no part of it."""
LARGEST_PART = 0.35
"""Of the group: what is most of it, is it."""
SURE = 3.0
"""Log odds, in bits, of its typical member against the rest of the group."""


def look_inside(members: Table, threads: Table, evidence: Evidence, settings: RingSettings) -> Table:
    """Find the rings that may be inside groups.

    Users of a public program are one group by its words, and a ring among them vanishes in it: what it shares beside is
    in small change, each task with two or three others. So the groups that such threads make are held against the
    rest of the crowd they are in, as rings are against everybody: an identifier speaks for a member by log2(m / u) with u
    taken from the rest of the crowd, where what all have in common says nothing.

    Args:
        members: ring, account: the groups as they are.
        threads: account, community: groups by what only few hold.
        evidence: what accounts share.
        settings: how small a ring may be, and how sure a member.

    Returns:
        crowd (a ring of ``members``), ring (from 0), account.
    """
    found = belonging(threads, evidence, settings)
    inside = derive(
        _INSIDE,
        [WITHIN, LARGEST_PART, SMALLEST],
        found=found,
        members=members,
    )
    shared = derive(
        _SHARED,
        inside=inside,
        members=members,
        holdings=evidence.holdings,
        identifiers=evidence.identifiers,
    )
    parts = add_up(inside, evidence, shared)
    return derive(_SURE, [SURE, SMALLEST], inside=inside, members=members, parts=parts)


def set_apart(members: Table, inside: Table, odds: Mapping[int, float | None]) -> Table:
    """Part from their crowds the rings that look like extraction where the crowd as a whole does not.

    A ring that is found whole need not be taken apart, and a crowd of which no part stands out is one crowd.

    Args:
        members: ring, account.
        inside: as from ``look_inside``.
        odds: log odds of extraction, of the groups by their number and of the rings inside by theirs as
            -1, -2 and so on; None where nothing is known.

    Returns:
        ring, account: numbered anew.
    """
    pairs = derive("select distinct crowd, ring from inside", inside=inside).rows("ring")
    apart = [ring for crowd, ring in pairs if _stands_out(odds.get(-1 - ring), odds.get(crowd))]
    return derive(
        """
        with parted as (
            select coalesce(-1 - inside.ring, members.ring) as ring, members.account
            from members
            left join inside on inside.account = members.account and list_contains(?, inside.ring)
        )
        select dense_rank() over (order by oldest) - 1 as ring, account
        from (select account, min(account) over (partition by ring) as oldest from parted)
        """,
        [apart],
        members=members,
        inside=inside,
    )


def _stands_out(odds: float | None, crowd: float | None) -> bool:
    return odds is not None and crowd is not None and crowd < 0 and odds > crowd


_INSIDE = """
    with sizes as (select ring, count(*) as size from found group by ring),
    crowds as (select ring as crowd, count(*) as size from members group by ring),
    common as (
        select found.ring, members.ring as crowd, count(*) as accounts
        from found
        join members using (account)
        group by all
    ),
    parts as (
        select common.ring, crowd
        from common
        join sizes using (ring)
        join crowds using (crowd)
        where accounts >= $1 * sizes.size and accounts <= $2 * crowds.size and accounts >= $3
    )
    select crowd, found.ring, account
    from found
    join parts using (ring)
    join members using (account)
    where members.ring = crowd
    """

# As membership has it, but against the rest of the crowd.
_SHARED = """
    with sizes as (select ring, any_value(crowd) as crowd, count(*) as size from inside group by ring),
    crowds as (select ring as crowd, count(*) as size from members group by ring),
    held as (
        select ring, identifier, count(*) as holders, sum(sqrt(share)) as used
        from holdings
        join inside using (account)
        group by all
        having count(*) >= 2
    ),
    crowded as (
        select members.ring as crowd, identifier, count(*) as holders
        from holdings
        join members using (account)
        where members.ring in (select crowd from sizes)
        group by all
    )
    select ring, identifier, kind, level,
        round(greatest(0, log2(
            (used * (held.holders - 1) / held.holders + 0.5) / sizes.size
            / ((crowded.holders - held.holders + 0.5) / (crowds.size - sizes.size + 1))
        )), 6) as bits
    from held
    join sizes using (ring)
    join crowds using (crowd)
    join crowded using (crowd, identifier)
    join identifiers using (identifier)
    """

_SURE = """
    with sizes as (select ring, any_value(crowd) as crowd, count(*) as size from inside group by ring),
    crowds as (select ring as crowd, count(*) as size from members group by ring),
    summed as (select ring, account, sum(bits) as bits from parts group by all),
    weighed as (
        select crowd, ring, account,
            coalesce(bits, 0) - log2((crowds.size - sizes.size) / sizes.size) as odds
        from inside
        join sizes using (crowd, ring)
        join crowds using (crowd)
        left join summed using (ring, account)
    ),
    sure as (
        select crowd, ring, account
        from weighed
        qualify median(odds) over (partition by ring) >= $1 and odds > 0
    ),
    kept as (
        select crowd, ring, account, min(account) over (partition by ring) as oldest
        from sure
        qualify count(*) over (partition by ring) >= $2
    )
    select crowd, dense_rank() over (order by oldest) - 1 as ring, account from kept
    """
