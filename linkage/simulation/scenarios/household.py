"""Households: a few people, one address, sometimes one card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from linkage.simulation.people import draw_people
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Households(Scenario):
    """Two to four people live behind one address; in a third of the homes one card pays for all who pay."""

    name: ClassVar[str] = "household"
    number: ClassVar[str] = "B12"

    count: Range = (45, 60)
    size: Range = (2, 4)
    one_card: float = 0.35

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the households."""
        for size in stage.crowd_sizes(self.count, self.size):
            people = draw_people(stage, size, country=int(stage.rng.integers(8)))
            people.home[:], people.asn[:] = people.home[0], people.asn[0]
            payer = next((person for person in range(size) if people.card[person] is not None), None)
            if payer is not None and stage.rng.random() < self.one_card:
                people.plan[people.plan == "free"] = "pay_as_you_go"
                people.card[:], people.bin[:] = people.card[payer], people.bin[payer]
            yield Group(people, live(stage, people), monthly_charges(stage, people))
