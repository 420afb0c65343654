"""Where groups of several views overlap, the view that tells most is believed."""

from __future__ import annotations

import pyarrow as pa
import pytest

from linkage.rings.views import most_telling
from linkage.tables import from_arrow, open_database


@pytest.fixture
def kept():
    """Choose among views, each a list of groups, a group being account to log odds; list the accounts of each."""

    def kept(*views):
        database = open_database()
        tables = []
        for groups in views:
            rows = [
                {"ring": ring, "account": account, "bits": 7.0 + odds, "prior": 7.0}
                for ring, group in enumerate(groups)
                for account, odds in group.items()
            ]
            tables.append(from_arrow(database, pa.Table.from_pylist(rows)))
        found = {}
        for ring, account in most_telling(tables).rows("account"):
            found.setdefault(ring, []).append(account)
        return sorted(found.values())

    return kept


def alike(accounts, odds=5.0):
    return dict.fromkeys(accounts, odds)


def test_one_view_is_kept_as_it_is(kept):
    assert kept([alike(range(5)), alike(range(5, 9))]) == [[0, 1, 2, 3, 4], [5, 6, 7, 8]]


def test_the_whole_is_kept_rather_than_its_fragments(kept):
    fragments = [alike(range(5)), alike(range(5, 10))]

    assert kept(fragments, [alike(range(10), 6.0)]) == [list(range(10))]


def test_strangers_who_say_against_themselves_cost_a_group_its_place(kept):
    drawn_in = alike(range(10)) | alike(range(10, 13), -4.0)

    assert kept([alike(range(10))], [drawn_in]) == [list(range(10))]


def test_groups_that_only_one_view_has_are_all_kept(kept):
    assert kept([alike(range(5))], [alike(range(10, 15))]) == [[0, 1, 2, 3, 4], [10, 11, 12, 13, 14]]


def test_two_that_were_melted_into_one_that_tells_less_stay_apart(kept):
    two = [alike(range(10), 9.0), alike(range(10, 20), 9.0)]

    assert kept(two, [alike(range(20), 8.0)]) == [list(range(10)), list(range(10, 20))]


def test_a_group_loses_the_little_it_has_in_common_with_one_that_says_more(kept):
    assert kept([alike(range(10))], [alike(range(9, 16), 1.0)]) == [list(range(10)), list(range(10, 16))]


def test_a_group_that_another_view_has_seen_a_fifth_of_is_given_up(kept):
    assert kept([alike(range(10))], [alike(range(9, 14), 1.0)]) == [list(range(10))]


def test_of_views_that_tell_as_much_the_first_is_believed(kept):
    assert kept([alike(range(1, 6))], [alike(range(5))]) == [[1, 2, 3, 4, 5]]
