"""Learn what scores mean from groups of which it is known whether they are extraction rings."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import isotonic_regression, minimize

from linkage.errors import DataError
from linkage.scores.calibration import CEILING, ENDS, Calibration, Reading, combine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FEWEST = 50
"""Fewest known groups to learn from."""
FEWEST_OF_EACH = 5
"""Fewest of them that are rings, and fewest that are honest."""
STIFFNESS = 2.0
"""How far a weight may move from where it was, in log odds, before it costs as much as half a group misjudged."""
FOLDS = 5
HONEST_WEIGHT = 3.0
"""So much an honest group of a simulated world counts: worlds have one ring to some thirty honest groups, because
rings and crowds must fit in. On a platform there are more of them, and an honest group flagged costs more than a ring missed."""
KEPT = 2000
"""So many of the honest groups that look most like rings are kept in the file."""


@dataclass(frozen=True)
class Example:
    """A group of which it is known what it is.

    Args:
        linked: how sure it is that it is one operation.
        parts: the parts of its behaviour.
        ring: whether it is an extraction ring.
    """

    linked: float
    parts: Mapping[str, float]
    ring: bool


def learn_weights(examples: Sequence[Example], start: Calibration) -> Calibration:
    """Fit prior and weights of each reading by logistic regression, no weight below 0, each held near where it was.

    Maximum a posteriori: the logistic loss over the examples, plus for each weight its squared distance from the
    start in units of ``STIFFNESS``, so that few examples change little and a part that was never seen keeps its
    weight. More of a part never lowers a score, because no weight is below 0.

    Args:
        examples: groups that are known.
        start: where weights, doubts and names of parts come from.
    """
    _enough(examples)
    return _fitted(examples, start)


def learn_meaning(examples: Sequence[Example], fitted: Calibration) -> Calibration:
    """Learn the probability that goes with log odds, and how ring-like honest groups get.

    Args:
        examples: groups that are known, of types that the weights were not fitted on.
        fitted: prior and weights.
    """
    _enough(examples)
    told = [(raw_odds(each, fitted), each.ring) for each in examples]
    return _with_meaning(fitted, told, honest_weight=HONEST_WEIGHT)


def _fitted(examples: Sequence[Example], start: Calibration) -> Calibration:
    """Fit each reading by itself: together, the parts that tell in these worlds would leave the others nothing."""
    return replace(start, readings=tuple(_fitted_reading(examples, each) for each in start.readings))


def _fitted_reading(every: Sequence[Example], start: Reading) -> Reading:
    examples = [each for each in every if start.odds(each.parts) is not None]
    if not examples:
        return start
    names = sorted(start.weights)
    values = np.array([[each.parts.get(name, 0.0) for name in names] for each in examples])
    lifted = np.array(
        [sum(doubt for name, doubt in start.doubts.items() if name not in each.parts) for each in examples]
    )
    truth = np.where([each.ring for each in examples], 1.0, -1.0)
    origin = np.array([start.prior, *(start.weights[name] for name in names)])
    # One row a family, a part without one being its own: which parts are in it, and what it adds at most.
    families = [start.families.get(name, name) for name in names]
    within = np.array(
        [[family == each for each in families] for family in sorted(set(families))], dtype=float
    )
    caps = np.array([start.caps.get(family, np.inf) for family in sorted(set(families))])

    def loss(at: Floats) -> tuple[float, Floats]:
        added = (values * at[1:]) @ within.T
        margin = truth * (at[0] + lifted + np.minimum(added, caps).sum(axis=1))
        pull = (at - origin) / STIFFNESS
        slope = -truth / (1 + np.exp(np.clip(margin, -500, 500)))
        reached = ((added < caps) @ within) * values
        gradient = np.concatenate(([slope.sum()], slope @ reached)) + pull / STIFFNESS
        return float(np.logaddexp(0, -margin).sum() + 0.5 * (pull**2).sum()), gradient

    # However large a family's parts, its cap alone never outweighs the prior doubt.
    bounds = [(None, -sum(start.caps.values())), *((0.0, None) for _ in names)]
    fitted = minimize(loss, origin, jac=True, bounds=bounds, method="L-BFGS-B").x
    weights = {name: round(float(weight), 4) for name, weight in zip(names, fitted[1:], strict=True)}
    return replace(start, prior=round(float(fitted[0]), 4), weights=weights)


def _with_meaning(
    fitted: Calibration, told: Sequence[tuple[float, bool]], *, honest_weight: float = 1.0
) -> Calibration:
    raw, truth = (np.array(column, dtype=float) for column in zip(*sorted(told), strict=True))
    made = replace(fitted, knots=_knots(raw, truth, honest_weight))
    seen = sorted((made.probability(value), bool(ring)) for value, ring in zip(raw, truth, strict=True))
    honest = [round(float(value), 4) for value in raw[truth == 0]]
    return replace(
        made,
        honest=tuple(honest[-KEPT:]),
        honest_groups=len(honest),
        seen=tuple(seen),
        honest_weight=honest_weight,
    )


def learn_from_judgements(examples: Sequence[Example], start: Calibration) -> Calibration:
    """Learn weights and meaning from the same known groups, such as a lab's own judgements.

    Each group's log odds come from weights fitted without its fifth of the groups, or the probabilities would be
    learned from groups that the weights know already.

    Args:
        examples: groups that are known.
        start: where weights begin, and near which they are held.
    """
    _enough(examples)
    fold = np.arange(len(examples)) % FOLDS
    told = []
    for number in range(FOLDS):
        rest = [each for each, place in zip(examples, fold, strict=True) if place != number]
        apart = _fitted(rest, start)
        told += [
            (raw_odds(each, apart), each.ring)
            for each, place in zip(examples, fold, strict=True)
            if place == number
        ]
    return _with_meaning(_fitted(examples, start), told)


def raw_odds(example: Example, calibration: Calibration) -> float:
    """Give the log odds of a group, as the pipeline does; as doubtful as can be where nothing is known of it."""
    odds = calibration.odds(example.parts)
    return combine(example.linked, -CEILING if odds is None else odds)


def _knots(raw: Floats, truth: Floats, honest_weight: float) -> tuple[tuple[float, float], ...]:
    """Fit the probability that goes with log odds, as an isotonic regression.

    By pooling adjacent violators (Barlow et al. 1972), the steps joined between their middles
    (centred: Oron and Flournoy 2017; on the scale of log odds, which is the scale of what goes in), so that a surer ring has a higher score. A step of n groups is drawn towards even
    odds by half a group of each sort, since nothing is ever certain.
    """
    weights = np.where(truth > 0, 1.0, honest_weight)
    steps = isotonic_regression(truth, weights=weights).blocks
    knots: list[tuple[float, float]] = []
    for first, last in itertools.pairwise(steps):
        share = (truth[first:last].sum() + 0.5) / (weights[first:last].sum() + 1)
        middle = round(float(raw[first:last].mean()), 4)
        if knots and middle <= knots[-1][0]:
            continue
        # Drawing small steps together can turn two of them round; the later one then keeps the earlier's share.
        knots.append((middle, round(max(float(share), knots[-1][1] if knots else 0.0), 6)))
    # Beyond the outermost steps no group was seen: doubt shrinks on to the end, and is at most halved there.
    (lowest, _), (highest, _) = ENDS
    return ((lowest, knots[0][1] / 2), *knots, (highest, (1 + knots[-1][1]) / 2))


def _enough(examples: Sequence[Example]) -> None:
    rings = sum(each.ring for each in examples)
    if len(examples) < FEWEST or min(rings, len(examples) - rings) < FEWEST_OF_EACH:
        raise DataError(
            f"{len(examples)} known groups, {rings} of them rings, are too few to learn from: it takes {FEWEST}, "
            f"and {FEWEST_OF_EACH} of each sort"
        )
