"""A ring whose crews hand over every four hours, from rotating addresses of one hosting network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, HOUR, START
from linkage.simulation.harvest import reply_alike, sign_up
from linkage.simulation.people import draw_people
from linkage.simulation.requests import Requests
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range
from linkage.simulation.writer import join, topics, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import Numbers, People
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class ShiftsFromHosting(Scenario):
    """Crews take turns of four hours at one job queue and never overlap; the addresses of a /24 rotate under them.

    They drill one narrow capability, case by case. Honest developers sit on the same hosting network and now and then on
    the same addresses. Most requests carry a public system prompt, so that no text is the ring's own.
    """

    name: ClassVar[str] = "shifts_from_hosting"
    number: ClassVar[str] = "R14"
    ring: ClassVar[bool] = True

    size: Range = (40, 60)
    crews: int = 6
    addresses: Range = (16, 28)
    public_prompt: float = 0.6
    reasoning: float = 0.32

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the ring."""
        rng = stage.rng
        people = draw_people(stage, stage.ring_size(self.size))
        people.requests = stage.requests(rng.lognormal(np.log(7.5), 0.45, len(people)))
        since, days = START + int(rng.integers(0, 6)) * DAY, int(rng.integers(18, 23))
        sign_up(stage, people, since - 9 * DAY, 10, aged=0.35)
        reply_alike(stage, people, (430, 600), (0.2, 0.4))
        requests = self._work(stage, people, since, days)
        self._write(stage, requests)
        yield Group(people, requests, monthly_charges(stage, people))

    def _work(self, stage: Stage, people: People, since: int, days: int) -> Requests:
        """Deal each job to a day of its crew's turn."""
        rng, count = stage.rng, len(people)
        crew = rng.permutation(np.arange(count) % self.crews)
        who = np.repeat(np.arange(count), people.requests)
        first = np.maximum(0, -(-(people.created_at - since) // DAY))[who]
        day = first + (rng.random(len(who)) * np.maximum(1, days - first)).astype(np.int64)
        turn = 24 * HOUR // self.crews
        moment = since + day * DAY + crew[who] * turn + (rng.random(len(who)) * (turn - 120)).astype(np.int64)
        order = np.argsort(moment, kind="stable")
        requests = Requests.of(stage, people, who[order], moment[order])
        self._rotate(stage, requests, day[order] * self.crews + crew[who][order])
        return requests

    def _rotate(self, stage: Stage, requests: Requests, shift: Numbers) -> None:
        """Give every shift three addresses of the ring's part of the network, the next ones each time."""
        rng, hoster = stage.rng, stage.land.hosters[0]
        ring_seats = np.array(hoster.seats, dtype=object)[: int(rng.integers(*self.addresses))]
        requests.seat = ring_seats[(shift * 3 + rng.integers(0, 3, len(shift))) % len(ring_seats)]
        requests.asn[:] = hoster.asn
        agents = rng.choice(stage.land.agents, 2, p=stage.land.agent_weights)
        requests.agent = agents[rng.integers(0, 2, len(shift))].astype(object)

    def _write(self, stage: Stage, requests: Requests) -> None:
        """Drill one topic: every verb with every noun with every feature, in turn."""
        writer, dice, rng = stage.writer, stage.writer.dice, stage.rng
        topic = topics()[int(rng.integers(len(topics())))]
        verbs, nouns, features, means = (words(topic, rule) for rule in ("verb", "noun", "feature", "means"))
        public = next(t.text for t in stage.land.templates[3:] if t.system)
        for k in range(len(requests)):
            case = (verbs[k % len(verbs)], nouns[k // 2 % len(nouns)], features[k // 3 % len(features)])
            task = dice.pick(_FORMS).format(*case, dice.pick(means))
            sentences = [task, *(writer.say("detail", topic) for _ in range(1 + dice.below(3)))]
            if dice.chance(self.reasoning):
                sentences.insert(dice.below(2) * len(sentences), writer.say("reason", topic))
            requests.prompt[k] = join(sentences)
            requests.system[k] = public if dice.chance(self.public_prompt) else None


_FORMS = (
    "{0} a {1} that has {2}, {3}.",
    "Given a {1} with {2}: {0} it {3}.",
    "How does one {0} a {1} with {2} {3}?",
    "Case: {1}, {2}. {0} it.",
    "{3}, {0} a {1}; note {2}.",
)
