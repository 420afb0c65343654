"""Enterprises with one card, one gate and an internal template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.crowds import join_company, share_card, sit_behind
from linkage.simulation.people import company_domain, draw_people, new_card
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Enterprises(Scenario):
    """Staff sign in through their company, work office hours, and send most requests through an internal template.

    The work is ordinary: customer letters to summarise, tickets to sort. One to three addresses, one or two cards.
    """

    name: ClassVar[str] = "enterprise"
    number: ClassVar[str] = "B3"

    count: Range = (2, 2)
    size: Range = (50, 140)
    templated: float = 0.7

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the enterprises."""
        rng, land, writer = stage.rng, stage.land, stage.writer
        for size in stage.crowd_sizes(self.count, self.size):
            country = int(rng.integers(8))
            people = draw_people(stage, size, country=country)
            domain = company_domain(stage)
            join_company(people, domain.removesuffix(".example"), domain, "enterprise")
            people.agent[:] = land.agents[int(rng.integers(len(land.agents)))]
            people.reply, people.spread = (
                rng.uniform(200, 700) * np.exp(rng.normal(0, 0.2, size)),
                rng.uniform(0.2, 0.4, size),
            )
            cards = [new_card(stage) for _ in range(int(rng.integers(1, 3)))]
            share_card(people, cards, land.banks[country][1], np.ones(size, dtype=bool))
            requests = live(stage, people)
            sit_behind(stage, requests, land.take(int(rng.integers(1, 4))), land.new_asn(), share=0.95)
            wrapper, topic = (
                writer.wrapper(reason=False),
                writer.dice.pick(("support", "logistics", "finance", "law")),
            )
            as_system = bool(rng.random() < 0.5)
            for row in np.flatnonzero(rng.random(len(requests)) < self.templated).tolist():
                work = f"{writer.say('ask', topic)}\n{writer.material(topic)}"
                requests.prompt[row] = work if as_system else f"{wrapper}\n\n{work}"
                requests.system[row] = wrapper if as_system else None
            yield Group(people, requests, monthly_charges(stage, people))
