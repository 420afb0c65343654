"""Neighbourhoods of hundreds behind a mobile carrier's few addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.people import draw_people, give_cards
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class CarrierNeighbourhoods(Scenario):
    """Strangers share pool addresses, and much else with them: the country's banks, its language, a local tutorial.

    Families of evidence go together here without anybody knowing anybody.
    """

    name: ClassVar[str] = "carrier"
    number: ClassVar[str] = "B1"

    count: Range = (2, 2)
    size: Range = (210, 290)
    pool: Range = (3, 5)
    local_bank: float = 0.45
    tutorial: float = 0.13

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the neighbourhoods."""
        rng, land = stage.rng, stage.land
        countries = rng.permutation(8)
        for place, size in enumerate(stage.crowd_sizes(self.count, self.size)):
            country = int(countries[place % len(countries)])
            people = draw_people(stage, size, country=country)
            give_cards(stage, people, (rng.random(size) < self.local_bank) & (people.plan != "free"))
            local = land.banks[country][0]
            people.bin[:] = [
                local if b is not None and rng.random() < self.local_bank else b for b in people.bin.tolist()
            ]
            requests = live(stage, people)
            carrier = land.carriers[country]
            pool = np.array((*carrier.seats[:2], *land.take(int(rng.integers(*self.pool)) - 1)), dtype=object)
            own = rng.integers(0, len(pool), (size, 3))  # one to three pool addresses each
            drawn = np.minimum(rng.geometric(0.7, len(requests)) - 1, 2)
            requests.seat = pool[own[requests.who, drawn]]
            requests.asn[:] = carrier.asn
            learners = rng.random(size) < self.tutorial
            for row in np.flatnonzero(learners[requests.who] & (rng.random(len(requests)) < 0.7)).tolist():
                requests.prompt[row] = f"{land.tutorials[country].text}\n{requests.prompt[row]}"
            yield Group(people, requests, monthly_charges(stage, people))
