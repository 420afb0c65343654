"""Honest machines: a service that never sleeps, and a small company's nightly evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, END, HOUR, START, machine_moments
from linkage.simulation.crowds import join_company, share_card
from linkage.simulation.people import company_domain, draw_people, new_card
from linkage.simulation.requests import Requests, live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range
from linkage.simulation.writer import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class LoneServices(Scenario):
    """One account with a machine's rhythm: a drift monitor that asks fixed questions round the clock, with reasoning."""

    name: ClassVar[str] = "service"
    number: ClassVar[str] = "B10"

    count: Range = (2, 4)
    requests: Range = (60, 140)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the services."""
        rng, land = stage.rng, stage.land
        for _ in stage.crowd_sizes(self.count, (2, 2)):
            people = draw_people(stage, 1)
            people.created_at = np.minimum(people.created_at, START - 3 * DAY)
            people.requests = stage.requests(rng.integers(*self.requests, 1).astype(float))
            count = int(people.requests[0])
            people.home[:], people.asn[:] = land.hosters[0].seats[int(rng.integers(254))], land.hosters[0].asn
            who = np.zeros(count, dtype=np.int64)
            requests = Requests.of(
                stage, people, who, machine_moments(rng, count, START - 3 * DAY, END, jitter=0.1)
            )
            questions = [stage.writer.ask(topic, reason=True) for topic in topics()]
            requests.prompt = [questions[k % len(questions)] for k in range(count)]
            yield Group(people, requests, monthly_charges(stage, people))


@dataclass(frozen=True)
class NightlyEvaluations(Scenario):
    """Ten colleagues' accounts, through which a nightly job asks reasoning questions between two and four."""

    name: ClassVar[str] = "evaluation"
    number: ClassVar[str] = "B10"

    count: Range = (1, 1)
    size: Range = (9, 12)
    nightly: float = 0.7

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the companies."""
        rng, land, writer = stage.rng, stage.land, stage.writer
        for size in stage.crowd_sizes(self.count, self.size):
            people = draw_people(stage, size, country=int(rng.integers(8)))
            domain = company_domain(stage)
            join_company(people, domain.removesuffix(".example"), domain, "startup")
            share_card(
                people, [new_card(stage)], land.banks[int(people.country[0])][0], np.ones(size, dtype=bool)
            )
            people.requests = stage.requests(rng.lognormal(np.log(9), 0.4, size))
            requests = live(stage, people)
            rows = np.flatnonzero(rng.random(len(requests)) < self.nightly)
            night = (
                requests.at[rows] // DAY * DAY
                + 2 * HOUR
                + (rng.random(len(rows)) * 2 * HOUR).astype(np.int64)
            )
            requests.at[rows] = np.maximum(night, people.created_at[requests.who[rows]])
            seat = land.hosters[0].seats[int(rng.integers(254))]
            head = f"{writer.say('standard')} Question {{}}:"
            for row in rows.tolist():
                requests.seat[row], requests.asn[row] = seat, land.hosters[0].asn
                requests.prompt[row] = (
                    f"{head.format(writer.dice.below(900))} {writer.ask(writer.dice.pick(topics()), reason=True)}"
                )
            yield Group(people, requests, monthly_charges(stage, people))
