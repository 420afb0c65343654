"""A ring of many accounts that ask five questions each and are thrown away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, HOUR, START
from linkage.simulation.harvest import queue, reply_alike, write_harvest
from linkage.simulation.land import DISPOSABLE, WORLD_MAIL
from linkage.simulation.people import draw_people, fill
from linkage.simulation.requests import temporary_seats
from linkage.simulation.scenario import Charges, Group, Scenario
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class MicroVolume(Scenario):
    """Free accounts opened within hours, four to six related requests each over the next days, new addresses all the time.

    The prompts come from variants of one template; no account uses more than two of them.
    """

    name: ClassVar[str] = "micro_volume"
    number: ClassVar[str] = "R5"
    ring: ClassVar[bool] = True
    hard: ClassVar[bool] = True

    size: Range = (100, 140)
    requests: Range = (4, 6)
    variants: Range = (8, 12)
    burst_hours: Range = (4, 9)
    days: Range = (3, 8)
    reasoning: float = 0.38

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the ring."""
        rng, count = stage.rng, stage.ring_size(self.size)
        people = draw_people(stage, count)
        people.plan = fill(count, "free")
        people.card, people.bin = fill(count, None), fill(count, None)
        disposable = rng.random(count) < 0.25
        people.email_domain[:] = np.where(
            disposable, rng.choice(DISPOSABLE, count), rng.choice(WORLD_MAIL, count)
        )
        people.requests = stage.requests(
            rng.integers(self.requests[0], self.requests[1] + 1, count).astype(float)
        )
        since = START + int(rng.integers(3 * 24, 20 * 24)) * HOUR
        burst = int(rng.integers(*self.burst_hours)) * HOUR
        people.created_at = since + (rng.random(count) * burst).astype(np.int64)
        reply_alike(stage, people, (380, 540), (0.25, 0.5))
        requests = queue(stage, people, since, since + int(rng.integers(*self.days)) * DAY)
        self._hide(stage, requests)
        self._write(stage, requests)
        yield Group(people, requests, Charges())

    def _hide(self, stage: Stage, requests: Requests) -> None:
        """Rent a new address for every second request."""
        places = tuple(stage.rng.permutation(8)[: int(stage.rng.integers(4, 8))].tolist())
        seats, asns = temporary_seats(stage, len(requests), places)
        again = np.flatnonzero(stage.rng.random(len(requests)) < 0.5)
        requests.seat, requests.asn = seats, asns
        _stay(requests, set(again.tolist()))

    def _write(self, stage: Stage, requests: Requests) -> None:
        """Put each account's one or two variants of the template round fresh content."""
        writer, rng = stage.writer, stage.rng
        base = [writer.say(word) for word in ("role", "standard", "standard", "shape")]
        variants = [_variant(stage, base) for _ in range(int(rng.integers(*self.variants)))]
        first = rng.integers(0, len(variants), int(requests.who.max()) + 1)
        write_harvest(stage, requests, np.arange(len(requests)), reasoning=self.reasoning, details=(0, 2))
        for row, who in enumerate(requests.who.tolist()):
            opening, closing = variants[(first[who] + writer.dice.below(2)) % len(variants)]
            requests.prompt[row] = " ".join(part for part in (opening, requests.prompt[row], closing) if part)


def _stay(requests: Requests, again: set[int]) -> None:
    """Let an account keep its last address for the requests ``again``."""
    last: dict[int, int] = {}
    for row, who in enumerate(requests.who.tolist()):
        if row in again and who in last:
            requests.seat[row], requests.asn[row] = requests.seat[last[who]], requests.asn[last[who]]
        last[who] = row


def _variant(stage: Stage, base: list[str]) -> tuple[str, str]:
    """Reword the template: other words, one sentence less, part of it after the question."""
    kept = [stage.writer.vary(sentence, 0.45) for sentence in base]
    del kept[int(stage.rng.integers(len(kept)))]
    cut = int(stage.rng.integers(1, len(kept) + 1))
    return " ".join(kept[:cut]), " ".join(kept[cut:])
