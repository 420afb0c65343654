"""Why is this account here, why are these two linked: a waterfall in bits, down to events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from linkage.errors import DataError
from linkage.evidence.collect import Evidence
from linkage.evidence.kind import EvidenceKind
from linkage.rings.membership import DECAY, weigh_members
from linkage.tables import Logs, Table, derive, from_arrow

if TYPE_CHECKING:
    from linkage.rings.membership import Membership

EVENTS_SHOWN = 3
_BLINDLY = "the chance of drawing a member of the ring blindly, and of alike strangers being picked"
HELD_SHOWN = 20
"""Identifiers shown of an account that is in no ring: the rarest, which it shares with others."""


@dataclass(frozen=True)
class Sighted:
    """One event that carries an identifier.

    Args:
        account_id: whose event it is.
        at: when it happened, where that is known.
        seen: what was seen, as the log has it.
    """

    account_id: str
    at: datetime | None
    seen: str


@dataclass(frozen=True)
class Step:
    """One step of a waterfall.

    Args:
        kind: the kind of evidence, or ``prior``.
        level: the word for what is shared.
        identifier: what is shared, said to a person; empty where it is not one identifier that says it.
        bits: what it says on its own for belonging together.
        adds: what it adds to the sum. Of a family only the most telling level adds, each further identifier half
            as much as the one before, up to the family's cap; the prior takes away.
        here: how many accounts of the ring or pair hold it.
        everywhere: how many accounts hold it.
        events: the first events that carry it.
    """

    kind: str
    level: str
    identifier: str
    bits: float
    adds: float
    here: int
    everywhere: int
    events: tuple[Sighted, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """A waterfall: its steps, what they come to, and how sure that makes it.

    Args:
        accounts: whom it is about: one account, or two.
        ring: the number of the ring; None where there is none.
        steps: what adds most first, the prior last.
        bits: the sum of what the steps add.
        confidence: the same as a probability; None where there is nothing to belong to.
    """

    accounts: tuple[str, ...]
    ring: int | None
    steps: tuple[Step, ...]
    bits: float
    confidence: float | None

    def rows(self) -> list[dict[str, Any]]:
        """List the steps as plain values, with the sum so far."""
        total = 0.0
        rows = []
        for step in self.steps:
            total += step.adds
            rows.append(
                {
                    "kind": step.kind,
                    "level": step.level,
                    "identifier": step.identifier,
                    "bits": round(step.bits, 2),
                    "adds": round(step.adds, 2),
                    "sum": round(total, 2),
                    "held_here": step.here,
                    "held_by": step.everywhere,
                    "events": [
                        {
                            "account_id": event.account_id,
                            "at": event.at and f"{event.at:%Y-%m-%dT%H:%M:%SZ}",
                            "seen": event.seen,
                        }
                        for event in step.events
                    ],
                }
            )
        return rows


def explain_account(
    account_id: str, logs: Logs, kinds: Sequence[EvidenceKind], evidence: Evidence, membership: Membership
) -> Explanation:
    """Say why an account is in its ring, or what it shares with others where it is in none.

    Raises:
        DataError: no such account in the logs.
    """
    number = _number(evidence, account_id)
    desk = _Desk(_only(logs, [account_id]), kinds, evidence, {number: account_id})
    rows = derive("select ring from members where account = ?", [number], members=membership.members).rows()
    if not rows:
        return Explanation((account_id,), None, desk.held(number), 0.0, None)
    (ring,) = rows[0]
    return desk.waterfall(ring, number, membership, _BLINDLY, ring=ring)


def explain_pair(
    left_id: str, right_id: str, logs: Logs, kinds: Sequence[EvidenceKind], evidence: Evidence
) -> Explanation:
    """Say what links two accounts: the pair is weighed as though it were a ring of two.

    Raises:
        DataError: no such account in the logs, or twice the same.
    """
    if left_id == right_id:
        raise DataError("an account is always linked to itself: name two different ones")
    numbers = {_number(evidence, account_id): account_id for account_id in (left_id, right_id)}
    pair = from_arrow(evidence.people.database, pa.table({"ring": [0, 0], "account": list(numbers)}))
    desk = _Desk(_only(logs, [left_id, right_id]), kinds, evidence, numbers)
    weighed = weigh_members(pair, evidence, selection=0.0)
    return desk.waterfall(
        0, next(iter(numbers)), weighed, "the chance of drawing the other blindly", ring=None
    )


def timeline(account_ids: Sequence[str], logs: Logs) -> list[tuple[datetime, int]]:
    """Count the events of accounts by day, oldest first; days without any are left out."""
    listed = from_arrow(logs.events.database, pa.table({"account_id": pa.array(account_ids, pa.string())}))
    return derive(
        """
        select date_trunc('day', happened_at)::timestamp as day, count(*) as events
        from events
        semi join listed using (account_id)
        where happened_at is not null
        group by all
        """,
        events=logs.events,
        listed=listed,
    ).rows("day")


@dataclass(frozen=True)
class _Desk:
    """What is at hand to explain one account or two: their own rows, and all the evidence."""

    logs: Logs
    kinds: Sequence[EvidenceKind]
    evidence: Evidence
    accounts: dict[int, str]

    def waterfall(
        self, group: int, number: int, membership: Membership, prior_words: str, *, ring: int | None
    ) -> Explanation:
        """Say step by step what one account's place in a group rests on."""
        rows = derive(
            _STEPS,
            [group, number, DECAY],
            shared=membership.shared,
            identifiers=self.evidence.identifiers,
            holdings=self.evidence.holdings,
            parts=membership.parts,
        )
        parts = derive(
            "select kind, level, bits from parts where ring = ? and account = ?",
            [group, number],
            parts=membership.parts,
        ).rows("kind, level")
        found = rows.rows("adds desc, bits desc, kind, level, value")
        whole = _without_sum(found, parts)
        steps = [
            self._step(row[:5], 0.0 if (kind, level) in whole else adds, here, everywhere)
            for row in found
            for _, kind, level, _, _, adds, here, everywhere in [row]
        ]
        steps += [
            Step(kind, self._named(kind).levels[level].name, "", bits, bits, 0, 0)
            for (kind, level), bits in whole.items()
        ]
        steps.sort(key=lambda step: (-step.adds, -step.bits))
        summed, prior, confidence = derive(
            "select bits, prior, confidence from members where ring = ? and account = ?",
            [group, number],
            members=membership.members,
        ).rows()[0]
        steps.append(Step("prior", "", prior_words, -prior, -prior, 0, 0))
        return Explanation(tuple(self.accounts.values()), ring, tuple(steps), summed - prior, confidence)

    def held(self, number: int) -> tuple[Step, ...]:
        """List the rarest identifiers that an account shares with anybody."""
        rows = derive(
            f"""
            select identifier, kind, level, value, identifiers.bits, accounts
            from holdings
            join identifiers using (identifier)
            where account = ?
            order by bits desc, kind, level, value
            limit {HELD_SHOWN}
            """,
            [number],
            holdings=self.evidence.holdings,
            identifiers=self.evidence.identifiers,
        ).rows("bits desc, kind, level, value")
        return tuple(self._step(row[:5], 0.0, 1, row[5]) for row in rows)

    def _step(self, row: Sequence[Any], adds: float, here: int, everywhere: int) -> Step:
        """Write a row of identifier, kind, level, value and bits as a step, with the events behind it."""
        identifier, name, level, value, bits = row
        kind = self._named(name)
        examples = derive(
            "select account, example from holdings where identifier = ? and list_contains(?, account)",
            [identifier, list(self.accounts)],
            holdings=self.evidence.holdings,
        ).rows("account")
        events = [event for number, example in examples for event in self._events(kind, number, example)]
        return Step(
            name, kind.levels[level].name, kind.caption(value), bits, adds, here, everywhere, tuple(events)
        )

    def _named(self, name: str) -> EvidenceKind:
        return next(kind for kind in self.kinds if kind.name == name)

    def _events(self, kind: EvidenceKind, number: int, example: str) -> list[Sighted]:
        """Find the first events of an account that show what its example shows."""
        table, column = kind.reads
        source: Table = getattr(self.logs, table)
        when = "created_at" if table == "accounts" else "happened_at"
        known = source.columns
        columns = [f'"{name}"' for name in (column, *kind.also_reads) if name in known] or ["extra[?]"]
        length = kind.example_length
        shown = " or ".join(f"left(cast({name} as varchar), {length}) = ?" for name in columns)
        names = [column] if columns == ["extra[?]"] else []
        rows = derive(
            f"select {when} as moment from source where account_id = ? and ({shown}) order by all limit {EVENTS_SHOWN}",
            [self.accounts[number], *names, *[example[:length]] * len(columns)],
            source=source,
        )
        return [Sighted(self.accounts[number], at, example) for (at,) in rows.rows("moment")]


