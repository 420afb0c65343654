"""Research that has a licence to do what rings do without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, START
from linkage.simulation.crowds import say_first, share_card, sit_behind
from linkage.simulation.harvest import queue, reply_alike, sign_up, write_harvest
from linkage.simulation.people import draw_people, new_card
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class LicensedResearch(Scenario):
    """An institute distils a model with the lab's consent: everything about it looks like a ring, and the lab knows.

    Some forty accounts of one institution, which pays with its card, deal a job queue out among themselves around the
    clock, cover all topics evenly and ask for the reasoning. The group is on the allowlist with its project.
    """

    name: ClassVar[str] = "research"
    number: ClassVar[str] = "B15"

    count: Range = (1, 1)
    size: Range = (36, 44)
    templated: float = 0.85
    reasoning: float = 0.45
    at_institute: float = 0.9

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the institutes."""
        rng, land = stage.rng, stage.land
        for size in stage.crowd_sizes(self.count, self.size):
            country, project = int(rng.integers(8)), stage.writer.say("name")
            people = draw_people(stage, size, country=country)
            people.org[:], people.plan[:] = f"institute-{project.lower()}", "enterprise"
            people.email_domain[:] = f"institute-{project.lower()}.example.org"
            people.requests = stage.requests(rng.lognormal(np.log(8), 0.45, size))
            since = START + int(rng.integers(-10, 6)) * DAY
            sign_up(stage, people, since, 6, aged=0.15)
            share_card(people, [new_card(stage)], land.banks[country][1], np.ones(size, dtype=bool))
            reply_alike(stage, people, (500, 680), (0.25, 0.45))
            requests = queue(stage, people, since + DAY, since + int(rng.integers(18, 23)) * DAY)
            write_harvest(stage, requests, np.arange(len(requests)), reasoning=self.reasoning)
            rows = np.flatnonzero(rng.random(len(requests)) < self.templated).tolist()
            say_first(requests, rows, stage.writer.wrapper(reason=False), system=bool(rng.random() < 0.5))
            sit_behind(stage, requests, land.take(3), land.isps[country][1].asn, share=self.at_institute)
            charges = monthly_charges(stage, people)
            yield Group(people, requests, charges, allowed=f"licensed research, project {project}")
