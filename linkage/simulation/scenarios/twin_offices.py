"""Offices whose people share everything a ring's members might."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, START
from linkage.simulation.crowds import (
    everyday_work,
    found_company,
    say_first,
    share_card,
    sign_up_at_work,
    sit_behind,
)
from linkage.simulation.people import draw_people, new_card
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range
from linkage.simulation.writer import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import People
    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class TwinOffices(Scenario):
    """Small companies that introduced the tool all at once: one address, one card, one internal text, one week.

    The text is a system prompt here and a pasted template there, and in some companies it asks to see the reasoning, as
    public templates do. Staff work office hours on their company's own subject, and their answers come out alike. In part
    of the companies they signed up with private mail, so that nothing but the shared evidence names the company.
    """

    name: ClassVar[str] = "twin_offices"
    number: ClassVar[str] = "B3h"

    count: Range = (5, 7)
    size: Range = (14, 28)
    private_mail: float = 0.4
    signup_days: Range = (2, 5)
    at_office: float = 0.9
    templated: float = 0.8
    reasoning_template: float = 0.35

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the companies."""
        rng, land = stage.rng, stage.land
        for size in stage.crowd_sizes(self.count, self.size):
            country = int(rng.integers(8))
            people = draw_people(stage, size, country=country)
            if rng.random() < self.private_mail:
                people.plan[:], people.working[:], people.roaming[:] = "team", 0.95, 0.0
            else:
                found_company(stage, people, "team")
            share_card(people, [new_card(stage)], land.banks[country][0], np.ones(size, dtype=bool))
            since = START + int(rng.integers(-30, 17)) * DAY
            sign_up_at_work(stage, people, since, int(rng.integers(*self.signup_days)))
            people.reply = rng.uniform(250, 700) * np.exp(rng.normal(0, 0.2, size))
            people.spread = rng.uniform(0.2, 0.45, size)
            people.requests = stage.requests(rng.lognormal(np.log(6.5), 0.5, size))
            requests = live(stage, people)
            self._work(stage, people, requests)
            sit_behind(stage, requests, land.take(1), land.isps[country][0].asn, share=self.at_office)
            yield Group(people, requests, monthly_charges(stage, people))

    def _work(self, stage: Stage, people: People, requests: Requests) -> None:
        """Put the company's text round most of what is asked."""
        rng, writer = stage.rng, stage.writer
        text = writer.wrapper(reason=bool(rng.random() < self.reasoning_template))
        rows = np.flatnonzero(rng.random(len(requests)) < self.templated).tolist()
        topic, reason = writer.dice.pick(topics()), float(rng.uniform(0, 0.3))
        for row in rows:
            requests.prompt[row] = everyday_work(stage, topic, people.language(0), reason=reason)
        say_first(requests, rows, text, system=bool(rng.random() < 0.5))
