"""How many of the groups that look this strong are nothing: by their chances, and by their probabilities."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def false_discoveries(chances: Sequence[float]) -> list[float]:
    """Turn the chances of several groups into q-values (Benjamini and Hochberg 1995).

    >>> false_discoveries([0.01, 0.5, 0.02])
    [0.03, 0.5, 0.03]
    """
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    found = [1.0] * len(chances)
    least = 1.0
    for rank, place in reversed(list(enumerate(order, start=1))):
        least = min(least, chances[place] * len(chances) / rank)
        found[place] = round(least, 6)
    return found


def expected_false(probabilities: Sequence[float]) -> list[float]:
    """Say for each group which share of those at least as likely to be rings should be none: the mean of what is left open.

    The direct posterior probability approach to false discovery rates (Newton, Noueiry, Sarkar and Ahlquist 2004).

    >>> expected_false([0.75, 0.5, 1.0])
    [0.125, 0.25, 0.0]
    """
    rising = sorted(1 - each for each in probabilities)
    means = {
        left_open: total / rank
        for rank, (left_open, total) in enumerate(zip(rising, accumulate(rising), strict=True), start=1)
    }
    return [round(means[1 - each], 6) for each in probabilities]
