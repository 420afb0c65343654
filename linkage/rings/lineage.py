"""What became of a ring since it was found before: born, grown, shrunk, merged, split, ended, returned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from linkage.tables import derive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkage.evidence.collect import Evidence
    from linkage.rings.membership import Membership
    from linkage.rings.ring import Ring

MOST_MARKS = 200
"""Identifiers remembered of one ring, the most telling first: a ring of thousands holds thousands."""
LEAST_PART = 0.3
"""The part of the members that holds what a ring is recognised by, then and now."""
RECOGNISED = 8.0
"""Bits, the strongest mark of each family added up, from which a ring without an old member is an old ring again: about
what one private template is worth among some hundreds of accounts."""
WORTH_KNOWING = 0.5
"""Score from which a ring that ended may return; honest groups come and go."""
SILENT = 0.5
"""The part of a confirmed ring's members that must have stopped for newcomers to be its return, and not its growth."""


class State(Enum):
    """What became of a ring since the run before."""

    new = "new"
    known = "known"
    grew = "grew"
    shrank = "shrank"
    merged = "merged"
    split = "split"
    ended = "ended"
    returned = "returned"


NOTABLE = (
    State.returned, State.new, State.merged, State.split, State.ended, State.grew, State.shrank, State.known,
)  # fmt: skip
"""What to say of a ring to which several things happened: the first of these."""


@dataclass(frozen=True)
class Mark:
    """An identifier that tied a ring.

    Args:
        kind: its kind.
        level: its fineness.
        value: the identifier.
        family: the family of its kind.
        bits: what it was worth there.
        part: the part of the members that held it.
    """

    kind: str
    level: int
    value: str
    family: str
    bits: float
    part: float


@dataclass(frozen=True)
class Life:
    """What is remembered of a ring.

    Args:
        ring: its name.
        members: who belonged to it when it was found last.
        former: who had belonged to it before that, and did not then.
        marks: the identifiers that tied it.
        score: its score when it was found last.
        born_at: the last event of the logs when it was found first.
        seen_at: the last event of the logs when it was found last.
        ended: whether it is no longer found.
    """

    ring: str
    members: frozenset[str]
    former: frozenset[str] = frozenset()
    marks: tuple[Mark, ...] = ()
    score: float = 0.0
    born_at: datetime | None = None
    seen_at: datetime | None = None
    ended: bool = False


@dataclass(frozen=True)
class Turn:
    """What happened to a ring in one run.

    Args:
        ring: its name.
        state: the word for it.
        joined: members that it had not before.
        gone: members that it had, and has no more.
        kin: the rings it merged with, came from, fell into or came back as.
    """

    ring: str
    state: State
    joined: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    kin: tuple[str, ...] = ()


@dataclass(frozen=True)
class Doings:
    """When accounts acted.

    Args:
        first_seen: of each account.
        last_seen: of each account.
        banned: accounts that the logs call banned.
    """

    first_seen: Mapping[str, datetime | None] = field(default_factory=dict)
    last_seen: Mapping[str, datetime | None] = field(default_factory=dict)
    banned: frozenset[str] = frozenset()


def marks_by_ring(membership: Membership, evidence: Evidence) -> dict[int, tuple[Mark, ...]]:
    """List what ties each ring, most telling first; what is public or known to be shared is no mark."""
    rows = derive(
        """
        with sizes as (select ring, count(*) as size from members group by ring)
        select ring, shared.kind, shared.level, value, family, shared.bits, holders / size as part
        from shared
        join sizes using (ring)
        join identifiers using (identifier)
        where shared.bits > 1 and why is null
        qualify row_number() over (partition by ring order by shared.bits * holders desc, shared.kind, shared.level, value)
            <= ?
        """,
        [MOST_MARKS],
        members=membership.members,
        shared=membership.shared,
        identifiers=evidence.identifiers,
    )
    found: dict[int, list[Mark]] = {}
    for ring, *rest in rows.rows("ring, bits * part desc, kind, level, value"):
        found.setdefault(ring, []).append(Mark(*rest))
    return {ring: tuple(marks) for ring, marks in found.items()}


def recognise(marks: Sequence[Mark], lives: Mapping[str, Life]) -> list[str]:
    """Name the rings that a group without their members is, by what ties it; the likeliest first.

    >>> card = Mark("payment", 0, "fp_1", "payment", 9.0, 1.0)
    >>> recognise([card], {"R-7K2M9Q": Life("R-7K2M9Q", frozenset("ab"), marks=(card,))})
    ['R-7K2M9Q']
    """
    found = []
    for name, life in lives.items():
        before = {(mark.kind, mark.level, mark.value) for mark in life.marks if mark.part >= LEAST_PART}
        best: dict[str, float] = {}
        for mark in marks:
            if mark.part >= LEAST_PART and (mark.kind, mark.level, mark.value) in before:
                best[mark.family] = max(best.get(mark.family, 0.0), mark.bits)
        if sum(best.values()) >= RECOGNISED:
            found.append((-sum(best.values()), name))
    return [name for _, name in sorted(found)]


