"""Pairs of nodes, and the groups that the textbook methods find among them."""

from __future__ import annotations

import random
from itertools import combinations

import numpy as np
import pytest

from graphs import Partition, StarGraph, adjusted_rand, components
from graphs.pairs import PairGraph, find_modules, joined

METHODS = [
    {"method": "leiden", "objective": "modularity", "resolution": 1.0},
    {"method": "leiden", "objective": "cpm", "resolution": 0.3},
    {"method": "louvain", "objective": "modularity", "resolution": 1.0},
]


def cliques(*sizes: int, bridges: int = 1) -> PairGraph:
    """Join each clique to the next by so many pairs."""
    pairs, start = [], 0
    for size in sizes:
        pairs += combinations(range(start, start + size), 2)
        pairs += [(start + size - 1 - number, start + size + number) for number in range(bridges)]
        start += size
    return PairGraph.of(*zip(*[pair for pair in pairs if max(pair) < start], strict=True))


@pytest.fixture(params=METHODS, ids=lambda settings: f"{settings['method']}-{settings['objective']}")
def settings(request):
    return request.param


def test_a_pair_given_twice_weighs_the_sum_whatever_its_direction():
    graph = PairGraph.of([3, 1, 0], [1, 3, 2], [1.0, 0.25, 4.0])

    assert (graph.firsts.tolist(), graph.seconds.tolist()) == ([0, 1], [2, 3])
    assert graph.weights.tolist() == [4.0, 1.25]
    assert graph.nodes == 4


def test_the_callers_arrays_are_left_alone_and_ours_cannot_be_changed():
    weights = np.array([2.0, 1.0])

    graph = PairGraph.of([1, 0], [2, 1], weights)

    assert weights.tolist() == [2.0, 1.0]
    with pytest.raises(ValueError, match="read-only"):
        graph.weights[0] = 5.0


@pytest.mark.parametrize(
    ("firsts", "seconds", "weights", "complaint"),
    [
        ([1], [1], None, "no pair with itself"),
        ([0], [1], [0.0], "above 0"),
        ([0], [1], [float("nan")], "above 0"),
        ([0, 1], [1], None, "equally long"),
        ([-1], [1], None, "from 0 to"),
        ([0], [7], None, "from 0 to 4"),
    ],
)
def test_what_is_no_graph_is_refused(firsts, seconds, weights, complaint):
    with pytest.raises(ValueError, match=complaint):
        PairGraph.of(firsts, seconds, weights, nodes=5)


def test_two_cliques_with_one_bridge_are_two_groups(settings):
    assert find_modules(cliques(5, 7), **settings).groups == (tuple(range(5)), tuple(range(5, 12)))


def test_nodes_in_no_pair_are_alone(settings):
    found = find_modules(PairGraph.of([2, 2, 5], [5, 6, 6], nodes=9), **settings)

    assert found.groups == ((2, 5, 6),)
    assert len(found.labels) == 9


def test_a_graph_without_pairs_has_no_groups(settings):
    assert find_modules(PairGraph.of([], [], nodes=3), **settings).labels.tolist() == [-1, -1, -1]


def test_neither_the_order_nor_the_direction_of_pairs_matters(settings):
    dice = np.random.default_rng(4)
    ends, weights = dice.integers(0, 60, (2, 400)), dice.random(400) + 0.1
    apart = ends[0] != ends[1]
    firsts, seconds, weights = ends[0][apart], ends[1][apart], weights[apart]
    shuffled = dice.permutation(len(firsts))

    one = find_modules(PairGraph.of(firsts, seconds, weights), **settings, seed=3)
    other = find_modules(
        PairGraph.of(seconds[shuffled], firsts[shuffled], weights[shuffled]), **settings, seed=3
    )

    assert one == other


def test_a_heavy_pair_holds_where_a_light_one_does_not():
    """By the constant Potts model two nodes stay together while their pair weighs more than the resolution."""
    graph = PairGraph.of([0, 2], [1, 3], [0.5, 0.3])

    assert find_modules(graph, objective="cpm", resolution=0.4).groups == ((0, 1),)


@pytest.mark.parametrize("method", ["leiden", "louvain"])
def test_modularity_melts_small_cliques_together_until_the_resolution_rises(method):
    """Thirty cliques of five in a chain: the resolution limit (Fortunato and Barthelemy 2007) pairs some of them."""
    chain, truth = cliques(*[5] * 30), Partition.of(np.arange(150) // 5)

    assert len(find_modules(chain, method=method)) < 30
    assert find_modules(chain, method=method, resolution=8.0) == truth


def test_noise_leaves_planted_groups_standing(settings):
    dice = np.random.default_rng(7)
    truth = np.arange(120) // 20
    pairs = np.array(list(combinations(range(120), 2)))
    inside = truth[pairs[:, 0]] == truth[pairs[:, 1]]
    kept = dice.random(len(pairs)) < np.where(inside, 0.6, 0.02)

    found = find_modules(PairGraph.of(*pairs[kept].T), **settings)

    assert adjusted_rand(Partition.of(truth), found) > 0.95


def test_joined_groups_are_the_components_of_the_same_pairs_as_stars():
    dice = np.random.default_rng(1)
    firsts, seconds = np.arange(90), dice.integers(100, 150, 90)
    numbers = np.arange(90)

    stars = StarGraph.of(np.concatenate([firsts, seconds]), np.concatenate([numbers, numbers]))

    assert joined(PairGraph.of(firsts, seconds)) == components(stars)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"method": "walktrap"}, "choose leiden or louvain"),
        ({"objective": "CPM"}, "cpm or modularity"),
        ({"method": "louvain", "objective": "cpm"}, "modularity only"),
        ({"resolution": 0.0}, "above 0"),
    ],
)
def test_what_there_is_not_is_refused(wrong, complaint):
    with pytest.raises(ValueError, match=complaint):
        find_modules(cliques(3), **wrong)


def test_it_leaves_pythons_own_dice_alone(settings):
    random.seed(1)
    expected = random.random()  # noqa: S311 - not secret
    random.seed(1)

    find_modules(cliques(4, 4), **settings)

    assert random.random() == expected  # noqa: S311 - not secret
