"""Cells: the parts of a ring that share most among themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graphs import StarGraph, find_communities

if TYPE_CHECKING:
    from linkage.pictures.material import Material

MOST_CELLS = 16
"""More rows than this are no longer read; what is left over is one row of its own, and said to be."""
RESOLUTIONS = (1.0, 0.5, 0.25)
"""Tried one after the other until there are few enough cells: finer ones show more."""


@dataclass(frozen=True)
class Cells:
    """How a ring falls into cells.

    Args:
        of: the cell of each member, by its place; 0 is the largest.
        sizes: how many members each has.
        rest: whether the last cell is what is left over: small ones, and members who share nothing of their own.
    """

    of: NDArray[np.int64]
    sizes: tuple[int, ...]
    rest: bool

    @property
    def names(self) -> list[str]:
        """What cells are called on screen."""
        last = len(self.sizes) - 1
        return ["others" if self.rest and cell == last else f"C{cell + 1}" for cell in range(len(self.sizes))]

    @property
    def order(self) -> NDArray[np.int64]:
        """The places of members, cell by cell."""
        return np.argsort(self.of, kind="stable")


def find_cells(material: Material, *, seed: int) -> Cells:
    """Divide a ring by what its members share among few: Leiden once more, inside the ring.

    An identifier counts for how few members hold it, log2(members / holders): what all hold parts nobody.
    """
    size = len(material.people)
    holders = np.bincount(material.rights, minlength=len(material.shared))
    weights = np.log2(size / np.maximum(holders, 1))[material.rights]
    telling = weights > 0.05
    labels = np.full(size, -1, np.int64)
    if telling.any():
        graph = StarGraph.of(
            material.lefts[telling],
            material.rights[telling],
            weights[telling],
            left=size,
            right=len(material.shared),
        )
        for resolution in RESOLUTIONS:
            labels = find_communities(
                graph, resolution=resolution, seeds=[seed], objective="modularity"
            ).labels
            if labels.max(initial=-1) < MOST_CELLS:
                break
    return _largest_first(labels)


def _largest_first(labels: NDArray[np.int64]) -> Cells:
    """Number cells by size, the one of the oldest member first among equals; small ones become one."""
    found, firsts, sizes = np.unique(labels[labels >= 0], return_index=True, return_counts=True)
    order = np.lexsort((firsts, -sizes))
    places = np.full(len(found) + 1, -1, np.int64)
    places[found[order]] = np.arange(len(found))
    cells = places[labels]
    many = len(found) > MOST_CELLS or (cells < 0).any()
    rest = min(len(found), MOST_CELLS - 1) if many else len(found)
    cells[(cells < 0) | (cells >= rest)] = rest
    counts = np.bincount(cells, minlength=0)
    return Cells(cells, tuple(counts.tolist()), rest=len(counts) > rest)
