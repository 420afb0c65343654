"""The sign-up wave after a model's release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from linkage.simulation.clock import HOUR, START
from linkage.simulation.crowds import sign_up_within
from linkage.simulation.people import draw_people
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class LaunchWave(Scenario):
    """People all over the world sign up within six hours of a release, and have only that in common."""

    name: ClassVar[str] = "launch"
    number: ClassVar[str] = "B14"

    count: Range = (1, 1)
    size: Range = (150, 200)
    hours: float = 6.0

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the wave: one in a world, however large."""
        sizes = stage.crowd_sizes(self.count, self.size)
        people = draw_people(stage, sum(sizes))
        sign_up_within(stage, people, START + int(stage.rng.integers(2 * 24, 20 * 24)) * HOUR, self.hours)
        yield Group(people, live(stage, people), monthly_charges(stage, people))
