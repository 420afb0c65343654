"""How good the rings are that a method reports, where the truth is known; what cannot be measured is NaN, not a flattering 1."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from linkage.suite.results import WorldTruth

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

LEAST_F1 = 0.5
"""A reported ring hits a planted one when they agree at least so well."""
LEAST_SHARE = 0.5
"""A reported ring is a true one when at least this share of its accounts are members of planted rings."""
NOBODY = "nobody in particular"
"""The crowd of honest accounts that are in none."""


# Names -----------------------------------------------------------------------------------------------------------


def scenario_of(name: str) -> str:
    """Say of which scenario a ring or a crowd is: its name without the number at its end.

    >>> scenario_of("slow_drip-12"), scenario_of("office"), scenario_of("two-pools")
    ('slow_drip', 'office', 'two-pools')
    """
    start, dash, end = name.rpartition("-")
    return start if dash and end.isdecimal() else name


def groups_of(names: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Turn account to group into group to accounts, by name.

    >>> groups_of({"a": "pool-1", "b": "pool-1"}) == {"pool-1": frozenset("ab")}
    True
    """
    groups = defaultdict(set)
    for account, name in names.items():
        groups[name].add(account)
    return {name: frozenset(groups[name]) for name in sorted(groups)}


# Rings against rings ---------------------------------------------------------------------------------------------


def overlaps(planted: Sequence[AbstractSet[str]], reported: Sequence[AbstractSet[str]]) -> Floats:
    """Count the accounts that each planted ring (row) and each reported one (column) have in common.

    >>> overlaps([{"a", "b"}, {"c"}], [{"a", "b", "c"}]).tolist()
    [[2.0], [1.0]]
    """
    home = {account: row for row, ring in enumerate(planted) for account in ring}
    common = np.zeros((len(planted), len(reported)))
    for column, ring in enumerate(reported):
        for account in ring & home.keys():
            common[home[account], column] += 1
    return common


def f1_table(planted: Sequence[AbstractSet[str]], reported: Sequence[AbstractSet[str]]) -> Floats:
    """Give the F1 of each planted ring (row) and each reported one (column), taken as sets of accounts.

    F1 = 2 |A and B| / (|A| + |B|): the harmonic mean of precision and recall (van Rijsbergen 1979), for sets the
    same as Dice's coefficient (1945).

    >>> f1_table([{"a", "b", "c"}], [{"a"}, {"a", "b", "c", "d", "e"}, {"x"}]).tolist()
    [[0.5, 0.75, 0.0]]
    """
    sizes = np.add.outer([len(ring) for ring in planted], [len(ring) for ring in reported])
    return 2 * overlaps(planted, reported) / np.maximum(sizes, 1)


def match_rings(
    planted: Sequence[AbstractSet[str]], reported: Sequence[AbstractSet[str]]
) -> tuple[tuple[int, float] | None, ...]:
    """Give each planted ring a reported one of its own, so that the sum of F1 is as large as it can be.

    The assignment problem of Kuhn (1955), solved by ``scipy.optimize.linear_sum_assignment``.

    Returns:
        for each planted ring the position of its reported ring and their F1; None where it got none.

    >>> match_rings([{"a", "b"}, {"c", "d"}], [{"a", "b", "c", "d"}, {"a", "b", "x"}])
    ((1, 0.8), (0, 0.6666666666666666))
    """
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - scipy is slow to load

    table = f1_table(planted, reported)
    touching = np.flatnonzero(table.any(axis=0))
    matches: list[tuple[int, float] | None] = [None] * len(planted)
    for row, place in zip(*linear_sum_assignment(table[:, touching], maximize=True), strict=True):
        column = int(touching[place])
        if table[row, column] > 0:
            matches[int(row)] = column, float(table[row, column])
    return tuple(matches)


def ring_f1(planted: Sequence[AbstractSet[str]], reported: Sequence[AbstractSet[str]]) -> float:
    """Average over planted rings the F1 of the reported ring that is theirs; 0 for a ring that got none.

    >>> ring_f1([{"a", "b"}, {"c", "d"}], [{"a", "b"}])
    0.5
    """
    return _mean([match[1] if match else 0.0 for match in match_rings(planted, reported)])


def wholeness(planted: Sequence[AbstractSet[str]], reported: Sequence[AbstractSet[str]]) -> tuple[float, ...]:
    """Say for each planted ring which share of it its largest fragment holds; 0 where nothing of it is reported.

    >>> wholeness([{"a", "b", "c", "d"}, {"e"}], [{"a", "b", "x"}, {"c"}])
    (0.5, 0.0)
    """
    largest = overlaps(planted, reported).max(axis=1, initial=0.0)
    return tuple((largest / [len(ring) for ring in planted]).tolist()) if planted else ()


