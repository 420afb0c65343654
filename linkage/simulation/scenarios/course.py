"""A university: a class with one assignment, and the rest of the campus behind the same addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, HOUR, START
from linkage.simulation.crowds import sign_up_within, sit_behind
from linkage.simulation.people import draw_people
from linkage.simulation.requests import live
from linkage.simulation.scenario import Charges, Group, Scenario
from linkage.simulation.stage import Range
from linkage.simulation.writer import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import Numbers
    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Course(Scenario):
    """Students sign up within hours in the lecture hall and paste the same assignment, some asking for the working.

    The fields say how many students; ``campus`` others study behind the same two addresses without the assignment.
    """

    name: ClassVar[str] = "course"
    number: ClassVar[str] = "B2"

    count: Range = (1, 1)
    size: Range = (140, 160)
    campus: float = 0.5
    on_campus: float = 0.65
    assignment: float = 0.55
    reasoning: float = 0.35

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the courses."""
        rng, land = stage.rng, stage.land
        for size in stage.crowd_sizes(self.count, self.size):
            country, others = int(rng.integers(8)), round(size * self.campus)
            people = draw_people(stage, size + others, country=country)
            people.plan[:] = "education"
            people.org[:] = "university"
            people.email_domain[:] = f"students-{rng.integers(100, 999)}.example.org"
            people.card[:], people.bin[:] = None, None
            campus_since = people.created_at.copy()
            sign_up_within(
                stage, people, START + int(rng.integers(1, 18)) * DAY + int(rng.integers(6, 14)) * HOUR, 3.0
            )
            people.created_at[size:] = campus_since[size:]
            requests = live(stage, people)
            sit_behind(stage, requests, land.take(2), land.new_asn(), share=self.on_campus)
            students = np.flatnonzero((requests.who < size) & (rng.random(len(requests)) < self.assignment))
            self._study(stage, requests, students)
            yield Group(people, requests, Charges())

    def _study(self, stage: Stage, requests: Requests, rows: Numbers) -> None:
        """Paste the assignment whole, in part, or under words of one's own."""
        writer, dice = stage.writer, stage.writer.dice
        topic = dice.pick(topics())
        tasks = [writer.say("ask", topic) + " " + writer.say("detail", topic) for _ in range(4)]
        for row in rows.tolist():
            some = tasks if dice.chance(0.4) else [dice.pick(tasks)]
            parts = [f"Exercise {k + 1}. {task}" for k, task in enumerate(some)]
            if dice.chance(0.5):
                parts.insert(0, writer.say("detail", topic))
            if dice.chance(self.reasoning):
                parts.append(writer.say("reason", topic))
            requests.prompt[row] = "\n".join(parts)
            requests.system[row] = None
