"""When the world happens, and when people and machines are awake in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.int64]
Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

HOUR = 3600
DAY = 24 * HOUR


def at(month: int, day: int, hour: int = 0, year: int = 2026) -> int:
    """Give a moment in seconds since 1970, UTC.

    >>> at(9, 2) - at(9, 1)
    86400
    """
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp())


REFERENCE_START = at(8, 15)
START = at(9, 1)
END = at(10, 1)


@dataclass(frozen=True)
class Rhythm:
    """When people are awake, one row each.

    Args:
        offset: the local time's hours ahead of UTC.
        working: the chance that a thing is done at work rather than at leisure; below 0 a program does it at any hour.
    """

    offset: Floats
    working: Floats

    def of(self, rows: Counts) -> Rhythm:
        """Repeat or choose rows."""
        return Rhythm(self.offset[rows], self.working[rows])


def human_moments(rng: np.random.Generator, since: Times, until: Times, rhythm: Rhythm) -> Times:
    """Draw one waking moment for each row, from ``since`` until before ``until``: by local hour and weekday."""
    count = len(since)
    at_work = rng.random(count) < rhythm.working
    day = (since + rng.random(count) * np.maximum(until - since, 1)) // DAY
    for _ in range(2):  # a moment on a weekend is drawn again, mostly so at work
        weekend = (day + 3) % 7 >= 5
        again = weekend & (rng.random(count) < np.where(at_work, 0.7, 0.05))
        day = np.where(again, (since + rng.random(count) * np.maximum(until - since, 1)) // DAY, day)
    hour = np.where(at_work, rng.normal(13.2, 2.5, count), rng.normal(18.5, 3.8, count)) - rhythm.offset
    hour = np.where(rhythm.working < 0, rng.uniform(0, 24, count), hour)
    moment = (day * DAY + (hour % 24) * HOUR).astype(np.int64)
    late = since + (rng.exponential(2 * HOUR, count)).astype(np.int64)
    moment = np.where(moment < since, late, moment)
    early = until - 1 - (rng.random(count) * 3 * HOUR).astype(np.int64)
    return np.maximum(np.where(moment >= until, early, moment), since)


def sessions(
    rng: np.random.Generator, counts: Counts, since: Times, until: Times, rhythm: Rhythm
) -> tuple[NDArray[np.int64], Times, NDArray[np.bool_]]:
    """Draw people's requests in sittings of a few: who, when, and whether it goes on from the request before."""
    people = np.arange(len(counts))
    sittings = np.maximum(1, np.round(counts / rng.uniform(1.1, 3.0, len(counts)))).astype(np.int64)
    owner = np.repeat(people, sittings)
    begin = human_moments(rng, since[owner], until[owner], rhythm.of(owner))
    first = np.concatenate(([0], np.cumsum(sittings)[:-1]))
    who = np.repeat(people, counts)
    sitting = first[who] + (rng.random(len(who)) * sittings[who]).astype(np.int64)
    moment = begin[sitting] + rng.exponential(500, len(who)).astype(np.int64)
    order = np.lexsort((moment, sitting))
    who, moment, sitting = who[order], moment[order], sitting[order]
    goes_on = np.zeros(len(who), dtype=bool)
    goes_on[1:] = sitting[1:] == sitting[:-1]
    return who, np.minimum(moment, END - 1), goes_on


def machine_moments(
    rng: np.random.Generator, count: int, since: int, until: int, *, jitter: float = 0.4
) -> Times:
    """Spread ``count`` jobs evenly, day and night, each a little early or late."""
    places = (np.arange(count) + 0.5 + rng.uniform(-jitter, jitter, count)) / max(count, 1)
    return np.sort((since + places * (until - since)).astype(np.int64))
