"""Components, and the pieces that groups hold together themselves."""

from __future__ import annotations

from graphs import Partition, StarGraph, components, connected_pieces


def test_nodes_joined_through_others_are_one_component():
    """0-1 share a, 1-2 share b, 3-4 share c, 5 has d for itself, 6 has nothing."""
    graph = StarGraph.of([0, 1, 1, 2, 3, 4, 5], [0, 0, 1, 1, 2, 2, 3], left=7)

    assert components(graph).labels.tolist() == [0, 0, 0, 1, 1, -1, -1]


def test_a_way_through_a_stranger_does_not_connect_a_group():
    chain = StarGraph.of([0, 1, 1, 2], [0, 0, 1, 1])

    assert connected_pieces(chain, Partition.of([0, 1, 0])).groups == ()
    assert connected_pieces(chain, Partition.of([0, 0, 1])).groups == ((0, 1),)
