"""Why is this account here, why are these two linked: a waterfall in bits, down to events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from linkage.errors import DataError
from linkage.evidence.kind import EXAMPLE_LENGTH
from linkage.rings.membership import weigh_members
from linkage.tables import Table, derive, from_arrow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from linkage.evidence.collect import Evidence
    from linkage.evidence.kind import EvidenceKind
    from linkage.rings.membership import Membership
    from linkage.tables import Logs

EVENTS_SHOWN = 3


@dataclass(frozen=True)
class Step:
    """One step of a waterfall.

    Args:
        kind: the kind of evidence, or ``prior``.
        identifier: what is shared, said to a person.
        bits: what it says for belonging together; the prior speaks against.
        accounts: how many accounts hold it, and how many of these are in the ring or pair.
        counts: whether it adds to the sum; within a family only one level does, up to its cap.
        events: the account's first events that carry it: time and what was seen.
    """

    kind: str
    identifier: str
    bits: float
    accounts: tuple[int, int]
    counts: bool
    events: tuple[tuple[datetime | None, str], ...] = ()


@dataclass(frozen=True)
class Explanation:
    """A waterfall: its steps, what they come to, and how sure that makes it.

    Args:
        subject: whom it is about.
        ring: the number of the ring; None where there is none.
        steps: strongest first, the prior last.
        bits: the sum of what each family adds, less the prior.
        confidence: the same as a probability.
    """

    subject: str
    ring: int | None
    steps: tuple[Step, ...]
    bits: float
    confidence: float

    def rows(self) -> list[dict[str, Any]]:
        """List the steps as plain values."""
        return [
            {
                "kind": step.kind,
                "identifier": step.identifier,
                "bits": round(step.bits, 2),
                "counts": step.counts,
                "held here": step.accounts[0],
                "held by": step.accounts[1],
                "events": [f"{at or 'at no known time'}  {seen}" for at, seen in step.events],
            }
            for step in self.steps
        ]


def explain_account(account_id: str, logs: Logs, kinds: Sequence[EvidenceKind], evidence: Evidence, membership: Membership) -> Explanation:
    """Say why an account is in its ring, or what it shares with others where it is in none.

    Raises:
        DataError: no such account in the logs.
    """
    number = _number(evidence, account_id)
    rows = derive("select ring from members where account = ?", [number], members=membership.members).rows()
    ring = rows[0][0] if rows else None
    if ring is None:
        return Explanation(account_id, None, _held(number, account_id, logs, kinds, evidence), 0.0, 0.0)
    return _waterfall(account_id, number, ring, logs, kinds, evidence, membership)


def explain_pair(
    left_id: str, right_id: str, logs: Logs, kinds: Sequence[EvidenceKind], evidence: Evidence
) -> Explanation:
    """Say what links two accounts: the pair is weighed as though it were a ring of two."""
    numbers = [_number(evidence, left_id), _number(evidence, right_id)]
    pair = from_arrow(evidence.people.database, pa.table({"ring": [0, 0], "account": numbers}))
    told = _waterfall(left_id, numbers[0], 0, logs, kinds, evidence, weigh_members(pair, evidence))
    return replace(told, subject=f"{left_id} and {right_id}", ring=None)


def _waterfall(
    account_id: str,
    number: int,
    ring: int,
    logs: Logs,
    kinds: Sequence[EvidenceKind],
    evidence: Evidence,
    membership: Membership,
) -> Explanation:
    rows = derive(
        """
        select shared.kind, shared.level, value, shared.bits, accounts, holders, example, parts.bits is not null as counts
        from shared
        join identifiers using (identifier)
        join holdings using (identifier)
        left join parts on (parts.ring, parts.account, parts.kind, parts.level)
            = (shared.ring, holdings.account, shared.kind, shared.level)
        where shared.ring = ? and holdings.account = ? and shared.bits > 0
        """,
        [ring, number],
        shared=membership.shared,
        identifiers=evidence.identifiers,
        holdings=evidence.holdings,
        parts=membership.parts,
    )
    by_name = {kind.name: kind for kind in kinds}
    steps = [
        Step(
            kind,
            by_name[kind].caption(value),
            bits,
            (holders, accounts),
            counts,
            _events(logs, by_name[kind], account_id, example),
        )
        for kind, level, value, bits, accounts, holders, example, counts in rows.rows("counts desc, bits desc, kind, level, value")
    ]
    summed, prior, confidence = derive(
        "select bits, prior, confidence from members where ring = ? and account = ?",
        [ring, number],
        members=membership.members,
    ).rows()[0]
    steps.append(Step("prior", "the chance of drawing a member blindly", -prior, (0, 0), counts=True))
    return Explanation(account_id, ring, tuple(steps), summed - prior, confidence)


def _held(
    number: int, account_id: str, logs: Logs, kinds: Sequence[EvidenceKind], evidence: Evidence
) -> tuple[Step, ...]:
    rows = derive(
        """
        select kind, value, identifiers.bits, accounts, example
        from holdings
        join identifiers using (identifier)
        where account = ?
        """,
        [number],
        holdings=evidence.holdings,
        identifiers=evidence.identifiers,
    )
    by_name = {kind.name: kind for kind in kinds}
    return tuple(
        Step(
            kind,
            by_name[kind].caption(value),
            bits,
            (1, accounts),
            counts=False,
            events=_events(logs, by_name[kind], account_id, example),
        )
        for kind, value, bits, accounts, example in rows.rows("bits desc, kind, value")
    )


def _number(evidence: Evidence, account_id: str) -> int:
    rows = derive(
        "select account from people where account_id = ? and not reference", [account_id], people=evidence.people
    ).rows()
    if not rows:
        raise DataError("there is no such account in these logs: check its spelling, case counts")
    return int(rows[0][0])


def _events(logs: Logs, kind: EvidenceKind, account_id: str, example: str) -> tuple[tuple[datetime | None, str], ...]:
    """Find the first events of the account that show what the example shows."""
    table, column = kind.reads
    source: Table = getattr(logs, table)
    when = {"accounts": "created_at"}.get(table, "happened_at")
    columns = [f'"{name}"' for name in (column, *kind.also_reads) if name in source.columns] or ["extra[?]"]
    shown = " or ".join(f"left(cast({name} as varchar), {EXAMPLE_LENGTH}) = ?" for name in columns)
    parameters = [*([column] if columns == ["extra[?]"] else []), *[example] * len(columns)]
    rows = derive(
        f"select {when} as at from source where account_id = ? and ({shown}) order by all limit {EVENTS_SHOWN}",
        [account_id, *parameters],
        source=source,
    )
    return tuple((at, example) for (at,) in rows.rows())
