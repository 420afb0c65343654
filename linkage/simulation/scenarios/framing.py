"""An attack: a ring spends a few accounts on each of many innocents, to make them look like members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, END, HOUR, START
from linkage.simulation.crowds import say_first
from linkage.simulation.harvest import (
    pay_virtually,
    preamble,
    queue,
    rent_homes,
    reply_alike,
    sign_up,
    some_countries,
    write_harvest,
)
from linkage.simulation.people import draw_people
from linkage.simulation.requests import live, write_ordinary
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import People
    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Framing(Scenario):
    """A ring with a private template, some of whose requests frame people it has never met.

    For each victim five members go, two or three times, through a proxy on the victim's home connection, within hours of
    the victim, and copy the prompt that the victim has published: their own in most cases, else a popular one. Otherwise
    the ring hides behind rented homes and single virtual cards. Victims are ordinary people and know nothing of it.
    """

    name: ClassVar[str] = "framing"
    number: ClassVar[str] = "A1"
    ring: ClassVar[bool] = True

    size: Range = (70, 90)
    victims: int = 16
    most_victims: int = 40
    decoys: int = 5
    visits: Range = (2, 3)
    own_prompt: float = 0.6
    reasoning: float = 0.4

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the ring and its victims, each a crowd of one."""
        people, requests = self._ring(stage)
        free = np.ones(len(requests), dtype=bool)  # requests that frame nobody yet
        wanted = min(self.most_victims, max(2, round(self.victims * stage.scale**0.5)))
        turn = np.resize(stage.rng.permutation(len(people)), wanted * self.decoys).reshape(wanted, -1)
        for number, decoys in enumerate(turn.tolist(), start=1):
            victim, text, system = self._victim(stage)
            for decoy in decoys:
                rows = np.flatnonzero(free & (requests.who == decoy))
                visits = stage.rng.integers(self.visits[0], self.visits[1] + 1)
                rows = stage.rng.permutation(rows)[: min(visits, max(1, len(rows) - 1))]
                _visit(stage, people, requests, rows, victim)
                say_first(requests, rows.tolist(), text, system=system)
                free[rows] = False
            yield Group(victim.people, victim.requests, victim.charges, ring=False, name=f"victim-{number}")
        yield Group(people, requests, monthly_charges(stage, people), name="framing-1")

    def _ring(self, stage: Stage) -> tuple[People, Requests]:
        """Make a ring that has only its template in common."""
        rng, writer = stage.rng, stage.writer
        people = draw_people(stage, stage.ring_size(self.size))
        count = len(people)
        people.requests = np.maximum(6, stage.requests(rng.lognormal(np.log(8), 0.45, count)))
        pay_virtually(stage, people, bins=3, upgraded=0.0)
        sign_up(stage, people, START - 20 * DAY, 30, aged=0.2)
        reply_alike(stage, people, (500, 700), (0.25, 0.45))
        requests = queue(stage, people, START - 2 * DAY, START + int(rng.integers(24, 29)) * DAY)
        rent_homes(stage, requests, count, addresses=(1, 2), countries=some_countries(stage, (3, 5)))
        write_harvest(stage, requests, np.arange(len(requests)), reasoning=self.reasoning, details=(0, 2))
        wrapper = preamble(stage, (30, 60))
        requests.prompt = [f"{writer.vary(wrapper, 0.2)}\n\n{prompt}" for prompt in requests.prompt]
        return people, requests

    def _victim(self, stage: Stage) -> tuple[Group, str, bool]:
        """Draw somebody with a home and a favourite prompt."""
        rng, land = stage.rng, stage.land
        people = draw_people(stage, 1)
        people.created_at = np.minimum(people.created_at, START + 12 * DAY)
        people.requests = stage.requests(rng.lognormal(np.log(8), 0.4, 1))
        people.template_share[:] = 0.0
        requests = live(stage, people)
        text, system = stage.writer.wrapper(reason=bool(rng.random() < 0.35)), bool(rng.random() < 0.5)
        if rng.random() > self.own_prompt:
            public = land.templates[int(rng.choice(len(land.templates), p=land.template_weights))]
            text, system = public.text, public.system
        say_first(requests, np.flatnonzero(rng.random(len(requests)) < 0.9).tolist(), text, system=system)
        return Group(people, requests, monthly_charges(stage, people)), text, system


def _visit(stage: Stage, people: People, requests: Requests, rows: np.ndarray, victim: Group) -> None:
    """Move a member's requests to the victim's home, near the victim's own ones, and let them ask ordinary things."""
    rng = stage.rng
    requests.seat[rows], requests.asn[rows] = victim.people.home[0], victim.people.asn[0]
    near = rng.choice(victim.requests.at, len(rows)) + (rng.uniform(-6, 6, len(rows)) * HOUR).astype(np.int64)
    fits = (near >= people.created_at[requests.who[rows]]) & (near >= START) & (near < END)
    requests.at[rows] = np.where(fits, near, requests.at[rows])
    for row in rows.tolist():
        requests.system[row] = None
    write_ordinary(stage, people, requests, rows)
