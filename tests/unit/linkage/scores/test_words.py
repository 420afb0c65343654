"""How far a ring's accounts say the same in words of their own."""

from __future__ import annotations

import pyarrow as pa
import pytest

from linkage.scores.words import measure_words
from linkage.tables import from_arrow, open_database

SAID = pa.schema(
    [
        ("account", pa.int64()),
        ("words", pa.int64()),
        ("share", pa.float64()),
        ("holders", pa.int64()),
    ]
)


def words(*rows, members=(0, 1)):
    """Measure the ring of some accounts, by rows of account, words, share and holders."""
    database = open_database()
    said = pa.Table.from_pylist([dict(zip(SAID.names, row, strict=True)) for row in rows], SAID)
    senders = pa.table({"account": [*members, 9], "sender": [*([0] * len(members)), -1]})
    found = measure_words(from_arrow(database, said), from_arrow(database, senders))
    return found.get(0, {}).get("words")


def test_all_that_two_say_in_words_that_nobody_else_uses_is_their_own():
    assert words((0, 7, 1.0, 2), (1, 7, 1.0, 2)) == 1.0


def test_what_others_use_as_well_is_theirs_by_the_part_of_its_holders():
    """Two of eight holders: a quarter of what they say nine times in ten."""
    assert words((0, 7, 0.9, 8), (1, 7, 0.9, 8)) == pytest.approx(0.9 / 4)


def test_the_most_telling_words_count_for_each_account_and_not_their_sum():
    rows = [(0, 7, 0.5, 2), (1, 7, 0.3, 2), (0, 8, 0.6, 4), (1, 8, 0.8, 4)]

    assert words(*rows) == pytest.approx((0.5 + 0.4) / 2)


def test_what_only_one_of_them_says_is_nothing_in_common():
    assert words((0, 7, 1.0, 2), (5, 7, 1.0, 2)) == 0.0


def test_members_that_say_nothing_alike_count_with_the_rest():
    assert words((0, 7, 1.0, 2), (1, 7, 1.0, 2), members=(0, 1, 2, 3)) == 0.5


def test_where_nobody_says_anything_alike_nothing_is_said():
    assert words() is None


def test_nothing_is_asked_of_everybody_else():
    database = open_database()
    said = pa.Table.from_pylist([dict(zip(SAID.names, (9, 7, 1.0, 2), strict=True))], SAID)
    senders = pa.table({"account": [9], "sender": [-1]})

    assert measure_words(from_arrow(database, said), from_arrow(database, senders)) == {}
