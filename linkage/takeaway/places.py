"""Where the nodes of a ring stand: as in its picture and, where that puts many into one, around that place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from linkage.pictures.cells import Cells
    from linkage.pictures.material import Material

TURN = 2.399963
"""The golden angle: seeds in a sunflower lie so, and no two on one spot."""
SPREAD = 0.09
"""How far from its middle the largest cell reaches, as a part of the picture's side."""


def place_nodes(
    material: Material, cells: Cells, network: Mapping[str, Any]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Place members and identifiers of a ring.

    Args:
        material: the ring with all identifiers that are to be placed.
        cells: how it falls into cells.
        network: the network of its picture, which has a place for each member or for each cell, and for some
            identifiers.

    Returns:
        x and y from 0 to 1 of each member, and of each identifier: where the picture has none, amid its holders.
    """
    spots = {key: (x, y) for _, key, _, _, x, y, _ in network["nodes"]}
    people = np.array([spots.get(f"account:{n}", (np.nan, np.nan)) for n in range(len(material.people))])
    people = people.reshape(-1, 2)
    around = np.isnan(people[:, 0])
    middles = np.array([spots.get(f"cell:{cell}", (0.5, 0.5)) for cell in range(len(cells.sizes))])
    people[around] = (middles[cells.of] + _sunflower(cells))[around]
    holders = np.maximum(np.bincount(material.rights, minlength=len(material.shared)), 1)
    amid = [
        np.bincount(material.rights, people[material.lefts, axis], minlength=len(holders)) / holders
        for axis in (0, 1)
    ]
    things = np.column_stack(amid)
    for place, each in enumerate(material.shared):
        things[place] = spots.get(f"id:{each.identifier}", things[place])
    return _inside(people), _inside(things)


def _inside(places: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.round(np.clip(places, 0, 1), 4), np.float64)


def _sunflower(cells: Cells) -> NDArray[np.float64]:
    """Say how far each member lies from the middle of its cell, evenly and by its turn."""
    starts = np.cumsum([0, *cells.sizes])[:-1]
    turns = np.empty(len(cells.of))
    turns[cells.order] = np.arange(len(cells.of)) - starts[cells.of[cells.order]]
    reach = SPREAD * np.sqrt((turns + 0.5) / max(cells.sizes, default=1))
    return np.column_stack([reach * np.cos(turns * TURN), reach * np.sin(turns * TURN)])
