"""One operator's pool of accounts, which also carries two other clients."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, START
from linkage.simulation.harvest import (
    pay_virtually,
    preamble,
    queue,
    reply_alike,
    sign_up,
    some_countries,
    write_drill,
    write_harvest,
)
from linkage.simulation.people import draw_people
from linkage.simulation.requests import temporary_seats
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range
from linkage.simulation.writer import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import Numbers, People
    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class SharedPool(Scenario):
    """Seven of ten requests are the operator's own harvest; two clients, each on some of the accounts, send the rest.

    The first client drills one topic under a template of its own and often asks for the reasoning, the second has a
    product with a template and seldom asks for any. Rented addresses go round: each serves some three accounts. Many
    payers share a card with one or two others, the rest have one-time cards.
    """

    name: ClassVar[str] = "shared_pool"
    number: ClassVar[str] = "R4"
    ring: ClassVar[bool] = True

    size: Range = (34, 54)
    clients: tuple[float, float] = (0.2, 0.1)
    client_accounts: tuple[float, float] = (0.55, 0.4)
    addresses_each: int = 3
    accounts_an_address: float = 3.0
    sharing_card: float = 0.5
    upgraded: float = 0.45
    aged: float = 0.4
    template_words: Range = (26, 42)
    varied: float = 0.12
    reasoning: tuple[float, float] = (0.35, 0.5)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the ring."""
        rng, count = stage.rng, stage.ring_size(self.size)
        people = draw_people(stage, count)
        people.requests = stage.requests(rng.lognormal(np.log(7.5), 0.5, count))
        since = START + int(rng.integers(0, 5)) * DAY
        sign_up(stage, people, since - 14 * DAY, 20, aged=self.aged)
        self._pay(stage, people)
        reply_alike(stage, people, (410, 640), (0.3, 0.55))
        requests = queue(stage, people, since, since + int(rng.integers(20, 25)) * DAY)
        self._leave(stage, requests, count)
        self._write(stage, requests, count)
        yield Group(people, requests, monthly_charges(stage, people))

    def _pay(self, stage: Stage, people: People) -> None:
        """Give everybody who pays a card, and let some pay with the card of the member before."""
        pay_virtually(stage, people, bins=3, upgraded=self.upgraded)
        payers = np.flatnonzero(people.plan != "free").tolist()
        for place, (former, member) in enumerate(pairwise(payers)):
            if place % 3 < 2 and stage.rng.random() < self.sharing_card:
                people.card[member], people.bin[member] = people.card[former], people.bin[former]

    def _leave(self, stage: Stage, requests: Requests, count: int) -> None:
        """Let rented addresses go round among the accounts."""
        rng = stage.rng
        wanted = max(4, round(count * self.addresses_each / self.accounts_an_address))
        seats, asns = temporary_seats(stage, wanted, some_countries(stage, (3, 6)))
        own = rng.permutation(np.arange(count * self.addresses_each) % wanted).reshape(count, -1)
        chosen = own[requests.who, rng.integers(0, self.addresses_each, len(requests))]
        requests.seat, requests.asn = seats[chosen], asns[chosen]

    def _write(self, stage: Stage, requests: Requests, count: int) -> None:
        """Write the operator's prompts and the clients', each under a template of their own."""
        rng, writer = stage.rng, stage.writer
        client = _clients(stage, requests.who, count, self.clients, self.client_accounts)
        templates = [preamble(stage, self.template_words) for _ in range(3)]
        subjects = [str(subject) for subject in rng.permutation(np.array(topics(), dtype=object))]
        share = rng.uniform(*self.reasoning)
        own, drill, product = (np.flatnonzero(client == number) for number in range(3))
        write_harvest(stage, requests, own, reasoning=share, details=(0, 2))
        write_drill(stage, requests, drill, subjects=(subjects[0],), reasoning=share)
        write_drill(stage, requests, product, subjects=tuple(subjects[1:4]), reasoning=0.06)
        for row, number in enumerate(client.tolist()):
            text = writer.vary(templates[number], self.varied)
            requests.prompt[row] = f"{text}\n\n{requests.prompt[row]}"


def _clients(
    stage: Stage, who: Numbers, count: int, shares: tuple[float, ...], accounts: tuple[float, ...]
) -> Numbers:
    """Say for each request whose it is: 0 the operator's, 1 and 2 the clients', who are on some accounts only."""
    rng, client = stage.rng, np.zeros(len(who), dtype=np.int64)
    for number, (share, part) in enumerate(zip(shares, accounts, strict=True), start=1):
        carries = rng.permutation(np.arange(count) < max(2, round(part * count)))
        open_rows = np.flatnonzero(carries[who] & (client == 0))
        wanted = min(len(open_rows), round(share * len(who)))
        client[rng.choice(open_rows, wanted, replace=False)] = number
    return client
