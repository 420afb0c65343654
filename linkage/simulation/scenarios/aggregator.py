"""A legitimate gateway that offers many models, and its end users."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.crowds import hosted
from linkage.simulation.people import company_domain, draw_people, new_card
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import People
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Aggregators(Scenario):
    """A known company opens an account for each end user, and all their traffic leaves by its own few addresses.

    Four keys, each with the gateway's program of that day and a company card, serve users all over the world, so that
    the gateway never sleeps and speaks every language. What they ask is their own.
    """

    name: ClassVar[str] = "aggregator"
    number: ClassVar[str] = "B8"

    count: Range = (1, 1)
    size: Range = (170, 220)
    addresses: Range = (9, 14)
    keys: int = 4

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the gateways and their users."""
        rng, land = stage.rng, stage.land
        for size in stage.crowd_sizes(self.count, self.size):
            people = draw_people(stage, size)
            people.org[:] = company_domain(stage).removesuffix(".example")
            people.plan[:] = "team"
            key = rng.integers(0, self.keys, size)
            self._pay(stage, people, key)
            requests = live(stage, people)
            hoster = int(rng.integers(1, 3))
            seats = hosted(stage, hoster, int(rng.integers(*self.addresses)))
            requests.seat = np.array(seats, dtype=object)[rng.integers(0, len(seats), len(requests))]
            requests.asn[:] = land.hosters[hoster].asn
            agents = rng.choice(land.agents, self.keys, replace=False, p=land.agent_weights)
            requests.agent = agents[key[requests.who]].astype(object)
            yield Group(people, requests, monthly_charges(stage, people))

    def _pay(self, stage: Stage, people: People, key: np.ndarray) -> None:
        """Pay for each key with a card of the gateway's bank."""
        bank = stage.land.banks[int(stage.rng.integers(8))][0]
        cards = [new_card(stage) for _ in range(self.keys)]
        people.card[:] = [cards[number] for number in key.tolist()]
        people.bin[:] = bank
