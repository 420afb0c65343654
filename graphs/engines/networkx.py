"""The plain reference on networkx: slow and readable, for tests and exchange, up to some thousand nodes.

networkx has no Leiden of its own and no quality function with node sizes. Modularity is therefore its
Louvain; the constant Potts model (``cpm``) is written out below: move single nodes while that helps, then
join whole groups while that helps, until neither does.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from graphs.bipartite import StarGraph
    from graphs.engine import Quality


_SLACK = 1e-12  # gains this small are rounding


class NetworkxEngine:
    """Louvain of networkx for modularity, a plain search for ``cpm``."""

    name = "networkx"

    def partitions(
        self,
        graph: StarGraph,
        *,
        resolution: float,
        seeds: Sequence[int],
        objective: Quality = "cpm",
        sizes: NDArray[np.float64] | None = None,
    ) -> list[NDArray[np.int64]]:
        """Group the nodes once for each seed, as ``Engine`` promises."""
        handed = to_networkx(graph, sizes)
        louvain: Any = nx.community.louvain_communities
        found = []
        for seed in seeds:
            if objective == "modularity":
                groups = louvain(handed, resolution=resolution, seed=seed)
            else:
                groups = _potts_communities(handed, resolution, seed)
            label = {node: number for number, group in enumerate(groups) for node in group}
            found.append(np.array([label[node] for node in range(graph.left)], np.int64))
        return found


ENGINE = NetworkxEngine()


def to_networkx(graph: StarGraph, sizes: NDArray[np.float64] | None = None) -> nx.Graph:
    """Hand a star graph over to networkx; right nodes are numbered after the left ones.

    >>> from graphs.bipartite import StarGraph
    >>> to_networkx(StarGraph.of([0, 1], [0, 0])).nodes(data="size")
    NodeDataView({0: 1.0, 1: 1.0, 2: 0.0}, data='size')
    """
    handed = nx.Graph()
    lefts = np.ones(graph.left) if sizes is None else sizes
    handed.add_nodes_from((node, {"size": size}) for node, size in enumerate(lefts.tolist()))
    handed.add_nodes_from((graph.left + node, {"size": 0.0}) for node in range(graph.right))
    ends = zip(graph.left_ends.tolist(), (graph.right_ends + graph.left).tolist(), strict=True)
    handed.add_weighted_edges_from(
        (*pair, weight) for pair, weight in zip(ends, graph.weights.tolist(), strict=True)
    )
    return handed


def described(
    nodes: Iterable[tuple[str, dict[str, Any]]],
    edges: Iterable[tuple[str, str, dict[str, Any]]],
    **facts: object,
) -> nx.Graph:
    """Make a graph of named nodes and edges with all that is known of them, and of the whole.

    >>> graph = described([("a", {"size": 2}), ("x", {})], [("a", "x", {"seen": 3})], name="a pair")
    >>> graph.name, graph.nodes["a"], graph.edges["a", "x"]
    ('a pair', {'size': 2}, {'seen': 3})
    """
    made = nx.Graph(**facts)
    made.add_nodes_from(nodes)
    made.add_edges_from(edges)
    return made


def _potts_communities(graph: nx.Graph, resolution: float, seed: int) -> list[set[int]]:
    label = {node: node for node in graph}
    order = list(graph)
    random.Random(seed).shuffle(order)  # noqa: S311 - repeatable, not secret
    while _move_nodes(graph, label, order, resolution) or _join_groups(graph, label, resolution):
        pass
    groups: dict[int, set[int]] = {}
    for node, group in label.items():
        groups.setdefault(group, set()).add(node)
    return list(groups.values())


def _move_nodes(graph: nx.Graph, label: dict[int, int], order: list[int], resolution: float) -> bool:
    sizes = _group_sizes(graph, label)
    members = Counter(label.values())
    moved = False
    for node in order:
        size, old = graph.nodes[node]["size"], label[node]
        sizes[old] -= size
        ties = {old: 0.0} if members[node] else {old: 0.0, node: 0.0}  # alone is a choice too
        for neighbour, edge in graph[node].items():
            ties[label[neighbour]] = ties.get(label[neighbour], 0.0) + edge["weight"]
        gains = {group: tie - resolution * size * sizes.get(group, 0.0) for group, tie in ties.items()}
        best = max(gains, key=gains.__getitem__)
        new = best if gains[best] > gains[old] + _SLACK else old
        members.subtract([old])
        members.update([new])
        sizes[new] = sizes.get(new, 0.0) + size
        label[node], moved = new, moved or new != old
    return moved


def _join_groups(graph: nx.Graph, label: dict[int, int], resolution: float) -> bool:
    sizes = _group_sizes(graph, label)
    ties: dict[tuple[int, int], float] = {}
    for left, right, weight in graph.edges(data="weight"):
        pair = (min(label[left], label[right]), max(label[left], label[right]))
        if pair[0] != pair[1]:
            ties[pair] = ties.get(pair, 0.0) + weight
    gains = {pair: tie - resolution * sizes[pair[0]] * sizes[pair[1]] for pair, tie in ties.items()}
    best = max(gains, key=gains.__getitem__, default=None)
    if best is None or gains[best] <= _SLACK:
        return False
    for node, group in label.items():
        label[node] = best[0] if group == best[1] else group
    return True


def _group_sizes(graph: nx.Graph, label: dict[int, int]) -> dict[int, float]:
    sizes: dict[int, float] = {}
    for node, size in graph.nodes(data="size"):
        sizes[label[node]] = sizes.get(label[node], 0.0) + size
    return sizes
