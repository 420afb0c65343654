"""A company's evaluation pipeline, which asks the same benchmark each night."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, END, HOUR, START
from linkage.simulation.crowds import found_company, hosted, share_card, sign_up_within, together
from linkage.simulation.land import COUNTRIES
from linkage.simulation.people import draw_people, new_card
from linkage.simulation.requests import Requests, live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range
from linkage.simulation.writer import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import People
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class EvaluationTeams(Scenario):
    """Engineers watch for drift: each working night a job deals the same benchmark out to the team's accounts.

    It runs on a few cloud addresses, covers all subjects evenly and asks for the reasoning in most questions, as
    benchmarks do. One card pays. By day the same people ask a little of their own. What tells it from a harvest is that
    the questions come back: nothing new is learned from the twentieth night.
    """

    name: ClassVar[str] = "evaluation_team"
    number: ClassVar[str] = "B10e"

    count: Range = (1, 2)
    size: Range = (15, 30)
    questions_an_account: float = 0.55
    reasoning: float = 0.7
    addresses: Range = (3, 6)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the teams."""
        rng, land = stage.rng, stage.land
        for size in stage.crowd_sizes(self.count, self.size):
            country = int(rng.integers(8))
            people = draw_people(stage, size, country=country)
            found_company(stage, people, "team")
            share_card(people, [new_card(stage)], land.banks[country][1], np.ones(size, dtype=bool))
            since = START + int(rng.integers(-14, 5)) * DAY
            sign_up_within(stage, people, since + 9 * HOUR, 8)
            people.requests = stage.requests(rng.lognormal(np.log(2.5), 0.4, size))
            by_day = live(stage, people)
            by_night = self._benchmark(stage, people, since + DAY)
            yield Group(people, together(by_day, by_night), monthly_charges(stage, people))

    def _benchmark(self, stage: Stage, people: People, since: int) -> Requests:
        """Ask all questions between two and four each working night, dealt out anew."""
        rng, size = stage.rng, len(people)
        questions = self._questions(stage, max(2, round(size * self.questions_an_account * stage.busy)))
        dawn = 2 * HOUR - int(COUNTRIES[people.country[0]].offset * HOUR)
        nights = [day for day in range(since, END - 2 * DAY, DAY) if (day // DAY + 3) % 7 < 5]
        who = np.concatenate([rng.permutation(size)[np.arange(len(questions)) % size] for _ in nights])
        place = (np.arange(len(questions)) + rng.random(len(questions))) / len(questions)
        at = np.concatenate([night + dawn % DAY + (place * 2 * HOUR).astype(np.int64) for night in nights])
        requests = Requests.of(stage, people, who, at)
        requests.prompt = questions * len(nights)
        hoster = int(rng.integers(3))
        seats = hosted(stage, hoster, int(rng.integers(*self.addresses)))
        requests.seat = np.array(seats, dtype=object)[rng.integers(0, len(seats), len(who))]
        requests.asn[:] = stage.land.hosters[hoster].asn
        requests.agent[:] = stage.writer.dice.pick(stage.land.agents)
        return requests

    def _questions(self, stage: Stage, count: int) -> list[str]:
        """Write the benchmark once: its head, a number, the question."""
        writer = stage.writer
        head = writer.say("standard")
        reason = stage.rng.random(count) < self.reasoning
        return [
            f"{head}\nQuestion {k + 1}: {writer.ask(topics()[k % len(topics())], reason=bool(reason[k]))}"
            for k in range(count)
        ]
