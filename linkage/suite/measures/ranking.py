"""The ranking of reported rings, read from the highest score down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linkage.suite.measures.matching import f1_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from linkage.suite.measures.values import Flags, Floats

LEAST_F1 = 0.5
"""A reported ring hits a planted one when they agree at least so well."""


def ranked_hits(
    planted: Sequence[AbstractSet[str]],
    reported: Sequence[AbstractSet[str]],
    scores: Sequence[float],
    *,
    least_f1: float = LEAST_F1,
) -> Flags:
    """Say which reported rings are hits, when the list is read from the highest score down.

    Each planted ring counts once. At every score the hits so far are as many as a matching of planted rings with
    those reported so far, along F1 of at least ``least_f1``, can have (augmenting paths, Kuhn 1955). So the number
    of hits down to a score does not depend on the order among rings of one score.

    >>> ranked_hits([{"a", "b", "c", "d"}], [{"a", "b"}, {"a", "b", "c"}, {"x"}], [0.9, 0.8, 0.7]).tolist()
    [True, False, False]
    """
    table = f1_table(planted, reported) >= least_f1
    choices = [np.flatnonzero(column).tolist() for column in table.T]
    holder: dict[int, int] = {}
    hits = np.zeros(len(reported), np.bool_)
    for ring in sorted(range(len(reported)), key=lambda place: -scores[place]):
        hits[ring] = _settle(ring, choices, holder, set())
    return hits


def precision_recall(scores: Floats, hits: Flags, planted: int) -> tuple[Floats, Floats, Floats]:
    """Follow the ranking down: recall, precision and score after each distinct score, so that ties stay ties.

    Rings of several worlds may be put one after another; ``planted`` are those of all of them.

    >>> recall, precision, _ = precision_recall(np.array([0.9, 0.5, 0.5]), np.array([True, True, False]), 4)
    >>> recall.tolist(), precision.round(3).tolist()
    ([0.25, 0.5], [1.0, 0.667])
    """
    levels, place = np.unique(-scores, return_inverse=True)
    every = np.bincount(place, minlength=len(levels)).cumsum()
    right = np.bincount(place, hits, minlength=len(levels)).cumsum()
    return right / planted if planted else np.full(len(levels), np.nan), right / every, -levels


def average_precision(scores: Floats, hits: Flags, planted: int) -> float:
    """Sum precision over the ranking, each level weighed by the recall it adds.

    AP = sum over levels of (R_i - R_(i-1)) P_i, not interpolated (as in Davis and Goadrich 2006; scikit-learn's
    ``average_precision_score``). Planted rings never reported add nothing: they count as missed.

    >>> average_precision(np.array([0.9, 0.8, 0.7]), np.array([True, False, True]), 2)
    0.8333333333333333
    >>> average_precision(np.array([0.9]), np.array([True]), 4)
    0.25
    """
    recall, precision, _ = precision_recall(scores, hits, planted)
    return float((np.diff(recall, prepend=0.0) * precision).sum()) if planted else float("nan")


def _settle(ring: int, choices: Sequence[Sequence[int]], holder: dict[int, int], asked: set[int]) -> bool:
    """Give a reported ring a planted one, moving others to another choice where that makes room."""
    for each in choices[ring]:
        if each in asked:
            continue
        asked.add(each)
        if each not in holder or _settle(holder[each], choices, holder, asked):
            holder[each] = ring
            return True
    return False
