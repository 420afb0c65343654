"""Selectors that a ring has no more: for some time they come out as taken back, so that nobody waits for what is gone.

A signed list says all that counts, so what it leaves out counts no more. A server that is sent objects one by one,
such as one of TAXII, sees nothing missing: it must be told.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from linkage.sharing.order import selectors_of
from linkage.sharing.selectors import pattern_of

if TYPE_CHECKING:
    from datetime import datetime

    from linkage.sharing.model import SharedRing

TOLD_FOR = timedelta(days=90)
"""Who has not fetched for so long has to fetch everything anew anyway."""


def with_vanished(ring: SharedRing, told: SharedRing | None, now: datetime) -> SharedRing:
    """Add to a ring the selectors that a partner was told of and that it has no more, as taken back.

    Args:
        ring: as it is now.
        told: as the partner was told of it last; None where it is new.
        now: the time.

    Returns:
        The same ring where nothing has vanished, or only long ago.
    """
    there = {pattern_of(each) for each in ring.selectors}
    gone = [
        replace(each, revoked_at=each.revoked_at or now)
        for each in (told.selectors if told else ())
        if pattern_of(each) not in there
    ]
    kept = [each for each in gone if each.revoked_at is not None and now - each.revoked_at < TOLD_FOR]
    if not kept:
        return ring
    joined = replace(ring, selectors=(*ring.selectors, *kept))
    return replace(joined, selectors=tuple(selectors_of(joined)))