def follow(
    rings: Sequence[Ring],
    marks: Mapping[str, Sequence[Mark]],
    lives: Mapping[str, Life],
    doings: Doings,
    *,
    confirmed: frozenset[str] = frozenset(),
) -> list[Turn]:
    """Say of each ring what became of it, and of each ring that is gone that it ended.

    Args:
        rings: as named and scored.
        marks: what ties each, by name.
        lives: what is remembered.
        doings: when accounts acted.
        confirmed: rings that a person confirmed.
    """
    now = {ring.ring: frozenset(member.account_id for member in ring.members) for ring in rings}
    both = _Both(lives, now, _flows(lives, now), doings, confirmed)
    turns = [
        _continued(lives[name], both) if name in lives else _born(name, marks.get(name, ()), both)
        for name in now
    ]
    turns += [
        Turn(name, State.ended, gone=tuple(sorted(life.members)), kin=tuple(sorted(both.heirs(name))))
        for name, life in lives.items()
        if name not in now and not life.ended
    ]
    return turns


@dataclass(frozen=True)
class _Both:
    """What is remembered and what is found, beside each other.

    Args:
        lives: what is remembered.
        now: the members of each ring that is found.
        flows: of each remembered ring, how many members are in which ring now.
        doings: when accounts acted.
        confirmed: rings that a person confirmed.
    """

    lives: Mapping[str, Life]
    now: Mapping[str, frozenset[str]]
    flows: Mapping[str, Mapping[str, int]]
    doings: Doings
    confirmed: frozenset[str]

    def heirs(self, name: str) -> list[str]:
        """Name the ring that more than half of the members of a remembered one are in now."""
        most = len(self.lives[name].members)
        return [heir for heir, count in self.flows[name].items() if 2 * count > most]

    def parts(self, name: str) -> list[str]:
        """Name the new rings more than half of which were in a remembered one."""
        return [
            part
            for part, count in self.flows[name].items()
            if part not in self.lives and 2 * count > len(self.now[part])
        ]


def _flows(lives: Mapping[str, Life], now: Mapping[str, frozenset[str]]) -> dict[str, dict[str, int]]:
    """Count for each remembered ring where its members are now."""
    homes = {account: name for name, members in now.items() for account in members}
    flows: dict[str, dict[str, int]] = {}
    for name, life in lives.items():
        counts = flows.setdefault(name, {})
        for account in life.members:
            if account in homes:
                counts[homes[account]] = counts.get(homes[account], 0) + 1
    return flows


def _born(name: str, marks: Sequence[Mark], both: _Both) -> Turn:
    """Tell a ring that is new from a part of another, and from the return of one that is still found."""
    joined = tuple(sorted(both.now[name]))
    parents = sorted(old for old, life in both.lives.items() if not life.ended and name in both.parts(old))
    if parents:
        return Turn(name, State.split, joined, kin=tuple(parents))
    worth = {
        old: life
        for old, life in both.lives.items()
        if old in both.confirmed or (life.ended and life.score >= WORTH_KNOWING)
    }
    again = recognise(marks, worth)
    return Turn(name, State.returned if again else State.new, joined, kin=tuple(again[:1]))


def _continued(life: Life, both: _Both) -> Turn:
    """Say what became of a ring that was known."""
    members = both.now[life.ring]
    joined, gone = tuple(sorted(members - life.members)), tuple(sorted(life.members - members))
    swallowed = sorted(
        old
        for old, other in both.lives.items()
        if old not in both.now and not other.ended and life.ring in both.heirs(old)
    )
    parts = sorted(both.parts(life.ring))
    if _returned(life, joined, both.doings, confirmed=life.ring in both.confirmed):
        state = State.returned
    elif swallowed:
        state = State.merged
    elif parts:
        state = State.split
    elif not joined and not gone:
        state = State.known
    else:
        state = State.grew if len(joined) >= len(gone) else State.shrank
    return Turn(life.ring, state, joined, gone, tuple(swallowed or parts))


def _returned(life: Life, joined: Sequence[str], doings: Doings, *, confirmed: bool) -> bool:
    """Say whether newcomers are the return of a ring that was stopped: they began after it was found last."""
    since = life.seen_at
    fresh = [
        account
        for account in joined
        if account not in life.former
        and since is not None
        and (first := doings.first_seen.get(account)) is not None
        and first > since
    ]
    if not fresh or since is None:
        return False
    if life.ended and (life.score >= WORTH_KNOWING or confirmed):
        return True
    old = len(life.members)
    if 2 * len(life.members & doings.banned) > old:
        return True
    stopped = sum((last := doings.last_seen.get(each)) is None or last <= since for each in life.members)
    return confirmed and stopped >= SILENT * old
