"""A pool of accounts behind rented homes, with throwaway mail, one-time cards and one fixed preamble."""

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
    write_harvest,
)
from linkage.simulation.people import draw_people
from linkage.simulation.requests import write_ordinary
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import People
    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class PoolBehindHomes(Scenario):
    """The operator's gateway puts the same preamble of some sixty tokens before all its jobs, word for word.

    Nothing else is shared but what many have in common: two issuers of virtual cards, a card for each account; mail
    domains for a day in more than half of the cases; rented homes, several for each account. Accounts are opened in a few
    waves, some are older, and small talk past the gateway makes them look lived-in. The jobs cover all topics evenly.
    """

    name: ClassVar[str] = "pool_behind_homes"
    number: ClassVar[str] = "R2"
    ring: ClassVar[bool] = True
    hard: ClassVar[bool] = True

    size: Range = (32, 56)
    addresses: Range = (3, 7)
    bins: int = 2
    upgraded: float = 0.5
    throwaway_mail: float = 0.55
    waves: Range = (2, 4)
    wave_hours: Range = (10, 40)
    aged: float = 0.3
    preamble_words: Range = (38, 50)
    small_talk: float = 0.12
    reasoning: tuple[float, float] = (0.32, 0.48)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the ring."""
        rng, count = stage.rng, stage.ring_size(self.size)
        people = draw_people(stage, count)
        people.requests = stage.requests(rng.lognormal(np.log(7.5), 0.55, count))
        since = START + int(rng.integers(-3, 5)) * DAY
        hours = int(rng.integers(*self.wave_hours))
        starts = since + rng.integers(-8 * DAY, 8 * DAY - hours * HOUR, int(rng.integers(*self.waves)))
        sign_up_in_waves(stage, people, starts, hours=hours, aged=self.aged)
        pay_virtually(stage, people, bins=self.bins, upgraded=self.upgraded)
        use_throwaway_mail(stage, people, self.throwaway_mail)
        reply_alike(stage, people, (420, 680), (0.25, 0.5))
        begin = max(since, START)
        requests = queue(stage, people, begin, begin + int(rng.integers(19, 25)) * DAY)
        rent_homes(stage, requests, count, addresses=self.addresses, countries=some_countries(stage, (4, 7)))
        self._write(stage, people, requests)
        yield Group(people, requests, monthly_charges(stage, people))

    def _write(self, stage: Stage, people: People, requests: Requests) -> None:
        """Put the preamble before fresh content."""
        text, joint = preamble(stage, self.preamble_words), stage.writer.dice.pick(("\n\n", "\n---\n", " "))
        share = stage.rng.uniform(*self.reasoning)
        idle = stage.rng.random(len(requests)) < self.small_talk
        write_ordinary(stage, people, requests, np.flatnonzero(idle))
        jobs = np.flatnonzero(~idle)
        write_harvest(stage, requests, jobs, reasoning=share, details=(0, 3))
        for row in jobs.tolist():
            requests.prompt[row] = f"{text}{joint}{requests.prompt[row]}"
