"""What the pictures of a ring are drawn from, taken out of a run once for all rings that are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linkage.rings.ring import Ring
from linkage.tables import Table, derive, from_arrow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linkage.evidence.collect import Evidence
    from linkage.rings.membership import Membership

SPEAKS = 0.1
"""Of the members for whom a kind speaks, the part from which a level of it is drawn: the others repeat the same."""


@dataclass(frozen=True)
class Person:
    """A member of a ring.

    Args:
        account: its number.
        account_id: its name.
        created: when it signed up, in seconds since 1970; None where nobody knows.
        events: how many requests it made.
        operator: the network it mostly comes from.
    """

    account: int
    account_id: str
    created: int | None
    events: int
    operator: str | None


@dataclass(frozen=True)
class Shared:
    """An identifier that members of a ring share.

    Args:
        identifier: its number.
        kind: the kind of evidence.
        level: how fine.
        value: what it is.
        bits: what it says for belonging together.
        here: how many members hold it.
        everywhere: how many accounts hold it.
        why: why it may not create a link, where it may not.
        publicity: 0 to 1, how public its holders look.
    """

    identifier: int
    kind: str
    level: int
    value: str
    bits: float
    here: int
    everywhere: int
    why: str | None
    publicity: float


@dataclass(frozen=True)
class Material:
    """A ring and all that its members share.

    Args:
        number: the number of the ring.
        ring: the ring as scored.
        people: its members, oldest first.
        shared: what they share, by number.
        lefts: of each holding, the place of the member in ``people``.
        rights: of each holding, the place of the identifier in ``shared``.
        against: the bits against the average member.
    """

    number: int
    ring: Ring
    people: tuple[Person, ...]
    shared: tuple[Shared, ...]
    lefts: NDArray[np.int64]
    rights: NDArray[np.int64]
    against: float

    @property
    def kinds(self) -> list[str]:
        """The kinds of what is shared, the most telling first."""
        told = [reason.kind for reason in self.ring.evidence]
        return list(dict.fromkeys([*told, *(each.kind for each in self.shared)]))


def gather(chosen: Mapping[int, Ring], evidence: Evidence, membership: Membership) -> list[Material]:
    """Take out of a run what the pictures of some rings need, in three questions for all of them.

    Of each kind only the levels are kept that speak for members: a block of addresses repeats what its addresses say.

    Args:
        chosen: the rings, by number.
        evidence: what accounts share.
        membership: who belongs to which ring, and why.
    """
    wanted = from_arrow(evidence.people.database, pa.table({"ring": pa.array(chosen, pa.int64())}))
    people = derive(
        """
        select ring, account, account_id, epoch(created_at)::bigint as created, events, operator, prior
        from members
        semi join wanted using (ring)
        join people using (account)
        """,
        members=membership.members,
        wanted=wanted,
        people=evidence.people,
    )
    shared = derive(
        _SHARED,
        [SPEAKS],
        wanted=wanted,
        shared=membership.shared,
        parts=membership.parts,
        identifiers=evidence.identifiers,
    )
    held = derive(
        """
        select ring, account, identifier
        from people
        join holdings using (account)
        semi join shared using (ring, identifier)
        """,
        people=people,
        holdings=evidence.holdings,
        shared=shared,
    )
    found = _split(chosen, people, shared, held)
    for table in (wanted, people, shared, held):
        table.drop()
    return found


_SHARED = """
    with spoken as (
        select ring, kind, level, count(*) as accounts
        from parts
        semi join wanted using (ring)
        where bits > 0
        group by all
    ),
    drawn as (
        select ring, kind, level
        from spoken
        qualify accounts >= ? * max(accounts) over (partition by ring, kind)
    )
    select ring, identifier, shared.kind, shared.level, value, shared.bits, holders, accounts, why, publicity
    from shared
    semi join wanted using (ring)
    join identifiers using (identifier)
    where shared.bits > 0
        and ((ring, shared.kind, shared.level) in (select (ring, kind, level) from drawn) or shared.kind = 'signup')
    """


def _split(chosen: Mapping[int, Ring], people: Table, shared: Table, held: Table) -> list[Material]:
    persons: dict[int, list[tuple[Any, ...]]] = {number: [] for number in chosen}
    for ring, *person in people.rows("ring, account"):
        persons[ring].append(tuple(person))
    things: dict[int, list[Shared]] = {number: [] for number in chosen}
    for ring, *thing in shared.rows("ring, identifier"):
        things[ring].append(Shared(*thing))
    holdings = held.arrow("ring, account, identifier")
    rings, accounts, identifiers = (holdings[name].to_numpy() for name in ("ring", "account", "identifier"))
    return [
        _material(number, ring, persons[number], things[number], accounts[inside], identifiers[inside])
        for number, ring in chosen.items()
        for inside in [slice(*np.searchsorted(rings, [number, number + 1]))]
    ]


def _material(  # noqa: PLR0913, PLR0917 - a ring's part of each table
    number: int,
    ring: Ring,
    people: Sequence[tuple[Any, ...]],
    shared: Sequence[Shared],
    accounts: NDArray[np.int64],
    identifiers: NDArray[np.int64],
) -> Material:
    return Material(
        number,
        ring,
        tuple(Person(*person[:5]) for person in people),
        tuple(shared),
        np.searchsorted(np.array([person[0] for person in people], np.int64), accounts),
        np.searchsorted(np.array([each.identifier for each in shared], np.int64), identifiers),
        sum(person[5] for person in people) / max(len(people), 1),
    )
