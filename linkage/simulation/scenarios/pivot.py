"""A ring that turns to a new model within a day of its release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, END, HOUR, START
from linkage.simulation.disguise import (
    Errand,
    Share,
    Wording,
    chat_a_little,
    choose_payers,
    deal_cards,
    draw_share,
    private_wrapper,
    put_before,
    some,
    write_on,
)
from linkage.simulation.harvest import queue, reply_alike, sign_up
from linkage.simulation.people import draw_people
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range
from linkage.simulation.writer import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage

NEW_MODEL = "model-next"


@dataclass(frozen=True)
class ModelPivot(Scenario):
    """On the day a new model comes out, nearly half of the ring's traffic moves to it within 24 hours, and stays.

    A few cards pay for those who pay; most prompts carry a private wrapper; each account is at home. Honest people, who
    are made here too, take the new model up over the following weeks, some of them on the first day.
    """

    name: ClassVar[str] = "pivot"
    number: ClassVar[str] = "R18"
    ring: ClassVar[bool] = True

    size: Range = (32, 48)
    adopters: Range = (110, 160)
    release_day: Range = (9, 16)
    moved: float = 0.45
    movers: float = 0.55
    accounts_a_card: Range = (5, 8)
    paying: float = 0.7
    wrapped: float = 0.6
    varied: float = 0.25
    camouflage: float = 0.15
    reasoning: Share = (0.4, 0.5)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the honest adopters and the ring."""
        rng = stage.rng
        release = START + int(rng.integers(self.release_day[0], self.release_day[1] + 1)) * DAY + 17 * HOUR
        yield self._adopters(stage, release)
        count = stage.ring_size(self.size)
        people = draw_people(stage, count)
        people.requests = stage.requests(rng.lognormal(np.log(6.5), 0.45, count))
        deal_cards(stage, people, choose_payers(stage, people, share=self.paying), self.accounts_a_card)
        sign_up(stage, people, START - 10 * DAY, 15, aged=0.35)
        reply_alike(stage, people, (480, 700), (0.25, 0.45))
        requests = queue(stage, people, START, END - int(rng.integers(0, 4)) * DAY)
        jobs = chat_a_little(stage, people, requests, share=self.camouflage)
        write_on(stage, requests, jobs, Errand(topics(), draw_share(stage, self.reasoning)))
        wrapped = some(stage, jobs, self.wrapped)
        put_before(stage, requests, wrapped, Wording([private_wrapper(stage)], self.varied))
        self._turn(stage, requests, release)
        yield Group(people, requests, monthly_charges(stage, people), name=f"{self.name}-1")

    def _turn(self, stage: Stage, requests: Requests, release: int) -> None:
        """Move some members' work over, within a day, until it is the share of all work that was agreed."""
        rng, count = stage.rng, int(requests.who.max()) + 1
        later = np.bincount(requests.who[requests.at > release + DAY], minlength=count)
        order = rng.permutation(count)
        movers = np.zeros(count, dtype=bool)
        movers[order[np.cumsum(later[order]) <= later.sum() * self.movers]] = True
        moved = np.clip((requests.at - release) / DAY, 0, 1) * self.moved / self.movers
        requests.model[movers[requests.who] & (rng.random(len(requests)) < moved)] = NEW_MODEL

    def _adopters(self, stage: Stage, release: int) -> Group:
        """Let people who have nothing to do with one another try the new model, one after another."""
        rng = stage.rng
        people = draw_people(stage, sum(stage.crowd_sizes((1, 1), self.adopters)))
        requests = live(stage, people)
        turned = release + rng.exponential(4 * DAY, len(people))
        taken = rng.uniform(0.3, 1.0, len(people))
        new = (requests.at > turned[requests.who]) & (rng.random(len(requests)) < taken[requests.who])
        requests.model[new] = NEW_MODEL
        charges = monthly_charges(stage, people)
        return Group(people, requests, charges, ring=False, name=f"{self.name}-adopters")
