"""How sure it is that an account belongs to its ring: bits for, bits against, family by family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkage.rings.timing import weigh_timing
from linkage.tables import Table, derive

if TYPE_CHECKING:
    from linkage.evidence.collect import Evidence

DECAY = 0.25
"""What the next identifier of a family still counts, after a stronger one: they are rarely independent."""
LEAST_PRIOR = 3.0
"""Bits against a member at least: no operation is more than a ninth of everybody, and what most have in common is a
language or a fashion."""
SIGNUP_CAP = 6.0
"""Most bits that sign-up times can give to one account."""


@dataclass(frozen=True)
class Membership:
    """What ties members to their rings.

    Args:
        members: ring, account, bits, prior, confidence, least (the confidence were its most telling identifier not
            there).
        parts: ring, account, kind, family, level, bits, rest: what each family adds, by its most telling level, and
            what it would add without the most telling identifier.
        shared: ring, identifier, kind, level, holders (members that hold it), bits.
    """

    members: Table
    parts: Table
    shared: Table

    def linked(self) -> dict[int, float]:
        """Say how sure it is that each ring is one operation: the odds of its average member, surer with size.

        Members' evidence is far from independent (they hold the same few cards), so that the bits of n members do
        not add up; they are taken to be worth log2(n) independent ones.
        """
        rows = derive(
            """
            select ring, round(1 / (1 + pow(2, -avg(bits - prior) * log2(count(*)))), 4) as linked
            from members
            group by ring
            """,
            members=self.members,
        )
        return dict(rows.rows("ring"))


def weigh_members(
    members: Table,
    evidence: Evidence,
    *,
    selection: float,
    timing: bool = True,
    undecided: Table | None = None,
) -> Membership:
    """Weigh each member against the rest of its ring.

    An identifier speaks for a member by log2(m / u): m is how common it is among the other members, each counted
    by the square root of the share of its use (one touch of an address is no habit), u how common it is among
    everybody outside the ring, in the window and the reference together (Fellegi and Sunter 1969, with u taken
    outside the group so that a big ring does not make its own identifiers common). Where the others only visited what is
    the member's own, that much less speaks for it. Within a family only the level that says most
    counts, each further identifier a quarter of the one before, up to the family's cap. The prior is the
    chance of drawing a member blindly, log2((N - n) / n) bits against.

    Args:
        members: ring, account.
        evidence: what accounts share.
        selection: bits that a member must earn beside, because members were picked to look alike.
        timing: whether sign-up times speak for and against members.
        undecided: ring, account: who counts neither as a member nor as everybody else; nobody when None.
    """
    shared = derive(
        _SHARED,
        members=members,
        undecided=undecided or derive("select ring, account from members limit 0", members=members),
        holdings=evidence.holdings,
        earlier_holdings=evidence.earlier_holdings,
        identifiers=evidence.identifiers,
        people=evidence.people,
    )
    parts = add_up(members, evidence, shared, weigh_timing(members, evidence) if timing else None)
    weighed = derive(_MEMBERS, [LEAST_PRIOR, selection], members=members, parts=parts, people=evidence.people)
    return Membership(weighed, parts, shared)


def add_up(members: Table, evidence: Evidence, shared: Table, timing: Table | None = None) -> Table:
    """Add up what speaks for each member, family by family.

    Args:
        members: ring, account: members, or who might be one, of as many rings as there are.
        evidence: what accounts share.
        shared: ring, identifier, kind, level, bits: what each identifier says for who holds it.
        timing: ring, account, bits: what sign-up times say; nothing when None.

    Returns:
        ring, account, kind, family, level, bits, rest: as the parts of a ``Membership``.
    """
    return derive(
        _PARTS,
        [DECAY, SIGNUP_CAP],
        members=members,
        holdings=evidence.holdings,
        shared=shared,
        identifiers=evidence.identifiers,
        timing=timing or _silent(members),
    )


def _silent(members: Table) -> Table:
    """Say nothing of sign-up times."""
    return derive("select ring, account, 0.0::double as bits from members limit 0", members=members)


_SHARED = """
    with sizes as (select ring, count(*) as size from members group by ring),
    everybody as (select count(*) as size from people where not reference),
    held as (
        select ring, identifier, count(*) as holders, sum(sqrt(share)) as used
        from holdings
        join members using (account)
        group by all
        having holders >= 2
    ),
    own as (
        select ring, identifier, count(*) as earlier_holders
        from earlier_holdings
        join (select ring, account from members union all by name select ring, account from undecided)
            using (account)
        group by all
    ),
    aside as (select ring, count(*) as size from undecided group by ring),
    held_aside as (
        select ring, identifier, count(*) as holders from holdings join undecided using (account) group by all
    )
    select ring, identifier, kind, level, held.holders,
        round(greatest(0, log2(
            (used * (held.holders - 1) / held.holders + 0.5) / sizes.size
            / (
                (
                    accounts - held.holders - coalesce(held_aside.holders, 0)
                    + greatest(earlier - coalesce(earlier_holders, 0), 0) + 0.5
                )
                / (
                    greatest(population - sizes.size - coalesce(aside.size, 0), least(250, population))
                    + earlier_population + 1
                )
            )
        )), 6) as bits
    from held
    join sizes using (ring)
    join identifiers using (identifier)
    left join own using (ring, identifier)
    left join aside using (ring)
    left join held_aside using (ring, identifier)
    """

# What members hold is gathered before it is held against their rings: DuckDB would join all holders of an identifier
# with all rings that share it first, 36 times as many rows. Kinds and levels go by one number, their slot: to sort and
# to group by words takes twice as long.
_PARTS = """
    with slots as (
        select kind, level, any_value(family) as family, any_value(cap) as cap,
            row_number() over (order by kind, level) as slot
        from identifiers
        where family <> 'signup'
        group by kind, level
    ),
    held as materialized (select ring, account, identifier, mutual from members join holdings using (account)),
    -- What says nothing changes no sum, and most of what a member holds says nothing of its ring.
    telling as (select ring, identifier, slot, bits from shared join slots using (kind, level) where bits > 0),
    ranked as (
        select ring, account, slot, bits * mutual as bits,
            row_number() over (partition by ring, account, slot order by bits * mutual desc, identifier) as place
        from held
        join telling using (ring, identifier)
        where mutual > 0
    ),
    added as (
        select ring, account, slot, sum(bits * pow($1, place - 1)) as bits,
            coalesce(sum(bits * pow($1, place - 2)) filter (place > 1), 0) as rest
        from ranked
        group by ring, account, slot
    ),
    summed as (
        select ring, account, kind, family, level, least(cap, bits) as bits, least(cap, rest) as rest
        from added
        join slots using (slot)
    )
    -- The identifier taken out, what is left of its level speaks, or the next level.
    select ring, account, kind, family, level, round(bits, 6) as bits,
        round(greatest(rest, coalesce(lead(bits) over best, 0)), 6) as rest
    from summed
    where bits > 0
    window best as (partition by ring, account, family order by bits desc, level, kind)
    qualify row_number() over best = 1
    union all by name
    select ring, account, 'signup' as kind, 'signup' as family, 0 as level, least(bits, $2) as bits,
        least(bits, $2) as rest
    from timing
    where bits <> 0
    """

_MEMBERS = """
    with sizes as (select ring, count(*) as size from members group by ring),
    everybody as (select count(*) as size from people where not reference),
    summed as (
        select ring, account, sum(bits) as bits, sum(bits) - max(bits - rest) as least from parts group by all
    )
    select ring, account, round(coalesce(summed.bits, 0), 6) as bits,
        round(greatest(log2(greatest(everybody.size - sizes.size, 1) / sizes.size), ?) + ?, 6) as prior,
        round(1 / (1 + pow(2, prior - coalesce(summed.bits, 0))), 6) as confidence,
        round(1 / (1 + pow(2, prior - coalesce(summed.least, 0))), 6) as least
    from members
    join sizes using (ring)
    cross join everybody
    left join summed using (ring, account)
    """
