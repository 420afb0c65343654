"""A ring that takes turns: one queue, a few hosting addresses, a handful of cards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, HOUR, START
from linkage.simulation.harvest import preamble, reply_alike, sign_up, write_harvest
from linkage.simulation.people import draw_people, new_card
from linkage.simulation.requests import Requests
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import Numbers, People
    from linkage.simulation.stage import Stage
    from linkage.simulation.writer import Writer

_GOLDEN = (5**0.5 - 1) / 2  # multiples of it, modulo 1, fill the hours of the day evenly


@dataclass(frozen=True)
class ClassicHydra(Scenario):
    """Most accounts are opened in one wave of two days, and then take turns at a queue that knows neither day nor night.

    Every forty seconds or so a job goes to the next account, in runs of some fifteen to thirty jobs; an account may sit a
    turn out. Each account uses three of the ring's addresses on a hosting network where honest developers are too. Some
    ten accounts pay with one card. Each prompt carries one of a few variants of a template, before or after the question;
    some variants leave a sentence out.
    """

    name: ClassVar[str] = "classic_hydra"
    number: ClassVar[str] = "R1"
    ring: ClassVar[bool] = True

    size: Range = (28, 46)
    addresses: Range = (8, 12)
    addresses_each: int = 3
    accounts_a_card: Range = (7, 12)
    paying: float = 0.85
    wave_hours: float = 48.0
    aged: float = 0.2
    step: int = 40
    run: Range = (14, 30)
    days: Range = (13, 18)
    variants: int = 8
    varied: float = 0.5
    template_words: Range = (30, 48)
    reasoning: tuple[float, float] = (0.3, 0.5)

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the ring."""
        rng = stage.rng
        people = draw_people(stage, stage.ring_size(self.size))
        people.requests = stage.requests(rng.lognormal(np.log(8.5), 0.4, len(people)))
        wave = START + int(rng.integers(0, 9 * 24)) * HOUR
        sign_up(stage, people, wave, self.wave_hours / 24, aged=self.aged)
        reply_alike(stage, people, (430, 640), (0.25, 0.5))
        self._pay(stage, people)
        requests = self._take_turns(stage, people, wave + int(self.wave_hours * HOUR))
        self._leave(stage, requests, len(people))
        self._write(stage, requests)
        yield Group(people, requests, monthly_charges(stage, people))

    def _pay(self, stage: Stage, people: People) -> None:
        """Deal a handful of cards out, from banks of any country or from an issuer of virtual cards."""
        rng, land, count = stage.rng, stage.land, len(people)
        pays = rng.random(count) < self.paying
        people.plan[pays & (people.plan == "free")] = "pay_as_you_go"
        people.plan[~pays] = "free"
        cards = [new_card(stage) for _ in range(max(2, round(count / rng.integers(*self.accounts_a_card))))]
        banks = [*land.virtual_bins, *(bank[0] for bank in land.banks)]
        bins = [banks[int(rng.integers(len(banks)))] for _ in cards]
        held = rng.permutation(np.arange(count) % len(cards)).tolist()
        people.card[:] = [cards[card] if pays[member] else None for member, card in enumerate(held)]
        people.bin[:] = [bins[card] if pays[member] else None for member, card in enumerate(held)]

    def _take_turns(self, stage: Stage, people: People, since: int) -> Requests:
        """Spread the runs over all hours, and give each job to the next account in the circle that is willing."""
        rng, total = stage.rng, int(people.requests.sum())
        length, days = int(rng.integers(*self.run)), int(rng.integers(*self.days))
        run = np.arange(-(-total // length))
        hour = (run * _GOLDEN + rng.random()) % 1.0
        begin = np.sort(since + ((run * days // len(run) + hour) * DAY).astype(np.int64))
        job = np.arange(total)
        moments = begin[job // length] + job % length * self.step + rng.integers(0, self.step // 2, total)
        return Requests.of(stage, people, _turns(stage, people, total), np.sort(moments))

    def _leave(self, stage: Stage, requests: Requests, count: int) -> None:
        """Give each account three of the addresses."""
        rng, hoster = stage.rng, stage.land.hosters[0]
        wanted = int(rng.integers(self.addresses[0], self.addresses[1] + 1))
        rented = rng.choice(np.array(hoster.seats[32:], dtype=object), wanted, replace=False)
        own = np.argsort(rng.random((count, wanted)), axis=1)[:, : self.addresses_each]
        requests.seat = rented[own[requests.who, rng.integers(0, self.addresses_each, len(requests))]]
        requests.asn[:] = hoster.asn

    def _write(self, stage: Stage, requests: Requests) -> None:
        """Put one of the variants before the question, or after it."""
        writer, rng = stage.writer, stage.rng
        base = preamble(stage, self.template_words).split(". ")
        variants = [_variant(writer, base, self.varied) for _ in range(self.variants)]
        share = rng.uniform(*self.reasoning)
        write_harvest(stage, requests, np.arange(len(requests)), reasoning=share, details=(0, 2))
        for row, prompt in enumerate(requests.prompt):
            text, after = writer.dice.pick(variants)
            requests.prompt[row] = f"{prompt}\n\n{text}" if after else f"{text}\n\n{prompt}"


def _variant(writer: Writer, sentences: list[str], share: float) -> tuple[str, bool]:
    """Reword the template, leave a sentence out or not, and say whether it stands after the question."""
    left_out = writer.dice.below(2 * len(sentences))
    kept = ". ".join(sentence for place, sentence in enumerate(sentences) if place != left_out)
    return writer.vary(f"{kept.rstrip('.')}.", share), writer.dice.chance(0.3)


def _turns(stage: Stage, people: People, total: int) -> Numbers:
    """Go round the circle of accounts; each sits some turns out, those that are to ask less more of them."""
    willing = np.clip(people.requests / people.requests.max(), 0.3, 1.0)[:, None]
    rounds = -(-2 * total // len(people))
    turns = np.empty(0, dtype=np.int64)
    while len(turns) < total:
        places = np.flatnonzero((stage.rng.random((len(people), rounds)) < willing).T)
        turns = np.concatenate((turns, places % len(people)))
    return turns[:total]
