"""What a scenario promises: people, their requests and their payments, and whether they are a ring."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.clock import DAY, END, REFERENCE_START, Times
from linkage.simulation.people import Numbers, People, Words
from linkage.simulation.requests import Requests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.stage import Stage


@dataclass
class Charges:
    """One row a payment; ``who`` counts the scenario's people from 0."""

    who: Numbers = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    at: Times = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    card: Words = field(default_factory=lambda: np.empty(0, dtype=object))
    bin: Words = field(default_factory=lambda: np.empty(0, dtype=object))


@dataclass
class Group:
    """One group of accounts that belong together: a ring, or an honest crowd such as one office.

    Args:
        people: the accounts.
        requests: what they ask.
        charges: what they pay.
        ring: whether it is a ring, where a scenario has both kinds, such as an attack and its victims; as the
            scenario says when None.
        name: groups of one name are one ring (or crowd) in the truth, such as two pools of one operator; each
            group is one of its own when empty.
        allowed: the reason for which the whole group is on the allowlist; it is not when empty.
    """

    people: People
    requests: Requests
    charges: Charges
    ring: bool | None = None
    name: str = ""
    allowed: str = ""


class Scenario(ABC):
    """A kind of group, and why its accounts look as they do.

    A scenario is a frozen dataclass: its fields are the parameters that a reader may want to know or change, and its
    docstring says who these people are. Where a field is a range, each world's seed draws from it.
    """

    name: ClassVar[str]
    number: ClassVar[str] = ""
    """Its place in the catalogue: R for rings, B for honest crowds, A for attacks on the tool itself."""
    ring: ClassVar[bool] = False
    crowd: ClassVar[bool] = True
    hard: ClassVar[bool] = False
    """Whether the ring leaves only evidence that is hard to fake: it shares no card and no address, so that its
    prompts, its times and its behaviour are all there is."""

    @abstractmethod
    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make this scenario's groups."""


def monthly_charges(stage: Stage, people: People) -> Charges:
    """Charge every card at sign-up and then each month, as far as that falls into the weeks we see."""
    rows: list[tuple[int, int]] = []
    for person in np.flatnonzero([card is not None for card in people.card]).tolist():
        first = int(people.created_at[person])
        month = max(0, -(-(REFERENCE_START - first) // (30 * DAY)))
        moment = first + month * 30 * DAY + int(stage.rng.integers(0, 1800))
        while moment < END:
            rows.append((person, moment))
            moment += 30 * DAY
    who = np.array([person for person, _ in rows], dtype=np.int64)
    moments = np.array([moment for _, moment in rows], dtype=np.int64)
    return Charges(who, moments, people.card[who], people.bin[who])
