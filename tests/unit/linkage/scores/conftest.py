"""Checked tables from a few rows, and rings of them."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import pyarrow as pa
import pytest
from given import make_logs

from linkage.evidence.people import gather_people
from linkage.rings.ring import Reason, Ring
from linkage.scores.parts import by_hand
from linkage.tables import from_arrow


@pytest.fixture(scope="session", name="make_logs")
def _make_logs():
    """A way to make checked tables: table name to rows; what is left out is empty."""
    return make_logs


@pytest.fixture(scope="session")
def grouped():
    """A way to put accounts, by id, into numbered groups; gives the people and the table of groups."""

    def grouped(logs, groups, word="ring"):
        people = gather_people(logs)
        numbers = {row[1]: row[0] for row in people.rows() if not row[2]}
        rows = [
            {word: number, "account": numbers[name]} for number, names in groups.items() for name in names
        ]
        schema = pa.schema([(word, pa.int64()), ("account", pa.int64())])
        return people, from_arrow(people.database, pa.Table.from_pylist(rows, schema))

    return grouped


@pytest.fixture
def make_ring():
    """A way to write a scored ring down."""

    def make(**facts):
        told = {
            "ring": "R-7K2M9Q", "score": 0.9, "linked": 0.95, "extraction": 0.94, "q_value": None, "accounts": 8,
            "events": 160, "first_seen": None, "last_seen": None, "benign_explanation": None, "state": "new",
            "evidence": (Reason("payment", 9.1, 1, 8, "1 card pays for 8 accounts"),), "judgement": None, "members": (),
        }  # fmt: skip
        return Ring(**(told | facts))

    return make


@pytest.fixture(scope="session")
def plain():
    """Weights set by hand, and scores that are the probability that log odds stand for."""
    knots = tuple((step / 4, 1 / (1 + exp(-step / 4))) for step in range(-48, 49))
    return replace(by_hand(), knots=knots)
