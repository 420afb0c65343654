"""A ring that opens two accounts a day, lets them live an ordinary life for weeks, and wakes them together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, HOUR, REFERENCE_START, START, sessions
from linkage.simulation.disguise import (
    Share,
    Wording,
    bystanders,
    draw_share,
    leave_through,
    private_wrapper,
    put_before,
    some,
    together,
)
from linkage.simulation.harvest import queue, reply_alike, write_harvest
from linkage.simulation.land import Network
from linkage.simulation.people import draw_people
from linkage.simulation.requests import Requests, write_ordinary
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.scenarios.vpn import VpnCustomers
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import People
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class SlowDrip(Scenario):
    """Two sign-ups a day for some four weeks, light ordinary use through August and on, then the harvest within 72 hours.

    Accounts leave through a few exits of a commercial VPN, each through two of them; honest customers, who are made
    here too, use the same ones. Cards are everybody's own. Most harvest prompts carry the ring's private wrapper; what was
    asked before is what anybody asks.
    """

    name: ClassVar[str] = "slow_drip"
    number: ClassVar[str] = "R13"
    ring: ClassVar[bool] = True

    size: Range = (44, 60)
    a_day: float = 2.0
    idle_days: Range = (4, 8)
    activation_hours: float = 72.0
    harvest_days: Range = (9, 13)
    exits: Range = (3, 5)
    behind_vpn: float = 0.8
    wrapped: float = 0.75
    varied: float = 0.2
    reasoning: Share = (0.34, 0.48)
    customers: Range = (55, 80)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the VPN's customers and the ring."""
        yield from bystanders(
            stage, VpnCustomers(count=(1, 1), size=self.customers), f"{self.name}-customers"
        )
        rng, count = stage.rng, stage.ring_size(self.size)
        people = draw_people(stage, count)
        wake = START + int(rng.integers(10, 15)) * DAY + int(rng.integers(24)) * HOUR
        self._sign_up(stage, people, wake)
        requests = together(self._idle(stage, people, wake), self._harvest(stage, people, wake))
        self._hide(stage, requests)
        yield Group(people, requests, monthly_charges(stage, people), name=f"{self.name}-1")

    def _sign_up(self, stage: Stage, people: People, wake: int) -> None:
        """Open accounts one by one; a larger world's ring opens more of them a day."""
        rng, count = stage.rng, len(people)
        days = min(count / self.a_day, 34.0)
        since = wake - (days + int(rng.integers(self.idle_days[0], self.idle_days[1] + 1))) * DAY
        turns = (rng.permutation(count) + rng.random(count)) / count
        people.created_at = (since + turns * days * DAY).astype(np.int64)

    def _idle(self, stage: Stage, people: People, wake: int) -> Requests:
        """Let the accounts ask a little, as people do, until they are woken."""
        since = np.maximum(people.created_at, REFERENCE_START)
        weeks = (wake - since) / (7 * DAY)
        counts = np.maximum(1, stage.requests(stage.rng.uniform(0.5, 1.3, len(people)) * weeks))
        until = np.full(len(people), wake)
        who, moment, goes_on = sessions(stage.rng, counts, since, until, people.rhythm)
        requests = Requests.of(stage, people, who, moment, goes_on)
        write_ordinary(stage, people, requests)
        return requests

    def _harvest(self, stage: Stage, people: People, wake: int) -> Requests:
        """Set each account to work at a moment of its own within the hours of activation."""
        rng, count = stage.rng, len(people)
        woken = wake + (rng.random(count) * self.activation_hours * HOUR).astype(np.int64)
        crew = replace(
            people, created_at=woken, requests=stage.requests(rng.lognormal(np.log(5.2), 0.45, count))
        )
        reply_alike(stage, crew, (480, 680), (0.25, 0.45))
        until = wake + int(rng.integers(self.harvest_days[0], self.harvest_days[1] + 1)) * DAY
        requests = queue(stage, crew, wake, until)
        members, first = np.unique(requests.who, return_index=True)
        requests.at[first] = woken[members]
        rows = np.arange(len(requests))
        write_harvest(stage, requests, rows, reasoning=draw_share(stage, self.reasoning), details=(0, 2))
        wrapped = some(stage, rows, self.wrapped)
        put_before(stage, requests, wrapped, Wording([private_wrapper(stage)], self.varied))
        return requests

    def _hide(self, stage: Stage, requests: Requests) -> None:
        """Send most requests through each account's two exits."""
        rng, vpn = stage.rng, stage.land.vpns[0]
        few = int(rng.integers(self.exits[0], self.exits[1] + 1))
        exits = tuple(vpn.seats[place] for place in rng.permutation(len(vpn.seats))[:few].tolist())
        leave_through(stage, requests, Network(vpn.asn, seats=exits), each=2, share=self.behind_vpn)
