"""Small companies, each behind one address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from linkage.simulation.crowds import join_company, share_card, sit_behind
from linkage.simulation.people import company_domain, draw_people, new_card
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Offices(Scenario):
    """Colleagues share an address all day, a mail domain, and in half the companies a card; their questions are their own."""

    name: ClassVar[str] = "office"

    count: Range = (6, 8)
    size: Range = (12, 36)
    at_office: float = 0.8
    company_card: float = 0.5

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the offices."""
        rng, land = stage.rng, stage.land
        for size in stage.crowd_sizes(self.count, self.size):
            country = int(rng.integers(8))
            people = draw_people(stage, size, country=country)
            domain = company_domain(stage)
            join_company(people, domain.removesuffix(".example"), domain, "team")
            if rng.random() < self.company_card:
                cards = [new_card(stage) for _ in range(1 + size // 20)]
                share_card(people, cards, land.banks[country][0], rng.random(size) < 0.9)
            requests = live(stage, people)
            sit_behind(stage, requests, land.take(1), land.isps[country][0].asn, share=self.at_office)
            yield Group(people, requests, monthly_charges(stage, people))
