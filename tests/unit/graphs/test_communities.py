"""What find_communities keeps together and what it keeps apart."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import numpy as np
import pytest

from graphs import (
    StarGraph,
    UnknownEngineError,
    adjusted_rand,
    components,
    find_communities,
    planted_stars,
    wholeness,
)


def star(size: int) -> StarGraph:
    return StarGraph.of(np.arange(size), np.zeros(size, np.int64))


@pytest.mark.parametrize("size", [2, 5, 100, 20_000])
@pytest.mark.parametrize("resolution", [0.05, 0.25, 0.45])
def test_one_right_node_and_its_neighbours_are_one_community_at_every_size(size, resolution):
    assert find_communities(star(size), resolution=resolution, seeds=(0,)).sizes.tolist() == [size]


def test_by_cpm_a_star_holds_together_up_to_its_weight_over_the_resolution():
    """At weight 1 and resolution 0.01 a hundred nodes stay, and of 400 a hundred or so."""
    assert find_communities(star(100), objective="cpm", resolution=0.01).sizes.tolist() == [100]
    assert find_communities(star(400), objective="cpm", resolution=0.01).sizes.sum() <= 102


def test_two_groups_part_when_little_ties_them_and_stay_when_much_does():
    """Two stars of 10; a tie is a node of one that also touches the other centre. Halves part below a quarter."""
    lefts, rights = list(range(20)), [0] * 10 + [1] * 10

    one_tie = StarGraph.of([*lefts, 0], [*rights, 1])
    eight_ties = StarGraph.of([*lefts, *range(8)], [*rights, *[1] * 8])

    assert find_communities(one_tie).sizes.tolist() == [10, 10]
    assert find_communities(eight_ties).sizes.tolist() == [20]


def test_a_small_group_is_not_melted_into_a_large_one():
    """Five nodes share three right nodes; one of them also touches the centre of twenty thousand."""
    small = [(20_000 + node, 1 + right) for node in range(5) for right in range(3)]
    large = [(node, 0) for node in range(20_000)]
    graph = StarGraph.of(*np.array([*large, *small, (20_000, 0)]).T)

    assert find_communities(graph).sizes.tolist() == [20_000, 5]


def test_planted_groups_of_five_to_five_thousand_are_found_in_one_graph():
    graph, truth = planted_stars([5] * 50 + [50] * 20 + [500] * 3 + [5000], noise=0.01, seed=4)

    found = find_communities(graph)

    assert adjusted_rand(truth, found) > 0.98
    assert (wholeness(truth, found) >= 0.8).mean() > 0.95


def test_a_group_spread_over_many_right_nodes_stays_whole():
    """Three hundred nodes with two each of some thirty: any two of them rarely share one."""
    graph, truth = planted_stars([300], per_member=(2, 2), spread=(15.0, 15.0), seed=0)

    assert wholeness(truth, find_communities(graph)).min() > 0.9


def test_isolated_nodes_and_right_nodes_of_one_are_in_no_community():
    graph = StarGraph.of([0, 1, 1, 2], [0, 0, 1, 2], left=5)

    assert find_communities(graph).labels.tolist() == [0, 0, -1, -1, -1]
    assert find_communities(StarGraph.of([], [], left=2)).labels.tolist() == [-1, -1]


def test_the_order_of_edges_never_matters():
    graph, _ = planted_stars([30] * 10, noise=0.3, seed=3)
    shuffled = np.random.default_rng(0).permutation(graph.edges)
    again = StarGraph.of(graph.left_ends[shuffled], graph.right_ends[shuffled], graph.weights[shuffled])

    assert find_communities(again) == find_communities(graph)


def test_every_process_finds_the_same():
    """Neither the hash seed nor what ran before plays a part."""
    program = (
        "from graphs import find_communities, planted_stars\n"
        "graph, _ = planted_stars([30] * 10, noise=0.3, seed=3)\n"
        "print(find_communities(graph).labels.tolist())\n"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    graph, _ = planted_stars([30] * 10, noise=0.3, seed=3)

    assert printed == {f"{find_communities(graph).labels.tolist()}\n"}


def test_a_hub_of_twenty_thousand_is_no_trouble():
    graph, truth = planted_stars([20] * 50, strangers=20_000, hubs=[20_000], seed=0)
    before = time.process_time()

    found = find_communities(graph, seeds=(0,))

    assert time.process_time() - before < 10
    assert components(graph).sizes.max() > 20_000
    assert (wholeness(truth, found) > 0.99).mean() > 0.8


def test_mistakes_are_named():
    graph = star(2)
    with pytest.raises(UnknownEngineError, match="'fast'; choose igraph, leidenalg or networkx"):
        find_communities(graph, engine="fast")
    with pytest.raises(ValueError, match="choose relative, cpm, modularity"):
        find_communities(graph, objective="best")
    with pytest.raises(ValueError, match="above 0, not 0"):
        find_communities(graph, resolution=0.0)
    with pytest.raises(ValueError, match="at least one seed"):
        find_communities(graph, seeds=())
