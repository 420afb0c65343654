"""An attack: chains of accounts that would weld two rings and a university into one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, HOUR, START
from linkage.simulation.crowds import everyday_work, hosted, say_first, sign_up_within, sit_behind
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
from linkage.simulation.requests import live, write_ordinary
from linkage.simulation.scenario import Charges, Group, Scenario, monthly_charges
from linkage.simulation.stage import Range
from linkage.simulation.writer import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import Numbers, People
    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage

_LINKS = 3  # bait accounts on each side of a chain: one for each sort of link between them


@dataclass(frozen=True)
class Bait(Scenario):
    """Two rings and a university, which nothing connects but chains of bait accounts with one link each.

    One ring has only a private template, the other a few cards and addresses of a data centre. From a member of the first
    a chain goes to a student by a shared home, then a card, then a long prompt, then a visit to the student's home; from
    the student another chain leads to the second ring in the same way back. Bait accounts belong to their ring and
    otherwise ask ordinary things.
    """

    name: ClassVar[str] = "bait"
    number: ClassVar[str] = "A3"
    ring: ClassVar[bool] = True

    size: Range = (32, 42)
    students: Range = (55, 75)
    chains: Range = (2, 3)
    reasoning: float = 0.42

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the university and the two rings that reach for it."""
        chains = int(stage.rng.integers(self.chains[0], self.chains[1] + 1))
        campus = self._campus(stage)
        at_home = campus.requests.seat == campus.people.home[campus.requests.who]
        touched = stage.rng.permutation(np.unique(campus.requests.who[at_home]))[:chains]
        yield campus
        for number, write in enumerate((self._by_template, self._by_cards), start=1):
            people = draw_people(stage, stage.ring_size(self.size) + _LINKS * chains)
            members = len(people) - _LINKS * chains
            since = START + int(stage.rng.integers(-5, 4)) * DAY
            sign_up(stage, people, since, 10, aged=0.3)
            people.requests = np.maximum(
                4, stage.requests(stage.rng.lognormal(np.log(7.5), 0.45, len(people)))
            )
            reply_alike(stage, people, (480, 680), (0.25, 0.45))
            requests = queue(stage, people, since + DAY, since + 23 * DAY)
            rows = np.flatnonzero(requests.who < members)
            write(stage, people, requests, rows)
            bait = np.flatnonzero(requests.who >= members)
            requests.seat[bait], requests.asn[bait] = (
                people.home[requests.who[bait]],
                people.asn[requests.who[bait]],
            )
            write_ordinary(stage, people, requests, bait)
            for chain, student in enumerate(touched.tolist()):
                links = (chain, *(members + _LINKS * chain + place for place in range(_LINKS)))
                _chain(
                    stage, people, requests, links, (campus.people.home[student], campus.people.asn[student])
                )
            yield Group(people, requests, monthly_charges(stage, people), name=f"bait-{number}")

    def _campus(self, stage: Stage) -> Group:
        """Make students with one assignment and two addresses, who signed up in one lecture."""
        rng = stage.rng
        size = int(rng.integers(*self.students) * min(1.0, stage.scale)) + 4
        people = draw_people(stage, size, country=int(rng.integers(8)))
        people.plan[:], people.org[:], people.card[:], people.bin[:] = "education", "university", None, None
        people.email_domain[:] = f"college-{rng.integers(100, 999)}.example.org"
        sign_up_within(stage, people, START + int(rng.integers(0, 10)) * DAY + 9 * HOUR, 3)
        requests = live(stage, people)
        rows = np.flatnonzero(rng.random(len(requests)) < 0.6).tolist()
        topic = stage.writer.dice.pick(topics())
        for row in rows:
            requests.prompt[row] = everyday_work(stage, topic, people.language(0), reason=0.5)
        say_first(requests, rows, stage.writer.say("ask", topic), system=False)
        sit_behind(stage, requests, stage.land.take(2), stage.land.isps[people.country[0]][0].asn, share=0.6)
        return Group(people, requests, Charges(), ring=False, name="victim-campus")

    def _by_template(self, stage: Stage, people: People, requests: Requests, rows: Numbers) -> None:
        """Let the first ring share its wrapper; homes are rented, nobody pays."""
        writer = stage.writer
        people.plan[:], people.card[:], people.bin[:] = "free", None, None
        rent_homes(stage, requests, len(people), addresses=(1, 2), countries=some_countries(stage, (3, 5)))
        write_harvest(stage, requests, rows, reasoning=self.reasoning, details=(0, 2))
        wrapper = preamble(stage, (30, 60))
        for row in rows.tolist():
            requests.prompt[row] = f"{writer.vary(wrapper, 0.15)}\n\n{requests.prompt[row]}"

    def _by_cards(self, stage: Stage, people: People, requests: Requests, rows: Numbers) -> None:
        """Let the second ring share cards and a data centre's addresses."""
        rng, count, members = stage.rng, len(people), int(requests.who[rows].max()) + 1
        people.plan[:], people.card[:], people.bin[:] = "pay_as_you_go", None, None
        cards = [new_card(stage) for _ in range(max(2, members // 8))]
        people.card[:members] = [cards[place % len(cards)] for place in range(members)]
        people.bin[:members] = fill(members, stage.land.banks[int(rng.integers(8))][1])
        people.plan[members:] = fill(count - members, "free")
        seats = np.array(hosted(stage, 0, max(2, members // 5)), dtype=object)
        requests.seat[rows] = seats[rng.integers(0, len(seats), len(rows))]
        requests.asn[rows] = stage.land.hosters[0].asn
        write_harvest(stage, requests, rows, reasoning=self.reasoning)


def _chain(
    stage: Stage, people: People, requests: Requests, links: tuple[int, ...], home: tuple[str, int]
) -> None:
    """Link a member to the first bait account by a home, on by a card, on by a prompt, and the last one to ``home``."""
    rng, land = stage.rng, stage.land
    member, first, second, third = ([*np.flatnonzero(requests.who == link)] for link in links)
    seat, asn = land.home(int(people.country[links[1]]), rng)
    for row in (member[0], *first[:2]):
        requests.seat[row], requests.asn[row] = seat, asn
    card, issuer = new_card(stage), land.virtual_bins[0]
    for link in links[1:3]:
        people.card[link], people.bin[link], people.plan[link] = card, issuer, "pay_as_you_go"
    prompt = stage.writer.ask(topics()[0], details=9)
    for row in (second[0], third[0]):
        requests.prompt[row], requests.system[row] = prompt, None
    for row in third[1:3]:
        requests.seat[row], requests.asn[row] = home
