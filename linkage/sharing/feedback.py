"""What a recipient tells the producer of a ring: we saw it too, or we do not believe it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from linkage.errors import DataError
from linkage.inert import inert
from linkage.sharing import bounded
from linkage.sharing.model import RING_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

FEEDBACK = "feedback.jsonl"
"""The file of a list that holds it."""
LONGEST = 500
"""Characters of an explanation."""


class Word(StrEnum):
    """What is said of a ring."""

    seen = "seen"
    """Accounts of ours are in it, too."""
    agree = "agree"
    """Our own evidence says the same."""
    disagree = "disagree"
    """Our own evidence says otherwise."""
    strongly_disagree = "strongly-disagree"
    """It is no ring: these are honest customers."""


@dataclass(frozen=True)
class Feedback:
    """A word on a ring of a partner's.

    Args:
        ring: the partner's name for it.
        word: what is said.
        accounts: how many accounts of ours it matched, rounded down to 1, 2, 5, 10, …; 0 where that is not told.
        explanation: why, in a sentence or two.
    """

    ring: str
    word: Word
    accounts: int
    explanation: str

    def document(self) -> dict[str, object]:
        """Write it as plain values.

        >>> Feedback("R-7K2M9Q", Word.disagree, 0, "a class").document()["word"]
        'disagree'
        """
        return asdict(self) | {"word": self.word.value}


def write_feedback(said: Sequence[Feedback]) -> bytes:
    """Write one line a ring."""
    ordered = sorted(said, key=lambda each: (each.ring, each.word))
    return "".join(json.dumps(each.document(), sort_keys=True) + "\n" for each in ordered).encode("ascii")


def read_feedback(content: bytes) -> tuple[Feedback, ...]:
    """Read what ``write_feedback`` wrote; a line that is none is passed over.

    >>> said = (Feedback("R-7K2M9Q", Word.seen, 20, ""),)
    >>> read_feedback(write_feedback(said)) == said
    True
    """
    found = []
    for line in bounded.load_lines(content, most_bytes=1 << 20, most_lines=10_000):
        each = None if isinstance(line, DataError) else _feedback(line)
        if each is not None:
            found.append(each)
    return tuple(found)


def _feedback(line: object) -> Feedback | None:
    if not isinstance(line, dict):
        return None
    ring, word, accounts, text = (line.get(name) for name in ("ring", "word", "accounts", "explanation"))
    known = isinstance(word, str) and word in set(Word)
    counted = isinstance(accounts, int) and not isinstance(accounts, bool) and 0 <= accounts <= 10**9
    if not (
        isinstance(ring, str) and RING_NAME.fullmatch(ring) and known and counted and isinstance(text, str)
    ):
        return None
    return Feedback(ring, Word(str(word)), int(str(accounts)), inert(text, limit=LONGEST))
