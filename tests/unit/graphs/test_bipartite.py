"""Star graphs: canonical, merged, and linear in their edges."""

from __future__ import annotations

import numpy as np
import pytest

from graphs import StarGraph


def test_edges_are_sorted_and_equal_pairs_add_up():
    graph = StarGraph.of([2, 0, 2, 0], [0, 1, 0, 0], [1.0, 2.0, 0.5, 4.0])

    assert graph.left_ends.tolist() == [0, 0, 2]
    assert graph.right_ends.tolist() == [0, 1, 0]
    assert graph.weights.tolist() == [4.0, 2.0, 1.5]


def test_merged_weights_do_not_depend_on_the_order_of_rows():
    """Floats added in another order differ in the last bit; ours may not."""
    weights = np.array([0.1, 0.2, 0.3, 1e16, 1.0])

    forward = StarGraph.of([0] * 5, [0] * 5, weights)
    backward = StarGraph.of([0] * 5, [0] * 5, weights[::-1])

    assert forward.weights.tobytes() == backward.weights.tobytes()


def test_the_arrays_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        StarGraph.of([0], [0]).weights[0] = 2.0


def test_a_graph_without_edges_is_a_graph():
    graph = StarGraph.of([], [], left=3)

    assert (graph.left, graph.right, graph.edges) == (3, 0, 0)
    assert graph.left_degrees.tolist() == [0, 0, 0]


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan"), float("inf")])
def test_a_weight_is_a_finite_number_above_zero(weight):
    with pytest.raises(ValueError, match="finite number above 0"):
        StarGraph.of([0], [0], [weight])


def test_nodes_outside_the_graph_are_refused():
    with pytest.raises(ValueError, match="right nodes must be numbered from 0 to 0; found 1 to 1"):
        StarGraph.of([0], [1], right=1)
    with pytest.raises(ValueError, match="left nodes"):
        StarGraph.of([-1], [0])


def test_arrays_of_different_length_are_refused():
    with pytest.raises(ValueError, match="equally long"):
        StarGraph.of([0, 1], [0])


def test_names_are_sorted_whatever_the_order_of_edges():
    graph, left_names, right_names = StarGraph.named([("b", "y", 2.0), ("a", "y", 1.0), ("b", "x", 3.0)])

    assert left_names.tolist() == ["a", "b"]
    assert right_names.tolist() == ["x", "y"]
    assert graph.weights.tolist() == [1.0, 3.0, 2.0]


def test_a_right_node_with_twenty_thousand_neighbours_costs_twenty_thousand_edges():
    graph = StarGraph.of(np.arange(20_000), np.zeros(20_000, np.int64))

    assert graph.edges == 20_000
    assert graph.right_degrees.tolist() == [20_000]


def test_right_nodes_that_join_nobody_are_dropped_by_shared():
    graph = StarGraph.of([0, 1, 0], [0, 0, 1]).shared()

    assert list(zip(graph.left_ends.tolist(), graph.right_ends.tolist(), strict=True)) == [(0, 0), (1, 0)]


def test_a_part_keeps_what_its_nodes_touch():
    """Node 2 shares right node 1 with node 1 and right node 2 with node 3."""
    part = StarGraph.of([0, 1, 1, 2, 2, 3], [0, 0, 1, 1, 2, 2]).within([3, 2])

    assert part.left_nodes.tolist() == [2, 3]
    assert part.right_nodes.tolist() == [1, 2]
    assert part.graph.left_degrees.tolist() == [2, 1]
    assert part.graph.right_degrees.tolist() == [1, 2]


def test_split_gives_each_group_its_own_copy_and_leaves_lone_nodes_bare():
    graph = StarGraph.of([0, 1, 2, 3, 4], [0, 0, 0, 0, 0])

    copies = graph.split(np.array([0, 0, 1, 1, -1]))

    assert copies.right_degrees.tolist() == [2, 2]
    assert copies.left_degrees.tolist() == [1, 1, 1, 1, 0]
