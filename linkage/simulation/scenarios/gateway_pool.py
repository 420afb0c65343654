"""Hobbyists who put their subscriptions together behind one gateway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.harvest import carry
from linkage.simulation.people import draw_people, new_card
from linkage.simulation.requests import Requests, live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import People
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class GatewayPool(Scenario):
    """Some twenty subscriptions of a handful of friends stand behind one home server, which deals out everybody's requests.

    It looks like a reseller, with one address, few cards, and conversations that hop from account to account; but what
    is asked is what hobbyists ask. They belong together and are no ring: only a harvest would make them one.
    """

    name: ClassVar[str] = "gateway"
    number: ClassVar[str] = "R10"

    count: Range = (1, 1)
    size: Range = (22, 22)
    accounts_an_owner: Range = (2, 5)
    users_an_account: float = 1.5
    at_gateway: float = 0.93
    hopping: float = 0.6
    one_program: float = 0.8

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the gateways."""
        for size in stage.crowd_sizes(self.count, self.size):
            country = int(stage.rng.integers(8))
            people = draw_people(stage, size, country=country)
            people.plan[:] = "pro"
            people.requests = np.maximum(people.requests, 3)  # so that hardly an account carries nothing
            self._own(stage, people)
            requests = self._deal(stage, people, country)
            yield Group(people, requests, monthly_charges(stage, people))

    def _own(self, stage: Stage, people: People) -> None:
        """Let each owner have a few of the subscriptions, on one card and mostly at one mail domain."""
        rng, first = stage.rng, 0
        while first < len(people):
            last = first + int(rng.integers(self.accounts_an_owner[0], self.accounts_an_owner[1] + 1))
            people.card[first:last] = new_card(stage)
            people.bin[first:last] = stage.land.banks[int(people.country[first])][int(rng.integers(3))]
            if rng.random() < 0.7:
                people.email_domain[first:last] = people.email_domain[first]
            first = last

    def _deal(self, stage: Stage, people: People, country: int) -> Requests:
        """Give the friends' conversations to the accounts, and send nearly all of it from the gateway's address."""
        rng = stage.rng
        users = draw_people(stage, max(2, round(self.users_an_account * len(people))), country=country)
        users.created_at = np.maximum(users.created_at, people.created_at.min())
        requests = live(stage, users)
        requests.who = carry(stage, people, requests.at, requests.goes_on, hopping=self.hopping)
        seat, asn = stage.land.home(country, rng)
        through = rng.random(len(requests)) < self.at_gateway
        requests.seat = np.where(through, seat, requests.seat).astype(object)
        requests.asn = np.where(through, asn, requests.asn)
        program = stage.land.agents[int(rng.integers(len(stage.land.agents)))]
        through &= rng.random(len(requests)) < self.one_program
        requests.agent[through] = program
        return requests
