"""Where to draw the nodes of a small graph, so that what is joined lies near."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graphs.bipartite import StarGraph

ROUNDS = 60
"""Of pushing apart what lies on top of each other; a few hundred nodes settle sooner."""


def lay_out(
    graph: StarGraph, *, radii: NDArray[np.float64] | None = None, seed: int = 0
) -> NDArray[np.float64]:
    """Place the nodes in the unit square: left ones first, then right ones.

    Fruchterman and Reingold's springs (1991), stretched to the square; then nodes that lie on top of each other are
    pushed apart. For a few hundred nodes: a picture of more is no longer read.

    >>> from graphs.bipartite import StarGraph
    >>> places = lay_out(StarGraph.of([0, 1, 2, 3], [0, 0, 1, 1]))
    >>> places.shape, bool((places >= 0).all() and (places <= 1).all())
    ((6, 2), True)

    Args:
        graph: who is joined to what.
        radii: how much room each node takes, as a part of the square's side; none when None.
        seed: another seed, another picture.
    """
    from graphs.engines.igraph import spring_positions  # noqa: PLC0415 - heavy, and asked for by pictures only

    nodes = graph.left + graph.right
    if nodes < 2:
        return np.full((nodes, 2), 0.5)
    places = _stretched(spring_positions(graph, seed=seed))
    return np.round(places if radii is None else _apart(places, radii), 4)


def _stretched(places: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = places.min(axis=0), places.max(axis=0)
    return np.asarray((places - low) / np.where(high > low, high - low, 1.0), np.float64)


def _apart(places: NDArray[np.float64], radii: NDArray[np.float64]) -> NDArray[np.float64]:
    # Nodes on one spot have no direction to part in: each gets one of its own.
    turn = np.arange(len(places)) * 2.399963  # the golden angle: no two alike
    moved = places + 1e-4 * np.column_stack([np.cos(turn), np.sin(turn)])
    wanted = radii[:, None] + radii[None, :]
    for _ in range(ROUNDS):
        gaps = moved[:, None, :] - moved[None, :, :]
        distances = np.sqrt((gaps**2).sum(axis=2))
        np.fill_diagonal(distances, np.inf)
        short = np.clip(wanted - distances, 0, None)
        if not short.any():
            break
        moved += 0.5 * (gaps * (short / distances)[:, :, None]).sum(axis=1) * 0.9
        moved = np.clip(moved, 0, 1)
    return np.clip(moved, 0, 1)
