"""A ring inside one carrier's pool of addresses, among honest phones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, END, HOUR, START
from linkage.simulation.crowds import sign_up_within
from linkage.simulation.disguise import (
    Errand,
    Share,
    Wording,
    bystanders,
    chat_a_little,
    draw_share,
    draw_topics,
    leave_through,
    network_of,
    private_wrapper,
    put_before,
    some,
    write_on,
)
from linkage.simulation.harvest import queue, reply_alike
from linkage.simulation.people import draw_people
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.scenarios.carrier import CarrierNeighbourhoods
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import Numbers
    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class InsideCarrier(Scenario):
    """The ring's phones leave through the same few pool addresses as their neighbours, who are made here too.

    All accounts are opened within six hours, and most prompts are the ring's private wrapper round one or two narrow
    subjects. Neighbours, who share the addresses, the country's banks and a local tutorial, are none of it.
    """

    name: ClassVar[str] = "inside_carrier"
    number: ClassVar[str] = "R15"
    ring: ClassVar[bool] = True

    size: Range = (30, 45)
    neighbours: Range = (110, 150)
    signup_hours: float = 6.0
    inside: float = 0.9
    wrapped: float = 0.75
    varied: float = 0.15
    subjects: Range = (1, 2)
    camouflage: float = 0.15
    reasoning: Share = (0.36, 0.5)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the neighbours and the ring."""
        crowd = CarrierNeighbourhoods(count=(1, 1), size=self.neighbours)
        neighbours = bystanders(stage, crowd, f"{self.name}-neighbours")
        yield from neighbours
        rng, count = stage.rng, stage.ring_size(self.size)
        people = draw_people(stage, count, country=int(neighbours[0].people.country[0]))
        people.requests = stage.requests(rng.lognormal(np.log(6), 0.5, count))
        since = START + int(rng.integers(24, 11 * 24)) * HOUR
        sign_up_within(stage, people, since, self.signup_hours)
        reply_alike(stage, people, (460, 680), (0.25, 0.45))
        requests = queue(stage, people, since, END - int(rng.integers(0, 5)) * DAY)
        leave_through(stage, requests, network_of(neighbours[0].requests), each=3, share=self.inside)
        self._write(stage, requests, chat_a_little(stage, people, requests, share=self.camouflage))
        yield Group(people, requests, monthly_charges(stage, people), name=f"{self.name}-1")

    def _write(self, stage: Stage, requests: Requests, jobs: Numbers) -> None:
        """Drill the subjects, mostly under the wrapper."""
        errand = Errand(draw_topics(stage, self.subjects), draw_share(stage, self.reasoning))
        write_on(stage, requests, jobs, errand)
        wrapped = some(stage, jobs, self.wrapped)
        put_before(stage, requests, wrapped, Wording([private_wrapper(stage)], self.varied))
