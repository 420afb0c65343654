"""A small ring that works hard and feeds what one account was answered to the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np

from linkage.simulation.clock import DAY, START
from linkage.simulation.harvest import queue, reply_alike, sign_up
from linkage.simulation.land import home_seat
from linkage.simulation.people import draw_people
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range
from linkage.simulation.writer import Writer, topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class Replay(Scenario):
    """What one account was answered comes back in other accounts' prompts, to be graded, continued or rewritten.

    Logs hold no answers; what shows is that the same long passages, more or less cut short, turn up in the prompts of
    several members, some with the question that another member had asked. Other requests are fresh questions on all
    topics. A few addresses at a hosting network serve some members each; cards and programs are their own.
    """

    name: ClassVar[str] = "replay"
    number: ClassVar[str] = "R7"
    ring: ClassVar[bool] = True

    size: Range = (20, 32)
    requests: float = 12.0
    addresses_each: int = 2
    accounts_an_address: float = 4.0
    hosted: float = 0.7
    replayed: tuple[float, float] = (0.35, 0.5)
    kept: float = 0.35
    stock: int = 24
    passage: Range = (6, 10)
    reasoning: tuple[float, float] = (0.3, 0.5)
    aged: float = 0.35

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the ring."""
        rng, count = stage.rng, stage.ring_size(self.size)
        people = draw_people(stage, count)
        people.requests = stage.requests(rng.lognormal(np.log(self.requests), 0.6, count))
        since = START + int(rng.integers(0, 10)) * DAY
        sign_up(stage, people, since - 12 * DAY, 14, aged=self.aged)
        reply_alike(stage, people, (430, 620), (0.3, 0.6))
        requests = queue(stage, people, since, since + int(rng.integers(15, 19)) * DAY)
        self._leave(stage, requests, count)
        self._write(stage, requests)
        yield Group(people, requests, monthly_charges(stage, people))

    def _leave(self, stage: Stage, requests: Requests, count: int) -> None:
        """Send most requests from a few hosted addresses, the others from home."""
        rng, hoster = stage.rng, stage.land.hosters[2]
        wanted = max(3, round(count * self.addresses_each / self.accounts_an_address))
        numbers = rng.choice(1 << 8, wanted, replace=False).tolist()
        seats = np.array([home_seat(hoster.prefix + ":0", number) for number in numbers], dtype=object)
        own = rng.permutation(np.arange(count * self.addresses_each) % wanted).reshape(count, -1)
        chosen = seats[own[requests.who, rng.integers(0, self.addresses_each, len(requests))]]
        hosted = rng.random(len(requests)) < self.hosted
        requests.seat = np.where(hosted, chosen, requests.seat).astype(object)
        requests.asn = np.where(hosted, hoster.asn, requests.asn)

    def _write(self, stage: Stage, requests: Requests) -> None:
        """Ask afresh or replay, in order of time, so that nothing is replayed before it was answered."""
        writer, dice, rng = stage.writer, stage.writer.dice, stage.rng
        replayed, reasoning = rng.uniform(*self.replayed), rng.uniform(*self.reasoning)
        first = int(rng.integers(len(topics())))
        stock: list[_Exchange] = []
        for row, member in enumerate(requests.who.tolist()):
            source = dice.pick(stock[-self.stock :]) if stock and dice.chance(replayed) else None
            reason = dice.chance(reasoning)
            if source is not None and source.member != member:
                requests.prompt[row] = _replay(writer, source, reason=reason)
                continue
            topic = topics()[(first + row) % len(topics())]
            requests.prompt[row] = writer.ask(topic, details=dice.below(3), reason=reason)
            if dice.chance(self.kept):
                answer = self._answer(writer, topic)
                stock.append(_Exchange(member, topic, requests.prompt[row], answer))

    def _answer(self, writer: Writer, topic: str) -> tuple[str, ...]:
        """Write what the account was answered, line by line."""
        low, high = self.passage
        lines = [writer.say("detail", topic) for _ in range(low + writer.dice.below(high - low + 1))]
        return tuple(line[0].upper() + line[1:] for line in lines)


class _Exchange(NamedTuple):
    member: int
    topic: str
    question: str
    answer: tuple[str, ...]


def _replay(writer: Writer, source: _Exchange, *, reason: bool) -> str:
    """Put an earlier answer, cut short or not, into a new request."""
    dice = writer.dice
    kept = len(source.answer) - dice.below(1 + len(source.answer) // 3)
    task = dice.pick(_TASKS).format(
        who=writer.say("who"), expert=writer.say("expert"), head=writer.say("head")
    )
    if reason:
        task = f"{task} {writer.say('reason', source.topic)}"
    passage = dice.pick(("\n", " ")).join(source.answer[:kept])
    return dice.pick(_FORMS).format(task=task, question=source.question, passage=passage)


_TASKS = (
    "Go on from where this stops.",
    "Is every step of it sound?",
    "Write it again so that {who} can follow.",
    "Find the weakest point and repair it.",
    "What would the {expert} next door object to?",
    "Get to the same end by another way.",
    "Which harder question would this answer?",
    "Make it half as long.",
    "Give it a mark from one to ten.",
    "Set it beside an answer of your own and choose.",
    "Add a part called {head}.",
)

_FORMS = (
    "{question}\n\n{passage}\n\n{task}",
    "{task}\n\n{passage}",
    "{passage}\n\n{task}",
    "{task}\n---\n{question}\n---\n{passage}",
    "Earlier you said:\n{passage}\n{task}",
)
