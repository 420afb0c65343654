"""Which nodes hang together in more than one way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphs.bipartite import StarGraph
from graphs.components import components

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
    blocks = _blocks(graph)
    round_trips = np.bincount(blocks, minlength=1)[blocks] > 1
    held = StarGraph.of(graph.left_ends[round_trips], blocks[round_trips], left=graph.left)
    return components(held)


def _blocks(graph: StarGraph) -> NDArray[np.int64]:
    """Number the block of each edge: edges of one block lie on a round together (Hopcroft and Tarjan 1973)."""
    ways = _ways(graph)
    blocks = np.full(graph.edges, -1, np.int64)
    found = np.full(len(ways), -1, np.int64)
    lowest = found.copy()
    clock = block = 0
    pending: list[int] = []
    for start in range(graph.left):
        if found[start] >= 0:
            continue
        found[start] = lowest[start] = clock
        clock += 1
        walk = [(start, -1, iter(ways[start]))]
        while walk:
            node, came, onward = walk[-1]
            step = next(onward, None)
            if step is None:
                walk.pop()
                if walk:
                    above = walk[-1][0]
                    lowest[above] = min(lowest[above], lowest[node])
                    if lowest[node] >= found[above]:
                        block = _close(blocks, pending, came, block)
                continue
            edge, other = step
            if edge == came:
                continue
            if found[other] < 0:
                found[other] = lowest[other] = clock
                clock += 1
                pending.append(edge)
                walk.append((other, edge, iter(ways[other])))
            elif found[other] < found[node]:
                pending.append(edge)
                lowest[node] = min(lowest[node], found[other])
    return blocks


def _close(blocks: NDArray[np.int64], pending: list[int], last: int, block: int) -> int:
    """Give the edges walked since ``last`` the number of a block, and tell the next number."""
    while blocks[last] < 0:
        blocks[pending.pop()] = block
    return block + 1


def _ways(graph: StarGraph) -> list[list[tuple[int, int]]]:
    """List for each node, left before right, its edges and where they lead."""
    ways: list[list[tuple[int, int]]] = [[] for _ in range(graph.left + graph.right)]
    ends = zip(graph.left_ends.tolist(), (graph.right_ends + graph.left).tolist(), strict=True)
    for edge, (left, right) in enumerate(ends):
        ways[left].append((edge, right))
        ways[right].append((edge, left))
    return ways
