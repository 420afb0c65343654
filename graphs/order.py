"""An order of nodes that their names have no part in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphs.bipartite import StarGraph

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROUNDS = 4  # how far a node looks; further rounds tell hardly any more nodes apart


class Ordered(NamedTuple):
    """A graph numbered by structure, and where its left nodes were before.

    Args:
        graph: the same graph, numbered anew.
        left_nodes: the former number of each left node.
    """

    graph: StarGraph
    left_nodes: NDArray[np.int64]


def by_structure(graph: StarGraph) -> Ordered:
    """Number the nodes by what surrounds them, so that renaming nodes gives the same graph again.

    Each node gets a fingerprint of its edges' weights, then of its neighbours' fingerprints, and so on
    (colour refinement). Nodes that cannot be told apart in this way keep the order they had.

    >>> one = StarGraph.of([0, 1, 1], [0, 0, 1], [1.0, 2.0, 3.0])
    >>> other = StarGraph.of([1, 0, 0], [1, 1, 0], [1.0, 2.0, 3.0])
    >>> bool((by_structure(one).graph.weights == by_structure(other).graph.weights).all())
    True
    """
    lefts, rights = _fingerprints(graph)
    left_nodes = np.argsort(lefts, kind="stable")
    renumbered = StarGraph.of(
        _places(left_nodes)[graph.left_ends],
        _places(np.argsort(rights, kind="stable"))[graph.right_ends],
        graph.weights,
        left=graph.left,
        right=graph.right,
    )
    return Ordered(renumbered, left_nodes)


def _fingerprints(graph: StarGraph) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    # Sums of whole numbers don't depend on the order of their terms, as sums of floats would.
    edges = _mixed(graph.weights.view(np.uint64))
    lefts, rights = np.zeros(graph.left, np.uint64), np.zeros(graph.right, np.uint64)
    for _ in range(ROUNDS):
        rights = _gathered(graph.right_ends, edges ^ lefts[graph.left_ends], graph.right)
        lefts = _gathered(graph.left_ends, edges ^ rights[graph.right_ends], graph.left)
    return lefts, rights


def _gathered(ends: NDArray[np.int64], prints: NDArray[np.uint64], count: int) -> NDArray[np.uint64]:
    sums = np.zeros(count, np.uint64)
    np.add.at(sums, ends, _mixed(prints))
    return _mixed(sums)


def _mixed(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    # The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input moves every bit of the output.
    bits = bits + np.uint64(0x9E3779B97F4A7C15)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


def _places(order: NDArray[np.int64]) -> NDArray[np.int64]:
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(len(order))
    return places
