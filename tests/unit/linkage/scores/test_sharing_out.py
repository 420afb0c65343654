"""How work is shared out over members, hours, days and the week, each worked out by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import log, sqrt

import pytest

from linkage.scores.behaviour import count_traffic, list_requests
from linkage.scores.sharing_out import list_sittings, measure_sharing

TUESDAY = datetime(2026, 9, 1)  # noqa: DTZ001 - UTC, as the checked tables keep it


@pytest.fixture
def shared(make_logs, grouped):
    """Measure groups of accounts; an event is account and hour since a Tuesday midnight."""

    def shared(*events, groups=None):
        rows = [{"account_id": name, "happened_at": TUESDAY + timedelta(hours=hour)} for name, hour in events]
        logs = make_logs(events=rows)
        people, senders = grouped(logs, groups or {0: sorted({event[0] for event in events})}, word="sender")
        requests = list_requests(logs, people)
        return measure_sharing(count_traffic(logs, people, requests), list_sittings(requests), senders)

    return shared


def times(**counts):
    return [(name, 0.01 * n) for name, count in counts.items() for n in range(count)]


def test_equal_loads_are_no_distance_apart(shared):
    assert shared(*times(a=7, b=7, c=7, d=7))[0]["load"] == 0.0


def test_the_load_is_the_mean_distance_from_the_median_whatever_the_volume(shared):
    """Two of three members are a factor of 2 away from the median; three are too few by sqrt(3 / 2)."""
    expected = 2 * log(2) / 3 * sqrt(3 / 2)

    few, many = (shared(*times(a=n, b=2 * n, c=4 * n))[0]["load"] for n in (2, 20))

    assert few == many == pytest.approx(expected, abs=1e-6)


def test_two_members_are_too_few_to_compare_loads(shared):
    assert shared(*times(a=2, b=9))[0]["load"] is None


def shifts(*hours):
    return [(f"m{n}", 24 * day + hour) for n, hour in enumerate(hours) for day in range(3)]


def test_members_that_tile_the_day_cancel_out(shared):
    found = shared(*shifts(0, 6, 12, 18))[0]

    assert found["turns"] == pytest.approx(0.0, abs=1e-6)
    assert found["hours"] == pytest.approx(1.0)


def test_members_that_keep_the_same_hours_add_up_to_their_number(shared):
    assert shared(*shifts(9, 9, 9, 9))[0]["turns"] == pytest.approx(4.0)


def test_right_angles_are_hours_that_have_nothing_to_do_with_each_other(shared):
    """Arrows east, east and north: 2 x 2 + 1 x 1 over three."""
    assert shared(*shifts(0, 0, 6))[0]["turns"] == pytest.approx(5 / 3)


def by_day(*counts, name="m0"):
    """So many sittings, each in an hour of its own, on one day after another."""
    return [(name, 24 * day + hour) for day, count in enumerate(counts) for hour in range(count)]


def test_what_goes_on_in_one_hour_is_one_sitting(shared):
    talkative = [(name, hour + part / 10) for name, hour in by_day(3, 3, 3, 3, 2, 1, 3) for part in range(5)]

    found = shared(*talkative)[0]

    assert (found["weekend"], found["workdays"]) == (3.0, 6.0)


def test_a_ring_of_a_few_days_has_no_days_to_compare(shared):
    found = shared(*by_day(3, 3, 3, 3, 3, 3))[0]

    assert (found["weekend"], found["workdays"]) == (None, None)


def test_weekends_are_compared_with_as_many_workdays(shared):
    """Tuesday to Monday: five workdays of three sittings, a Saturday of two and a Sunday of one."""
    found = shared(*by_day(3, 3, 3, 3, 2, 1, 3))[0]

    assert (found["weekend"], found["workdays"]) == (3.0, 6.0)


def test_groups_are_measured_apart_and_silent_accounts_do_not_count(shared):
    found = shared(*times(a=3, b=3, c=3, d=1, e=9, f=3), groups={4: ["a", "b", "c"], 9: ["d", "e", "f"]})

    assert found[4]["load"] == 0.0
    assert found[9]["load"] > 0.5


def test_nothing_done_is_nothing_measured(shared):
    assert shared(groups={0: []}) == {}
