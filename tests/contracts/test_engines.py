"""What every engine promises; the plain networkx engine and counting all cases are the oracles."""

from __future__ import annotations

import random

import igraph
import numpy as np
import pytest

from graphs import ENGINES, Partition, StarGraph, adjusted_rand, find_communities, load_engine, planted_stars


@pytest.fixture(params=ENGINES)
def engine(request):
    return load_engine(request.param)


@pytest.fixture(params=["cpm", "modularity"])
def objective(request):
    return request.param


RESOLUTION = {"cpm": 0.02, "modularity": 1.0}


def quality(graph: StarGraph, labels, sizes, resolution: float) -> float:
    """Weight inside groups, each right node with those who tie it most, minus the price of sizes."""
    inside = 0.0
    for right in range(graph.right):
        edges = graph.right_ends == right
        inside += np.bincount(labels[graph.left_ends[edges]], graph.weights[edges]).max(initial=0.0)
    return inside - resolution / 2 * float((np.bincount(labels, sizes) ** 2).sum())


def labellings(nodes: int):
    """Give every way to group so many nodes."""
    if nodes == 0:
        yield []
        return
    for labels in labellings(nodes - 1):
        for label in range(max(labels, default=-1) + 2):
            yield [*labels, label]


def tiny_graph(seed: int) -> StarGraph:
    dice = np.random.default_rng(seed)
    return StarGraph.of(
        dice.integers(0, 6, 14), dice.integers(0, 5, 14), dice.random(14) + 0.2, left=6, right=5
    )


def test_its_name_is_the_one_it_is_listed_under():
    assert [load_engine(name).name for name in ENGINES] == list(ENGINES)


def test_every_left_node_gets_one_label_for_each_seed(engine, objective):
    graph = tiny_graph(0)

    found = engine.partitions(graph, resolution=RESOLUTION[objective], seeds=[3, 4, 5], objective=objective)

    assert [labels.shape for labels in found] == [(graph.left,)] * 3
    assert all(labels.dtype == np.int64 and (labels >= 0).all() for labels in found)


def test_the_same_seed_gives_the_same_labels(engine, objective):
    graph, _ = planted_stars([8] * 6, noise=0.5, seed=1)
    settings = {"resolution": RESOLUTION[objective], "objective": objective}

    together = engine.partitions(graph, seeds=[7, 8], **settings)
    alone = engine.partitions(graph, seeds=[8], **settings)

    assert together[1].tolist() == alone[0].tolist()


def test_the_order_of_edges_never_matters(engine, objective):
    graph, _ = planted_stars([8] * 6, noise=0.5, seed=2)
    again = StarGraph.of(graph.left_ends[::-1], graph.right_ends[::-1], graph.weights[::-1])
    settings = {"resolution": RESOLUTION[objective], "objective": objective, "seeds": [0]}

    assert (
        engine.partitions(graph, **settings)[0].tolist() == engine.partitions(again, **settings)[0].tolist()
    )


def test_planted_groups_are_found(engine, objective):
    graph, truth = planted_stars([8, 8, 12, 20, 30], per_member=(2, 5), spread=(1, 2), noise=0.03, seed=5)

    (labels,) = engine.partitions(graph, resolution=RESOLUTION[objective], seeds=[0], objective=objective)

    assert adjusted_rand(truth, Partition.of(labels)) > 0.9


@pytest.mark.parametrize("seed", range(6))
def test_by_cpm_it_comes_near_the_best_of_all_groupings(engine, seed):
    """Of the 203 ways to group six nodes none is better by more than a tenth, sizes included."""
    graph, resolution = tiny_graph(seed), 0.4
    sizes = np.random.default_rng(seed).random(6) + 0.5

    (labels,) = engine.partitions(graph, resolution=resolution, seeds=[0], sizes=sizes)

    best = max(quality(graph, np.array(each), sizes, resolution) for each in labellings(6))
    assert quality(graph, labels, sizes, resolution) >= best - 0.1 * abs(best)


@pytest.mark.parametrize("seed", range(3))
def test_it_is_no_worse_than_the_plain_engine(engine, seed):
    graph, _ = planted_stars([6, 10, 15], noise=0.1, seed=seed)
    sizes = np.ones(graph.left)

    (mine,) = engine.partitions(graph, resolution=0.05, seeds=[0])
    (plain,) = load_engine("networkx").partitions(graph, resolution=0.05, seeds=[0])

    assert quality(graph, mine, sizes, 0.05) >= 0.97 * quality(graph, plain, sizes, 0.05)


def test_every_engine_finds_the_same_clear_communities(engine):
    graph, truth = planted_stars([5, 9, 30], per_member=(3, 5), spread=(1, 2), noise=0.02, seed=8)

    assert adjusted_rand(truth, find_communities(graph, engine=engine.name)) > 0.95


def test_it_leaves_pythons_own_dice_alone(engine):
    random.seed(1)
    expected = random.random()  # noqa: S311 - not secret
    random.seed(1)

    engine.partitions(tiny_graph(1), resolution=0.1, seeds=[5])

    assert random.random() == expected  # noqa: S311 - not secret


def test_igraph_gets_pythons_generator_back():
    """Other users of igraph in this process keep drawing from Python's own generator."""
    load_engine("igraph").partitions(tiny_graph(1), resolution=0.1, seeds=[5])

    random.seed(4)
    one = igraph.Graph.Erdos_Renyi(20, 0.3).get_edgelist()
    random.seed(4)
    assert igraph.Graph.Erdos_Renyi(20, 0.3).get_edgelist() == one
