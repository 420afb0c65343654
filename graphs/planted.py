"""Star graphs whose groups are known, for tests and benchmarks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphs.bipartite import StarGraph
from graphs.components import components
from graphs.partition import Partition, meet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class Planted(NamedTuple):
    """A graph and the groups it was made from.

    Args:
        graph: the graph; its nodes are numbered at random.
        truth: the group each left node was made in; -1 for strangers.
    """

    graph: StarGraph
    truth: Partition


def planted_stars(  # noqa: PLR0913 - each says one thing about the graph
    sizes: Sequence[int],
    *,
    per_member: tuple[int, int] = (1, 10),
    spread: tuple[float, float] = (1.0, 4.0),
    noise: float = 0.0,
    strangers: int = 0,
    hubs: Sequence[int] = (),
    seed: int,
) -> Planted:
    """Make a graph with groups of these sizes.

    A group draws how many right nodes each of its members touches (``per_member``) and how many of its own
    it has to choose from (that, times a number within ``spread``). Every group is connected.

    >>> graph, truth = planted_stars([3, 2], per_member=(1, 1), seed=0)
    >>> truth.sizes.tolist(), graph.edges, sorted(graph.right_degrees.tolist())
    ([3, 2], 5, [2, 3])

    Args:
        sizes: the members of each group.
        per_member: least and most right nodes that a member touches; one number a group.
        spread: 1 when all members touch the same right nodes; at 4 each right node joins a quarter of them.
        noise: edges between random left nodes and random planted right nodes, as a share of the planted ones.
        strangers: left nodes in no group.
        hubs: for each hub, how many left nodes it joins, whatever their group.
        seed: what the randomness starts from.
    """
    random = np.random.default_rng(seed)
    groups = np.repeat(np.arange(len(sizes)), sizes)
    left = len(groups) + strangers
    lefts, rights = _group_edges(np.asarray(sizes), per_member, spread, random)
    lefts, rights = _connected(lefts, rights, groups)
    planted = int(rights.max()) + 1
    stray = round(noise * len(lefts))
    hub_lefts = [random.choice(left, hub, replace=False) for hub in hubs]
    lefts = np.concatenate([lefts, random.integers(0, left, stray), *hub_lefts])
    hub_rights = planted + np.repeat(np.arange(len(hubs)), hubs)
    rights = np.concatenate([rights, random.integers(0, planted, stray), hub_rights])
    pairs = np.unique(np.column_stack([lefts, rights]), axis=0)
    right = planted + len(hubs)
    names, right_names = random.permutation(left), random.permutation(right)
    graph = StarGraph.of(names[pairs[:, 0]], right_names[pairs[:, 1]], left=left, right=right)
    labels = np.full(left, -1, np.int64)
    labels[names[: len(groups)]] = groups
    return Planted(graph, Partition.of(labels))


def _group_edges(
    sizes: NDArray[np.int64],
    per_member: tuple[int, int],
    spread: tuple[float, float],
    random: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    lefts, rights = [], []
    first, pool_start = 0, 0
    for size in sizes.tolist():
        touched = int(random.integers(per_member[0], per_member[1], endpoint=True))
        # Two holders for each right node at least, or the group would fall to pieces.
        pool = max(touched, min(int(touched * random.uniform(*spread)), touched * size // 2))
        pool = 1 if touched == 1 else pool
        chosen = random.random((size, pool)).argpartition(touched - 1, axis=1)[:, :touched]
        lefts.append(np.repeat(np.arange(first, first + size), touched))
        rights.append(pool_start + chosen.ravel())
        first, pool_start = first + size, pool_start + pool
    return np.concatenate(lefts), np.concatenate(rights)


def _connected(
    lefts: NDArray[np.int64], rights: NDArray[np.int64], groups: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Join the first member of every stray piece to a right node of its group's first member."""
    pieces = components(StarGraph.of(lefts, rights, left=len(groups))).alone_numbered()
    first_of_piece = np.unique(meet([groups, pieces]), return_index=True)[1]
    first_of_group = np.unique(groups, return_index=True)[1]
    stray = np.setdiff1d(first_of_piece, first_of_group)
    order = np.lexsort((rights, lefts))
    first_edge = order[np.searchsorted(lefts[order], first_of_group[groups[stray]])]
    return np.concatenate([lefts, stray]), np.concatenate([rights, rights[first_edge]])
