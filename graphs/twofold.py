"""Which nodes hang together in more than one way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphs.bipartite import StarGraph
from graphs.components import components

if TYPE_CHECKING:
    from graphs.partition import Partition


def joined_twofold(graph: StarGraph) -> Partition:
    """Group the left nodes that stay joined whichever one right node is taken away.

    Where a single right node holds two parts together they fall apart, however many left nodes it touches; a
    closed round of them does not.

    >>> joined_twofold(StarGraph.of([0, 1, 1, 2], [0, 0, 1, 1])).groups
    ()
    >>> joined_twofold(StarGraph.of([0, 1, 1, 2, 2, 0], [0, 0, 1, 1, 2, 2])).groups
    ((0, 1, 2),)
    """
    from graphs.engines.igraph import edge_blocks  # noqa: PLC0415 - igraph is slow to load

    blocks = edge_blocks(graph)
    round_trips = np.bincount(blocks, minlength=1)[blocks] > 1
    held = StarGraph.of(graph.left_ends[round_trips], blocks[round_trips], left=graph.left)
    return components(held)
