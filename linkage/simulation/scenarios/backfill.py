"""Single accounts that work through a heap of documents at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import HOUR, START, machine_moments
from linkage.simulation.crowds import hosted, say_first
from linkage.simulation.people import draw_people, give_cards
from linkage.simulation.requests import Requests
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range
from linkage.simulation.writer import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Backfills(Scenario):
    """A new account goes to full speed within the hour: an archive is to be indexed, or a system to be moved.

    The program puts one private instruction round every document, day and night, until all is done after a day or two.
    Nobody else has anything to do with it.
    """

    name: ClassVar[str] = "backfill"
    number: ClassVar[str] = "B11"

    count: Range = (3, 5)
    documents: Range = (60, 140)
    hours: Range = (14, 50)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the accounts, each a crowd of one."""
        rng, writer, land = stage.rng, stage.writer, stage.land
        for _ in stage.crowd_sizes(self.count, (2, 2)):
            people = draw_people(stage, 1)
            people.plan[:] = "pay_as_you_go"
            give_cards(stage, people, np.ones(1, dtype=bool))
            since = START + int(rng.integers(0, 24 * 24)) * HOUR
            people.created_at[:] = since
            people.requests = stage.requests(rng.integers(*self.documents, 1).astype(float))
            people.spread[:] = rng.uniform(0.15, 0.4)
            if rng.random() < 0.7:
                people.home[:], people.asn[:] = hosted(stage, 0, 1)[0], land.hosters[0].asn
            count = int(people.requests[0])
            until = since + int(rng.integers(*self.hours)) * HOUR
            moments = machine_moments(rng, count, since + HOUR // 2, until, jitter=0.3)
            requests = Requests.of(stage, people, np.zeros(count, dtype=np.int64), moments)
            topic = writer.dice.pick(topics())
            requests.prompt = [writer.material(topic, people.language(0)) for _ in range(count)]
            say_first(requests, range(count), writer.wrapper(reason=False), system=bool(rng.random() < 0.5))
            yield Group(people, requests, monthly_charges(stage, people))
