"""A reseller all of whose customers are honest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, START
from linkage.simulation.crowds import choose, hosted
from linkage.simulation.harvest import carry, sign_up
from linkage.simulation.people import draw_people, new_card
from linkage.simulation.requests import Requests, live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import People
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class HonestResellers(Scenario):
    """A proxy service sells access where cards are scarce; what its customers ask is theirs, day and night.

    A few cards pay for all accounts, a few addresses of a data centre carry all requests, a conversation may hop from
    account to account: in all of this it is a mixing reseller's twin. Only the harvest is missing.
    """

    name: ClassVar[str] = "honest_reseller"
    number: ClassVar[str] = "B8r"

    count: Range = (1, 1)
    size: Range = (40, 60)
    accounts_a_card: Range = (6, 10)
    egresses: Range = (5, 8)
    customers_an_account: float = 1.6
    hopping: float = 0.3

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the resellers."""
        rng, land = stage.rng, stage.land
        for size in stage.crowd_sizes(self.count, self.size):
            people = draw_people(stage, size)
            people.plan[:] = rng.choice(["pay_as_you_go", "pro", "team"], size, p=[0.6, 0.25, 0.15])
            sign_up(stage, people, START - int(rng.integers(12, 18)) * DAY, 24, aged=0.3)
            self._pay(stage, people)
            requests = self._carry(stage, people)
            hoster = int(rng.integers(1, 3))
            seats = hosted(stage, hoster, int(rng.integers(*self.egresses)))
            requests.seat = np.array(seats, dtype=object)[rng.integers(0, len(seats), len(requests))]
            requests.asn[:] = land.hosters[hoster].asn
            yield Group(people, requests, monthly_charges(stage, people))

    def _pay(self, stage: Stage, people: People) -> None:
        """Deal a few cards out."""
        rng, size = stage.rng, len(people)
        cards = [new_card(stage) for _ in range(max(1, round(size / rng.integers(*self.accounts_a_card))))]
        banks = [stage.land.banks[int(rng.integers(8))][0] for _ in cards]
        held = rng.integers(0, len(cards), size)
        people.card[:] = [cards[card] for card in held]
        people.bin[:] = [banks[card] for card in held]

    def _carry(self, stage: Stage, people: People) -> Requests:
        """Carry customers of all the world, through the reseller's two programs or their own."""
        rng = stage.rng
        customers = draw_people(stage, max(2, round(self.customers_an_account * len(people))))
        customers.created_at = START + (rng.random(len(customers)) * 20 * DAY).astype(np.int64)
        requests = live(stage, customers)
        requests.who = carry(stage, people, requests.at, requests.goes_on, hopping=self.hopping)
        requests = choose(requests, people.created_at[requests.who] <= requests.at)
        own = rng.choice(stage.land.agents, 2, p=stage.land.agent_weights)[rng.integers(0, 2, len(requests))]
        requests.agent = np.where(rng.random(len(requests)) < 0.7, own, requests.agent).astype(object)
        return requests
