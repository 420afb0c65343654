"""A ring in which only the combination is rare: a carrier's pool, a public template, a day's sign-ups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, END, HOUR, START
from linkage.simulation.disguise import (
    Share,
    bystanders,
    draw_share,
    leave_through,
    network_of,
    public_template,
    some,
)
from linkage.simulation.harvest import queue, reply_alike, sign_up, write_harvest
from linkage.simulation.people import draw_people
from linkage.simulation.requests import wrap
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.scenarios.carrier import CarrierNeighbourhoods
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class CombinedCarrier(Scenario):
    """Strangers share each single thing: the pool's addresses, the public template, the day of the sign-ups.

    The pool's honest neighbours are made here too; the template is one of the most used ones, and on that day others
    sign up as well. Only the ring has all three. Cards, programs and models are everybody's own.
    """

    name: ClassVar[str] = "combined_carrier"
    number: ClassVar[str] = "R15c"
    ring: ClassVar[bool] = True

    size: Range = (24, 36)
    neighbours: Range = (110, 150)
    signup_hours: Range = (16, 24)
    inside: float = 0.85
    template: Range = (3, 5)
    templated: float = 0.8
    reasoning: Share = (0.36, 0.5)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the neighbours and the ring."""
        crowd = CarrierNeighbourhoods(count=(1, 1), size=self.neighbours)
        neighbours = bystanders(stage, crowd, f"{self.name}-neighbours")
        yield from neighbours
        rng, count = stage.rng, stage.ring_size(self.size)
        people = draw_people(stage, count, country=int(neighbours[0].people.country[0]))
        people.requests = stage.requests(rng.lognormal(np.log(6.2), 0.5, count))
        since = START + int(rng.integers(24, 10 * 24)) * HOUR
        hours = int(rng.integers(self.signup_hours[0], self.signup_hours[1] + 1))
        sign_up(stage, people, since, hours / 24, aged=0.0)
        reply_alike(stage, people, (450, 680), (0.25, 0.5))
        requests = queue(stage, people, since, END - int(rng.integers(0, 5)) * DAY)
        leave_through(stage, requests, network_of(neighbours[0].requests), each=3, share=self.inside)
        self._write(stage, requests)
        yield Group(people, requests, monthly_charges(stage, people), name=f"{self.name}-1")

    def _write(self, stage: Stage, requests: Requests) -> None:
        """Ask about everything in turn, mostly under the public template."""
        rows, template = np.arange(len(requests)), public_template(stage, self.template)
        write_harvest(stage, requests, rows, reasoning=draw_share(stage, self.reasoning), details=(0, 2))
        for row in some(stage, rows, self.templated).tolist():
            wrap(stage, requests, row, template)
