"""What an export format promises: to write decisions so that another system can act on them, and nobody is hurt."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True)
class Entry:
    """One account to act on.

    Args:
        account_id: the account.
        ring: the ring it belongs to.
        action: ``block`` or ``review``.
        score: the ring's score.
        confidence: how sure it is that the account belongs.
        first_seen: the ring's first event.
        last_seen: the ring's last.
        reason: why, in a sentence a person can read.
    """

    account_id: str
    ring: str
    action: str
    score: float
    confidence: float
    first_seen: datetime | None
    last_seen: datetime | None
    reason: str


class Format(ABC):
    """A way to write a blocklist. Whatever attackers wrote comes out inert; the same entries give the same bytes."""

    name: str
    """The word on the command line."""
    suffix: str
    """What its files end with."""

    @abstractmethod
    def write(self, entries: Sequence[Entry]) -> bytes:
        """Write the entries, in the order given."""
