"""Rings against rings: how well those reported agree with those planted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linkage.suite.measures.values import Floats, mean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet


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
    return mean([match[1] if match else 0.0 for match in match_rings(planted, reported)])


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
