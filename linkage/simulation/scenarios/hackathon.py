"""A hackathon: sign-ups within two hours at the venue, one starter kit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, HOUR, START
from linkage.simulation.crowds import sign_up_within
from linkage.simulation.people import draw_people
from linkage.simulation.requests import live
from linkage.simulation.scenario import Charges, Group, Scenario
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Hackathons(Scenario):
    """Strangers sign up within two hours with a credit code, share the venue's network for a weekend, build on one kit."""

    name: ClassVar[str] = "hackathon"
    number: ClassVar[str] = "B5"

    count: Range = (1, 1)
    size: Range = (80, 120)
    kit: float = 0.6
    hours: float = 36.0

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the hackathons."""
        rng, land = stage.rng, stage.land
        for size in stage.crowd_sizes(self.count, self.size):
            country = int(rng.integers(8))
            people = draw_people(stage, size, country=country)
            people.plan[:] = "credits"
            people.card[:], people.bin[:] = None, None
            since = START + (3 + 7 * int(rng.integers(0, 4))) * DAY + 15 * HOUR  # a Friday
            sign_up_within(stage, people, since, 2.0)
            requests = live(stage, people)
            there = rng.random(len(requests)) < 0.8
            begin = people.created_at[requests.who]
            during = begin + (rng.random(len(requests)) * self.hours * HOUR).astype(np.int64)
            requests.at = np.where(there, during, requests.at)
            venue = np.array(land.take(2), dtype=object)
            requests.seat = np.where(there, venue[rng.integers(0, 2, len(requests))], requests.seat).astype(
                object
            )
            requests.asn = np.where(there, land.isps[country][0].asn, requests.asn)
            kit = stage.writer.wrapper(reason=False)
            for row in np.flatnonzero(rng.random(len(requests)) < self.kit).tolist():
                requests.system[row] = kit
            yield Group(people, requests, Charges())
