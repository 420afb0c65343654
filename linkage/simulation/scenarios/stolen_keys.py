"""A small ring, and honest accounts whose stolen keys carry its work for three days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, END, REFERENCE_START, START
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
from linkage.simulation.harvest import queue, reply_alike, sign_up, write_harvest
from linkage.simulation.land import Network
from linkage.simulation.people import draw_people
from linkage.simulation.requests import Requests, live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.scenarios.hosting import HostedDevelopers
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import People
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class StolenKeys(Scenario):
    """A ring works through accounts of its own and, for three days each, through keys stolen from people it never met.

    The victims go on with their own lives before, meanwhile and after; they are the honest crowd ``hijacked``. Both kinds
    of work come from a few addresses of a hosting network where honest programs run too, under one private wrapper.
    """

    name: ClassVar[str] = "stolen_keys"
    number: ClassVar[str] = "R16"
    ring: ClassVar[bool] = True

    size: Range = (20, 28)
    victims: Range = (30, 44)
    jobs_a_key: Range = (3, 6)
    key_days: int = 3
    addresses: Range = (5, 8)
    from_hosting: float = 0.7
    wrapped: float = 0.75
    varied: float = 0.2
    reasoning: Share = (0.36, 0.5)
    developers: Range = (45, 70)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the honest developers, the victims and the ring."""
        developers = HostedDevelopers(count=(1, 1), size=self.developers)
        yield from bystanders(stage, developers, f"{self.name}-developers")
        rng, count = stage.rng, stage.ring_size(self.size)
        hoster = stage.land.hosters[0]
        few = int(rng.integers(self.addresses[0], self.addresses[1] + 1))
        method = _Method(
            Network(hoster.asn, seats=tuple(hoster.seats[k] for k in rng.permutation(254)[:few].tolist())),
            Wording([private_wrapper(stage)], self.varied),
            draw_share(stage, self.reasoning),
        )
        yield self._hijacked(stage, method)
        people = draw_people(stage, count)
        people.requests = stage.requests(rng.lognormal(np.log(6.2), 0.5, count))
        sign_up(stage, people, START - 9 * DAY, 16, aged=0.4)
        reply_alike(stage, people, (460, 680), (0.25, 0.45))
        requests = queue(stage, people, START, END - int(rng.integers(1, 5)) * DAY)
        self._write(stage, requests, method)
        yield Group(people, requests, monthly_charges(stage, people), name=f"{self.name}-1")

    def _hijacked(self, stage: Stage, method: _Method) -> Group:
        """Let people live, and put the ring's requests of three days beside theirs."""
        rng = stage.rng
        count = sum(stage.crowd_sizes((1, 1), self.victims))
        people = draw_people(stage, count)
        recent = (
            people.created_at > END - 9 * DAY
        )  # a key is stolen from somebody who has had it for some days
        earlier = REFERENCE_START - (rng.exponential(60 * DAY, count)).astype(np.int64)
        people.created_at = np.where(recent, earlier, people.created_at)
        own = live(stage, people)
        stolen = self._use(stage, people, method)
        charges = monthly_charges(stage, people)
        return Group(people, together(own, stolen), charges, ring=False, name="hijacked")

    def _use(self, stage: Stage, people: People, method: _Method) -> Requests:
        """Send jobs through each stolen key on three days in a row."""
        rng, count = stage.rng, len(people)
        first = np.maximum(START, people.created_at + DAY)
        span = self.key_days * DAY
        begin = first + (rng.random(count) * (END - DAY - span - first)).astype(np.int64)
        who = np.repeat(
            np.arange(count),
            stage.requests(rng.integers(self.jobs_a_key[0], self.jobs_a_key[1] + 1, count).astype(float)),
        )
        moment = begin[who] + (rng.random(len(who)) * span).astype(np.int64)
        order = np.argsort(moment, kind="stable")
        requests = Requests.of(stage, people, who[order], moment[order])
        requests.reply = rng.lognormal(np.log(540), 0.45, len(who)).astype(np.int64)
        self._write(stage, requests, method)
        return requests

    def _write(self, stage: Stage, requests: Requests, method: _Method) -> None:
        """Work from the ring's addresses, mostly under its wrapper, on every topic in turn."""
        leave_through(stage, requests, method.addresses, each=1, share=self.from_hosting)
        rows = np.arange(len(requests))
        write_harvest(stage, requests, rows, reasoning=method.reasoning, details=(0, 2))
        put_before(stage, requests, some(stage, rows, self.wrapped), method.wording, as_system=0.35)


@dataclass(frozen=True)
class _Method:
    """How the ring works, through its own accounts and through others'."""

    addresses: Network
    wording: Wording
    reasoning: float
