"""Continuous integration: a few accounts whose jobs run anywhere in the cloud, beside other people's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, END, START, machine_moments
from linkage.simulation.land import home_seat
from linkage.simulation.people import draw_people
from linkage.simulation.requests import Requests, live, wrap
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import People
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Runners(Scenario):
    """Unrelated projects let a program review each change, day and night, on whatever machine the cloud has free.

    So one account comes from hundreds of addresses and under many agents. Unrelated developers rent the same machines
    by the hour, and meet the projects and one another on them.
    """

    name: ClassVar[str] = "runners"
    number: ClassVar[str] = "B9"

    count: Range = (1, 1)
    projects: Range = (6, 9)
    developers: Range = (55, 75)
    jobs: Range = (60, 120)
    machines: int = 512
    agents: Range = (4, 9)
    in_cloud: float = 0.7

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the projects and the developers: one crowd of strangers."""
        rng = stage.rng
        for size in stage.crowd_sizes(self.count, self.projects):
            projects = draw_people(stage, size)
            projects.created_at = np.minimum(projects.created_at, START - 3 * DAY)
            projects.requests = stage.requests(
                rng.integers(self.jobs[0], self.jobs[1] + 1, size).astype(float)
            )
            requests = self._run(stage, projects)
            self._move(stage, requests, np.ones(len(requests), dtype=bool))
            yield Group(projects, requests, monthly_charges(stage, projects), name="runners-1")
        for size in stage.crowd_sizes(self.count, self.developers):
            developers = draw_people(stage, size)
            requests = live(stage, developers)
            self._move(stage, requests, rng.random(len(requests)) < self.in_cloud)
            yield Group(developers, requests, monthly_charges(stage, developers), name="runners-1")

    def _run(self, stage: Stage, people: People) -> Requests:
        """Review changes around the clock: each project with its own words, or those of a public action."""
        rng, writer = stage.rng, stage.writer
        counts = people.requests.tolist()
        parts = [
            machine_moments(
                rng, count, max(int(created), START - 12 * DAY), END - 60, jitter=float(rng.uniform(0.2, 0.5))
            )
            for count, created in zip(counts, people.created_at.tolist(), strict=True)
        ]
        requests = Requests.of(
            stage, people, np.repeat(np.arange(len(people)), counts), np.concatenate(parts)
        )
        texts = [writer.wrapper(reason=writer.dice.chance(0.3)) for _ in counts]
        public = rng.integers(3, len(stage.land.templates), len(people))
        own = rng.random(len(people)) < 0.6
        several = [
            rng.choice(stage.land.agents, int(rng.integers(*self.agents)), p=stage.land.agent_weights)
            for _ in counts
        ]
        for row, who in enumerate(requests.who.tolist()):
            requests.prompt[row] = f"{writer.say('ask', 'code')}\n\n{writer.material('code')}"
            if own[who]:
                requests.prompt[row] = f"{texts[who]}\n\n{requests.prompt[row]}"
            else:
                wrap(stage, requests, row, int(public[who]))
            requests.agent[row] = writer.dice.pick(several[who].tolist())
        return requests

    def _move(self, stage: Stage, requests: Requests, rows: np.ndarray) -> None:
        """Run each of ``rows`` on a machine of two hosting networks."""
        rng, (first, second, _) = stage.rng, stage.land.hosters
        for row in np.flatnonzero(rows).tolist():
            if rng.random() < 0.4:
                requests.seat[row] = first.seats[int(rng.integers(len(first.seats)))]
                requests.asn[row] = first.asn
            else:
                requests.seat[row] = home_seat(f"{second.prefix}:0", int(rng.integers(self.machines)))
                requests.asn[row] = second.asn
