"""Two-sided graphs kept as stars: every right node is the centre of those on the left that it joins.

A right node with n neighbours costs n edges, never the n(n-1)/2 of the clique it stands for.
Nodes are numbers from 0; their names, where they have any, stay with the caller as sorted arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False)
class StarGraph:
    """A two-sided graph with weighted edges, sorted by left and then right node, each pair once.

    Build it with ``of`` or ``named``, which sort and merge; the arrays are read-only.

    Args:
        left: how many left nodes there are, isolated ones included.
        right: how many right nodes there are.
        left_ends: the left node of each edge.
        right_ends: the right node of each edge.
        weights: what each edge weighs, above 0.
    """

    left: int
    right: int
    left_ends: NDArray[np.int64]
    right_ends: NDArray[np.int64]
    weights: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        left_ends: ArrayLike,
        right_ends: ArrayLike,
        weights: ArrayLike | None = None,
        *,
        left: int | None = None,
        right: int | None = None,
    ) -> Self:
        """Build a graph from edges in any order; weights of the same pair add up.

        >>> graph = StarGraph.of([1, 0, 1], [0, 0, 0], [1.0, 2.0, 0.5])
        >>> graph.left_ends.tolist(), graph.right_ends.tolist(), graph.weights.tolist()
        ([0, 1], [0, 0], [2.0, 1.5])

        Args:
            left_ends: the left node of each edge.
            right_ends: the right node of each edge.
            weights: what each edge weighs; 1 each when None.
            left: how many left nodes there are; up to the last one named when None.
            right: how many right nodes there are; up to the last one named when None.

        Raises:
            ValueError: the arrays differ in length, name nodes that aren't there, or weigh 0 or less.
        """
        lefts, rights = np.asarray(left_ends, np.int64), np.asarray(right_ends, np.int64)
        given = np.ones(len(lefts)) if weights is None else np.asarray(weights, np.float64)
        if not lefts.shape == rights.shape == given.shape or lefts.ndim != 1:
            raise ValueError("left_ends, right_ends and weights must be flat and equally long")
        if not (np.isfinite(given) & (given > 0)).all():
            raise ValueError("every weight must be a finite number above 0")
        lefts, rights, given = _merged(lefts, rights, given)
        counts = _counted(lefts, left, "left"), _counted(rights, right, "right")
        for array in (lefts, rights, given):
            array.flags.writeable = False
        return cls(*counts, lefts, rights, given)

    @classmethod
    def named(cls, edges: Iterable[tuple[str, str, float]]) -> Named:
        """Build a graph from (left name, right name, weight) and give its sorted names beside it.

        >>> graph, left_names, right_names = StarGraph.named([("b", "x", 1.0), ("a", "x", 1.0)])
        >>> left_names.tolist(), right_names.tolist(), graph.left_ends.tolist()
        (['a', 'b'], ['x'], [0, 1])
        """
        rows = list(edges)
        left_names, lefts = np.unique(np.array([row[0] for row in rows], dtype=np.str_), return_inverse=True)
        right_names, rights = np.unique(
            np.array([row[1] for row in rows], dtype=np.str_), return_inverse=True
        )
        graph = cls.of(lefts, rights, [row[2] for row in rows], left=len(left_names), right=len(right_names))
        return Named(graph, left_names, right_names)

    @property
    def edges(self) -> int:
        """How many edges there are."""
        return len(self.weights)

    @property
    def left_degrees(self) -> NDArray[np.int64]:
        """How many right nodes each left node is joined to."""
        return np.bincount(self.left_ends, minlength=self.left)

    @property
    def right_degrees(self) -> NDArray[np.int64]:
        """How many left nodes each right node joins."""
        return np.bincount(self.right_ends, minlength=self.right)

    @property
    def left_strengths(self) -> NDArray[np.float64]:
        """What the edges of each left node weigh together."""
        return np.bincount(self.left_ends, self.weights, minlength=self.left).astype(np.float64, copy=False)

    def keep(self, wanted: NDArray[np.bool_]) -> Self:
        """Keep the edges that are ``wanted``; every node keeps its number.

        >>> StarGraph.of([0, 1, 2], [0, 0, 0]).keep(np.array([True, True, False])).right_degrees.tolist()
        [2]
        """
        return type(self)(
            self.left, self.right, self.left_ends[wanted], self.right_ends[wanted], self.weights[wanted]
        )

    def shared(self) -> Self:
        """Keep the right nodes that join at least two; the others say nothing about who belongs together.

        >>> StarGraph.of([0, 1, 1], [0, 0, 1]).shared().right_degrees.tolist()
        [2, 0]
        """
        return self.keep(self.right_degrees[self.right_ends] > 1)

    def within(self, left_nodes: ArrayLike) -> Part:
        """Cut out some left nodes with all they touch, and number what is left anew.

        >>> part = StarGraph.of([0, 1, 2], [0, 1, 1]).within([1, 2])
        >>> part.left_nodes.tolist(), part.right_nodes.tolist(), part.graph.right_ends.tolist()
        ([1, 2], [1], [0, 0])
        """
        kept = np.unique(np.asarray(left_nodes, np.int64))
        places = np.full(self.left, -1, np.int64)
        places[kept] = np.arange(len(kept))
        inside = places[self.left_ends] >= 0
        right_nodes, rights = np.unique(self.right_ends[inside], return_inverse=True)
        graph = StarGraph(
            len(kept), len(right_nodes), places[self.left_ends[inside]], rights, self.weights[inside]
        )
        return Part(graph, kept, right_nodes)

    def split(self, labels: NDArray[np.int64]) -> StarGraph:
        """Give each group of left nodes its own copy of every right node it touches.

        Afterwards no edge joins two groups, and within a group nothing is lost. Nodes labelled -1 lose
        their edges.

        >>> graph = StarGraph.of([0, 1, 2, 3], [0, 0, 0, 0])
        >>> graph.split(np.array([0, 0, 1, 1])).right_ends.tolist()
        [0, 0, 1, 1]
        """
        grouped = self.keep(labels[self.left_ends] >= 0)
        copies = labels[grouped.left_ends] * self.right + grouped.right_ends
        right_nodes, rights = np.unique(copies, return_inverse=True)
        return StarGraph(self.left, len(right_nodes), grouped.left_ends, rights, grouped.weights)


class Named(NamedTuple):
    """A graph and the names of its nodes.

    Args:
        graph: the graph, whose nodes are places in the names.
        left_names: sorted names of the left nodes.
        right_names: sorted names of the right nodes.
    """

    graph: StarGraph
    left_names: NDArray[np.str_]
    right_names: NDArray[np.str_]


class Part(NamedTuple):
    """A part of a graph and where its nodes were before.

    Args:
        graph: the part, numbered anew.
        left_nodes: the former number of each left node.
        right_nodes: the former number of each right node.
    """

    graph: StarGraph
    left_nodes: NDArray[np.int64]
    right_nodes: NDArray[np.int64]


def _merged(
    lefts: NDArray[np.int64], rights: NDArray[np.int64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    # Weights are part of the order, so that sums of floats don't depend on the order of the rows.
    order = np.lexsort((weights, rights, lefts))
    lefts, rights, weights = lefts[order], rights[order], weights[order]
    first = np.ones(len(lefts), dtype=bool)
    first[1:] = (lefts[1:] != lefts[:-1]) | (rights[1:] != rights[:-1])
    if first.all():
        return lefts, rights, weights
    return lefts[first], rights[first], np.add.reduceat(weights, np.flatnonzero(first))


def _counted(ends: NDArray[np.int64], count: int | None, side: str) -> int:
    least, most = (int(ends.min()), int(ends.max())) if len(ends) else (0, -1)
    known = most + 1 if count is None else count
    if least < 0 or most >= known:
        raise ValueError(f"{side} nodes must be numbered from 0 to {known - 1}; found {least} to {most}")
    return known
