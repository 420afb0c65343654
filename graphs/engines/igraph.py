"""Leiden by igraph: the default, about ten times as fast as leidenalg; and Louvain over pairs."""

from __future__ import annotations

import random
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import igraph
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from graphs.bipartite import StarGraph
    from graphs.engine import Quality
    from graphs.pairs import Method, PairGraph

# Leiden runs at four times the resolution first and goes on from there: (times the resolution, passes).
# Straight away, a group of five may be caught by a neighbour of thousands before it has formed; on planted
# graphs this found more of the small groups than twice the passes did, and longer ladders found no more.
LADDER = ((4.0, 1), (1.0, 2))
PASSES = 10  # of Leiden over pairs: most graphs settle earlier, and some weights never do


class IgraphEngine:
    """Leiden of python-igraph, over both sides, right nodes without size."""

    name = "igraph"

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
        handed = _handed(graph)
        # Lists, made once: arrays are taken apart number by number in every call, at twice the price.
        settings: dict[str, Any] = {"edge_weights": graph.weights.tolist()}
        if objective == "cpm":
            lefts = np.ones(graph.left) if sizes is None else sizes
            settings["node_weights"] = [*lefts.tolist(), *[0.0] * graph.right]
        else:
            settings["normalize_resolution"] = True
        found = []
        for seed in seeds:
            with _seeded(seed):
                labels: Any = None
                for times, passes in LADDER:
                    labels, _ = handed.community_leiden(
                        resolution=times * resolution,
                        n_iterations=passes,
                        initial_membership=labels,
                        **settings,
                    )
            found.append(np.array(labels[: graph.left], np.int64))
        return found


ENGINE = IgraphEngine()


def described(
    nodes: Iterable[tuple[str, dict[str, Any]]],
    edges: Iterable[tuple[str, str, dict[str, Any]]],
    **facts: object,
) -> igraph.Graph:
    """Make a graph of named nodes and edges with all that is known of them, None where nobody knows, and of the whole.

    >>> graph = described([("a", {"size": 2}), ("x", {})], [("a", "x", {"seen": 3})], ring="R-1")
    >>> graph["ring"], graph.vs["name"], graph.vs["size"], graph.es["seen"]
    ('R-1', ['a', 'x'], [2, None], [3])
    """
    listed, joined = list(nodes), list(edges)
    places = {name: place for place, (name, _) in enumerate(listed)}
    made = igraph.Graph(len(listed), [(places[left], places[right]) for left, right, _ in joined])
    made.vs["name"] = list(places)
    for where, rows in (
        (made.vs, [known for _, known in listed]),
        (made.es, [known for *_, known in joined]),
    ):
        for key in dict.fromkeys(key for known in rows for key in known):
            where[key] = [known.get(key) for known in rows]
    for key, value in facts.items():
        made[key] = value
    return made


def pair_labels(
    graph: PairGraph, *, method: Method, objective: Quality, resolution: float, seed: int
) -> NDArray[np.int64]:
    """Give every node of a pair graph the label of its group, as ``graphs.pairs.find_modules`` promises."""
    handed = igraph.GraphBase(graph.nodes, zip(graph.firsts.tolist(), graph.seconds.tolist(), strict=True))
    with _seeded(seed):
        if method == "louvain":
            # This one takes weights as a list or an attribute only.
            labels = handed.community_multilevel(weights=graph.weights.tolist(), resolution=resolution)
        else:
            labels, _ = handed.community_leiden(
                edge_weights=graph.weights,
                resolution=resolution,
                normalize_resolution=objective == "modularity",
                n_iterations=PASSES,
            )
    return np.array(labels, np.int64)


def edge_blocks(graph: StarGraph) -> NDArray[np.int64]:
    """Number the block of each edge: edges of one block lie on a round together (Hopcroft and Tarjan 1973)."""
    ends = np.column_stack([graph.left_ends, graph.right_ends + graph.left])
    handed = _handed(graph)
    around: list[set[int]] = [set() for _ in range(graph.left + graph.right)]
    for number, tree in enumerate(handed.biconnected_components(False)):
        for node in ends[tree].ravel().tolist():  # a spanning tree of the block: it touches all its nodes
            around[node].add(number)
    # Two nodes have at most one block in common, and the ends of an edge have one.
    return np.array([next(iter(around[left] & around[right])) for left, right in ends.tolist()], np.int64)


def spring_positions(graph: StarGraph, *, seed: int) -> NDArray[np.float64]:
    """Place left and then right nodes by springs (Fruchterman and Reingold 1991), starting from a circle."""
    handed = _handed(graph)
    around = np.linspace(0, 2 * np.pi, graph.left + graph.right, endpoint=False)
    with _seeded(seed):
        places = handed.layout_fruchterman_reingold(
            weights=graph.weights.tolist(), seed=np.column_stack([np.cos(around), np.sin(around)]).tolist()
        )
    return np.array(places, np.float64)


def _handed(graph: StarGraph) -> igraph.GraphBase:
    """Hand over both sides, right nodes numbered after the left ones.

    Pairs of Python numbers: igraph takes a tenth of the time for them that it takes for an array of the same.
    The bare graph: the full class would build a dictionary of communities nobody reads.
    """
    pairs = zip(graph.left_ends.tolist(), (graph.right_ends + graph.left).tolist(), strict=True)
    return igraph.GraphBase(graph.left + graph.right, pairs)


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    # igraph has one generator for the whole process; it starts out with Python's own, which is put back.
    igraph.set_random_number_generator(random.Random(seed))  # noqa: S311 - repeatable, not secret
    try:
        yield
    finally:
        igraph.set_random_number_generator(random)
