"""People who pay with virtual cards of one issuer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.crowds import learn_locally
from linkage.simulation.people import draw_people, fill, give_cards
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class PrepaidPayers(Scenario):
    """Each has a card of their own, and all cards begin alike: one issuer of virtual cards serves them all.

    Where banks seldom issue cards for payments abroad, everybody uses such an issuer. So half of these people live in two
    countries, and share what people of one country share: a language, a carrier on the way, a popular tutorial.
    """

    name: ClassVar[str] = "prepaid"
    number: ClassVar[str] = "B7"

    count: Range = (1, 1)
    size: Range = (120, 160)
    two_countries: float = 0.5
    tutorial: float = 0.12

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the payers: one crowd of strangers, in three parts."""
        rng = stage.rng
        size = sum(stage.crowd_sizes(self.count, self.size))
        issuer = stage.land.virtual_bins[int(rng.integers(len(stage.land.virtual_bins)))]
        local = round(size * self.two_countries / 2)
        first, second = rng.permutation(8)[:2].tolist()
        for country, count in ((first, local), (second, local), (None, size - 2 * local)):
            people = draw_people(stage, max(1, count), country=country)
            people.plan = np.where(people.plan == "free", "pay_as_you_go", people.plan).astype(object)
            give_cards(stage, people, np.ones(len(people), dtype=bool))
            people.bin = fill(len(people), issuer)
            requests = live(stage, people)
            learn_locally(stage, people, requests, share=self.tutorial)
            yield Group(people, requests, monthly_charges(stage, people), name="prepaid-1")
