"""A ring that empties or falsifies a third of what its requests say about themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, START
from linkage.simulation.disguise import (
    Errand,
    Share,
    Wording,
    choose_payers,
    deal_cards,
    draw_share,
    draw_topics,
    private_wrapper,
    put_before,
    rent_homes,
    some,
    write_on,
)
from linkage.simulation.harvest import queue, reply_alike, sign_up
from linkage.simulation.people import draw_people
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage

NO_SEAT = ("unknown", "0.0.0.0", "-")  # noqa: S104 - placeholders, nothing is bound to them
NO_AGENT = ("unknown", None, "-")
NO_ASN = 0


@dataclass(frozen=True)
class Sanitised(Scenario):
    """Three in ten addresses, networks and programs are missing, as they are, less often, with everybody.

    Two in three members' programs wipe them, each field by a chance of its own, with the placeholders of honest gaps. What is left is rented homes,
    a few cards, and a private wrapper before most prompts.
    """

    name: ClassVar[str] = "sanitised"
    number: ClassVar[str] = "R19"
    ring: ClassVar[bool] = True

    size: Range = (34, 50)
    missing: float = 0.3
    wipers: float = 0.65
    addresses: Range = (1, 3)
    accounts_a_card: Range = (5, 8)
    paying: float = 0.75
    wrapped: float = 0.7
    varied: float = 0.25
    subjects: Range = (2, 4)
    reasoning: Share = (0.3, 0.45)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the ring."""
        rng, count = stage.rng, stage.ring_size(self.size)
        people = draw_people(stage, count)
        people.requests = stage.requests(rng.lognormal(np.log(6), 0.5, count))
        deal_cards(stage, people, choose_payers(stage, people, share=self.paying), self.accounts_a_card)
        since = START - int(rng.integers(3, 11)) * DAY
        sign_up(stage, people, since, 22, aged=0.35)
        reply_alike(stage, people, (440, 660), (0.25, 0.5))
        requests = queue(stage, people, START, START + int(rng.integers(24, 30)) * DAY)
        rent_homes(stage, requests, count, self.addresses)
        self._wipe(stage, requests)
        self._write(stage, requests)
        yield Group(people, requests, monthly_charges(stage, people))

    def _wipe(self, stage: Stage, requests: Requests) -> None:
        """Replace addresses, networks and programs by placeholders, each by a chance of its own."""
        rng, count = stage.rng, len(requests)
        wipes = rng.random(int(requests.who.max()) + 1) < self.wipers
        chance = np.where(wipes[requests.who], self.missing / self.wipers, 0.0)
        no_address, no_network, no_agent = rng.random((3, count)) < chance
        requests.seat[no_address] = rng.choice(NO_SEAT, int(no_address.sum())).astype(object)
        requests.asn[no_network] = NO_ASN
        requests.agent[no_agent] = rng.choice(np.array(NO_AGENT, dtype=object), int(no_agent.sum()))

    def _write(self, stage: Stage, requests: Requests) -> None:
        """Keep to the subjects, mostly under the wrapper."""
        rows = np.arange(len(requests))
        errand = Errand(draw_topics(stage, self.subjects), draw_share(stage, self.reasoning))
        write_on(stage, requests, rows, errand)
        wrapped = some(stage, rows, self.wrapped)
        put_before(stage, requests, wrapped, Wording([private_wrapper(stage)], self.varied), as_system=0.35)
