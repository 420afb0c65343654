"""A ring whose prepaid cards are of one issuer, and each account's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, START
from linkage.simulation.disguise import (
    Errand,
    Share,
    chat_a_little,
    choose_payers,
    draw_share,
    draw_topics,
    pay_prepaid,
    write_on,
)
from linkage.simulation.harvest import queue, reply_alike
from linkage.simulation.people import draw_people
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import People
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class OneBin(Scenario):
    """Prepaid cards, no two the same, come from one issuer that honest people use as well; one in four members does not pay.

    The accounts are opened one by one at an even pace, some nine hours apart, and all ask about the same few topics.
    Else they have nothing in common: no card, no address, no template, no program.
    """

    name: ClassVar[str] = "one_bin"
    number: ClassVar[str] = "R12"
    ring: ClassVar[bool] = True
    hard: ClassVar[bool] = True

    size: Range = (36, 56)
    paying: float = 0.75
    signup_days: Range = (14, 18)
    subjects: Range = (4, 6)
    camouflage: float = 0.2
    reasoning: Share = (0.3, 0.42)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the ring."""
        rng, count = stage.rng, stage.ring_size(self.size)
        people = draw_people(stage, count)
        people.requests = stage.requests(rng.lognormal(np.log(5.8), 0.5, count))
        pay_prepaid(stage, people, choose_payers(stage, people, share=self.paying))
        since = START - int(rng.integers(2, 9)) * DAY
        self._sign_up(stage, people, since)
        reply_alike(stage, people, (430, 640), (0.3, 0.5))
        requests = queue(stage, people, START, START + int(rng.integers(24, 29)) * DAY)
        jobs = chat_a_little(stage, people, requests, share=self.camouflage)
        errand = Errand(draw_topics(stage, self.subjects), draw_share(stage, self.reasoning), details=(1, 3))
        write_on(stage, requests, jobs, errand)
        yield Group(people, requests, monthly_charges(stage, people))

    def _sign_up(self, stage: Stage, people: People, since: int) -> None:
        """Open one account after another, each a little early or late."""
        rng, count = stage.rng, len(people)
        pace = int(rng.integers(self.signup_days[0], self.signup_days[1] + 1)) * DAY / count
        turns = rng.permutation(count) + rng.uniform(-0.2, 0.2, count) + 0.2
        people.created_at = since + (turns * pace).astype(np.int64)
