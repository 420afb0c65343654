"""A ring that pays with a handful of cards and hides behind homes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, HOUR, START
from linkage.simulation.harvest import queue, reply_alike, sign_up, write_harvest
from linkage.simulation.people import draw_people, fill, new_card
from linkage.simulation.requests import write_ordinary
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import People
    from linkage.simulation.scenario import Charges
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class CardsBehindHomes(Scenario):
    """Each account has its own residential address; a handful of cards pays for all.

    Members overlap where one card was declined and another took over. The cards' BIN is a virtual-card issuer that many
    honest accounts use as well. A quarter of the requests are small talk to look lived-in.
    """

    name: ClassVar[str] = "cards_behind_homes"
    number: ClassVar[str] = "R12"
    ring: ClassVar[bool] = True

    size: Range = (60, 90)
    accounts_a_card: Range = (8, 12)
    second_card: float = 0.28
    camouflage: float = 0.25
    reasoning: float = 0.4
    aged: float = 0.35

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the ring."""
        rng, people = stage.rng, _members(stage, stage.ring_size(self.size))
        since = START + int(rng.integers(-4, 6)) * DAY
        sign_up(stage, people, since, rng.uniform(12, 19), aged=self.aged)
        reply_alike(stage, people, (510, 690), (0.25, 0.45))
        requests = queue(stage, people, since + DAY, since + int(rng.integers(21, 25)) * DAY)
        small_talk = rng.random(len(requests)) < self.camouflage
        write_ordinary(stage, people, requests, np.flatnonzero(small_talk))
        write_harvest(stage, requests, np.flatnonzero(~small_talk), reasoning=self.reasoning)
        yield Group(people, requests, self._pay(stage, people))

    def _pay(self, stage: Stage, people: People) -> Charges:
        """Deal the cards out, then let some members go on with the next card."""
        rng, count = stage.rng, len(people)
        cards = [new_card(stage) for _ in range(max(2, round(count / rng.integers(*self.accounts_a_card))))]
        holds = rng.permutation(np.arange(count) % len(cards))
        people.card[:] = [cards[card] for card in holds]
        people.bin = fill(count, stage.land.virtual_bins[int(rng.integers(len(stage.land.virtual_bins)))])
        charges = monthly_charges(stage, people)
        switch = rng.random(count) < self.second_card
        for card in range(
            len(cards)
        ):  # at least one member of each card changes, so that the cards hang together
            switch[np.flatnonzero(holds == card)[0]] = True
        movers = np.flatnonzero(switch)
        later = people.created_at[movers].clip(START - 15 * DAY) + (
            rng.uniform(5, 10, len(movers)) * DAY
        ).astype(int)
        charges.who = np.concatenate((charges.who, movers))
        charges.at = np.concatenate((charges.at, later + int(rng.integers(0, HOUR))))
        following = np.array([cards[(holds[mover] + 1) % len(cards)] for mover in movers], dtype=object)
        charges.card = np.concatenate((charges.card, following))
        charges.bin = np.concatenate((charges.bin, people.bin[movers]))
        return charges


def _members(stage: Stage, count: int) -> People:
    people = draw_people(stage, count)
    people.plan = fill(count, "pay_as_you_go")
    people.plan[stage.rng.random(count) < 0.2] = "pro"
    people.requests = stage.requests(stage.rng.lognormal(np.log(6.5), 0.45, count))
    people.roaming[:] = 0.0
    return people
