"""A reseller whose accounts carry ordinary customers and a harvest side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, END, START
from linkage.simulation.harvest import sign_up, write_harvest
from linkage.simulation.land import home_seat
from linkage.simulation.people import draw_people, new_card
from linkage.simulation.requests import Requests, live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import People
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class MixedReseller(Scenario):
    """A proxy service sells cheap access: a third of its traffic is a harvest, the rest unrelated customers' own prompts.

    Few cards, a few egress addresses in a data centre that honest services use too; conversations hop between accounts.
    """

    name: ClassVar[str] = "mixed_reseller"
    number: ClassVar[str] = "R9"
    ring: ClassVar[bool] = True

    size: Range = (40, 60)
    accounts_a_card: Range = (6, 10)
    egresses: Range = (5, 8)
    extraction: tuple[float, float] = (0.3, 0.4)
    hopping: float = 0.3
    reasoning: float = 0.5

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the ring."""
        rng, count = stage.rng, stage.ring_size(self.size)
        people = draw_people(stage, count)
        people.plan[:] = rng.choice(["pay_as_you_go", "pro", "team"], count, p=[0.6, 0.25, 0.15])
        sign_up(stage, people, START - int(rng.integers(12, 18)) * DAY, 24, aged=0.3)
        cards = [new_card(stage) for _ in range(max(2, round(count / rng.integers(*self.accounts_a_card))))]
        bins = [stage.land.banks[int(rng.integers(8))][0] for _ in cards]
        held = rng.integers(0, len(cards), count)
        people.card[:] = [cards[card] for card in held]
        people.bin[:] = [bins[card] for card in held]
        requests = self._carry(stage, people)
        self._leave(stage, requests)
        yield Group(people, requests, monthly_charges(stage, people))

    def _carry(self, stage: Stage, people: People) -> Requests:
        """Carry customers' conversations on the accounts, and fill a third of the places with harvest jobs."""
        rng = stage.rng
        customers = draw_people(stage, round(1.6 * len(people)))
        customers.created_at = START + (rng.random(len(customers)) * 20 * DAY).astype(np.int64)
        requests = live(stage, customers)
        jobs = rng.random(len(requests)) < rng.uniform(*self.extraction)
        places = np.flatnonzero(jobs)
        requests.at[places] = START + (
            (np.arange(len(places)) + rng.random(len(places))) / len(places) * (END - START - 1)
        ).astype(int)
        write_harvest(stage, requests, places, reasoning=self.reasoning)
        requests.system = [None if job else system for job, system in zip(jobs, requests.system, strict=True)]
        requests.reply[places] = rng.lognormal(np.log(680), 0.3, len(places)).astype(np.int64)
        hops = jobs | ~requests.goes_on | (rng.random(len(requests)) < self.hopping)
        requests.who = _accounts(stage, people, requests, hops)
        return requests

    def _leave(self, stage: Stage, requests: Requests) -> None:
        """Send everything out of a few addresses, by the gateway's two programs."""
        rng, hoster = stage.rng, stage.land.hosters[1]
        seats = [
            home_seat(hoster.prefix + ":0", int(rng.integers(0, 1 << 8)))
            for _ in range(int(rng.integers(*self.egresses)))
        ]
        requests.seat = np.array(seats, dtype=object)[rng.integers(0, len(seats), len(requests))]
        requests.asn = np.full(len(requests), hoster.asn)
        agents = rng.choice(stage.land.agents, 2, p=stage.land.agent_weights)
        own = rng.random(len(requests)) < 0.7
        requests.agent = np.where(own, agents[rng.integers(0, 2, len(requests))], requests.agent).astype(
            object
        )


def _accounts(stage: Stage, people: People, requests: Requests, hops: np.ndarray) -> np.ndarray:
    """Choose among the accounts open at that moment; a conversation stays where it is unless it hops."""
    by_age = np.argsort(people.created_at, kind="stable")
    is_open = np.searchsorted(people.created_at[by_age], requests.at, side="right")
    chosen = by_age[(stage.rng.random(len(requests)) * np.maximum(is_open, 1)).astype(np.int64)]
    last = np.maximum.accumulate(np.where(hops, np.arange(len(requests)), 0))
    kept = chosen[last]
    return np.where(people.created_at[kept] <= requests.at, kept, chosen)
