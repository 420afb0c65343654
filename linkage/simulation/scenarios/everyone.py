"""Everybody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from linkage.simulation.people import draw_people
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Everyone(Scenario):
    """The ordinary people who fill the world up to its size; they share what chance and popularity let them share."""

    name: ClassVar[str] = "everyone"
    number: ClassVar[str] = "B6"
    crowd: ClassVar[bool] = False

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make as many as there is room for."""
        people = draw_people(stage, stage.room)
        yield Group(people, live(stage, people), monthly_charges(stage, people))
