"""A cram school whose students all use their tutor's template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, START
from linkage.simulation.crowds import everyday_work, learn_locally, say_first, sign_up_at_work
from linkage.simulation.land import home_seat
from linkage.simulation.people import draw_people, give_cards
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range
from linkage.simulation.writer import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class CramSchools(Scenario):
    """Students come after school and at weekends, and paste their tutor's template, which wants every step shown.

    The rooms have neighbouring addresses of one local provider. Accounts are opened in the first days of term; a third
    have a card from home. Subjects are few, hours are human, and everybody's exercises are their own.
    """

    name: ClassVar[str] = "tutors"
    number: ClassVar[str] = "B2t"

    count: Range = (1, 1)
    size: Range = (60, 80)
    rooms: int = 8
    at_school: float = 0.7
    templated: float = 0.75
    subjects: int = 3
    paying: float = 0.35

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the schools."""
        rng = stage.rng
        for size in stage.crowd_sizes(self.count, self.size):
            country = int(rng.integers(8))
            people = draw_people(stage, size, country=country)
            people.plan[:], people.card[:], people.bin[:] = "free", None, None
            pays = rng.random(size) < self.paying
            people.plan[pays] = "pro"
            give_cards(stage, people, pays)
            people.working[:] = 0.05
            sign_up_at_work(stage, people, START + int(rng.integers(-8, 14)) * DAY, 6)
            people.requests = stage.requests(rng.lognormal(np.log(6.5), 0.5, size))
            requests = live(stage, people)
            self._sit(stage, requests, country)
            learn_locally(stage, people, requests, share=0.1)
            rows = np.flatnonzero(rng.random(len(requests)) < self.templated)
            subject = rng.choice(len(topics()), self.subjects)[rng.integers(0, self.subjects, size)]
            for row in rows.tolist():
                topic = topics()[subject[requests.who[row]]]
                requests.prompt[row] = everyday_work(stage, topic, people.language(0), reason=0.1)
            say_first(requests, rows.tolist(), _template(stage, people.language(0)), system=False)
            yield Group(people, requests, monthly_charges(stage, people))

    def _sit(self, stage: Stage, requests: Requests, country: int) -> None:
        """Give the rooms neighbouring addresses; a sitting may change rooms."""
        rng, isp = stage.rng, stage.land.isps[country][int(stage.rng.integers(3))]
        first = int(rng.integers(1 << 16)) * 16
        room = rng.integers(0, self.rooms, len(requests)).tolist()
        for row in np.flatnonzero(rng.random(len(requests)) < self.at_school).tolist():
            requests.seat[row], requests.asn[row] = home_seat(isp.prefix, first + room[row]), isp.asn


def _template(stage: Stage, language: str) -> str:
    """Write what the tutor handed out: a role where the language has one, and each step to be shown."""
    writer = stage.writer
    if language == "english":
        return f"{writer.wrapper(reason=True)} {writer.say('reason')}"
    words = ("form", "reason", "form", "reason")
    return " ".join(writer.say(word, language=language) for word in words)
