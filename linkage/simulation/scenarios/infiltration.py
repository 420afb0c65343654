"""A ring some of whose accounts are seats of an honest enterprise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, END, START
from linkage.simulation.crowds import join_company, share_card, sit_behind
from linkage.simulation.disguise import (
    Share,
    Wording,
    draw_share,
    leave_through,
    network_of,
    private_wrapper,
    put_before,
    some,
    together,
)
from linkage.simulation.harvest import queue, reply_alike, sign_up, write_harvest
from linkage.simulation.land import Network, home_seat
from linkage.simulation.people import draw_people
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.scenarios.enterprise import Enterprises
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import People
    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Infiltration(Scenario):
    """Some one in twenty of the accounts behind an enterprise's gate are a ring's; the other seats, made here too, are honest.

    The insiders have the company's name, card and program, do some company work, and send half of their harvest through
    its gate, the rest from relays where the ring's other accounts are as well. Those are nobody's staff and each have
    a card of their own. What holds the ring together is its private wrapper and the relays.
    """

    name: ClassVar[str] = "infiltration"
    number: ClassVar[str] = "R16"
    ring: ClassVar[bool] = True

    size: Range = (26, 38)
    seats: Range = (120, 170)
    insiders: Share = (0.05, 0.06)
    through_gate: float = 0.5
    relays: Range = (6, 10)
    relayed: float = 0.6
    wrapped: float = 0.7
    varied: float = 0.2
    reasoning: Share = (0.32, 0.46)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the enterprises with their infiltrators, then the rest of the ring."""
        rng, left = stage.rng, stage.ring_size(self.size)
        method = self._method(stage)
        hosts = Enterprises(count=(1, 1), size=self.seats).groups(stage)
        for place, host in enumerate(hosts, start=1):
            yield replace(host, ring=False, name=f"host-enterprise-{place}")
            wanted = max(2, round(len(host.people) * draw_share(stage, self.insiders)))
            if wanted <= left // 2:
                left -= wanted
                yield self._insiders(stage, host, wanted, method)
        people = draw_people(stage, left)
        people.requests = stage.requests(rng.lognormal(np.log(6), 0.5, left))
        sign_up(stage, people, START - 12 * DAY, 20, aged=0.4)
        requests = self._harvest(stage, people, method)
        yield Group(people, requests, monthly_charges(stage, people), name=f"{self.name}-1")

    def _method(self, stage: Stage) -> _Method:
        """Rent relays in a network where honest programs run too, and agree on a wrapper."""
        rng, hoster = stage.rng, stage.land.hosters[2]
        count = int(rng.integers(self.relays[0], self.relays[1] + 1))
        relays = tuple(home_seat(hoster.prefix + ":0", int(rng.integers(0, 1 << 8))) for _ in range(count))
        wording = Wording([private_wrapper(stage)], self.varied)
        return _Method(Network(hoster.asn, seats=relays), wording, draw_share(stage, self.reasoning))

    def _insiders(self, stage: Stage, host: Group, count: int, method: _Method) -> Group:
        """Sell some of a company's seats to the ring, which still look like staff for half of what they do."""
        rng, staff = stage.rng, host.people
        people = draw_people(stage, count, country=int(staff.country[0]))
        join_company(people, staff.org[0], staff.email_domain[0], staff.plan[0])
        people.agent[:] = staff.agent[0]
        share_card(people, sorted(set(staff.card.tolist())), staff.bin[0], np.ones(count, dtype=bool))
        people.requests = stage.requests(rng.lognormal(np.log(3), 0.4, count))
        people.created_at = np.minimum(people.created_at, START + 12 * DAY)
        gate = network_of(host.requests)
        work = live(stage, people)
        sit_behind(stage, work, gate.seats, gate.asn, share=0.95)
        people.requests = stage.requests(rng.lognormal(np.log(4), 0.4, count))
        jobs = self._harvest(stage, people, method)
        sit_behind(stage, jobs, gate.seats, gate.asn, share=self.through_gate)
        charges = monthly_charges(stage, people)
        return Group(people, together(work, jobs), charges, name=f"{self.name}-1")

    def _harvest(self, stage: Stage, people: People, method: _Method) -> Requests:
        """Work round the clock from the relays and from home, mostly under the wrapper."""
        reply_alike(stage, people, (450, 660), (0.25, 0.45))
        requests = queue(stage, people, START, END - int(stage.rng.integers(1, 5)) * DAY)
        leave_through(stage, requests, method.relays, each=1, share=self.relayed)
        rows = np.arange(len(requests))
        write_harvest(stage, requests, rows, reasoning=method.reasoning, details=(0, 2))
        put_before(stage, requests, some(stage, rows, self.wrapped), method.wording, as_system=0.35)
        return requests


@dataclass(frozen=True)
class _Method:
    """What all of a ring's accounts have in common, wherever they sit."""

    relays: Network
    wording: Wording
    reasoning: float
