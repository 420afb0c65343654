"""A ring in which only the combination is rare: a day's sign-ups, a rare program, a prepaid issuer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, END, HOUR, START
from linkage.simulation.disguise import (
    Share,
    chat_a_little,
    choose_payers,
    draw_share,
    pay_prepaid,
    rent_homes,
)
from linkage.simulation.harvest import queue, reply_alike, sign_up, write_harvest
from linkage.simulation.people import draw_people
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class CombinedClients(Scenario):
    """Accounts opened on one day, nearly all with one of the least used programs, most paying from one prepaid issuer.

    Strangers use that build too, more of them have a card of that issuer, and others sign up that day. No card, no address
    and no wording is shared.
    """

    name: ClassVar[str] = "combined_clients"
    number: ClassVar[str] = "R13c"
    ring: ClassVar[bool] = True
    hard: ClassVar[bool] = True

    size: Range = (28, 40)
    signup_hours: float = 24.0
    one_build: float = 0.9
    rarest: int = 8
    paying: float = 0.85
    addresses: Range = (1, 3)
    camouflage: float = 0.15
    reasoning: Share = (0.36, 0.5)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the ring."""
        rng, count = stage.rng, stage.ring_size(self.size)
        people = draw_people(stage, count)
        people.requests = stage.requests(rng.lognormal(np.log(6.2), 0.5, count))
        pay_prepaid(stage, people, choose_payers(stage, people, share=self.paying))
        # A coding harness would bring its system prompt along, and with it a text in common.
        builds = [agent for agent in stage.land.agents if "harness" not in agent][-self.rarest :]
        people.agent[rng.random(count) < self.one_build] = builds[int(rng.integers(len(builds)))]
        since = START + int(rng.integers(24, 10 * 24)) * HOUR
        sign_up(stage, people, since, self.signup_hours / 24, aged=0.0)
        reply_alike(stage, people, (450, 690), (0.25, 0.5))
        requests = queue(stage, people, since, END - int(rng.integers(0, 4)) * DAY)
        rent_homes(stage, requests, count, self.addresses)
        jobs = chat_a_little(stage, people, requests, share=self.camouflage)
        write_harvest(stage, requests, jobs, reasoning=draw_share(stage, self.reasoning), details=(0, 4))
        yield Group(people, requests, monthly_charges(stage, people))
