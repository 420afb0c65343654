"""A university whose classes sign up one after the other, each with assignments of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, HOUR, START
from linkage.simulation.crowds import learn_locally, sit_behind
from linkage.simulation.people import draw_people, give_cards
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range
from linkage.simulation.writer import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import Numbers, People
    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Campuses(Scenario):
    """Everybody at a university leaves by two addresses; most are in a class that signed up within hours.

    Each class pastes its own assignments, whole or in part, and most students want to see how a solution comes about.
    A few pay themselves, by a local bank's card.
    """

    name: ClassVar[str] = "campus"
    number: ClassVar[str] = "B2"

    count: Range = (1, 1)
    size: Range = (190, 230)
    classes: Range = (3, 5)
    enrolled: float = 0.7
    on_campus: float = 0.7
    assignment: float = 0.6
    reasoning: tuple[float, float] = (0.3, 0.7)
    paying: float = 0.1

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the universities; all of them are customers of one research network."""
        rng, research_network = stage.rng, stage.land.new_asn()
        for size in stage.crowd_sizes(self.count, self.size):
            people = draw_people(stage, size, country=int(rng.integers(8)))
            people.plan[:], people.org[:] = "education", "university"
            people.email_domain[:] = f"uni-{rng.integers(100, 999)}.example.org"
            people.card[:], people.bin[:] = None, None
            give_cards(stage, people, rng.random(size) < self.paying)
            people.reasoning = rng.uniform(*self.reasoning, size)
            classes = int(rng.integers(self.classes[0], self.classes[1] + 1))
            member_of = np.where(rng.random(size) < self.enrolled, rng.integers(0, classes, size), -1)
            self._enrol(stage, people, member_of)
            requests = live(stage, people)
            for place in range(classes):
                at_it = rng.random(len(requests)) < self.assignment
                _study(stage, people, requests, np.flatnonzero((member_of[requests.who] == place) & at_it))
            learn_locally(stage, people, requests, share=0.1)
            sit_behind(stage, requests, stage.land.take(2), research_network, share=self.on_campus)
            yield Group(people, requests, monthly_charges(stage, people))

    def _enrol(self, stage: Stage, people: People, member_of: Numbers) -> None:
        """Open the accounts of each class within three hours of its first lecture."""
        rng = stage.rng
        lectures = START + rng.integers(-12, 18, member_of.max() + 1) * DAY + rng.integers(6, 15) * HOUR
        wait = (rng.beta(1.6, 3.0, len(people)) * 3 * HOUR).astype(np.int64)
        people.created_at = np.where(member_of < 0, people.created_at, lectures[member_of] + wait)


def _study(stage: Stage, people: People, requests: Requests, rows: Numbers) -> None:
    """Paste a class's assignments whole or in part, and mostly ask for the working."""
    writer, dice = stage.writer, stage.writer.dice
    topic, language = dice.pick(topics()), people.language(0)
    tasks = [f"{writer.say('ask', topic, language)} {writer.say('detail', topic, language)}" for _ in "12345"]
    for row in rows.tolist():
        some = tasks if dice.chance(0.25) else [dice.pick(tasks)]
        parts = [f"{place}. {task}" for place, task in enumerate(some, start=1)]
        if dice.chance(0.5):
            parts.insert(0, writer.say("detail", topic, language))
        if dice.chance(float(people.reasoning[requests.who[row]])):
            parts.append(writer.say("reason", topic, language))
        requests.prompt[row], requests.system[row] = "\n".join(parts), None
