"""A ring inside a public coding harness, whose system prompt thousands of honest people send too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np

from linkage.simulation.clock import DAY, START
from linkage.simulation.harvest import queue, rent_homes, reply_alike, sign_up_in_waves, some_countries
from linkage.simulation.people import draw_people
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range
from linkage.simulation.writer import Writer, join, topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import People
    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Harness(Scenario):
    """Every request comes through the public harness, with its system prompt and in its versions, as honest ones do.

    Underneath is a harvest of working sessions: tasks from one list, most of them about code. A task is tried up to three
    times, hours apart and as a rule by different members, its sentences in another order and partly in other words; what
    is pasted with it stays. Cards and rented homes are each member's own; some joined as start-ups, without a card.
    """

    name: ClassVar[str] = "harness"
    number: ClassVar[str] = "R8"
    ring: ClassVar[bool] = True
    hard: ClassVar[bool] = True

    size: Range = (32, 54)
    addresses: Range = (1, 4)
    startups: float = 0.2
    waves: Range = (3, 6)
    aged: float = 0.4
    tries: int = 3
    apart: float = 12.0
    about_code: float = 0.6
    pasted: float = 0.3
    reworded: float = 0.3
    reasoning: tuple[float, float] = (0.32, 0.5)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the ring."""
        rng, count = stage.rng, stage.ring_size(self.size)
        people = draw_people(stage, count)
        people.requests = stage.requests(rng.lognormal(np.log(8), 0.5, count))
        since = START + int(rng.integers(0, 8)) * DAY
        starts = since + rng.integers(-10 * DAY, 3 * DAY, int(rng.integers(*self.waves)))
        sign_up_in_waves(stage, people, starts, hours=60, aged=self.aged)
        self._join(stage, people)
        reply_alike(stage, people, (420, 680), (0.3, 0.6))
        requests = queue(stage, people, since, since + int(rng.integers(18, 22)) * DAY)
        rent_homes(stage, requests, count, addresses=self.addresses, countries=some_countries(stage, (4, 7)))
        self._write(stage, requests)
        yield Group(people, requests, monthly_charges(stage, people))

    def _join(self, stage: Stage, people: People) -> None:
        """Give everybody a version of the harness, and some the start-up programme."""
        rng, land, count = stage.rng, stage.land, len(people)
        versions = [place for place, agent in enumerate(land.agents) if "harness" in agent]
        weights = land.agent_weights[versions]
        people.agent = rng.choice(
            np.array(land.agents, dtype=object)[versions], count, p=weights / weights.sum()
        )
        startup = rng.random(count) < self.startups
        people.plan[startup] = "startup"
        people.card[startup], people.bin[startup] = None, None

    def _write(self, stage: Stage, requests: Requests) -> None:
        """Deal the tasks out, each to a few places not far from one another in the queue."""
        rng, writer, count = stage.rng, stage.writer, len(requests)
        share = rng.uniform(*self.reasoning)
        tries = rng.integers(1, self.tries + 1, count)
        number = np.repeat(np.arange(count), tries)[:count]
        number = number[np.argsort(np.arange(count) + rng.exponential(self.apart, count), kind="stable")]
        tasks: dict[int, _Task] = {}
        for row, task in enumerate(number.tolist()):
            if task not in tasks:
                tasks[task] = self._task(writer)
            requests.prompt[row] = self._try(writer, tasks[task], reason=writer.dice.chance(share))
            requests.system[row] = stage.land.harness.text

    def _task(self, writer: Writer) -> _Task:
        dice = writer.dice
        topic = "code" if dice.chance(self.about_code) else dice.pick(topics())
        sentences = [
            writer.say("ask", topic),
            *(writer.say("detail", topic) for _ in range(dice.below(3))),
        ]
        material = writer.material(topic) if dice.chance(self.pasted) else ""
        return _Task(topic, tuple(sentences), material)

    def _try(self, writer: Writer, task: _Task, *, reason: bool) -> str:
        """Say the task's sentences in any order, partly in other words, and ask for the reasoning or not."""
        dice = writer.dice
        sentences = [writer.vary(sentence, self.reworded) for sentence in task.sentences]
        if dice.chance(0.5):
            sentences.reverse()
        if reason:
            sentences.insert(dice.below(2) * len(sentences), writer.say("reason", task.topic))
        elif dice.chance(0.3):
            sentences.append(writer.say("form", task.topic))
        return "\n\n".join(part for part in (join(sentences), task.material) if part)


class _Task(NamedTuple):
    topic: str
    sentences: tuple[str, ...]
    material: str
