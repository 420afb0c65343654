"""A ring whose template is written anew, over and over, so that only its skeleton stays."""

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
    rent_homes,
    some,
    write_on,
)
from linkage.simulation.harvest import queue, reply_alike, sign_up
from linkage.simulation.people import draw_people, give_cards
from linkage.simulation.requests import live
from linkage.simulation.rubric import Rubric
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import Numbers
    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Paraphrased(Scenario):
    """Every member's template says the same in other words; half of the members have it rewritten for each request.

    Of two rewritings only the skeleton agrees: the headings and their order, the tags round the answer, the tool's schema.
    A fifth to two fifths of their different words are common, and hardly a run of words outside the schema. Homes are
    rented, cards are each account's own. Honest people with a rubric of their own, made here too, have the same kinds of
    headings, tags and tools.
    """

    name: ClassVar[str] = "paraphrased"
    number: ClassVar[str] = "R17"
    ring: ClassVar[bool] = True
    hard: ClassVar[bool] = True

    size: Range = (36, 54)
    tinkerers: Range = (22, 34)
    each_time: float = 0.5
    as_system: float = 0.4
    templated: float = 0.75
    addresses: Range = (1, 3)
    paying: float = 0.55
    signup_days: Range = (26, 36)
    subjects: Range = (8, 14)
    camouflage: float = 0.2
    reasoning: Share = (0.3, 0.4)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the honest people with rubrics of their own, and the ring."""
        yield self._tinkerers(stage)
        rng, count = stage.rng, stage.ring_size(self.size)
        people = draw_people(stage, count)
        people.requests = stage.requests(rng.lognormal(np.log(6), 0.5, count))
        give_cards(stage, people, choose_payers(stage, people, share=self.paying))
        days = int(rng.integers(self.signup_days[0], self.signup_days[1] + 1))
        sign_up(stage, people, START + 16 * DAY - days * DAY, days, aged=0.25)
        reply_alike(stage, people, (440, 660), (0.3, 0.5))
        requests = queue(stage, people, START, START + int(rng.integers(25, 30)) * DAY)
        rent_homes(stage, requests, count, self.addresses)
        jobs = chat_a_little(stage, people, requests, share=self.camouflage)
        self._write(stage, requests, jobs, count)
        yield Group(people, requests, monthly_charges(stage, people), name=f"{self.name}-1")

    def _write(self, stage: Stage, requests: Requests, jobs: Numbers, count: int) -> None:
        """Ask under the template, in words of the member's or of the moment."""
        rng, rubric = stage.rng, Rubric.draw(stage.writer)
        subjects, reasoning = draw_topics(stage, self.subjects), draw_share(stage, self.reasoning)
        write_on(stage, requests, jobs, Errand(subjects, reasoning, details=(0, 1)))
        own = [rubric.word(stage.writer) for _ in range(count)]
        each_time, as_system = rng.random(count) < self.each_time, rng.random(count) < self.as_system
        for row in some(stage, jobs, self.templated).tolist():
            who = int(requests.who[row])
            text = rubric.word(stage.writer) if each_time[who] else own[who]
            put_in(requests, row, text, as_system=bool(as_system[who]))

    def _tinkerers(self, stage: Stage) -> Group:
        """Let honest people write rubrics of their own and keep them."""
        rng, writer = stage.rng, stage.writer
        people = draw_people(stage, sum(stage.crowd_sizes((1, 1), self.tinkerers)))
        requests = live(stage, people)
        rubrics = [Rubric.draw(writer).word(writer) for _ in range(len(people))]
        as_system = rng.random(len(people)) < self.as_system
        for row in some(stage, np.arange(len(requests)), self.templated).tolist():
            who = int(requests.who[row])
            put_in(requests, row, rubrics[who], as_system=bool(as_system[who]))
        charges = monthly_charges(stage, people)
        return Group(people, requests, charges, ring=False, name=f"{self.name}-tinkerers")


def put_in(requests: Requests, row: int, text: str, *, as_system: bool) -> None:
    """Put a template before a prompt, or make it its system prompt."""
    if as_system:
        requests.system[row] = text
    else:
        requests.prompt[row] = f"{text}\n\n{requests.prompt[row]}"
