"""What a reader promises: to take from a partner's files what is sound, and to count the rest."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkage.sharing.received import ReceivedRing, ReceivedSelector

if TYPE_CHECKING:
    from collections.abc import Mapping


class RefusedError(Exception):
    """One object cannot be taken; the reason is a sentence of ours without a word of theirs."""


@dataclass
class Found:
    """What a reader has found so far.

    Args:
        rings: those that could be taken.
        selectors: the same.
        stripped: what was taken off, and how often.
        refused: what was not taken.
    """

    rings: list[ReceivedRing] = field(default_factory=list)
    selectors: list[ReceivedSelector] = field(default_factory=list)
    stripped: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


class Reader(ABC):
    """A form in which lists come in. A single bad object is counted and never an error."""

    name: str
    """The word for the form."""

    @abstractmethod
    def knows(self, path: str) -> bool:
        """Say whether a file of an export is of this form, by its path there."""

    @abstractmethod
    def read(self, files: Mapping[str, bytes], producer: str) -> Found:
        """Read all files of this form.

        Args:
            files: the content of each by its path.
            producer: who must have made what they hold.

        Returns:
            What could be taken, and counts of what could not.

        Raises:
            DataError: a file cannot be read at all.
        """
