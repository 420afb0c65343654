"""Scores as probabilities: whether as many rings are true as their scores say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkage.suite.measures.values import Flags, Floats


@dataclass(frozen=True)
class Bin:
    """Rings of similar score.

    Args:
        low: the least score of the bin.
        high: the most.
        rings: how many rings it has.
        score: their mean score.
        share: the share of them that are true.
    """

    low: float
    high: float
    rings: int
    score: float
    share: float


def reliability(scores: Floats, true: Flags, *, bins: int = 10) -> tuple[Bin, ...]:
    """Put rings into bins of equal width; empty bins are left out (Naeini and others 2015; Guo and others 2017).

    >>> reliability(np.array([0.1, 0.15, 0.95]), np.array([False, True, True]))[0]
    Bin(low=0.1, high=0.2, rings=2, score=0.125, share=0.5)
    """
    edges = np.arange(bins + 1) / bins
    place = np.minimum(np.searchsorted(edges, scores, side="right") - 1, bins - 1)
    return tuple(
        _bin(float(edges[each]), float(edges[each + 1]), scores[place == each], true[place == each])
        for each in np.unique(place).tolist()
    )


def adaptive_reliability(scores: Floats, true: Flags, *, bins: int = 10) -> tuple[Bin, ...]:
    """Put rings into bins of equal counts, as far as ties allow: rings of one score stay together.

    Scores crowd at the ends, where bins of equal width hide what happens (Nixon and others 2019).

    >>> [(each.rings, each.score) for each in adaptive_reliability(
    ...     np.array([0.1, 0.5, 0.5, 0.5, 0.75, 1.0]), np.zeros(6, bool), bins=3)]
    [(1, 0.1), (3, 0.5), (2, 0.875)]
    """
    ordered = np.sort(scores)
    starts = np.unique(ordered[np.arange(bins) * len(ordered) // bins]) if len(ordered) else ordered
    place = np.searchsorted(starts, scores, side="right")
    chosen = [place == each for each in np.unique(place)]
    return tuple(
        _bin(float(scores[each].min()), float(scores[each].max()), scores[each], true[each])
        for each in chosen
    )


def calibration_error(bins: Iterable[Bin]) -> float:
    """Average over rings how far the mean score of their bin is from the share of true rings in it.

    ECE = sum over bins of n_b / n |share_b - score_b| (Naeini and others 2015).

    >>> calibration_error([Bin(0, 0.5, 10, 0.25, 0.25), Bin(0.5, 1, 10, 0.75, 0.5)])
    0.125
    """
    chosen = list(bins)
    rings = sum(each.rings for each in chosen)
    gap = sum(each.rings * abs(each.share - each.score) for each in chosen)
    return gap / rings if rings else float("nan")


def brier(scores: Floats, true: Flags) -> float:
    """Give the mean squared distance of score and truth (Brier 1950).

    >>> brier(np.array([1.0, 0.5]), np.array([True, False]))
    0.125
    """
    return float(((scores - true) ** 2).mean()) if len(scores) else float("nan")


def auc(scores: Floats, true: Flags) -> float:
    """Give the chance that a true ring has a higher score than a false one; a tie counts half.

    The area under the ROC curve as the Mann-Whitney statistic (Hanley and McNeil 1982).

    >>> auc(np.array([0.9, 0.5, 0.5, 0.1]), np.array([True, True, False, False]))
    0.875
    """
    right, wrong = scores[true], np.sort(scores[~true])
    if not len(right) or not len(wrong):
        return float("nan")
    below = np.searchsorted(wrong, right, side="left") + np.searchsorted(wrong, right, side="right")
    return float(below.mean() / 2 / len(wrong))


def _bin(low: float, high: float, scores: Floats, true: Flags) -> Bin:
    return Bin(low, high, len(scores), float(scores.mean()), float(true.mean()))
