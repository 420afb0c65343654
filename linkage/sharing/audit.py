"""What was decided, shared and taken in, one line each, so that no line can be changed without all after it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from linkage.sharing.records import Records

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from linkage.store import Case

START = "0" * 64
"""What the first line says came before it."""


def record(case: Case, what: str, *, at: datetime, by: str, **details: Any) -> None:  # noqa: ANN401 - whatever JSON holds
    """Add a line to the case's log; call it inside the change that it tells of, so that both are kept or neither.

    Args:
        case: an open case.
        what: the word for it, such as ``export``.
        at: when.
        by: who did it.
        details: what else is worth knowing. No raw identifier and no prompt belongs here.
    """
    records = Records(case)
    lines = records.audit()
    number, previous = len(lines) + 1, lines[-1][2] if lines else START
    document = line(number, previous, what, at=at, by=by, details=details)
    records.add_to_audit(number, document, digest_of(document))


def line(  # noqa: PLR0913 - what a line holds
    number: int, previous: str, what: str, *, at: datetime, by: str, details: dict[str, Any]
) -> str:
    """Write one line: JSON with sorted keys, the digest of the line before it among them.

    >>> from datetime import datetime
    >>> line(1, "0", "judge", at=datetime(2026, 9, 3), by="kim", details={"judgement": "confirm"})
    '{"at": "2026-09-03T00:00:00Z", "by": "kim", "details": {"judgement": "confirm"}, "number": 1, "previous": "0", "what": "judge"}'
    """
    document = {"number": number, "previous": previous, "what": what, "by": by, "details": details}
    return json.dumps(document | {"at": f"{at:%Y-%m-%dT%H:%M:%SZ}"}, sort_keys=True)


def digest_of(document: str) -> str:
    """Give the SHA-256 that the next line holds, in hexadecimal digits."""
    return hashlib.sha256(document.encode()).hexdigest()


def faults(lines: Sequence[tuple[int, str, str]], *, written: int) -> list[str]:
    """Say all that is wrong with a log; nothing where it is whole.

    Args:
        lines: number, document and digest, in order.
        written: how many lines the case says were ever written.

    >>> from datetime import datetime
    >>> told = line(1, START, "judge", at=datetime(2026, 9, 3), by="kim", details={})
    >>> faults([(1, told, digest_of(told))], written=1), faults([(1, told.replace("kim", "lee"), digest_of(told))], written=1)
    ([], ['line 1 was changed after it was written'])
    """
    found = []
    previous = START
    for place, (number, document, digest) in enumerate(lines, start=1):
        if number != place:
            found.append(f"line {place} is missing")
            break
        said_number, said_previous = _place_in(document)
        if digest_of(document) != digest:
            found.append(f"line {number} was changed after it was written")
        elif said_previous != previous:
            found.append(f"line {number} does not follow line {number - 1}")
        elif said_number != number:
            found.append(f"line {number} bears another number")
        previous = digest
    missing = written - len(lines)
    if missing > 0 and not found:
        found.append(f"the last {missing} of {written} lines are missing")
    if missing < 0 and not found:
        found.append(
            f"{-missing} {'line was' if missing == -1 else 'lines were'} added that linkage did not write"
        )
    return found


def _place_in(document: str) -> tuple[object, object]:
    """Read the number of a line and the digest of the one before it; nothing where it is no line."""
    try:
        said = json.loads(document)
    except (ValueError, RecursionError):
        return None, None
    return (said.get("number"), said.get("previous")) if isinstance(said, dict) else (None, None)
