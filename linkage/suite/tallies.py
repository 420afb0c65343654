"""What each method did in each world, in numbers that may be added up over worlds, with how sure the sums are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from linkage.suite.measures import (
    Flags,
    Floats,
    groups_of,
    honest_by_crowd,
    match_rings,
    melted,
    ranked_hits,
    recall_by_scenario,
    true_rings,
    wholeness,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from linkage.suite.results import Reported, WorldTruth

# One method in one world -----------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Tally:
    """What one method did in one world, in numbers that may be added up.

    Args:
        world: the world.
        seed: what it was drawn with.
        accounts: how many it has.
        planted: how many rings are planted in it.
        members: the accounts in them.
        flagged: accounts in a reported ring at or above the threshold.
        right: those of them that are members.
        f1: for each planted ring, by name, the F1 of the flagged ring that is its own.
        whole: for each planted ring, by name, the share in its largest flagged fragment.
        melted: flagged rings that hold two planted ones.
        false: flagged rings that are not true.
        honest: flagged honest accounts by type of crowd.
        recalled: flagged members and all members by scenario.
        scores: of all reported rings, flagged or not, highest first.
        hits: which of them hit a planted ring.
        true: which of them are true.
        q_values: their q-values; NaN where there is none.
        seconds: how long it took; NaN where it came to no end.
    """

    world: str
    seed: int
    accounts: int
    planted: int
    members: int
    flagged: int
    right: int
    f1: Mapping[str, float]
    whole: Mapping[str, float]
    melted: int
    false: int
    honest: Mapping[str, int]
    recalled: Mapping[str, tuple[int, int]]
    scores: Floats
    hits: Flags
    true: Flags
    q_values: Floats
    seconds: float


def tally(
    truth: WorldTruth, reported: Iterable[Reported], *, threshold: float, seconds: float = float("nan")
) -> Tally:
    """Measure what a method reported in one world; rings of other worlds are passed over.

    >>> from linkage.suite.results import Reported, WorldTruth
    >>> truth = WorldTruth("w", {"a": "pool-1", "b": "pool-1"}, {}, accounts=3)
    >>> done = tally(truth, [Reported("w", 0.9, None, frozenset("abc"))], threshold=0.7)
    >>> done.right, done.flagged, dict(done.f1)
    (2, 3, {'pool-1': 0.8})
    """
    rings = sorted(
        (ring for ring in reported if ring.world == truth.world),
        key=lambda ring: (-ring.score, sorted(ring.accounts)),
    )
    named = groups_of(truth.rings)
    planted, every = list(named.values()), [ring.accounts for ring in rings]
    chosen = [ring.accounts for ring in rings if ring.score >= threshold]
    flagged = frozenset[str]().union(*chosen)
    matches = match_rings(planted, chosen)
    return Tally(
        world=truth.world,
        seed=truth.seed,
        accounts=truth.accounts,
        planted=len(planted),
        members=len(truth.rings),
        flagged=len(flagged),
        right=len(flagged & truth.rings.keys()),
        f1={name: match[1] if match else 0.0 for name, match in zip(named, matches, strict=True)},
        whole=dict(zip(named, wholeness(planted, chosen), strict=True)),
        melted=melted(planted, chosen),
        false=int((~true_rings(truth.rings, chosen)).sum()),
        honest=honest_by_crowd(truth, flagged),
        recalled=recall_by_scenario(truth.rings, flagged),
        scores=np.array([ring.score for ring in rings], np.float64),
        hits=ranked_hits(planted, every, [ring.score for ring in rings]),
        true=true_rings(truth.rings, every),
        q_values=np.array([np.nan if ring.q_value is None else ring.q_value for ring in rings], np.float64),
        seconds=seconds,
    )


# Over worlds -----------------------------------------------------------------------------------------------------

MEMBER_PRECISION = "member precision"
MEMBER_RECALL = "member recall"
RING_F1 = "ring F1"
AVERAGE_PRECISION = "average precision"
MAIN = (MEMBER_PRECISION, MEMBER_RECALL, RING_F1, AVERAGE_PRECISION)
"""The figures that are given with an interval."""
ROUNDS = 1_000
"""How often worlds are drawn again for an interval."""


def figure(name: str, tallies: Sequence[Tally]) -> float:
    """Give one of the main figures over worlds: accounts, planted rings and rankings of all of them are pooled.

    >>> from linkage.suite.results import Reported, WorldTruth
    >>> worlds = [WorldTruth(each, {"a": "pool-1", "b": "pool-1"}, {}, accounts=9) for each in ("v", "w")]
    >>> ring = Reported("v", 0.9, None, frozenset("ab"))
    >>> figure(RING_F1, [tally(world, [ring], threshold=0.7) for world in worlds])
    0.5
    """
    return float(_FIGURES[name](tallies, np.ones((1, len(tallies))))[0])


def interval(name: str, tallies: Sequence[Tally], *, seed: int, rounds: int = ROUNDS) -> tuple[float, float]:
    """Give the 95 % range of a main figure over worlds drawn again (percentile bootstrap, Efron and Tibshirani 1993).

    >>> from linkage.suite.results import WorldTruth
    >>> interval(RING_F1, [tally(WorldTruth("w", {"a": "pool-1"}, {}, 1), [], threshold=0.7)], seed=1)
    (0.0, 0.0)
    """
    return _middle(_FIGURES[name](tallies, _drawn_again(len(tallies), seed, rounds)))


def difference(
    name: str,
    tallies: Sequence[Tally],
    others: Sequence[Tally],
    *,
    seed: int,
    rounds: int = ROUNDS,
) -> tuple[float, float, float]:
    """Give by how much a main figure of ``tallies`` is above that of ``others``, and the 95 % range of that.

    Both are of the same worlds in the same order, and the same worlds are drawn for both.

    >>> from linkage.suite.results import Reported, WorldTruth
    >>> truth = WorldTruth("w", {"a": "pool-1", "b": "pool-1"}, {}, accounts=2)
    >>> found = tally(truth, [Reported("w", 0.9, None, frozenset("ab"))], threshold=0.7)
    >>> difference(RING_F1, [found], [tally(truth, [], threshold=0.7)], seed=1)
    (1.0, 1.0, 1.0)
    """
    again = _drawn_again(len(tallies), seed, rounds)
    apart = _FIGURES[name](tallies, again) - _FIGURES[name](others, again)
    return figure(name, tallies) - figure(name, others), *_middle(apart)


def by_seed(
    measure: Callable[[Sequence[Tally]], float], tallies: Sequence[Tally], others: Sequence[Tally]
) -> dict[int, float]:
    """Give for each seed by how much a measure of ``tallies`` is above that of ``others``.

    Seeds for which one of the two cannot be measured are left out.

    >>> from linkage.suite.results import Reported, WorldTruth
    >>> truth = WorldTruth("w", {"a": "pool-1", "b": "pool-1"}, {}, accounts=2, seed=7)
    >>> found = tally(truth, [Reported("w", 0.9, None, frozenset("ab"))], threshold=0.7)
    >>> by_seed(lambda worlds: figure(MEMBER_RECALL, worlds), [tally(truth, [], threshold=0.7)], [found])
    {7: -1.0}
    """
    apart = {
        seed: measure([each for each in tallies if each.seed == seed])
        - measure([each for each in others if each.seed == seed])
        for seed in sorted({each.seed for each in tallies})
    }
    return {seed: value for seed, value in apart.items() if not np.isnan(value)}


def _member_precision(tallies: Sequence[Tally], weights: Floats) -> Floats:
    return _ratio(weights, [each.right for each in tallies], [each.flagged for each in tallies])


def _member_recall(tallies: Sequence[Tally], weights: Floats) -> Floats:
    return _ratio(weights, [each.right for each in tallies], [each.members for each in tallies])


def _ring_f1(tallies: Sequence[Tally], weights: Floats) -> Floats:
    return _ratio(weights, [sum(each.f1.values()) for each in tallies], [each.planted for each in tallies])


def _average_precision(tallies: Sequence[Tally], weights: Floats) -> Floats:
    """Do as ``average_precision`` for many draws at once: only levels with a hit add to the sum."""
    levels = -np.unique(-np.concatenate([np.empty(0), *(each.scores[each.hits] for each in tallies)]))
    every = weights @ _down_to(levels, [each.scores for each in tallies])
    right = weights @ _down_to(levels, [each.scores[each.hits] for each in tallies])
    planted = weights @ np.array([each.planted for each in tallies], np.float64)
    gained = np.diff(right, axis=1, prepend=0.0)
    total = (gained * right / np.maximum(every, 1)).sum(axis=1)
    return _divided(total, planted)


_FIGURES: Mapping[str, Callable[[Sequence[Tally], Floats], Floats]] = {
    MEMBER_PRECISION: _member_precision,
    MEMBER_RECALL: _member_recall,
    RING_F1: _ring_f1,
    AVERAGE_PRECISION: _average_precision,
}


def _down_to(levels: Floats, scores: Sequence[Floats]) -> Floats:
    """Count for each world (row) the scores at or above each level (column)."""
    counts = [len(each) - np.searchsorted(np.sort(each), levels, side="left") for each in scores]
    return np.array(counts, np.float64).reshape(len(scores), len(levels))


def _ratio(weights: Floats, parts: Sequence[float], wholes: Sequence[float]) -> Floats:
    return _divided(weights @ np.array(parts, np.float64), weights @ np.array(wholes, np.float64))


def _divided(above: Floats, below: Floats) -> Floats:
    result: Floats = np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
    return result


def _drawn_again(worlds: int, seed: int, rounds: int) -> Floats:
    """Draw as many worlds as there are, with replacement: how often each is drawn in each round."""
    dice = np.random.default_rng(seed)
    return dice.multinomial(worlds, np.full(worlds, 1 / worlds), size=rounds).astype(np.float64)


def _middle(values: Floats) -> tuple[float, float]:
    known = values[~np.isnan(values)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)
