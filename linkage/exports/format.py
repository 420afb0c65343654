"""What an export format promises: to write decisions so that another system can act on them, and nobody is hurt."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


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

    def document(self) -> dict[str, Any]:
        """Write the entry as plain values, its times in UTC as everybody's log does.

        >>> from datetime import datetime
        >>> entry = Entry("acct_1", "R-7K2M9Q", "block", 0.93, 0.99, datetime(2026, 9, 3, 1, 12, 9), None, "1 card")
        >>> entry.document()["first_seen"]
        '2026-09-03T01:12:09Z'
        """
        times = {"first_seen": self.first_seen, "last_seen": self.last_seen}
        return asdict(self) | {name: at and at.strftime("%Y-%m-%dT%H:%M:%SZ") for name, at in times.items()}


class Format(ABC):
    """A way to write a blocklist. Whatever attackers wrote comes out inert; the same entries give the same bytes."""

    name: str
    """The word on the command line."""
    suffix: str
    """What its files end with."""

    @abstractmethod
    def write(self, entries: Sequence[Entry]) -> bytes:
        """Write the entries, in the order given."""
