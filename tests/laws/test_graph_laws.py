"""Laws of communities, whatever the graph."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs import Partition, StarGraph, components, connected_pieces, consensus, find_communities

calm = settings(deadline=None, max_examples=40)
objectives = st.sampled_from([("relative", 0.25), ("cpm", 0.2), ("modularity", 1.0)])


@st.composite
def star_graphs(draw):
    """Small graphs in which no two edges weigh the same, so that every node can be told from every other."""
    pairs = draw(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 7)), unique=True, max_size=40))
    seed = draw(st.integers(0, 1000))
    weights = 0.5 + np.random.default_rng(seed).permutation(len(pairs)) / 40
    lefts, rights = [left for left, _ in pairs], [right for _, right in pairs]
    return StarGraph.of(lefts, rights, weights, left=12, right=8)


def communities(graph, objective):
    name, resolution = objective
    return find_communities(graph, objective=name, resolution=resolution, seeds=(0, 1))


@calm
@given(star_graphs(), objectives, st.permutations(range(12)), st.permutations(range(8)))
def test_renaming_nodes_only_renames(graph, objective, lefts, rights):
    lefts, rights = np.array(lefts), np.array(rights)
    renamed = StarGraph.of(lefts[graph.left_ends], rights[graph.right_ends], graph.weights, left=12, right=8)

    found, again = communities(graph, objective), communities(renamed, objective)

    assert Partition.of(again.labels[lefts]) == found


@calm
@given(star_graphs(), objectives)
def test_every_node_is_in_exactly_one_group_or_alone(graph, objective):
    found = communities(graph, objective)

    members = [node for group in found.groups for node in group]
    alone = np.flatnonzero(found.labels < 0).tolist()
    assert sorted(members + alone) == list(range(graph.left))


@calm
@given(star_graphs(), objectives)
def test_a_community_is_connected_by_itself(graph, objective):
    found = communities(graph, objective)

    assert connected_pieces(graph, found) == found


@calm
@given(star_graphs(), objectives)
def test_disconnected_parts_never_share_a_group(graph, objective):
    apart = components(graph).alone_numbered()

    for group in communities(graph, objective).groups:
        assert len(set(apart[list(group)].tolist())) == 1


@calm
@given(star_graphs(), objectives)
def test_a_right_node_that_joins_nobody_changes_nothing(graph, objective):
    more = StarGraph.of(
        [*graph.left_ends, 3], [*graph.right_ends, 8], [*graph.weights, 5.0], left=12, right=9
    )

    assert communities(more, objective) == communities(graph, objective)


@calm
@given(st.lists(st.lists(st.integers(0, 3), min_size=8, max_size=8), min_size=1, max_size=6))
def test_consensus_holds_what_all_agree_on_and_parts_what_none_does(rows):
    partitions = [Partition.of(row) for row in rows]
    found = consensus(partitions).alone_numbered()
    each = [partition.alone_numbered() for partition in partitions]

    for one in range(8):
        for other in range(one):
            together = [labels[one] == labels[other] for labels in each]
            assert found[one] == found[other] or not all(together)
            assert found[one] != found[other] or any(together)
