"""The matrix has a dot for every holding, and none for what is not held."""

from __future__ import annotations

import base64

from drawn import a_material, two_parts

from linkage.pictures.cells import find_cells
from linkage.pictures.matrix import MOST_COLUMNS, MOST_ROWS, draw_matrix


def drawn(held, **given):
    material = a_material(held, **given)
    return draw_matrix(material, find_cells(material, seed=1))


def rows_of(told, kind):
    band = next(band for band in told["bands"] if band["kind"] == kind)
    dots = base64.b64decode(band["dots"])
    wide = told["columns"]
    return [[bool(dot) for dot in dots[start : start + wide]] for start in range(0, len(dots), wide)]


def test_cells_have_a_staircase_and_what_joins_them_runs_across():
    told = drawn(two_parts())

    assert rows_of(told, "payment") == [[True] * 4 + [False] * 4, [False] * 4 + [True] * 4]
    assert rows_of(told, "prompt") == [[True] * 8]
    assert told["cells"] == [0, 4]


def test_columns_follow_the_cells_whatever_the_age_of_members():
    held = {("payment", "one"): [0, 2, 4, 6], ("payment", "two"): [1, 3, 5, 7]}

    assert rows_of(drawn(held), "payment") == [[True] * 4 + [False] * 4, [False] * 4 + [True] * 4]


def test_a_thousand_members_and_identifiers_fit_and_no_holding_is_lost():
    held = {("ip", f"{n}"): [2 * n, 2 * n + 1] for n in range(700)} | {("prompt", "t"): range(1400)}

    told = drawn(held)

    assert told["columns"] == MOST_COLUMNS
    assert sum(band["rows"] for band in told["bands"]) <= MOST_ROWS
    assert all(any(row[place] for row in rows_of(told, "ip")) for place in range(MOST_COLUMNS))
    assert all(any(row) for row in rows_of(told, "ip"))


def test_each_kind_has_a_band_in_the_order_of_what_it_says():
    told = drawn(two_parts())

    assert [band["kind"] for band in told["bands"]] == ["payment", "ip", "prompt"]
    assert [band["identifiers"] for band in told["bands"]] == [2, 2, 1]
