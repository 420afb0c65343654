"""Nodes of a picture lie inside it, apart from each other, and near what they are joined to."""

from __future__ import annotations

import numpy as np
import pytest

from graphs import StarGraph, lay_out

TWO = StarGraph.of([0, 1, 2, 3, 4, 5], [0, 0, 0, 1, 1, 1])


def test_the_same_graph_and_seed_give_the_same_picture():
    assert (lay_out(TWO, seed=3) == lay_out(TWO, seed=3)).all()


def test_nodes_do_not_lie_on_each_other():
    radii = np.full(8, 0.06)

    places = lay_out(TWO, radii=radii)

    gaps = np.linalg.norm(places[:, None] - places[None], axis=2)[~np.eye(8, dtype=bool)]
    assert gaps.min() > 0.09
    assert places.min() >= 0
    assert places.max() <= 1


def test_what_is_joined_lies_near():
    places = lay_out(TWO)

    inside = np.linalg.norm(places[:3] - places[6], axis=1).max()
    across = np.linalg.norm(places[:3] - places[7], axis=1).min()
    assert inside < across


@pytest.mark.parametrize("graph", [StarGraph.of([], []), StarGraph.of([], [], left=1)], ids=["none", "one"])
def test_hardly_any_nodes_stand_in_the_middle(graph):
    assert (lay_out(graph) == 0.5).all()
