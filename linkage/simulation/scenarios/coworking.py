"""A co-working space: many small firms at one address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.crowds import learn_locally, sit_behind
from linkage.simulation.people import company_domain, draw_people
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import Numbers, People
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Coworking(Scenario):
    """Some sixty people of one to four a firm sit behind one address in working hours, and know each other by sight.

    A firm's people share a mail domain, and in half the firms a card.
    """

    name: ClassVar[str] = "coworking"
    number: ClassVar[str] = "B12"

    count: Range = (1, 1)
    size: Range = (54, 66)
    at_desk: float = 0.7
    firm_card: float = 0.5

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the spaces."""
        rng, land = stage.rng, stage.land
        for size in stage.crowd_sizes(self.count, self.size):
            country = int(rng.integers(8))
            people = draw_people(stage, size, country=country)
            people.working[:] = rng.uniform(0.6, 0.95, size)
            start = 0
            while start < size:
                firm = np.arange(start, min(size, start + int(rng.integers(1, 5))))
                self._found(stage, people, firm)
                start += len(firm)
            requests = live(stage, people)
            learn_locally(stage, people, requests, share=0.1)
            sit_behind(stage, requests, land.take(1), land.isps[country][0].asn, share=self.at_desk)
            yield Group(people, requests, monthly_charges(stage, people))

    def _found(self, stage: Stage, people: People, firm: Numbers) -> None:
        """Give a firm's people a domain, and perhaps the card of the one who pays."""
        if len(firm) == 1:
            return
        domain = company_domain(stage)
        people.email_domain[firm], people.org[firm] = domain, domain.removesuffix(".example")
        payer = next((person for person in firm.tolist() if people.card[person] is not None), None)
        if payer is not None and stage.rng.random() < self.firm_card:
            people.plan[firm] = "team"
            people.card[firm], people.bin[firm] = people.card[payer], people.bin[payer]
