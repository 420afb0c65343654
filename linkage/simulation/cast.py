"""Who plays in a composed world: rings and crowds drawn by the seed, as many as fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from linkage.simulation.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


MOST_MEMBERS = 0.05
"""Members are at most this share of a composed world's accounts: on a platform they are far fewer."""
MOST_CROWD = 0.7
"""Crowds are at most this share; the rest are ordinary people."""
RINGS = (2, 5)
"""So many ring scenarios are drawn for a composed world of ``USUAL`` accounts that has any, more for a larger one; those
that do not fit stay away."""
USUAL = 6000
CROWD_CHANCE = 0.6
"""With this chance a crowd is drawn for a world."""


@dataclass(frozen=True)
class Company:
    """The scenarios that a composed world draws from.

    Args:
        rings: ring scenarios and attacks; a world without any has no ring.
        crowds: honest scenarios.
        always: whether every crowd is drawn; each with a chance of its own otherwise.
    """

    rings: tuple[Scenario, ...]
    crowds: tuple[Scenario, ...]
    always: bool = False

    def drawn(self, seed: np.random.SeedSequence, accounts: int) -> tuple[list[Scenario], list[Scenario]]:
        """Draw the rings and the crowds of one world, in the order in which they are tried."""
        rng = np.random.Generator(np.random.PCG64(seed))
        count = round(int(rng.integers(RINGS[0], RINGS[1] + 1)) * max(1.0, accounts / USUAL))
        rings = [self.rings[place] for place in rng.permutation(len(self.rings)).tolist()][:count]
        chosen = rng.random(len(self.crowds)) < (1.0 if self.always else CROWD_CHANCE)
        crowds = [self.crowds[place] for place in rng.permutation(len(self.crowds)).tolist() if chosen[place]]
        return rings, crowds


class Room:
    """The accounts of a world that are still free, for rings and for crowds.

    >>> room = Room(1000)
    >>> room.admit(members=40, honest=10), room.admit(members=20, honest=0), room.left
    (True, False, 950)
    """

    def __init__(self, accounts: int) -> None:
        self.left = accounts
        self._members = int(MOST_MEMBERS * accounts)
        self._honest = int(MOST_CROWD * accounts)

    def admit(self, *, members: int, honest: int) -> bool:
        """Let a scenario's accounts in, all of them or none."""
        if members > self._members or honest > self._honest:
            return False
        self._members -= members
        self._honest -= honest
        self.left -= members + honest
        return True


def by_name(scenarios: Sequence[Scenario], name: str) -> Iterator[Scenario]:
    """Find scenarios by name or by their number in the catalogue, whatever the capitals."""
    wanted = name.strip().lower()
    return (each for each in scenarios if wanted in {each.name.lower(), each.number.lower()})
