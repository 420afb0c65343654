"""The door: each check takes whatever stood in a file, and gives a value that is what it should be, or refuses."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from linkage.inert import inert
from linkage.sharing.model import RING_NAME
from linkage.sharing.readers.reader import RefusedError

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

LONGEST_VALIDITY = timedelta(days=400)
MOST_ACCOUNTS = 10_000_000
LONGEST_ID = 200
LONGEST_SENTENCE = 300
MOST_SENTENCES = 20

_KIND = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_KEY_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_OBJECT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*")
_SENTENCE_END = re.compile(r"\n+|(?<=[.!?]) +")
_TIME = re.compile(r"(2[01]\d\d-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,6})?Z", re.ASCII)


def mapping(value: object) -> dict[str, object]:
    """Take an object of JSON."""
    if not isinstance(value, dict):
        raise RefusedError("it is no object with keys and values")
    return value


def items(value: object) -> list[object]:
    """Take a list, or none as an empty one."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise RefusedError("something that should be a list is none")
    return value


def object_id(value: object) -> str:
    """Take the name of an object: it is a name and nothing else."""
    return _word(value, _OBJECT_ID, "its id is none", longest=LONGEST_ID)


def ring(value: object) -> str:
    """Take the name of a ring.

    >>> ring("R-7K2M9Q")
    'R-7K2M9Q'
    """
    return _word(value, RING_NAME, "its ring has no name of the form R-7K2M9Q")


def kind(value: object) -> str:
    """Take a kind of evidence."""
    return _word(value, _KIND, "its kind is no word of small letters")


def key_id(value: object) -> str:
    """Take the name of a key."""
    return _word(value, _KEY_ID, "its key id is none")


def flag(value: object, *, missing: bool = False) -> bool:
    """Take a yes or no."""
    if value is None:
        return missing
    if not isinstance(value, bool):
        raise RefusedError("something that should be true or false is neither")
    return value


def soft(facts: Mapping[str, object]) -> bool:
    """Say whether something is only for a look: where it says so, and where it does not say otherwise.

    >>> [soft({"action": "log"}), soft({"action": "look"}), soft({"soft": False}), soft({})]
    [False, True, False, True]
    """
    said = facts.get("soft")
    return said if isinstance(said, bool) else facts.get("action") != "log"


def confidence(value: object) -> int:
    """Take a whole number from 0 to 100; true, 50.0 and "50" are none."""
    return _whole(value, 100, "its confidence is no whole number from 0 to 100")


def accounts(value: object) -> int:
    """Take a number of accounts."""
    return _whole(value, MOST_ACCOUNTS, "its number of accounts is none")


def reviewers(value: object) -> int:
    """Take how many reviewed: a number or a list of them; none did where nothing is said."""
    if isinstance(value, list):
        value = len(value)
    return 0 if value is None else _whole(value, 1000, "its number of reviewers is none")


def score(value: object) -> float:
    """Take a chance, 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RefusedError("its score is no number from 0 to 1")
    if not (math.isfinite(value) and 0 <= value <= 1):
        raise RefusedError("its score is no number from 0 to 1")
    return float(value)


def time(value: object) -> datetime:
    """Take a time in UTC, to the second.

    >>> time("2026-09-03T01:12:09.000Z")
    datetime.datetime(2026, 9, 3, 1, 12, 9)
    """
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise RefusedError("a time in it is not of the form 2026-09-03T01:12:09Z")
    try:
        return datetime.strptime(match[1], "%Y-%m-%dT%H:%M:%S")  # noqa: DTZ007 - naive UTC, as everywhere
    except ValueError:
        raise RefusedError("a time in it is on no calendar") from None


def time_or_none(value: object) -> datetime | None:
    """Take a time that may be missing."""
    return None if value is None else time(value)


def seen(first: object, last: object) -> tuple[datetime | None, datetime | None]:
    """Take when something was first and last seen, either of which may be missing."""
    start, end = time_or_none(first), time_or_none(last)
    if start and end and end < start:
        raise RefusedError("it was last seen before it was first seen")
    return start, end


def validity(start: object, end: object, stripped: Counter[str]) -> tuple[datetime, datetime]:
    """Take from when to when something holds: never without an end, and never for long."""
    valid_from, valid_until = time(start), time(end)
    if valid_until <= valid_from:
        raise RefusedError("it ends before it begins to hold")
    if valid_until - valid_from > LONGEST_VALIDITY:
        stripped["it held for more than 400 days: cut to that"] += 1
        valid_until = valid_from + LONGEST_VALIDITY
    return valid_from, valid_until


def sentences(value: object, stripped: Counter[str]) -> tuple[str, ...]:
    """Take what others wrote for people to read: few and short, and inert.

    What is no text is left out. A formula stays what it is, text: whoever writes cells calls ``safe_cell``.
    """
    if isinstance(value, str):
        value = _SENTENCE_END.split(value)
    if not isinstance(value, list):
        return ()
    texts = [text.strip() for text in value if isinstance(text, str) and text.strip()]
    if len(texts) > MOST_SENTENCES or any(len(text) > LONGEST_SENTENCE for text in texts):
        stripped["its text was longer than anybody reads: cut"] += 1
    return tuple(inert(text, LONGEST_SENTENCE) for text in texts[:MOST_SENTENCES])


def _word(value: object, form: re.Pattern[str], otherwise: str, *, longest: int = 64) -> str:
    if not isinstance(value, str) or len(value) > longest or not form.fullmatch(value):
        raise RefusedError(otherwise)
    return value


def _whole(value: object, most: int, otherwise: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise RefusedError(otherwise)
    return value
