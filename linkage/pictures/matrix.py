"""The evidence matrix: members in the order of their cells, across what they share, one band for each kind."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from linkage.pictures.cells import Cells
    from linkage.pictures.material import Material

MOST_COLUMNS = 560
MOST_ROWS = 230
FAINTEST = 105
"""A screen has no more dots here; what is more is put together."""


def draw_matrix(material: Material, cells: Cells) -> dict[str, Any]:
    """Say for each dot which part of the holdings that it stands for are there.

    What cells have for themselves is a staircase; a row that runs across them is why this is one ring. Each kind has
    a band of its own, or a thousand addresses would press a dozen templates to a line.

    Returns:
        columns; accounts; ``cells``, the column at which each cell begins; ``bands`` with kind, identifiers, rows and
        ``dots``: a byte from 0 to 255 for each, row by row, in base 64.
    """
    size = len(material.people)
    columns = min(size, MOST_COLUMNS)
    column_of = np.empty(size, np.int64)
    column_of[cells.order] = np.arange(size) * columns // max(size, 1)
    kinds = material.kinds
    of_kind = np.array([kinds.index(each.kind) for each in material.shared], np.int64)
    bands = []
    present = [place for place in range(len(kinds)) if (of_kind == place).any()]
    for kind in present:
        places = np.flatnonzero(of_kind == kind)
        rows = min(len(places), MOST_ROWS // len(present))
        row_of = np.full(len(material.shared), -1, np.int64)
        row_of[places[_by_place(material, places, column_of, cells)]] = (
            np.arange(len(places)) * rows // len(places)
        )
        bands.append(
            {
                "kind": kinds[kind],
                "identifiers": len(places),
                "rows": rows,
                "dots": _dots(material, row_of, column_of, rows, columns),
            }
        )
    starts = np.concatenate([[0], np.cumsum(cells.sizes)[:-1]]) * columns // max(size, 1)
    return {"columns": columns, "accounts": size, "cells": starts.tolist(), "bands": bands}


def _by_place(
    material: Material, places: np.ndarray[Any, Any], column_of: np.ndarray[Any, Any], cells: Cells
) -> np.ndarray[Any, Any]:
    """Order identifiers by the cell that holds most of each, then by where its holders stand."""
    total = len(material.shared)
    holders = np.maximum(np.bincount(material.rights, minlength=total), 1)
    middle = np.bincount(material.rights, column_of[material.lefts], minlength=total) / holders
    pairs, held = np.unique(material.rights * len(cells.sizes) + cells.of[material.lefts], return_counts=True)
    order = np.lexsort((-pairs, held))  # the cell that holds most comes last and stays
    home = np.zeros(total, np.int64)
    home[pairs[order] // len(cells.sizes)] = pairs[order] % len(cells.sizes)
    return np.lexsort((places, middle[places], home[places]))


def _dots(
    material: Material,
    row_of: np.ndarray[Any, Any],
    column_of: np.ndarray[Any, Any],
    rows: int,
    columns: int,
) -> str:
    """Count by dot, against the fullest dot; a single holding is still seen."""
    inside = row_of[material.rights] >= 0
    dots = row_of[material.rights[inside]] * columns + column_of[material.lefts[inside]]
    counted = np.bincount(dots, minlength=rows * columns).reshape(rows, columns)
    wide = np.bincount(column_of, minlength=columns)
    tall = np.bincount(row_of[row_of >= 0], minlength=rows)
    part = counted / np.maximum(tall[:, None] * wide[None, :], 1)
    full = max(float(part.max(initial=0.0)), 1e-9)
    shades = np.where(counted > 0, np.maximum(np.round(255 * np.sqrt(part / full)), FAINTEST), 0)
    return base64.b64encode(shades.astype(np.uint8).tobytes()).decode("ascii")
