"""A visit does not tie the one visited."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.evidence.visits import MUTUAL, VISITED, with_mutual
from linkage.tables import from_arrow, open_database


def mutual(shares, *, habit=True, family="network", counts=None, events=10):
    """Give account to how mutual its use of one identifier is, from its share of each account's use."""
    database = open_database()
    holdings = [
        {"account": n, "identifier": 0, "count": (counts or [1] * len(shares))[n], "share": share}
        for n, share in enumerate(shares)
    ]
    people = [{"account": n, "events": events} for n in range(len(shares))]
    found = with_mutual(
        from_arrow(database, pa.Table.from_pylist(holdings)),
        from_arrow(database, pa.Table.from_pylist([{"identifier": 0, "family": family, "habit": habit}])),
        from_arrow(database, pa.Table.from_pylist(people)),
    )
    assert found.columns[:4] == ("account", "identifier", "count", "share")
    return [row["mutual"] for row in found.arrow("account").to_pylist()]


def test_whoever_is_visited_at_home_is_not_tied_and_the_visitors_are():
    """Five come to a home for a fifth of what they do."""
    assert mutual([1.0, 0.2, 0.2, 0.2, 0.2, 0.2]) == [0.0, 1.0, 1.0, 1.0, 1.0, 1.0]


def test_accounts_that_use_a_thing_alike_are_tied_whether_much_or_little():
    assert mutual([1.0] * 6) == mutual([0.05] * 6) == [1.0] * 6


def test_between_a_visit_and_use_it_is_graded():
    middle = (VISITED + MUTUAL) / 2

    assert mutual([1.0, middle, middle]) == pytest.approx([0.5, 1.0, 1.0], abs=1e-4)
    assert mutual([1.0, VISITED, VISITED])[0] == 0.0
    assert mutual([1.0, MUTUAL, MUTUAL])[0] == 1.0


def test_a_card_cannot_be_visited():
    assert mutual([1.0, 0.1, 0.1], habit=False) == [1.0] * 3


def test_a_system_prompt_counts_by_all_requests_and_not_by_those_that_have_one():
    """All three say it whenever they say any; the first in each of ten requests, the others in one."""
    assert mutual([1.0, 1.0, 1.0], family="prompt", counts=[10, 1, 1]) == [0.0, 1.0, 1.0]


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=8))
def test_it_is_a_share_and_never_takes_from_those_who_use_it_least(shares):
    found = mutual(shares)

    assert all(0 <= value <= 1 for value in found)
    assert found[shares.index(min(shares))] == 1.0
