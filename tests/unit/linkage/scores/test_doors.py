"""Through how many addresses a ring goes."""

from __future__ import annotations

import pyarrow as pa
import pytest

from linkage.scores.doors import measure_doors
from linkage.tables import from_arrow, open_database


def door(*rows):
    """Measure one ring by rows of account, door, requests, addressed."""
    names = ("account", "door", "requests", "addressed")
    database = open_database()
    doors = pa.Table.from_pylist(
        [dict(zip(names, row, strict=True)) for row in rows],
        pa.schema([(name, pa.int64()) for name in names]),
    )
    accounts = sorted({row[0] for row in rows})
    senders = pa.table({"account": accounts, "sender": [0] * len(accounts)})
    return measure_doors(from_arrow(database, doors), from_arrow(database, senders))[0]["door"]


def test_two_requests_of_an_office_came_through_the_same_address_as_often_as_chance_has_it():
    """All of ten and twenty requests, half of them through either address."""
    assert door((0, 1, 5, 10), (0, 2, 5, 10), (1, 1, 10, 20), (1, 2, 10, 20)) == pytest.approx(0.5)


def test_what_comes_from_elsewhere_counts_with_the_rest():
    assert door((0, 1, 5, 10)) == door((0, 1, 5, 5), (1, None, 0, 5)) == pytest.approx(0.25)


def test_where_no_address_is_shared_there_is_no_door():
    assert door((0, None, 0, 5), (1, None, 0, 5)) == 0.0
