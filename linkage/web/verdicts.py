"""What people said of rings and accounts, as the page shows it, and the one place through which it writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from linkage import casework
from linkage.decisions.judgements import Judgement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from linkage.store import Case

UNDO = Judgement.undo.value
WORDS = tuple(word.value for word in Judgement)
"""What the page can write down."""


@dataclass(frozen=True)
class Line:
    """One judgement.

    Args:
        subject: the ring or account.
        judgement: the word.
        reason: why.
        by: who said so.
        at: when.
    """

    subject: str
    judgement: str
    reason: str
    by: str
    at: datetime

    def document(self) -> dict[str, Any]:
        """Write it as plain values; a reason of a megabyte is cut."""
        return {
            "subject": self.subject,
            "judgement": self.judgement,
            "reason": self.reason[:4_000],
            "by": self.by[:200],
            "at": f"{self.at:%Y-%m-%d %H:%M}",
        }


def lines_of(case: Case) -> list[Line]:
    """Read all judgements of a case, in the order they were made."""
    return [Line(*row) for row in case.said()]


def in_force(lines: Iterable[Line]) -> dict[str, Line]:
    """Find the judgement of each subject that counts: the last one that no undo took back.

    >>> from datetime import datetime
    >>> said = [Line("R-1", word, "", "", datetime(2026, 9, 3)) for word in ("watch", "confirm", "undo")]
    >>> in_force(said)["R-1"].judgement, in_force([*said, said[-1]])
    ('watch', {})
    """
    standing: dict[str, list[Line]] = {}
    for line in lines:
        said = standing.setdefault(line.subject, [])
        if line.judgement != UNDO:
            said.append(line)
        elif said:
            said.pop()
    return {subject: said[-1] for subject, said in standing.items() if said}


def write(  # noqa: PLR0913 - what a record of it holds
    case: Case, subjects: Sequence[str], judgement: str, *, reason: str, by: str, at: datetime
) -> None:
    """Write down a judgement of all the subjects or of none: the only way by which the page changes a case."""
    casework.judge_all(case, subjects, judgement, reason=reason, by=by, at=at)


def words_of(verdicts: Mapping[str, Line], subjects: Iterable[str]) -> dict[str, str]:
    """Give the judgement in force of those of the subjects that have one."""
    return {subject: verdicts[subject].judgement for subject in subjects if subject in verdicts}
