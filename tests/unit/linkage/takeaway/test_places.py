"""Nodes stand where the picture has them; what it puts into one stands around it, apart."""

from __future__ import annotations

import numpy as np
from drawn import a_material, two_parts

from linkage.pictures.cells import find_cells
from linkage.takeaway.places import SPREAD, place_nodes


def test_members_of_a_cell_stand_around_it_and_none_on_one_spot():
    material = a_material(two_parts(30))
    cells = find_cells(material, seed=1)
    network = {"nodes": [["cell", "cell:0", "", 30, 0.2, 0.3, 1], ["cell", "cell:1", "", 30, 0.8, 0.7, 1]]}

    people, _ = place_nodes(material, cells, network)

    middles = np.array([(0.2, 0.3), (0.8, 0.7)])[cells.of]
    assert np.hypot(*(people - middles).T).max() <= SPREAD + 1e-3
    assert len({tuple(spot) for spot in people.tolist()}) == 60


def test_an_identifier_without_a_place_stands_amid_its_holders():
    material = a_material({("payment", "fp"): [0, 1], ("ip", "198.51.100.1"): [0, 1, 2]})
    cells = find_cells(material, seed=1)
    nodes = [["account", f"account:{n}", "", 1, 0.1 * n, 0.5, 1] for n in range(3)]

    people, things = place_nodes(material, cells, {"nodes": [*nodes, ["ip", "id:1", "", 3, 0.9, 0.9, 1]]})

    assert people[:, 0].tolist() == [0.0, 0.1, 0.2]
    assert things.tolist() == [[0.05, 0.5], [0.9, 0.9]]
