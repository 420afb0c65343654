"""Weighted pairs of nodes, one kind of node only, and their groups by the textbook methods.

A hundred nodes that share one thing are 4,950 pairs here and a hundred edges in a ``StarGraph``: this is for
comparison with methods that work on pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from graphs.partition import Partition

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from graphs.engine import Quality

Method: TypeAlias = Literal["leiden", "louvain"]


@dataclass(frozen=True, eq=False)
class PairGraph:
    """Weighted pairs of nodes, sorted, each pair once with the smaller node first.

    Build it with ``of``, which sorts and merges; the arrays are read-only.

    Args:
        nodes: how many nodes there are, isolated ones included.
        firsts: the smaller node of each pair.
        seconds: the larger node of each pair.
        weights: what each pair weighs, above 0.
    """

    nodes: int
    firsts: NDArray[np.int64]
    seconds: NDArray[np.int64]
    weights: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        firsts: ArrayLike,
        seconds: ArrayLike,
        weights: ArrayLike | None = None,
        *,
        nodes: int | None = None,
    ) -> Self:
        """Build a graph from pairs in any order and direction; weights of the same pair add up.

        >>> graph = PairGraph.of([2, 0, 1], [1, 1, 2], [1.0, 2.0, 0.5])
        >>> graph.firsts.tolist(), graph.seconds.tolist(), graph.weights.tolist()
        ([0, 1], [1, 2], [2.0, 1.5])

        Args:
            firsts: one node of each pair.
            seconds: the other node of each pair.
            weights: what each pair weighs; 1 each when None.
            nodes: how many nodes there are; up to the last one named when None.

        Raises:
            ValueError: the arrays differ in length, pair a node with itself, name nodes that aren't there, or
                weigh 0 or less.
        """
        ends = np.asarray(firsts, np.int64), np.asarray(seconds, np.int64)
        given = np.ones(len(ends[0])) if weights is None else np.asarray(weights, np.float64)
        if not ends[0].shape == ends[1].shape == given.shape or given.ndim != 1:
            raise ValueError("firsts, seconds and weights must be flat and equally long")
        if not (np.isfinite(given) & (given > 0)).all():
            raise ValueError("every weight must be a finite number above 0")
        low, high = np.minimum(*ends), np.maximum(*ends)
        if (low == high).any():
            raise ValueError("a node makes no pair with itself")
        known = int(high.max(initial=-1)) + 1 if nodes is None else nodes
        if low.min(initial=0) < 0 or high.max(initial=-1) >= known:
            raise ValueError(f"nodes must be numbered from 0 to {known - 1}")
        return cls(known, *_merged(low, high, given))


def joined(graph: PairGraph) -> Partition:
    """Group the nodes that can be reached from one another.

    >>> joined(PairGraph.of([0, 1, 3], [1, 2, 4], nodes=6)).groups
    ((0, 1, 2), (3, 4))
    """
    from scipy.sparse import coo_array  # noqa: PLC0415 - scipy is slow to load
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    ones = np.ones(len(graph.weights), np.int8)
    matrix = coo_array((ones, (graph.firsts, graph.seconds)), shape=(graph.nodes, graph.nodes))
    _, labels = connected_components(matrix, directed=False)
    return Partition.of(labels)


def find_modules(
    graph: PairGraph,
    *,
    method: Method = "leiden",
    objective: Quality = "modularity",
    resolution: float = 1.0,
    seed: int = 0,
) -> Partition:
    """Find groups of nodes joined more heavily inside than outside.

    >>> triangles = PairGraph.of([0, 0, 1, 3, 3, 4, 2], [1, 2, 2, 4, 5, 5, 3])
    >>> find_modules(triangles).groups
    ((0, 1, 2), (3, 4, 5))

    Args:
        graph: the graph.
        method: ``leiden`` (Traag et al. 2019) or ``louvain`` (Blondel et al. 2008).
        objective: ``modularity``: the weight inside groups beyond ``resolution`` times what the nodes' strengths
            let expect; ``cpm``: the weight inside groups beyond ``resolution`` for each pair of members. Louvain
            knows modularity only.
        resolution: higher gives more and smaller groups.
        seed: the same seed gives the same groups.

    Raises:
        ValueError: the method or objective is unknown, the two don't go together, or the resolution isn't above 0.
    """
    _check(method, objective, resolution)
    labels = np.full(graph.nodes, -1, np.int64)
    touched, ends = np.unique(np.concatenate([graph.firsts, graph.seconds]), return_inverse=True)
    if len(touched):
        from graphs.engines.igraph import pair_labels  # noqa: PLC0415 - igraph, which most callers do without

        firsts, seconds = np.split(ends, 2)
        pairs = PairGraph(len(touched), firsts, seconds, graph.weights)
        labels[touched] = pair_labels(
            pairs, method=method, objective=objective, resolution=resolution, seed=seed
        )
    return Partition.of(labels)


def _check(method: str, objective: str, resolution: float) -> None:
    if method not in {"leiden", "louvain"} or objective not in {"cpm", "modularity"}:
        raise ValueError(
            f"there is no {method!r} by {objective!r}; choose leiden or louvain, cpm or modularity"
        )
    if method == "louvain" and objective == "cpm":
        raise ValueError("louvain knows modularity only; take leiden for cpm")
    if not resolution > 0:
        raise ValueError(f"resolution must be above 0, not {resolution}")


def _merged(
    low: NDArray[np.int64], high: NDArray[np.int64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    # Weights are part of the order, so that sums of floats don't depend on the order of the rows.
    order = np.lexsort((weights, high, low))
    low, high, weights = low[order], high[order], weights[order]
    fresh = np.ones(len(low), dtype=bool)
    fresh[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    if not fresh.all():
        low, high, weights = low[fresh], high[fresh], np.add.reduceat(weights, np.flatnonzero(fresh))
    for array in (low, high, weights):
        array.flags.writeable = False
    return low, high, weights
