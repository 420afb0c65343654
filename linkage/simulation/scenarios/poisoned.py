"""An attack: a ring that was there before anybody looked, so that its traffic passes for usual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, END, REFERENCE_START, START
from linkage.simulation.crowds import choose, hosted
from linkage.simulation.harvest import preamble, queue, reply_alike, sign_up, write_harvest
from linkage.simulation.people import draw_people, new_card
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import People
    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Poisoned(Scenario):
    """A ring that worked through the reference period just as it does now: same template, addresses and cards.

    Whatever is called usual because it was seen before includes this ring. With ``before = False`` its earlier requests are
    left out and everything else is the same, so that the two can be compared.
    """

    name: ClassVar[str] = "poisoned"
    number: ClassVar[str] = "A4"
    ring: ClassVar[bool] = True

    before: bool = True
    size: Range = (50, 70)
    accounts_a_card: Range = (7, 11)
    addresses: Range = (8, 14)
    hosted: float = 0.6
    reasoning: float = 0.42

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the ring."""
        rng, count = stage.rng, stage.ring_size(self.size)
        people = draw_people(stage, count)
        people.plan[:], people.roaming[:] = "pay_as_you_go", 0.0
        people.requests = stage.requests(rng.lognormal(np.log(10), 0.45, count))
        sign_up(stage, people, REFERENCE_START - 12 * DAY, 13, aged=0.4)
        self._pay(stage, people)
        reply_alike(stage, people, (500, 690), (0.25, 0.45))
        requests = queue(stage, people, REFERENCE_START, END - int(rng.integers(1, 5)) * DAY)
        self._ask(stage, requests)
        if not self.before:
            requests = choose(requests, requests.at >= START)
        yield Group(people, requests, monthly_charges(stage, people), name="poisoned-1")

    def _pay(self, stage: Stage, people: People) -> None:
        """Deal a few cards out."""
        rng, count = stage.rng, len(people)
        cards = [new_card(stage) for _ in range(max(2, round(count / rng.integers(*self.accounts_a_card))))]
        people.card[:] = [cards[place] for place in (rng.permutation(count) % len(cards)).tolist()]
        people.bin[:] = stage.land.banks[int(rng.integers(8))][0]

    def _ask(self, stage: Stage, requests: Requests) -> None:
        """Ask through one wrapper, from a data centre's addresses and from home."""
        rng, writer = stage.rng, stage.writer
        seats = np.array(hosted(stage, 0, int(rng.integers(*self.addresses))), dtype=object)
        there = rng.random(len(requests)) < self.hosted
        drawn = seats[rng.integers(0, len(seats), len(requests))]
        requests.seat = np.where(there, drawn, requests.seat).astype(object)
        requests.asn = np.where(there, stage.land.hosters[0].asn, requests.asn)
        write_harvest(stage, requests, np.arange(len(requests)), reasoning=self.reasoning, details=(0, 2))
        wrapper = preamble(stage, (30, 60))
        requests.prompt = [f"{writer.vary(wrapper, 0.15)}\n\n{prompt}" for prompt in requests.prompt]
