"""Where a case keeps what people said, and how a ring looked when they said it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from linkage.decisions.judgements import with_judgements

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from linkage.rings.ring import Ring
    from linkage.store import Case


class Said:
    """The tables of a case that are about judgements and the allowlist. Changes belong inside ``case.changing()``.

    Args:
        case: an open case.
    """

    def __init__(self, case: Case) -> None:
        self._case = case

    def judge(  # noqa: PLR0913 - what a record of it holds
        self,
        subject: str,
        judgement: str,
        *,
        reason: str,
        by: str,
        at: datetime,
        ring: Mapping[str, Any] | None,
    ) -> None:
        """Write down what a person said of a subject and, of a ring, how it looked then."""
        self._case.judge(subject, judgement, reason, by, at)
        if ring is not None:
            line = self._case.database.execute("select count(*) from judgements").fetchall()[0][0]
            self._case.database.execute("insert into judged values (?, ?)", [line, json.dumps(ring)])

    def judged(self) -> dict[str, dict[str, Any]]:
        """Give the document of each ring as it was when what stands of it was said."""
        documents = dict(self._case.database.execute("select line, document from judged").fetchall())
        return {
            subject: json.loads(documents[line])
            for line, (subject, *_) in self._case.standing()
            if line in documents
        }

    def members_when_judged(self) -> dict[str, frozenset[str]]:
        """Give the accounts of each ring as they were when what stands of it was said."""
        return {
            ring: frozenset(member["account_id"] for member in document["members"])
            for ring, document in self.judged().items()
        }

    def cleared(self) -> dict[str, str]:
        """Say of which dismissed ring an account was a member, unless a ring that held it was judged otherwise later.

        Rings merge and split: who was dismissed in one must not be blocked for the name of another.
        """
        found: dict[str, str] = {}
        documents = dict(self._case.database.execute("select line, document from judged").fetchall())
        last = {subject: line for line, (subject, *_) in self._case.standing()}
        for line, (subject, judgement, *_) in self._case.standing():
            if last[subject] != line or line not in documents:
                continue
            for member in json.loads(documents[line])["members"]:
                found.pop(member["account_id"], None)
                if judgement == "dismiss":
                    found[member["account_id"]] = subject
        return found

    def allowlist(self) -> list[tuple[str, str, str | None, datetime | None]]:
        """List the entries of the allowlist: kind, value, reason, end."""
        return self._case.database.execute(
            "select kind, value, reason, until from allowlist order by kind, value"
        ).fetchall()

    def allow(  # noqa: PLR0913 - what a record of it holds
        self, kind: str, value: str, reason: str, until: datetime | None, *, by: str, at: datetime
    ) -> None:
        """Put an entry on the allowlist, in place of one for the same value."""
        self._case.database.execute("delete from allowlist where kind = ? and value = ?", [kind, value])
        self._case.database.execute(
            "insert into allowlist by name select ? as kind, ? as value, ? as reason, ?::timestamp as until",
            [kind, value, reason, until],
        )
        self._line(kind, value, reason, until, False, by, at)

    def take_back(self, kind: str, value: str, reason: str, *, by: str, at: datetime) -> bool:
        """Take an entry off the allowlist, and say whether it was there."""
        gone = self._case.database.execute(
            "delete from allowlist where kind = ? and value = ?", [kind, value]
        ).fetchall()[0][0]
        if gone:
            self._line(kind, value, reason, None, True, by, at)
        return bool(gone)

    def _line(self, *values: object) -> None:
        """Write a line that nothing overwrites, and let the next run see the change."""
        self._case.database.execute("insert into allowances values (?, ?, ?, ?, ?, ?, ?)", list(values))
        self._case.note_change(evidence=False)


def judged(rings: Iterable[Ring], case: Case | None) -> tuple[Ring, ...]:
    """Write beside rings what people said of them; nothing where there is no case."""
    return with_judgements(rings, case.judgements(), Said(case).judged()) if case else tuple(rings)


def last_words(case: Case | None) -> dict[str, str]:
    """Say what was said last of each ring and account, and not taken back."""
    return {subject: judgement for subject, judgement, *_ in (case.judgements() if case else ())}
