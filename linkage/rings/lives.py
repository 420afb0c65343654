"""What a case remembers of its rings: those that are found, and those that ended."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from linkage.rings.lineage import NOTABLE, Life, Mark, State, Turn
from linkage.rings.ring import Ring

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from linkage.store import Case


@dataclass(frozen=True)
class Happening:
    """A turn as it is written down.

    Args:
        number: its place among all turns of the case.
        as_of: the last event of the logs then.
        turn: what happened.
        accounts: how many members the ring had afterwards.
        score: its score afterwards.
    """

    number: int
    as_of: datetime | None
    turn: Turn
    accounts: int
    score: float


class Lives:
    """The tables of a case that are about the lives of rings. Changes belong inside ``case.changing()``.

    Args:
        case: an open case.
    """

    def __init__(self, case: Case) -> None:
        self._case = case

    def all(self) -> dict[str, Life]:
        """Give what is remembered of each ring; of a case that has only its last run, what that says."""
        rows = self._case.database.execute("select ring, document from lives order by ring").fetchall()
        if rows:
            return {name: _life(name, json.loads(document)) for name, document in rows}
        return {
            document["ring"]: Life(
                document["ring"],
                frozenset(member["account_id"] for member in document["members"]),
                score=document["score"],
                seen_at=_moment(document["last_seen"]),
                born_at=_moment(document["last_seen"]),
            )
            for _, document in self._case.recall_rings()
        }

    def ended(self) -> list[Ring]:
        """List the rings that are no longer found, as they were found last."""
        rows = self._case.database.execute("select document from lives order by ring").fetchall()
        documents = [json.loads(document) for (document,) in rows]
        return [
            replace(Ring.of_document(each["last"]), state=State.ended.value)
            for each in documents
            if each["ended"] and each["last"]
        ]

    def happenings(self, ring: str | None = None, *, after: int = 0) -> list[Happening]:
        """List what happened to a ring, or to all, in the order it was found."""
        rows = self._case.database.execute(
            """
            select number, as_of, ring, state, joined, gone, kin, accounts, score
            from turns
            where number > ? and ring = coalesce(?, ring)
            order by number
            """,
            [after, ring],
        ).fetchall()
        return [
            Happening(
                number,
                as_of,
                Turn(name, State(state), tuple(joined), tuple(gone), tuple(kin)),
                accounts,
                score,
            )
            for number, as_of, name, state, joined, gone, kin, accounts, score in rows
        ]

    def keep(
        self,
        rings: Sequence[Ring],
        marks: Mapping[str, Sequence[Mark]],
        turns: Iterable[Turn],
        as_of: datetime | None,
    ) -> None:
        """Remember a run: what was found, and what became of what was found before."""
        before, found = self.all(), {ring.ring: ring for ring in rings}
        kept = dict(self._case.database.execute("select ring, document from lives").fetchall())
        run = int(self._case.fact("runs") or 0) + 1
        number = int(self._case.fact("turns") or 0)
        written: dict[str, str] = {}
        for turn in turns:
            ring, life = found.get(turn.ring), before.get(turn.ring)
            if turn.state is not State.known or (life is not None and life.ended):
                number += 1
                score = ring.score if ring else (life.score if life else 0.0)
                self._write(Happening(number, as_of, turn, ring.accounts if ring else 0, score), run)
            if ring is not None:
                document = _document(ring, marks.get(turn.ring, ()), life, as_of)
            else:
                document = (
                    json.loads(kept[turn.ring]) if turn.ring in kept else _document(None, (), life, as_of)
                )
                document["ended"] = True
            written[turn.ring] = json.dumps(document)
        # In one statement: one for each ring took longer than all else that is stored of a run.
        self._case.database.execute(
            "insert or replace into lives select unnest(?::varchar[]), unnest(?::varchar[])",
            [list(written), list(written.values())],
        )
        self._case.note("runs", str(run))
        self._case.note("turns", str(number))

    def look(self, who: str, number: int) -> None:
        """Note up to which turn somebody has looked."""
        self._case.note(f"looked {who}", str(max(number, self.looked(who))))

    def looked(self, who: str) -> int:
        """Say up to which turn somebody has looked."""
        return int(self._case.fact(f"looked {who}") or 0)

    def _write(self, each: Happening, run: int) -> None:
        turn = each.turn
        values = [each.number, run, each.as_of, turn.ring, turn.state.value, each.accounts, each.score]
        lists = [list(turn.joined), list(turn.gone), list(turn.kin)]
        self._case.database.execute(
            "insert into turns values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [*values, *lists]
        )


def changed(rings: Sequence[Ring], ended: Sequence[Ring], happenings: Iterable[Happening]) -> list[Ring]:
    """List the rings to which something happened, each with the most notable of it.

    Args:
        rings: those that are found.
        ended: those that are no longer found.
        happenings: what happened since somebody looked.
    """
    told: dict[str, list[Turn]] = {}
    for each in happenings:
        told.setdefault(each.turn.ring, []).append(each.turn)
    found = [_summed(ring, told[ring.ring]) for ring in rings if ring.ring in told]
    return found + [ring for ring in ended if ring.ring in told]


def _summed(ring: Ring, turns: Sequence[Turn]) -> Ring:
    states = {turn.state for turn in turns} - {State.ended}
    joined = {account for turn in turns for account in turn.joined}
    return replace(
        ring,
        state=min(states or {State.known}, key=NOTABLE.index).value,
        joined=tuple(sorted(joined & {member.account_id for member in ring.members})),
        kin=tuple(sorted({name for turn in turns for name in turn.kin})),
    )


def with_turns(rings: Iterable[Ring], turns: Iterable[Turn]) -> tuple[Ring, ...]:
    """Write beside each ring what became of it."""
    by_name = {turn.ring: turn for turn in turns}
    return tuple(
        replace(
            ring,
            state=by_name[ring.ring].state.value,
            joined=by_name[ring.ring].joined,
            kin=by_name[ring.ring].kin,
        )
        for ring in rings
    )


def _document(
    ring: Ring | None, marks: Sequence[Mark], life: Life | None, as_of: datetime | None
) -> dict[str, Any]:
    members = frozenset(each.account_id for each in ring.members) if ring else (life.members if life else ())
    former = (life.former | life.members if life else frozenset()) - frozenset(members)
    born = life.born_at if life else as_of
    return {
        "members": sorted(members),
        "former": sorted(former),
        "marks": [asdict(mark) for mark in marks],
        "score": ring.score if ring else (life.score if life else 0.0),
        "born_at": born and born.isoformat(),
        "seen_at": as_of and as_of.isoformat(),
        "ended": ring is None,
        "last": ring and ring.document(members=True) | {"signals": ring.signals},
    }


def _life(name: str, document: Mapping[str, Any]) -> Life:
    return Life(
        name,
        frozenset(document["members"]),
        frozenset(document["former"]),
        tuple(Mark(**mark) for mark in document["marks"]),
        document["score"],
        _moment(document["born_at"]),
        _moment(document["seen_at"]),
        document["ended"],
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=None)
