"""Which nodes can be reached from one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphs.partition import Partition

if TYPE_CHECKING:
    from graphs.bipartite import StarGraph


def components(graph: StarGraph) -> Partition:
    """Group the left nodes that are joined directly or through others.

    >>> from graphs.bipartite import StarGraph
    >>> components(StarGraph.of([0, 1, 1, 2, 3], [0, 0, 1, 1, 2])).groups
    ((0, 1, 2),)
    """
    from scipy.sparse import coo_array  # noqa: PLC0415 - scipy is slow to load
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    nodes = graph.left + graph.right
    ends = (graph.left_ends, graph.right_ends + graph.left)
    joined = coo_array((np.ones(graph.edges, np.int8), ends), shape=(nodes, nodes))
    _, labels = connected_components(joined, directed=False)
    return Partition.of(labels[: graph.left])


def connected_pieces(graph: StarGraph, partition: Partition) -> Partition:
    """Divide each group into the pieces that its own nodes hold together.

    Two nodes are joined where both touch one right node; a way through a node outside the group does not count.

    >>> from graphs.bipartite import StarGraph
    >>> chain = StarGraph.of([0, 1, 1, 2], [0, 0, 1, 1])
    >>> connected_pieces(chain, Partition.of([0, 1, 0])).groups
    ()
    """
    return components(graph.split(partition.labels))
