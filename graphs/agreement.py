"""How far partitions agree, and what most of them agree on."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from graphs.bipartite import StarGraph
from graphs.components import components
from graphs.partition import Partition, meet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def adjusted_rand(one: Partition, other: Partition) -> float:
    """Compare two partitions of the same nodes: 1 where they are equal, about 0 where chance would do.

    >>> adjusted_rand(Partition.of([0, 0, 1, 1]), Partition.of([5, 5, 3, 3]))
    1.0
    >>> adjusted_rand(Partition.of([0, 0, 1, 1]), Partition.of([0, 1, 0, 1])) < 0
    True
    """
    together = _pairs(meet([one.alone_numbered(), other.alone_numbered()]))
    in_one, in_other = _pairs(one.alone_numbered()), _pairs(other.alone_numbered())
    every = len(one.labels) * (len(one.labels) - 1) / 2
    expected = in_one * in_other / every if every else 0.0
    most = (in_one + in_other) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)


def wholeness(truth: Partition, found: Partition) -> NDArray[np.float64]:
    """Say for each true group how much of it the largest found piece holds.

    >>> wholeness(Partition.of([0, 0, 0, 0, 1, 1]), Partition.of([0, 0, 0, 1, 1, 2])).tolist()
    [0.75, 0.5]
    """
    grouped = truth.labels >= 0
    groups = truth.labels[grouped]
    cells, inverse, counts = np.unique(
        meet([truth.alone_numbered(), found.alone_numbered()])[grouped],
        return_inverse=True,
        return_counts=True,
    )
    owner = np.empty(len(cells), np.int64)
    owner[inverse] = groups
    largest = np.zeros(len(truth), np.int64)
    np.maximum.at(largest, owner, counts)
    return largest / truth.sizes


def consensus(partitions: Sequence[Partition], *, agreement: float = 0.8) -> Partition:
    """Keep nodes together where at least this share of the partitions does.

    The partition that agrees best with the others is the draft; what it separates stays apart. Nodes
    that every partition puts together form a cell. Within each group of the draft, cells that at least
    ``agreement`` of the partitions have together are joined, and so on from cell to cell. (Without the
    draft such chains of small cells were seen to melt large groups that no partition had put together.)

    No pair of nodes is ever looked at. Two cells agree often enough exactly when there is a choice of
    that many partitions in which they have equal labels, so each such choice is one grouping of the cells.
    That is 5 choices for 4 of 5, 45 for 8 of 10; twelve partitions are plenty.

    >>> two = Partition.of([0, 0, 1, 1])
    >>> consensus([two, two, two, two, Partition.of([0, 0, 0, 0])]).groups
    ((0, 1), (2, 3))
    """
    labellings = [partition.alone_numbered() for partition in partitions]
    cells = meet(labellings)
    needed = max(1, math.ceil(agreement * len(partitions) - 1e-9))
    if needed == len(partitions):
        return Partition.of(cells)
    _, representatives, counts = np.unique(cells, return_index=True, return_counts=True)
    reduced = [labels[representatives] for labels in labellings]
    draft = _best_agreeing(reduced, counts)
    agreeing = [
        np.unique(meet([draft, *choice]), return_inverse=True)[1] for choice in combinations(reduced, needed)
    ]
    starts = np.cumsum([0, *[int(labels.max()) + 1 for labels in agreeing[:-1]]])
    joins = StarGraph.of(
        np.tile(np.arange(len(representatives)), len(agreeing)),
        np.concatenate([labels + start for labels, start in zip(agreeing, starts, strict=True)]),
    )
    return Partition.of(components(joins).alone_numbered()[cells])


def _best_agreeing(labellings: list[NDArray[np.int64]], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Choose the labelling with the highest Rand index against the others; the first of equals."""
    alone = [_pairs(labels, counts) for labels in labellings]
    disagreeing = [0.0] * len(labellings)
    for one, other in combinations(range(len(labellings)), 2):
        both = _pairs(meet([labellings[one], labellings[other]]), counts)
        apart = alone[one] + alone[other] - 2 * both
        disagreeing[one] += apart
        disagreeing[other] += apart
    return labellings[disagreeing.index(min(disagreeing))]


def _pairs(labels: NDArray[np.int64], counts: NDArray[np.int64] | None = None) -> float:
    sizes = np.bincount(labels, counts).astype(np.float64)
    return float((sizes * (sizes - 1)).sum() / 2)
