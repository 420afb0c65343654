"""A relay for end users all over the world, on accounts that live in two countries."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, END, START
from linkage.simulation.harvest import carry, sign_up, write_harvest
from linkage.simulation.people import People, draw_people
from linkage.simulation.requests import Requests, live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import Numbers
    from linkage.simulation.stage import Stage

_LEAST = (
    3  # an account that carries hardly anything might carry nothing, and then there would be nothing to see
)


@dataclass(frozen=True)
class GeoRelay(Scenario):
    """Nine of ten accounts have homes, banks and mail of two countries; what they send comes from everywhere.

    Each has addresses of its own at ordinary home networks, its own card if any, and carries a few requests a day: end
    users' own questions in all languages, some of whose conversations hop to another account, and a harvest in between.
    The relay's program is one that other people use as well.
    """

    name: ClassVar[str] = "geo_relay"
    number: ClassVar[str] = "R6"
    ring: ClassVar[bool] = True
    hard: ClassVar[bool] = True

    size: Range = (36, 60)
    in_two_countries: float = 0.9
    addresses: Range = (1, 3)
    users_an_account: float = 1.5
    extraction: tuple[float, float] = (0.35, 0.5)
    hopping: float = 0.3
    one_program: float = 0.85
    aged: float = 0.3
    reasoning: tuple[float, float] = (0.3, 0.5)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the ring."""
        people = self._members(stage, stage.ring_size(self.size))
        sign_up(stage, people, START - int(stage.rng.integers(8, 15)) * DAY, 21, aged=self.aged)
        requests = self._relay(stage, people)
        self._leave(stage, people, requests)
        yield Group(people, requests, monthly_charges(stage, people))

    def _members(self, stage: Stage, count: int) -> People:
        """Draw the accounts' owners, as far as they are real, in two countries and a few elsewhere."""
        rng = stage.rng
        first, second = rng.permutation(8)[:2].tolist()
        inside = round(self.in_two_countries * count)
        cut = round(inside * rng.uniform(0.4, 0.7))
        parts = [draw_people(stage, cut, country=first), draw_people(stage, inside - cut, country=second)]
        people = _together([*parts, draw_people(stage, count - inside)])
        people.requests = np.maximum(people.requests, _LEAST)
        return people

    def _relay(self, stage: Stage, people: People) -> Requests:
        """Let end users ask, put the harvest in some of the places, and give all of it to accounts."""
        rng, since = stage.rng, max(START, int(people.created_at.min()))
        users = draw_people(stage, max(2, round(self.users_an_account * len(people))))
        users.created_at = since + (rng.random(len(users)) * 15 * DAY).astype(np.int64)
        requests = live(stage, users)
        jobs = rng.random(len(requests)) < rng.uniform(*self.extraction)
        places = np.flatnonzero(jobs)
        evenly = (np.arange(len(places)) + rng.random(len(places))) / max(1, len(places))
        requests.at[places] = since + (evenly * (END - since - 1)).astype(np.int64)
        write_harvest(stage, requests, places, reasoning=rng.uniform(*self.reasoning), details=(0, 3))
        requests.system = [None if job else system for job, system in zip(jobs, requests.system, strict=True)]
        requests.reply[places] = np.clip(rng.lognormal(np.log(600), 0.4, len(places)), 40, 4096).astype(
            np.int64
        )
        requests.who = carry(stage, people, requests.at, requests.goes_on & ~jobs, hopping=self.hopping)
        return requests

    def _leave(self, stage: Stage, people: People, requests: Requests) -> None:
        """Send each account's requests from its own few homes, by the relay's program."""
        rng, high = stage.rng, self.addresses[1]
        homes = [stage.land.home(country, rng) for country in np.repeat(people.country, high).tolist()]
        own = rng.integers(self.addresses[0], high + 1, len(people))
        chosen = requests.who * high + (rng.random(len(requests)) * own[requests.who]).astype(np.int64)
        requests.seat = np.array([seat for seat, _ in homes], dtype=object)[chosen]
        requests.asn = np.array([asn for _, asn in homes], dtype=np.int64)[chosen]
        program = rng.choice(np.array(stage.land.agents, dtype=object), p=stage.land.agent_weights)
        requests.agent[_spread(stage, requests.who, self.one_program)] = program


def _together(parts: list[People]) -> People:
    """Put several drawings of people one after the other."""
    columns = [field.name for field in fields(People)]
    return People(*(np.concatenate([getattr(part, column) for part in parts]) for column in columns))


def _spread(stage: Stage, who: Numbers, share: float) -> Numbers:
    """Choose this share of the rows."""
    return np.flatnonzero(stage.rng.random(len(who)) < share)
