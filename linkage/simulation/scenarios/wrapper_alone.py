"""A ring that shares nothing but the text it puts before every question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, START
from linkage.simulation.harvest import queue, reply_alike, sign_up, write_harvest
from linkage.simulation.people import draw_people, new_card
from linkage.simulation.requests import temporary_seats
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class WrapperAlone(Scenario):
    """Every prompt is the ring's private wrapper of 30 to 60 words, lightly varied, round ever-new content.

    The wrapper asks for care and form; the request for reasoning is worded anew in some four of ten.
    Addresses are rented homes, a few for each account and seldom seen twice; cards are virtual and unique, or missing;
    accounts were opened over many weeks, and the first probes fall into the earlier period.
    """

    name: ClassVar[str] = "wrapper_alone"
    number: ClassVar[str] = "R11"
    ring: ClassVar[bool] = True
    hard: ClassVar[bool] = True

    size: Range = (60, 105)
    addresses: Range = (1, 3)
    paying: float = 0.45
    varied: float = 0.2
    reasoning: float = 0.42
    signup_days: Range = (40, 60)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the ring."""
        rng, count = stage.rng, stage.ring_size(self.size)
        people = draw_people(stage, count)
        people.requests = stage.requests(rng.lognormal(np.log(6.5), 0.5, count))
        people.plan[:] = np.where(rng.random(count) < self.paying, "pay_as_you_go", "free")
        for member in range(count):
            pays = people.plan[member] != "free"
            people.card[member] = new_card(stage) if pays else None
            people.bin[member] = stage.land.virtual_bins[int(rng.integers(3))] if pays else None
        days = int(rng.integers(*self.signup_days))
        sign_up(stage, people, START + 18 * DAY - days * DAY, days, aged=0.15)
        reply_alike(stage, people, (550, 740), (0.25, 0.45))
        requests = queue(stage, people, START - 6 * DAY, START + int(rng.integers(25, 29)) * DAY)
        self._hide(stage, requests, count)
        self._write(stage, requests)
        yield Group(people, requests, monthly_charges(stage, people))

    def _hide(self, stage: Stage, requests: Requests, count: int) -> None:
        """Give each account its rented addresses and send each request from one of them."""
        low, high = self.addresses
        places = tuple(stage.rng.permutation(8)[: int(stage.rng.integers(3, 7))].tolist())
        seats, asns = temporary_seats(stage, count * high, places)
        own = stage.rng.integers(low, high + 1, count)
        chosen = requests.who * high + (stage.rng.random(len(requests)) * own[requests.who]).astype(np.int64)
        requests.seat, requests.asn = seats[chosen], asns[chosen]

    def _write(self, stage: Stage, requests: Requests) -> None:
        """Put the wrapper before fresh content."""
        writer = stage.writer
        wrapper = writer.wrapper(reason=False)
        while not 30 <= len(wrapper.split()) <= 60:
            wrapper = writer.wrapper(reason=False)
        joint = writer.dice.pick(("\n\n", "\nTask: ", " Question: ", "\n---\n"))
        write_harvest(stage, requests, np.arange(len(requests)), reasoning=self.reasoning, details=(0, 2))
        requests.prompt = [
            f"{writer.vary(wrapper, self.varied)}{joint}{prompt}" for prompt in requests.prompt
        ]