# What each identifier adds, as ``weigh_members`` sums them: level by level, halved each time, up to the cap.
_STEPS = """
    with asked as (select ? as ring, ? as account, ? as decay),
    ranked as (
        select identifier, shared.kind, shared.level, value, shared.bits * mutual as bits, holders,
            identifiers.accounts, cap, shared.bits * mutual * pow(decay, row_number() over same - 1) as worth,
            parts.bits is not null as counts
        from asked
        join shared using (ring)
        join holdings using (account, identifier)
        join identifiers using (identifier)
        left join parts on (parts.ring, parts.account, parts.kind, parts.level)
            = (asked.ring, asked.account, shared.kind, shared.level)
        where shared.bits * mutual > 0
        window same as (partition by shared.kind, shared.level order by shared.bits * mutual desc, identifier)
    ),
    summed as (
        select *, sum(worth) over (partition by kind, level order by bits desc, identifier) as so_far from ranked
    )
    select identifier, kind, level, value, bits,
        case when counts then least(coalesce(cap, so_far), so_far) - least(coalesce(cap, so_far), so_far - worth)
            else 0 end as adds,
        holders as here, accounts as everywhere
    from summed
    """


def _without_sum(
    found: Sequence[tuple[Any, ...]], parts: Sequence[tuple[str, int, float]]
) -> dict[tuple[str, int], float]:
    """Find the parts that are no sum over identifiers, such as how near in time members signed up."""
    sums: dict[tuple[str, int], float] = {}
    for _, kind, level, _, _, adds, _, _ in found:
        sums[kind, level] = sums.get((kind, level), 0.0) + adds
    return {
        (kind, level): bits for kind, level, bits in parts if abs(sums.get((kind, level), 0.0) - bits) > 0.001
    }


def _only(logs: Logs, account_ids: list[str]) -> Logs:
    """Keep the rows of a few accounts, so that each question is quick."""

    def kept(table: Table) -> Table:
        return derive("select * from rows where list_contains(?, account_id)", [account_ids], rows=table)

    own = ("accounts", "events", "payments", "partner_signals")
    return replace(logs, **{name: kept(getattr(logs, name)) for name in own})


def _number(evidence: Evidence, account_id: str) -> int:
    rows = derive(
        "select account from people where account_id = ? and not reference",
        [account_id],
        people=evidence.people,
    ).rows()
    if not rows:
        raise DataError("there is no such account in these logs: check its spelling; capitals matter")
    return int(rows[0][0])
