"""Which worlds are for fitting, for checking and for the final figures; nothing else decides that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class WorldPlan:
    """One world to be made.

    Args:
        world: a name of ``linkage.simulation.WORLDS``.
        seed: its seed.
        accounts: how many accounts it has.
    """

    world: str
    seed: int
    accounts: int = 6000

    @property
    def name(self) -> str:
        """Name the world in reports."""
        return f"{self.world} {self.seed}"


@dataclass(frozen=True)
class Plan:
    """The worlds of one run of the suite.

    Args:
        development: on these every method is tuned: rings of the fitted types only.
        ordinary: rings of types that nothing was tuned or fitted on, among every crowd.
        hard: the same rings among honest groups that share as much as rings do.
        calm: no ring at all.
        ablated: how many of the ordinary and of the hard worlds are run again with each part left out.
        compared: on how many of the worlds without rings the baselines are run too.
    """

    development: tuple[WorldPlan, ...]
    ordinary: tuple[WorldPlan, ...]
    hard: tuple[WorldPlan, ...]
    calm: tuple[WorldPlan, ...]
    ablated: int = 5
    compared: int = 5

    @property
    def evaluated(self) -> tuple[WorldPlan, ...]:
        """List the worlds that figures are given for."""
        return (*self.ordinary, *self.hard, *self.calm)


def _worlds(world: str, seeds: Iterable[int], accounts: int = 6000) -> tuple[WorldPlan, ...]:
    return tuple(WorldPlan(world, seed, accounts) for seed in seeds)


FITTING = _worlds("fitting", range(1, 25))
"""Weights of the score are fitted on these, and the method was worked out on the first of them."""
CHECKING = (*_worlds("checking", range(101, 125)), *_worlds("calm", range(131, 155), 4000))
"""What a score means is learned on these: other types of rings and crowds, other seeds. Half of them have no ring at
all, as on most days: among some thousand honest groups more, a few look like rings."""

PLANS = {
    "full": Plan(
        development=FITTING[:2],
        ordinary=_worlds("unseen", range(381, 391)),
        hard=_worlds("hard", range(469, 475)),
        calm=_worlds("calm", range(1101, 1151), 4000),
        ablated=3,
        compared=3,
    ),
    "quick": Plan(
        development=FITTING[:2],
        ordinary=_worlds("unseen", range(601, 605)),
        hard=_worlds("hard", range(651, 653)),
        calm=_worlds("calm", range(681, 689)),
        ablated=1,
    ),
}
"""Seeds of 300 and more are for evaluation; a look at them spends them, and the next version takes others: 301 to 380,
401 to 468, 501 to 600 and 801 to 1100 are spent."""
