"""A support service that never closes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, END, HOUR, REFERENCE_START, START
from linkage.simulation.crowds import found_company, say_first, share_card, sign_up_within, sit_behind
from linkage.simulation.land import COUNTRIES
from linkage.simulation.people import draw_people, new_card
from linkage.simulation.requests import Requests
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import People
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class ServiceDesks(Scenario):
    """Three shifts of eight hours answer customers day and night, from one network and with one company card.

    Each case goes through the desk's template, and answers are of even length, because the template says so. Nobody asks
    for reasoning: a case is a customer's letter. In half of the desks the shifts move on each week. The accounts were
    opened together on the day the desk began; half of the desks are contractors whose staff used private mail.
    """

    name: ClassVar[str] = "service_desk"
    number: ClassVar[str] = "B3d"

    count: Range = (2, 2)
    size: Range = (18, 30)
    shifts: int = 3
    contractor: float = 0.5
    rotating: float = 0.5
    at_desk: float = 0.97

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the desks."""
        rng, land = stage.rng, stage.land
        for size in stage.crowd_sizes(self.count, self.size):
            country = int(rng.integers(8))
            people = draw_people(stage, size, country=country)
            if rng.random() < self.contractor:
                people.plan[:] = "team"
            else:
                found_company(stage, people, "team")
            share_card(people, [new_card(stage)], land.banks[country][0], np.ones(size, dtype=bool))
            sign_up_within(stage, people, START + int(rng.integers(-25, 12)) * DAY + 8 * HOUR, 30)
            people.requests = stage.requests(rng.lognormal(np.log(9), 0.35, size))
            people.reply = rng.uniform(250, 550) * np.exp(rng.normal(0, 0.1, size))
            people.spread = rng.uniform(0.15, 0.3, size)
            requests = self._serve(stage, people)
            _write(stage, people, requests)
            sit_behind(stage, requests, land.take(2), land.isps[country][1].asn, share=self.at_desk)
            yield Group(people, requests, monthly_charges(stage, people))

    def _serve(self, stage: Stage, people: People) -> Requests:
        """Spread each one's cases over their shifts, by local time."""
        rng, count = stage.rng, len(people)
        who = np.repeat(np.arange(count), people.requests)
        begin = np.maximum(people.created_at, REFERENCE_START)[who]
        day = (begin + rng.random(len(who)) * (END - DAY - begin)).astype(np.int64) // DAY
        turn = 24 * HOUR // self.shifts
        weeks = day // 7 if rng.random() < self.rotating else np.zeros(len(who), dtype=np.int64)
        shift = (rng.permutation(count)[who] + weeks) % self.shifts
        offset = int(COUNTRIES[people.country[0]].offset * HOUR)
        moment = day * DAY + (shift * turn + (rng.random(len(who)) * turn).astype(np.int64) - offset) % DAY
        moment = np.where(moment < begin, moment + DAY, moment)
        return Requests.of(stage, people, who, np.minimum(moment, END - 60))


def _write(stage: Stage, people: People, requests: Requests) -> None:
    """Put the desk's template round customers' letters; some customers write in other languages."""
    writer, dice = stage.writer, stage.writer.dice
    for row in range(len(requests)):
        language = people.language(0) if dice.chance(0.85) else COUNTRIES[dice.below(len(COUNTRIES))].language
        letter = writer.material("support", language)
        requests.prompt[row] = f"{writer.say('ask', 'support', language)}\n{letter}"
    system = bool(stage.rng.random() < 0.5)
    say_first(requests, range(len(requests)), writer.wrapper(reason=False), system=system)
