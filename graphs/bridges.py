"""Which left nodes alone hold two parts of a graph together."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graphs.bipartite import StarGraph


def bridging(graph: StarGraph, *, smallest: int) -> NDArray[np.bool_]:
    """Mark the left nodes without which two parts of some size would have nothing in common.

    What lies on each side of a cut node is added up over the tree of blocks and cut nodes (Hopcroft and Tarjan
    1973), so that a long chain costs no more than a star.

    >>> from graphs.bipartite import StarGraph
    >>> two_stars = StarGraph.of([0, 1, 2, 2, 3, 4], [0, 0, 0, 1, 1, 1])
    >>> bridging(two_stars, smallest=2).tolist()
    [False, False, True, False, False]

    Args:
        graph: who touches what.
        smallest: how many left nodes, itself not counted, each of the two parts has at least.

    Returns:
        One truth value for each left node.
    """
    found = np.zeros(graph.left, bool)
    for cut, sides in _sides(graph).items():
        found[cut] = sum(side >= smallest for side in sides) > 1
    return found


def _sides(graph: StarGraph) -> dict[int, list[int]]:
    """Count for each left node that is a cut the left nodes on each of its sides."""
    from graphs.engines.igraph import edge_blocks  # noqa: PLC0415 - igraph is slow to load

    blocks = np.repeat(edge_blocks(graph), 2)
    ends = np.column_stack([graph.left_ends, graph.right_ends + graph.left]).ravel()
    pairs = np.unique(np.column_stack([blocks, ends]), axis=0)
    is_cut = np.bincount(pairs[:, 1], minlength=graph.left + graph.right) > 1
    whole_inside = pairs[~is_cut[pairs[:, 1]] & (pairs[:, 1] < graph.left)]
    under = np.bincount(whole_inside[:, 0], minlength=pairs[:, 0].max(initial=-1) + 1).tolist()

    cuts_of, blocks_of = defaultdict(list), defaultdict(list)
    for block, cut in pairs[is_cut[pairs[:, 1]]].tolist():
        cuts_of[block].append(cut)
        blocks_of[cut].append(block)

    sides: dict[int, list[int]] = {}
    seen: set[int] = set()
    for root in range(len(under)):
        if root in seen:
            continue
        order = _from(root, cuts_of, blocks_of)
        seen |= {block for block, _ in order}
        below: dict[int, list[int]] = {}
        for block, above in reversed(order):  # from the leaves: all under a block is added up before it
            for cut in cuts_of[block]:
                if cut != above:
                    under[block] += sum(below[cut]) + (cut < graph.left)
            below.setdefault(above, []).append(under[block])
        for cut, counts in below.items():
            if 0 <= cut < graph.left:
                sides[cut] = [*counts, under[root] - sum(counts) - 1]
    return sides


def _from(root: int, cuts_of: dict[int, list[int]], blocks_of: dict[int, list[int]]) -> list[tuple[int, int]]:
    """List the blocks of a tree, each after the one above it, with the cut through which it hangs; -1 at the root."""
    order, seen = [(root, -1)], {root}
    for block, above in order:
        for cut in cuts_of[block]:
            if cut != above:
                for other in blocks_of[cut]:
                    if other not in seen:
                        seen.add(other)
                        order.append((other, cut))
    return order
