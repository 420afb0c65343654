"""Who alone holds two parts together."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graphs import StarGraph, bridging

edges = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 7)), max_size=30, unique=True)


def plainly(rows, smallest):
    """Take each left node out in turn and count the left nodes of every part that it was in."""
    whole = nx.Graph([(left, ("right", right)) for left, right in rows])
    whole.add_nodes_from(range(12))
    found = []
    for node in range(12):
        around = whole.subgraph(nx.node_connected_component(whole, node)).copy()
        around.remove_node(node)
        sides = [sum(isinstance(other, int) for other in part) for part in nx.connected_components(around)]
        found.append(sum(side >= smallest for side in sides) > 1)
    return found


@given(edges, st.integers(1, 3))
def test_it_is_what_taking_each_node_out_shows(rows, smallest):
    graph = StarGraph.of([row[0] for row in rows], [row[1] for row in rows], left=12, right=8)

    assert bridging(graph, smallest=smallest).tolist() == plainly(rows, smallest)


def test_two_stars_with_one_node_in_common():
    graph = StarGraph.of([0, 1, 2, 2, 3, 4], [0, 0, 0, 1, 1, 1])

    assert np.flatnonzero(bridging(graph, smallest=2)).tolist() == [2]
    assert not bridging(graph, smallest=3).any()


def test_a_second_way_round_is_no_bridge():
    graph = StarGraph.of([0, 1, 2, 2, 3, 4, 0, 4], [0, 0, 0, 1, 1, 1, 2, 2])

    assert not bridging(graph, smallest=1).any()


def test_a_chain_of_thousands_is_walked_without_recursion():
    links = np.arange(20_000)
    graph = StarGraph.of(np.concatenate([links, links + 1]), np.concatenate([links, links]))

    assert bridging(graph, smallest=5).sum() == 20_001 - 2 * 5
