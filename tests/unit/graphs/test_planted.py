"""Graphs whose groups are known."""

from __future__ import annotations

import pytest

from graphs import components, planted_stars


@pytest.mark.parametrize("seed", range(5))
def test_without_noise_the_components_are_the_groups(seed):
    graph, truth = planted_stars([5, 5, 40, 300], strangers=7, spread=(1, 20), seed=seed)

    assert components(graph) == truth
    assert sorted(truth.sizes.tolist()) == [5, 5, 40, 300]


def test_the_seed_decides():
    one, other = planted_stars([20, 20], noise=0.2, seed=1), planted_stars([20, 20], noise=0.2, seed=1)
    third = planted_stars([20, 20], noise=0.2, seed=2)

    assert one.truth == other.truth != third.truth
    assert one.graph.right_ends.tolist() == other.graph.right_ends.tolist()


def test_a_hub_joins_as_many_as_it_is_told():
    graph, _ = planted_stars([5], per_member=(1, 1), strangers=100, hubs=[60], seed=0)

    assert sorted(graph.right_degrees.tolist()) == [5, 60]
