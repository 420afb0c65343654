"""Developers whose programs run on hosting networks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.land import home_seat
from linkage.simulation.people import draw_people
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class HostedDevelopers(Scenario):
    """Honest programs on the hosting networks that rings rent too, some on the very same addresses."""

    name: ClassVar[str] = "hosting"

    count: Range = (1, 1)
    size: Range = (150, 190)
    hosted: float = 0.75

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the developers: one crowd, strangers to each other."""
        rng, hosters = stage.rng, stage.land.hosters
        people = draw_people(stage, sum(stage.crowd_sizes(self.count, self.size)))
        requests = live(stage, people)
        which = rng.choice(3, len(people), p=[0.6, 0.25, 0.15])
        own = [
            hosters[0].seats[int(rng.integers(254))]
            if host == 0
            else home_seat(hosters[host].prefix + ":0", int(rng.integers(0, 1 << 8)))
            for host in which.tolist()
        ]
        asns = np.array([hoster.asn for hoster in hosters])[which]
        there = rng.random(len(requests)) < self.hosted
        requests.seat = np.where(there, np.array(own, dtype=object)[requests.who], requests.seat).astype(
            object
        )
        requests.asn = np.where(there, asns[requests.who], requests.asn)
        yield Group(people, requests, monthly_charges(stage, people))
