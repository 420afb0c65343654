"""A pool that is banned, and the idle one that takes its traffic over within a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, HOUR, START
from linkage.simulation.harvest import (
    pay_virtually,
    preamble,
    queue,
    rent_homes,
    reply_alike,
    sign_up_in_waves,
    some_countries,
    use_throwaway_mail,
    write_drill,
)
from linkage.simulation.people import draw_people
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range
from linkage.simulation.writer import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import People
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Failover(Scenario):
    """The first pool falls silent on the day of the ban; the second, mostly opened weeks before and idle, goes on.

    Both hide behind rented homes and pay with one-time virtual cards. They drill the same few topics under one preamble,
    which the operator edits lightly for the second pool. The two pools are one ring, and never work at the same time.
    """

    name: ClassVar[str] = "failover"
    number: ClassVar[str] = "R3"
    ring: ClassVar[bool] = True
    hard: ClassVar[bool] = True

    size: Range = (24, 36)
    second: float = 0.7
    ban_day: Range = (11, 13)
    idle: float = 0.6
    idle_days: int = 45
    addresses: Range = (2, 5)
    upgraded: float = 0.4
    throwaway_mail: float = 0.4
    preamble_words: Range = (26, 40)
    edited: float = 0.35
    subjects: Range = (3, 6)
    reasoning: tuple[float, float] = (0.3, 0.45)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the two pools, which are one ring."""
        rng = stage.rng
        size = stage.ring_size(self.size)
        ban = START + int(rng.integers(self.ban_day[0] * 24, self.ban_day[1] * 24 + 24)) * HOUR
        count = int(rng.integers(self.subjects[0], self.subjects[1] + 1))
        subjects = tuple(rng.permutation(np.array(topics(), dtype=object))[:count].tolist())
        share, places = rng.uniform(*self.reasoning), some_countries(stage, (3, 6))
        before = preamble(stage, self.preamble_words)
        after = _edit(stage, before, self.edited)

        first = self._pool(stage, size)
        starts = START + rng.integers(-15 * DAY, 5 * DAY, 3)
        sign_up_in_waves(stage, first, starts, hours=30, aged=0.3)
        second = self._pool(stage, round(size * self.second))
        self._wait(stage, second, ban)
        for pool, since, until, text in (
            (first, START + int(rng.integers(6, 30)) * HOUR, ban, before),
            (second, ban, ban + int(rng.integers(12, 16)) * DAY, after),
        ):
            reply_alike(stage, pool, (400, 620), (0.25, 0.5))
            requests = queue(stage, pool, since, until)
            rent_homes(stage, requests, len(pool), addresses=self.addresses, countries=places)
            write_drill(stage, requests, np.arange(len(requests)), subjects=subjects, reasoning=share)
            requests.prompt = [f"{text}\n\n{prompt}" for prompt in requests.prompt]
            yield Group(pool, requests, monthly_charges(stage, pool), name=f"{self.name}-1")

    def _pool(self, stage: Stage, count: int) -> People:
        people = draw_people(stage, count)
        people.requests = stage.requests(stage.rng.lognormal(np.log(6.5), 0.5, count))
        pay_virtually(stage, people, bins=2, upgraded=self.upgraded)
        use_throwaway_mail(stage, people, self.throwaway_mail)
        return people

    def _wait(self, stage: Stage, people: People, ban: int) -> None:
        """Open most of the second pool's accounts long before the ban, the others round it."""
        rng, count = stage.rng, len(people)
        idle = rng.permutation(np.arange(count) < round(self.idle * count))
        long_ago = ban - ((self.idle_days + rng.exponential(40, count)) * DAY).astype(np.int64)
        late = ban + (rng.uniform(-4, 0.8, count) * DAY).astype(np.int64)
        people.created_at = np.where(idle, long_ago, late)


def _edit(stage: Stage, text: str, share: float) -> str:
    """Exchange some words; a text that has none to exchange gets a sentence more."""
    edited = stage.writer.vary(text, share)
    return edited if edited != text else f"{text} {stage.writer.say('shape')}"
