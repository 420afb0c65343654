"""What a report is drawn from: results with a tally of every method in every world, and the figures of its main table."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from linkage.suite import plots as drawing
from linkage.suite.measures import Flags, Floats
from linkage.suite.results import SuiteResults
from linkage.suite.tallies import AVERAGE_PRECISION, MAIN, ROUNDS, Tally, figure, tally
from linkage.suite.wording import count, fraction, known, tenths

if TYPE_CHECKING:
    from linkage.suite.results import Method, Reported


@dataclass(frozen=True)
class Measured:
    """Results with their tallies: by name of method, a tally for each world it was run in, in order."""

    results: SuiteResults
    tallies: Mapping[str, tuple[Tally, ...]]
    rounds: int

    @property
    def ours(self) -> tuple[Tally, ...]:
        """Our own tallies."""
        return self.tallies[self.results.ours.name]

    @property
    def compared(self) -> tuple[Method, ...]:
        """Ours and the baselines."""
        return (*self.results.of("ours"), *self.results.of("baseline"))

    @property
    def leading(self) -> tuple[Method, ...]:
        """Ours, and the baselines with the best average precision, as many as plots can tell apart."""
        ranked = sorted(self.results.of("baseline"), key=lambda each: -known(self.average_precision(each)))
        return (self.results.ours, *ranked[: drawing.SERIES - 1])

    @property
    def our_rows(self) -> frozenset[int]:
        """The rows that are ours, in a table with a row for each of those compared."""
        return frozenset(row for row, each in enumerate(self.compared) if each.group == "ours")

    def shared(self, method: Method) -> tuple[list[Tally], list[Tally]]:
        """Give the tallies of a method and ours, of the worlds that both were run in."""
        theirs = {each.world: each for each in self.tallies[method.name]}
        ours = [each for each in self.ours if each.world in theirs]
        return [theirs[each.world] for each in ours], ours

    def average_precision(self, method: Method) -> float:
        """Give the average precision of a method."""
        return figure(AVERAGE_PRECISION, self.tallies[method.name])


def measure(results: SuiteResults, *, rounds: int = ROUNDS) -> Measured:
    """Tally every method in every world.

    >>> from linkage.suite.results import Method, Reported, WorldTruth
    >>> truth = WorldTruth("w", {"a": "pool-1", "b": "pool-1"}, {}, accounts=9)
    >>> ours = Method("linkage", "ours", (Reported("w", 0.9, None, frozenset("ab")),))
    >>> [each.right for each in measure(SuiteResults((truth,), (ours,))).ours]
    [2]
    """
    tallies = {}
    for method in results.methods:
        reported: dict[str, list[Reported]] = defaultdict(list)
        for ring in method.reported:
            reported[ring.world].append(ring)
        tallies[method.name] = tuple(
            tally(
                truth,
                reported[truth.world],
                threshold=method.threshold,
                seconds=method.seconds.get(truth.world, math.nan),
            )
            for truth in results.truths
            if method.worlds is None or truth.world in method.worlds
        )
    return Measured(results, tallies, rounds)


@dataclass(frozen=True)
class Column:
    """A figure of the main table."""

    title: str
    measure: Callable[[Sequence[Tally]], float]
    show: Callable[[float], str]
    more_is_better: bool


@dataclass(frozen=True, eq=False)
class Scored:
    """All reported rings of some worlds: their scores, which of them are true, and their q-values, NaN where there is none."""

    scores: Floats
    true: Flags
    q_values: Floats


def pooled(tallies: Sequence[Tally]) -> Scored:
    """Put the reported rings of all worlds together.

    >>> from linkage.suite.results import Reported, WorldTruth
    >>> worlds = [WorldTruth(each, {"a": "pool-1"}, {}, accounts=9) for each in ("v", "w")]
    >>> rings = [Reported("v", 0.9, None, frozenset("ab")), Reported("w", 0.8, None, frozenset("bc"))]
    >>> together = pooled([tally(world, rings, threshold=0.7) for world in worlds])
    >>> together.scores.tolist(), together.true.tolist()
    ([0.9, 0.8], [True, False])
    """
    return Scored(
        np.concatenate([np.empty(0), *(each.scores for each in tallies)]),
        np.concatenate([np.empty(0, np.bool_), *(each.true for each in tallies)]),
        np.concatenate([np.empty(0), *(each.q_values for each in tallies)]),
    )


def recall_of(tallies: Sequence[Tally], scenarios: set[str]) -> float:
    """Give the share of the members of some scenarios that are flagged; NaN where they have none.

    >>> from linkage.suite.results import Reported, WorldTruth
    >>> truth = WorldTruth("w", {"a": "pool-1", "b": "pool-1", "c": "drip-1"}, {}, accounts=9)
    >>> found = tally(truth, [Reported("w", 0.9, None, frozenset("a"))], threshold=0.7)
    >>> recall_of([found], {"pool"}), recall_of([found], {"elsewhere"})
    (0.5, nan)
    """
    counts = [each.recalled[name] for each in tallies for name in scenarios & each.recalled.keys()]
    members = sum(every for _, every in counts)
    return sum(found for found, _ in counts) / members if members else math.nan


def honest_of(tallies: Sequence[Tally]) -> Counter[str]:
    """Count the flagged honest accounts of all worlds by type of crowd.

    >>> from linkage.suite.results import Reported, WorldTruth
    >>> worlds = [WorldTruth(each, {}, {"a": "office-1"}, accounts=9) for each in ("v", "w")]
    >>> rings = [Reported(each, 0.9, None, frozenset("a")) for each in ("v", "w")]
    >>> honest_of([tally(world, rings, threshold=0.7) for world in worlds])
    Counter({'office': 2})
    """
    return sum((Counter(each.honest) for each in tallies), Counter[str]())


def mean(values: Sequence[float]) -> float:
    """Give the mean; NaN where there is nothing.

    >>> mean([0.25, 0.75]), mean([])
    (0.5, nan)
    """
    return math.fsum(values) / len(values) if values else math.nan


def _seconds(tallies: Sequence[Tally]) -> float:
    return mean([each.seconds for each in tallies if not math.isnan(each.seconds)])


SECONDS = "seconds"
COLUMNS = (
    *(Column(title, partial(figure, title), fraction, more_is_better=True) for title in MAIN),
    Column("honest flagged", lambda tallies: honest_of(tallies).total(), count, more_is_better=False),
    Column("melted", lambda tallies: sum(each.melted for each in tallies), count, more_is_better=False),
    Column(SECONDS, _seconds, tenths, more_is_better=False),
)
"""The figures of the main table, in order."""
