"""Accounts that no group has, and that belong to one, are taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.rings.membership import add_up, weigh_members
from linkage.tables import Table, derive

if TYPE_CHECKING:
    from linkage.evidence.collect import Evidence
    from linkage.rings.membership import Membership
    from linkage.settings import RingSettings

ROUNDS = 3
MAIN_PART = 0.5
"""Of what an outsider needs to belong, so much one identifier has to say: many small likenesses make no member."""


def take_in(members: Table, evidence: Evidence, settings: RingSettings) -> Table:
    """Take those into a ring who belong to it more likely than not, if those who were there lose nothing by it.

    What an outsider shares with members makes it common outside, so that the ring is surer of itself with one of its
    own than without. With strangers it is less sure: they do not hold what it has for itself. So a ring takes in its
    outsiders if its own members have more bits with them than without, and of them those who then still belong. Only a
    ring whose typical member belongs takes in anybody, and nobody with much less evidence than that member has.

    Args:
        members: ring, account.
        evidence: what accounts share.
        settings: how members are weighed.

    Returns:
        ring, account.
    """
    members = derive("select ring, account from members", members=members)
    for _ in range(ROUNDS):
        weighed = _weigh(members, evidence, settings)
        outsiders = _outsiders(members, weighed, evidence, settings)
        if not len(outsiders):
            break
        together = derive(_BOTH, members=members, more=outsiders)
        accepted = derive(
            _ACCEPTED,
            [settings.least_confidence],
            outsiders=outsiders,
            before=weighed.members,
            after=_weigh(together, evidence, settings).members,
        )
        if not len(accepted):
            break
        members = derive(_BOTH, members=members, more=accepted)
    return members


def _weigh(members: Table, evidence: Evidence, settings: RingSettings) -> Membership:
    """Weigh members without their sign-up times, which are learned from all rings together: none should hang on others."""
    return weigh_members(members, evidence, selection=settings.selection_bits, timing=False)


def _outsiders(members: Table, weighed: Membership, evidence: Evidence, settings: RingSettings) -> Table:
    """Find who is in no ring and belongs to one: ring, account, each in that to which it belongs most."""
    near = derive(
        _NEAR,
        [MAIN_PART, MAIN_PART],
        members=members,
        holdings=evidence.holdings,
        identifiers=evidence.identifiers,
        shared=weighed.shared,
        weighed=weighed.members,
    )
    return derive(
        _BELONGING,
        [settings.least_part],
        weighed=weighed.members,
        parts=add_up(near, evidence, weighed.shared),
    )


_BOTH = "select ring, account from members union all by name select ring, account from more"

_NEAR = """
    with typical as (
        select ring, any_value(prior) as prior from weighed group by ring having median(bits - prior) >= 0
    ),
    telling as (
        select ring, identifier, least(cap, shared.bits) as bits, prior
        from shared
        join typical using (ring)
        join identifiers using (identifier)
        where family <> 'signup' and least(cap, shared.bits) >= ? * prior
    ),
    outside as (select account, identifier, mutual from holdings anti join members using (account))
    select distinct ring, account
    from outside
    join telling using (identifier)
    where telling.bits * mutual >= ? * prior
    """

_BELONGING = """
    with typical as (
        select ring, any_value(prior) as prior, median(bits - prior) as odds from weighed group by ring
    ),
    summed as (select ring, account, round(sum(bits), 6) as bits from parts group by all)
    select ring, account
    from summed
    join typical using (ring)
    where bits - prior >= ? * odds
    qualify row_number() over (partition by account order by round(bits - prior, 6) desc, ring) = 1
    """

_ACCEPTED = """
    with surer as (
        select ring
        from before
        join after using (ring, account)
        group by ring
        having round(avg(after.bits - before.bits), 6) > 0
    )
    select ring, account
    from outsiders
    join surer using (ring)
    join after using (ring, account)
    where after.bits >= after.prior and after.confidence >= ?
    """
