"""Communities worth a person's time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage import progress
from linkage.rings.join import follow_majority, join_at_home, join_fragments
from linkage.rings.membership import Membership, weigh_members
from linkage.rings.together import join_telling
from linkage.rings.views import most_telling
from linkage.tables import Table, derive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkage.evidence.collect import Evidence
    from linkage.settings import RingSettings

ROUNDS = 3
"""Leaving out a stranger changes what the others share a little; after three rounds hardly anything moves."""
WEAK = -4.0
"""Log odds, in bits, from which a ring's typical member holds the ring: one thin sort of evidence is no reason to tear
apart what behaviour may still speak for. Such a ring is hardly ``linked``, and its score says so."""
ALIKE = 1.5
"""Bits below the typical member of such a ring up to which an account is like it."""
FAR_LESS = 4.0
"""Bits below the typical member from which an account can be an outlier: it is then sixteen times less likely."""


def find_rings(
    communities: Table, guide: Table, evidence: Evidence, settings: RingSettings, others: Sequence[Table] = ()
) -> Membership:
    """Keep of each community the members that belong, and of the communities those that are large enough.

    Args:
        communities: account, community.
        guide: the same by exclusive evidence alone, which holds chains together.
        evidence: what accounts share.
        settings: how small a ring may be, and how sure a member.
        others: account, community, as other ways to look for them have it.

    Returns:
        The membership, its rings numbered by their oldest member.
    """
    progress.at("weighing rings")
    if settings.join:
        guide = join_fragments(guide, evidence)
    joined = follow_majority(communities, guide) if settings.guide else communities
    if settings.join:
        joined = join_at_home(joined, evidence)
    views = [belonging(view, evidence, settings) for view in (joined, *others)]
    found = _large_enough(most_telling(views), settings.smallest_ring)
    if settings.join:
        found = join_telling(found, evidence, settings)
    return weigh_members(
        _by_oldest(found), evidence, selection=settings.selection_bits, timing=settings.timing
    )


def belonging(communities: Table, evidence: Evidence, settings: RingSettings) -> Table:
    """Leave out of each community those who do not belong.

    Who was left out counts neither as a member nor as a stranger while the others are weighed: were they strangers, what
    the ring has for itself would be commoner outside with each of its own that is left out, and the next would follow.

    Args:
        communities: account, community.
        evidence: what accounts share.
        settings: how small a ring may be, and how sure a member.

    Returns:
        ring, account, bits, prior: rings keep their community's number; bits are against everybody else, those left out
        among them.
    """
    everyone = derive("select community as ring, account from communities", communities=communities)
    members = everyone
    for _ in range(ROUNDS):
        members = _large_enough(members, settings.smallest_ring)
        weighed = weigh_members(
            members,
            evidence,
            selection=settings.selection_bits,
            timing=settings.timing,
            undecided=derive(
                """
                select ring, account
                from everyone
                semi join members using (ring)
                anti join members as decided on decided.account = everyone.account
                """,
                everyone=everyone,
                members=members,
            ),
        )
        sure = derive(
            """
            with typical as (select ring, median(bits - prior) as odds from weighed group by ring)
            select ring, account
            from weighed
            join typical using (ring)
            where (confidence >= ? or (bits > 0 and odds >= ? and bits - prior >= odds - ?))
                and bits - prior >= least(? * odds, odds - ?)
            """,
            [settings.least_confidence, WEAK, ALIKE, settings.least_part, FAR_LESS],
            weighed=weighed.members,
        )
        if len(sure) == len(members):
            break
        members = sure
    members = _large_enough(members, settings.smallest_ring)
    weighed = weigh_members(members, evidence, selection=settings.selection_bits, timing=settings.timing)
    return derive("select ring, account, bits, prior from weighed", weighed=weighed.members)


def _large_enough(members: Table, smallest: int) -> Table:
    return derive(
        """
        select ring, account from members qualify count(*) over (partition by ring) >= ?
        """,
        [smallest],
        members=members,
    )


def _by_oldest(members: Table) -> Table:
    """Number rings anew, by their oldest member."""
    return derive(
        """
        select dense_rank() over (order by oldest) - 1 as ring, account
        from (select account, min(account) over (partition by ring) as oldest from members)
        """,
        members=members,
    )
