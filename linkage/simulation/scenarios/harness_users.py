"""Users of one public coding harness and of popular tutorials, who do not know each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.crowds import learn_locally
from linkage.simulation.people import draw_people
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range
from linkage.simulation.writer import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class HarnessUsers(Scenario):
    """Strangers all over the world send the same long system prompt, because the same program or tutorial wrote it.

    Half of them work in the public coding harness, whose system prompt goes with every request; the others put a popular
    template, or their country's tutorial, round all they ask. Nothing else connects them.
    """

    name: ClassVar[str] = "harness_users"
    number: ClassVar[str] = "B6"

    count: Range = (1, 1)
    size: Range = (100, 140)
    in_harness: float = 0.5
    local_tutorial: float = 0.35

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the users: one crowd of strangers."""
        rng, land = stage.rng, stage.land
        people = draw_people(stage, sum(stage.crowd_sizes(self.count, self.size)))
        count = len(people)
        coders = rng.random(count) < self.in_harness
        harnesses = [agent for agent in land.agents if "harness" in agent]
        others = [agent for agent in land.agents if "harness" not in agent]
        people.agent = np.where(coders, rng.choice(harnesses, count), rng.choice(others, count)).astype(
            object
        )
        people.topics[coders, 0] = topics().index("code")
        people.paste[coders] = rng.uniform(0.3, 0.9, int(coders.sum()))
        people.requests = np.where(
            coders, stage.requests(rng.lognormal(np.log(8), 0.6, count)), people.requests
        )
        learners = ~coders & (people.template < 0)
        people.template[learners] = rng.choice(
            len(land.templates), int(learners.sum()), p=land.template_weights
        )
        people.template_share[~coders] = 1.0
        requests = live(stage, people)
        learn_locally(stage, people, requests, share=self.local_tutorial)
        yield Group(people, requests, monthly_charges(stage, people))
