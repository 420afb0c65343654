"""Rows stand by their busiest hour, and nobody's requests are lost."""

from __future__ import annotations

import numpy as np
from drawn import a_material, two_parts

from linkage.pictures.cells import find_cells
from linkage.pictures.rhythm import FEW_ACCOUNTS, MOST_DAYS, draw_rhythm

FIRST = 20_697 * 24
"""An hour: midnight of a day in September 2026."""


def drawn(counted, held=None):
    material = a_material(held or two_parts())
    table = np.array(counted, np.int64).reshape(-1, 3)
    return draw_rhythm(material, find_cells(material, seed=1), table)


def test_shifts_come_out_as_a_staircase():
    told = drawn([(0, FIRST + 20, 5), (1, FIRST + 3, 5), (2, FIRST + 11, 5)])

    assert [row["label"] for row in told["rows"]] == ["a1", "a2", "a0"]
    assert told["silent"] == 5


def test_hours_and_days_add_up():
    told = drawn([(0, FIRST + 5, 2), (0, FIRST + 24 + 5, 3), (1, FIRST + 48, 4)])

    assert told["total"][5] == 5
    assert sum(told["total"]) == sum(told["daily"]) == 9
    assert told["daily"] == [2, 3, 4]
    assert told["first"] == FIRST * 3600


def test_a_long_time_puts_several_days_into_a_column():
    told = drawn([(0, FIRST, 1), (0, FIRST + 24 * 364, 1)])

    assert told["each"] == 4
    assert len(told["daily"]) <= MOST_DAYS
    assert told["daily"][0] == told["daily"][-1] == 1


def test_a_large_ring_has_a_row_for_each_cell():
    held = two_parts(each=FEW_ACCOUNTS)

    told = drawn([(0, FIRST, 1), (1, FIRST + 8, 1)], held)

    assert told["of"] == "cells"
    assert {row["key"] for row in told["rows"]} == {"cell:0", "cell:1"}


def test_a_ring_of_which_no_time_is_known_is_drawn_empty():
    told = drawn([])

    assert told["rows"] == []
    assert told["first"] is None
    assert sum(told["total"]) == 0
