"""Agencies that run their clients' accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.crowds import share_card, sit_behind
from linkage.simulation.people import draw_people, new_card
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Agencies(Scenario):
    """One card and one office pay for and serve some thirty clients' accounts, each with its own questions."""

    name: ClassVar[str] = "agency"
    number: ClassVar[str] = "B13"

    count: Range = (1, 2)
    size: Range = (22, 32)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the agencies."""
        rng, land = stage.rng, stage.land
        for size in stage.crowd_sizes(self.count, self.size):
            country = int(rng.integers(8))
            people = draw_people(stage, size, country=country)
            people.plan[:] = "pro"
            people.working[:] = 0.9
            share_card(people, [new_card(stage)], land.banks[country][2], np.ones(size, dtype=bool))
            requests = live(stage, people)
            sit_behind(stage, requests, land.take(1), land.isps[country][1].asn, share=0.85)
            yield Group(people, requests, monthly_charges(stage, people))
