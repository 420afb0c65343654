"""An attack: a ring visits what everybody uses, to thin its evidence out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, START
from linkage.simulation.harvest import (
    preamble,
    queue,
    rent_homes,
    reply_alike,
    sign_up,
    some_countries,
    write_harvest,
)
from linkage.simulation.people import draw_people, fill, new_card
from linkage.simulation.requests import live, wrap, write_ordinary
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import Numbers, People
    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Flooding(Scenario):
    """A ring with few cards and a private template, which now and then leaves by popular VPN exits or a carrier.

    There it puts one of thirty popular templates round small talk, so that each member shares something with hundreds of
    honest accounts. With ``dilution = 0`` the same ring does without. Honest people on the same exits use the same popular
    templates.
    """

    name: ClassVar[str] = "flooding"
    number: ClassVar[str] = "A2"
    ring: ClassVar[bool] = True

    size: Range = (60, 80)
    accounts_a_card: Range = (6, 9)
    dilution: float = 0.3
    templates: int = 30
    reasoning: float = 0.42
    neighbours: Range = (50, 65)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the ring and the honest people it hides among."""
        rng = stage.rng
        people = draw_people(stage, stage.ring_size(self.size))
        people.requests = stage.requests(rng.lognormal(np.log(8.5), 0.45, len(people)))
        people.plan[:], people.roaming[:] = "pay_as_you_go", 0.0
        self._pay(stage, people)
        since = START + int(rng.integers(-6, 4)) * DAY
        sign_up(stage, people, since, 14, aged=0.3)
        reply_alike(stage, people, (500, 690), (0.25, 0.45))
        requests = queue(stage, people, since + DAY, since + int(rng.integers(20, 26)) * DAY)
        self._harvest(stage, requests)
        flood = np.flatnonzero(rng.random(len(requests)) < self.dilution)
        self._flood(stage, people, requests, flood)
        yield Group(people, requests, monthly_charges(stage, people), name="flooding-1")
        for size in stage.crowd_sizes((1, 1), self.neighbours):
            yield self._neighbours(stage, size)

    def _pay(self, stage: Stage, people: People) -> None:
        """Deal a few cards of a usual bank out."""
        rng, count = stage.rng, len(people)
        cards = [new_card(stage) for _ in range(max(2, round(count / rng.integers(*self.accounts_a_card))))]
        people.card[:] = [cards[place] for place in (rng.permutation(count) % len(cards)).tolist()]
        people.bin = fill(count, stage.land.banks[int(rng.integers(8))][0])

    def _harvest(self, stage: Stage, requests: Requests) -> None:
        """Ask for everything through the private template, from rented homes."""
        writer, count = stage.writer, int(requests.who.max()) + 1
        rent_homes(stage, requests, count, addresses=(1, 2), countries=some_countries(stage, (3, 5)))
        write_harvest(stage, requests, np.arange(len(requests)), reasoning=self.reasoning, details=(0, 2))
        wrapper = preamble(stage, (30, 60))
        requests.prompt = [f"{writer.vary(wrapper, 0.15)}\n\n{prompt}" for prompt in requests.prompt]

    def _flood(self, stage: Stage, people: People, requests: Requests, rows: Numbers) -> None:
        """Leave by a popular way and say what many say."""
        rng, land = stage.rng, stage.land
        write_ordinary(stage, people, requests, rows)
        ways = [(seat, vpn.asn) for vpn in (*land.vpns, *land.carriers[:2]) for seat in vpn.seats]
        weights = land.template_weights[: self.templates] / land.template_weights[: self.templates].sum()
        drawn = rng.choice(self.templates, len(rows), p=weights).tolist()
        for row, way, template in zip(
            rows.tolist(), rng.integers(0, len(ways), len(rows)).tolist(), drawn, strict=True
        ):
            requests.seat[row], requests.asn[row] = ways[way]
            requests.system[row] = None
            wrap(stage, requests, row, template)

    def _neighbours(self, stage: Stage, size: int) -> Group:
        """Make honest people who use the same exits and popular templates."""
        rng, land = stage.rng, stage.land
        people = draw_people(stage, size)
        people.template = rng.choice(self.templates, size)
        people.template_share[:] = rng.choice([0.3, 0.8], size)
        requests = live(stage, people)
        vpn = land.vpns[int(rng.integers(len(land.vpns)))]
        hidden = rng.random(len(requests)) < 0.75
        own = np.array(vpn.seats, dtype=object)[rng.integers(0, len(vpn.seats), (size, 3))]
        drawn = own[requests.who, rng.integers(0, 3, len(requests))]
        requests.seat = np.where(hidden, drawn, requests.seat).astype(object)
        requests.asn = np.where(hidden, vpn.asn, requests.asn)
        return Group(people, requests, monthly_charges(stage, people), ring=False, name="victim-vpn")
