"""The clock, which commands alone read: rooms are told the time."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Give this second in UTC, as tables write times."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
