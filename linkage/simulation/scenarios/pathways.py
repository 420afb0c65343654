"""A ring that comes in on three roads: directly, through a cloud's marketplace, and through an aggregator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, END, START
from linkage.simulation.crowds import sit_behind
from linkage.simulation.disguise import (
    Errand,
    Share,
    Wording,
    bystanders,
    choose_payers,
    deal_cards,
    draw_share,
    leave_through,
    put_before,
    some,
    template_family,
    write_on,
)
from linkage.simulation.harvest import queue, reply_alike, sign_up
from linkage.simulation.people import draw_people, fill
from linkage.simulation.requests import live
from linkage.simulation.scenario import Charges, Group, Scenario, monthly_charges
from linkage.simulation.scenarios.hosting import HostedDevelopers
from linkage.simulation.stage import Range
from linkage.simulation.writer import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import People
    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Pathways(Scenario):
    """Two in five accounts come directly and pay with shared cards; two in five through a cloud; one in five through an aggregator.

    The cloud's accounts pay the cloud and the aggregator's pay the aggregator, so that no payment is seen; both leave from
    addresses and networks that honest people, made here too, use as well. Wordings of one template and one list of topics,
    of which each road takes a third, are all that the three have in common.
    """

    name: ClassVar[str] = "pathways"
    number: ClassVar[str] = "R20"
    ring: ClassVar[bool] = True

    size: Range = (40, 56)
    direct: float = 0.4
    cloud: float = 0.4
    accounts_a_card: Range = (4, 7)
    hosted: float = 0.85
    egresses: Range = (3, 5)
    aggregated: float = 0.9
    customers: Range = (60, 90)
    developers: Range = (45, 70)
    wordings: Range = (4, 7)
    wrapped: float = 0.7
    reasoning: Share = (0.34, 0.48)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the honest developers and customers, then the ring, a group for each road."""
        developers = HostedDevelopers(count=(1, 1), size=self.developers)
        yield from bystanders(stage, developers, f"{self.name}-developers")
        rng, count = stage.rng, stage.ring_size(self.size)
        gate = _Gate.open(stage, self.egresses)
        yield self._customers(stage, gate)
        work = _Work(
            Wording(template_family(stage, self.wordings), 0.15),
            [topics()[place] for place in rng.permutation(len(topics())).tolist()],
            draw_share(stage, self.reasoning),
        )
        first, second = round(count * self.direct), round(count * self.cloud)
        yield self._directly(stage, first, work)
        people = self._unbilled(stage, second)
        requests = self._harvest(stage, people, work, road=1)
        leave_through(stage, requests, stage.land.hosters[0], each=2, share=self.hosted)
        yield Group(people, requests, Charges(), name=f"{self.name}-1")
        people = self._unbilled(stage, count - first - second)
        requests = self._harvest(stage, people, work, road=2)
        gate.carry(stage, requests, share=self.aggregated)
        yield Group(people, requests, Charges(), name=f"{self.name}-1")

    def _customers(self, stage: Stage, gate: _Gate) -> Group:
        """Let the aggregator's honest customers live behind it."""
        people = self._unbilled(stage, sum(stage.crowd_sizes((1, 1), self.customers)))
        requests = live(stage, people)
        gate.carry(stage, requests, share=self.aggregated)
        return Group(people, requests, Charges(), ring=False, name=f"{self.name}-customers")

    def _directly(self, stage: Stage, count: int, work: _Work) -> Group:
        """Open accounts at home and share cards."""
        people = draw_people(stage, count)
        deal_cards(stage, people, choose_payers(stage, people, share=0.9), self.accounts_a_card)
        requests = self._harvest(stage, people, work, road=0)
        return Group(people, requests, monthly_charges(stage, people), name=f"{self.name}-1")

    def _unbilled(self, stage: Stage, count: int) -> People:
        """Draw people who pay somebody else, whatever their plan."""
        people = draw_people(stage, count)
        people.card, people.bin = fill(count, None), fill(count, None)
        return people

    def _harvest(self, stage: Stage, people: People, work: _Work, *, road: int) -> Requests:
        """Take a third of the topics and ask about them round the clock, mostly under a wording of the template."""
        rng, count = stage.rng, len(people)
        people.requests = stage.requests(rng.lognormal(np.log(6), 0.5, count))
        sign_up(stage, people, START - (4 + 5 * road) * DAY, 14, aged=0.4)
        reply_alike(stage, people, (430, 680), (0.25, 0.5))
        requests = queue(stage, people, START, END - int(rng.integers(0, 4)) * DAY)
        rows = np.arange(len(requests))
        write_on(stage, requests, rows, Errand(work.topics[road::3], work.reasoning))
        put_before(stage, requests, some(stage, rows, self.wrapped), work.wording, as_system=0.35)
        return requests


@dataclass(frozen=True)
class _Work:
    """What the ring is after, and in which words."""

    wording: Wording
    topics: list[str]
    reasoning: float


@dataclass(frozen=True)
class _Gate:
    """An aggregator's addresses and the program that asks for its customers."""

    addresses: tuple[str, ...]
    network: int
    agent: str

    @classmethod
    def open(cls, stage: Stage, egresses: Range) -> _Gate:
        count = int(stage.rng.integers(egresses[0], egresses[1] + 1))
        agent = stage.land.agents[int(stage.rng.integers(6))]
        return cls(stage.land.take(count), stage.land.new_asn(), agent)

    def carry(self, stage: Stage, requests: Requests, *, share: float) -> None:
        """Send ``share`` of the requests through the aggregator."""
        sit_behind(stage, requests, self.addresses, self.network, share=share)
        requests.agent[requests.asn == self.network] = self.agent