def melted(
    planted: Sequence[AbstractSet[str]],
    reported: Sequence[AbstractSet[str]],
    *,
    members: int = 3,
    share: float = 0.1,
) -> int:
    """Count the reported rings that hold at least so many members, and this share, of two planted rings.

    >>> one, other = set("abcde"), set("vwxyz")
    >>> melted([one, other], [set("abcvwx"), set("abcvw"), one])
    1
    """
    common = overlaps(planted, reported)
    wanted = np.array([max(members, share * len(ring)) for ring in planted])
    return int(((common >= wanted[:, None]).sum(axis=0) >= 2).sum())


# The ranking of reported rings -----------------------------------------------------------------------------------


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


# Accounts --------------------------------------------------------------------------------------------------------


def member_precision_recall(members: AbstractSet[str], flagged: AbstractSet[str]) -> tuple[float, float]:
    """Give the share of the flagged accounts that are members, and the share of members that are flagged.

    >>> member_precision_recall({"a", "b", "c", "d"}, {"a", "b", "x"})
    (0.6666666666666666, 0.5)
    """
    right = len(members & flagged)
    return _share(right, len(flagged)), _share(right, len(members))


def honest_by_crowd(truth: WorldTruth, flagged: AbstractSet[str]) -> dict[str, int]:
    """Count the flagged accounts that are members of no planted ring, by the type of their crowd.

    >>> from linkage.suite.results import WorldTruth
    >>> truth = WorldTruth("w", {"a": "pool-1"}, {"b": "office-3", "c": "office-4"}, accounts=4)
    >>> honest_by_crowd(truth, {"a", "b", "c", "d"})
    {'nobody in particular': 1, 'office': 2}
    """
    honest = flagged - truth.rings.keys()
    crowds = Counter(
        scenario_of(truth.crowds[account]) if account in truth.crowds else NOBODY for account in honest
    )
    return dict(sorted(crowds.items()))


def recall_by_scenario(rings: Mapping[str, str], flagged: AbstractSet[str]) -> dict[str, tuple[int, int]]:
    """Count the flagged members and all members of each scenario.

    >>> recall_by_scenario({"a": "pool-1", "b": "pool-2", "c": "drip-1"}, {"a"})
    {'drip': (0, 1), 'pool': (1, 2)}
    """
    members = Counter(scenario_of(name) for name in rings.values())
    found = Counter(scenario_of(name) for account, name in rings.items() if account in flagged)
    return {name: (found[name], members[name]) for name in sorted(members)}


# False rings -----------------------------------------------------------------------------------------------------


def true_rings(rings: Mapping[str, str], reported: Sequence[AbstractSet[str]]) -> Flags:
    """Say which reported rings are true: at least half of their accounts are members of planted rings.

    >>> true_rings({"a": "pool-1"}, [{"a", "x"}, {"a", "x", "y"}]).tolist()
    [True, False]
    """
    members = rings.keys()
    return np.array(
        [bool(ring) and len(ring & members) >= LEAST_SHARE * len(ring) for ring in reported], bool
    )


def poisson_upper(count: int, *, level: float = 0.95) -> float:
    """Give the largest mean under which so few events would not yet surprise: the exact one-sided upper limit.

    The mean m with P(Poisson(m) <= count) = 1 - level (Garwood 1936), found through the gamma distribution.

    >>> round(poisson_upper(0), 3), round(poisson_upper(1), 3)
    (2.996, 4.744)
    """
    from scipy.special import gammaincinv  # noqa: PLC0415 - scipy is slow to load

    return float(gammaincinv(count + 1, level))


def false_per_million(false: int, accounts: int, *, level: float = 0.95) -> tuple[float, float]:
    """Give false rings per million accounts looked at, and the exact upper limit of that.

    >>> [round(rate, 2) for rate in false_per_million(0, 3_000_000)]
    [0.0, 1.0]
    """
    if not accounts:
        return float("nan"), float("nan")
    return false * 1e6 / accounts, poisson_upper(false, level=level) * 1e6 / accounts


def false_share(q_values: Floats, true: Flags, *, at: float = 0.05) -> tuple[float, int]:
    """Give the share of false rings among those with a q-value of ``at`` or less, and how many those are.

    Where the q-values keep their promise the share is ``at`` or less (Storey 2002). NaN stands for no q-value.

    >>> false_share(np.array([0.01, 0.05, 0.2, np.nan]), np.array([True, False, False, False]))
    (0.5, 2)
    """
    chosen = q_values <= at
    return _share(int((chosen & ~true).sum()), int(chosen.sum())), int(chosen.sum())


# Scores as probabilities -----------------------------------------------------------------------------------------


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


def _bin(low: float, high: float, scores: Floats, true: Flags) -> Bin:
    return Bin(low, high, len(scores), float(scores.mean()), float(true.mean()))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _mean(values: Sequence[float]) -> float:
    return _share(sum(values), len(values))
