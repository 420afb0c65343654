"""A ring in which only the combination is rare: small cards, a public template, a hosting network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, START
from linkage.simulation.disguise import (
    Errand,
    Share,
    bystanders,
    choose_payers,
    deal_cards,
    draw_share,
    draw_topics,
    leave_through,
    public_template,
    some,
    write_on,
)
from linkage.simulation.harvest import queue, reply_alike, sign_up
from linkage.simulation.people import draw_people
from linkage.simulation.requests import wrap
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.scenarios.hosting import HostedDevelopers
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class CombinedCards(Scenario):
    """Each card pays for three to five accounts, as in a family, and no account has two; nothing else is the ring's own.

    All use one public template and one hosting network, where honest developers, made here too, are at home. Accounts
    were opened over weeks and have a machine each in that network.
    """

    name: ClassVar[str] = "combined_cards"
    number: ClassVar[str] = "R12c"
    ring: ClassVar[bool] = True

    size: Range = (30, 45)
    accounts_a_card: Range = (3, 5)
    paying: float = 0.85
    developers: Range = (80, 110)
    hosted: float = 0.85
    signup_days: Range = (18, 26)
    template: Range = (3, 5)
    templated: float = 0.8
    subjects: Range = (2, 4)
    reasoning: Share = (0.32, 0.46)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the honest developers and the ring."""
        developers = HostedDevelopers(count=(1, 1), size=self.developers)
        yield from bystanders(stage, developers, f"{self.name}-developers")
        rng, count = stage.rng, stage.ring_size(self.size)
        people = draw_people(stage, count)
        people.requests = stage.requests(rng.lognormal(np.log(6), 0.5, count))
        deal_cards(stage, people, choose_payers(stage, people, share=self.paying), self.accounts_a_card)
        days = int(rng.integers(self.signup_days[0], self.signup_days[1] + 1))
        sign_up(stage, people, START - 12 * DAY, days, aged=0.35)
        reply_alike(stage, people, (440, 670), (0.25, 0.5))
        requests = queue(stage, people, START, START + int(rng.integers(24, 30)) * DAY)
        leave_through(stage, requests, stage.land.hosters[0], each=1, share=self.hosted)
        self._write(stage, requests)
        yield Group(people, requests, monthly_charges(stage, people), name=f"{self.name}-1")

    def _write(self, stage: Stage, requests: Requests) -> None:
        """Keep to the subjects, mostly under the public template."""
        rows, template = np.arange(len(requests)), public_template(stage, self.template)
        errand = Errand(draw_topics(stage, self.subjects), draw_share(stage, self.reasoning))
        write_on(stage, requests, rows, errand)
        for row in some(stage, rows, self.templated).tolist():
            wrap(stage, requests, row, template)
