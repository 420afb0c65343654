"""An order that names have no part in."""

from __future__ import annotations

import numpy as np

from graphs import planted_stars
from graphs.bipartite import StarGraph
from graphs.order import by_structure


def test_renamed_graphs_become_the_same_graph():
    plain, _ = planted_stars([30, 10], seed=1)
    random = np.random.default_rng(2)
    weights = random.random(plain.edges) + 0.5
    graph = StarGraph.of(plain.left_ends, plain.right_ends, weights)
    lefts, rights = random.permutation(graph.left), random.permutation(graph.right)

    one = by_structure(graph)
    other = by_structure(StarGraph.of(lefts[graph.left_ends], rights[graph.right_ends], graph.weights))

    assert one.graph.left_ends.tolist() == other.graph.left_ends.tolist()
    assert one.graph.right_ends.tolist() == other.graph.right_ends.tolist()
    assert one.graph.weights.tolist() == other.graph.weights.tolist()
    assert lefts[one.left_nodes].tolist() == other.left_nodes.tolist()


def test_nodes_that_are_alike_keep_their_order():
    assert by_structure(StarGraph.of([0, 1, 2], [0, 0, 0])).left_nodes.tolist() == [0, 1, 2]
