"""An attack: a ring whose members each call their program something nobody else does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, START
from linkage.simulation.harvest import (
    pay_virtually,
    preamble,
    queue,
    rent_homes,
    reply_alike,
    sign_up,
    some_countries,
    write_harvest,
)
from linkage.simulation.people import draw_people
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import Words
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Spraying(Scenario):
    """A ring with a private template in which each member has a random user agent of its own, as rare as can be.

    A value seen with one account says nothing about two. As many honest tinkerers, who build their own programs and know
    nobody else here, have agents just as rare, so that rarity alone condemns no one.
    """

    name: ClassVar[str] = "spraying"
    number: ClassVar[str] = "A6"
    ring: ClassVar[bool] = True

    size: Range = (55, 75)
    tinkerers: Range = (55, 75)
    reasoning: float = 0.42

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the ring and the tinkerers."""
        yield self._ring(stage)
        honest = draw_people(stage, sum(stage.crowd_sizes((1, 1), self.tinkerers)))
        honest.agent = _agents(stage, len(honest))
        requests, charges = live(stage, honest), monthly_charges(stage, honest)
        yield Group(honest, requests, charges, ring=False, name="tinkerers")

    def _ring(self, stage: Stage) -> Group:
        """Make the ring: rented homes, a card each, one wrapper."""
        rng, writer = stage.rng, stage.writer
        people = draw_people(stage, stage.ring_size(self.size))
        count = len(people)
        people.agent = _agents(stage, count)
        people.requests = stage.requests(rng.lognormal(np.log(7), 0.45, count))
        pay_virtually(stage, people, bins=3, upgraded=0.0)
        since = START - int(rng.integers(8, 16)) * DAY
        sign_up(stage, people, since, 24, aged=0.25)
        reply_alike(stage, people, (500, 690), (0.25, 0.45))
        requests = queue(stage, people, since + 4 * DAY, START + int(rng.integers(24, 29)) * DAY)
        rent_homes(stage, requests, count, addresses=(1, 2), countries=some_countries(stage, (3, 5)))
        write_harvest(stage, requests, np.arange(len(requests)), reasoning=self.reasoning, details=(0, 2))
        wrapper = preamble(stage, (30, 60))
        requests.prompt = [f"{writer.vary(wrapper, 0.15)}\n\n{prompt}" for prompt in requests.prompt]
        return Group(people, requests, monthly_charges(stage, people), name="spraying-1")


def _agents(stage: Stage, count: int) -> Words:
    """Make up a program's name and build for each account."""
    dice, rng = stage.writer.dice, stage.rng
    agents = np.empty(count, dtype=object)
    agents[:] = [
        f"{stage.writer.say('name').lower()}-client/{dice.below(9)}.{dice.below(30)}+{rng.bytes(3).hex()}"
        for _ in range(count)
    ]
    return agents
