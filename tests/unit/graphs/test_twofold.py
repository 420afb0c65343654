"""What hangs together in more than one way."""

from __future__ import annotations

import numpy as np
import pytest

from graphs import StarGraph, components
from graphs.twofold import joined_twofold


def test_two_right_nodes_between_the_same_two_join_them():
    assert joined_twofold(StarGraph.of([0, 1, 0, 1], [0, 0, 1, 1])).groups == ((0, 1),)


def test_one_right_node_joins_nobody_however_many_it_touches():
    assert joined_twofold(StarGraph.of([0, 1, 2, 3], [0, 0, 0, 0])).groups == ()


def test_two_rounds_that_share_a_left_node_are_one_group():
    """0 and 1 share a and b, 1 and 2 share c and d: no right node parts 0 from 2."""
    graph = StarGraph.of([0, 1, 0, 1, 1, 2, 1, 2], [0, 0, 1, 1, 2, 2, 3, 3])

    assert joined_twofold(graph).groups == ((0, 1, 2),)


def test_two_rounds_that_share_a_right_node_are_two_groups():
    """0 and 1 share a and b, 2 and 3 share c and d, and b touches 2 as well: without b they fall apart."""
    graph = StarGraph.of([0, 1, 0, 1, 2, 2, 3, 2, 3], [0, 0, 1, 1, 1, 2, 2, 3, 3])

    assert joined_twofold(graph).groups == ((0, 1), (2, 3))


def test_no_edges_join_nobody():
    assert joined_twofold(StarGraph.of([], [], left=3)).groups == ()


@pytest.mark.parametrize("seed", range(30))
def test_together_are_exactly_those_that_no_right_node_parts(seed):
    """The plain way: take each right node away in turn and look who is still joined."""
    dice = np.random.default_rng(seed)
    graph = StarGraph.of(dice.integers(0, 9, 24), dice.integers(0, 8, 24), left=9, right=8)

    found = joined_twofold(graph).labels

    parted = [components(graph.keep(graph.right_ends != right)).alone_numbered() for right in range(8)]
    for one in range(9):
        for other in range(one):
            together = all(labels[one] == labels[other] for labels in parted)
            assert (found[one] >= 0 and found[one] == found[other]) == together


def test_a_round_of_fifty_thousand_is_walked_without_recursion():
    count = 50_000
    ring = np.arange(count)
    graph = StarGraph.of(np.concatenate([ring, (ring + 1) % count]), np.concatenate([ring, ring]))

    assert joined_twofold(graph).sizes.tolist() == [count]
