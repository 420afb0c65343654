"""What is too old counts no more; time counts to the last event of the logs."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from given import make_logs

from linkage.evidence.ageing import end_of, recent

END = datetime(2026, 9, 30)  # noqa: DTZ001 - UTC, as the checked tables keep it


def logs(*ages, accounts=(), late=()):
    """Events of these ages in days, one account each; and a thousand on the last day."""
    events = [{"account_id": f"a{age}", "happened_at": END - timedelta(days=age)} for age in ages]
    events += [{"account_id": "busy", "happened_at": END} for _ in range(1000)]
    events += [{"account_id": "late", "happened_at": at} for at in late]
    payments = [
        {"account_id": f"a{age}", "fingerprint": "fp", "happened_at": END - timedelta(days=age)}
        for age in ages
    ]
    return make_logs(accounts=[{"account_id": "a5"}, *accounts], events=events, payments=payments)


def seen(table):
    return {row["account_id"] for row in table.arrow().to_pylist()}


def test_what_is_older_than_the_limit_is_left_out_of_events_and_payments():
    kept = recent(logs(5, 50), 30)

    assert seen(kept.events) == {"a5", "busy"}
    assert seen(kept.payments) == {"a5"}


def test_where_nothing_is_that_old_the_tables_are_the_same():
    given = logs(5, 20)

    assert recent(given, 30) is given


def test_an_account_that_was_not_seen_since_is_left_out_and_a_young_one_stays():
    old, young = END - timedelta(days=90), END - timedelta(days=2)
    kept = recent(
        logs(5, 50, accounts=[
            {"account_id": "a50", "created_at": old},
            {"account_id": "idle", "created_at": old},
            {"account_id": "fresh", "created_at": young},
            {"account_id": "undated"},
        ]),
        30,
    )  # fmt: skip

    assert seen(kept.accounts) == {"a5", "fresh", "undated"}


def test_one_clock_that_runs_ahead_makes_nothing_old():
    kept = recent(logs(5, 50, late=[END + timedelta(days=3650)]), 30)

    assert seen(kept.events) == {"a5", "busy", "late"}


def test_logs_without_a_time_stay():
    given = make_logs(payments=[{"account_id": "a", "fingerprint": "fp"}])

    assert recent(given, 1) is given


@pytest.mark.parametrize("days", [1, 10, 40])
def test_a_longer_memory_never_holds_less(days):
    assert seen(recent(logs(5, 20, 50), days).events) <= seen(recent(logs(5, 20, 50), days + 10).events)


def test_the_logs_end_with_their_last_event_and_not_with_a_clock_that_runs_ahead():
    ahead = END + timedelta(days=900)

    assert end_of(logs(5)) == END
    assert end_of(logs(5, late=[END + timedelta(days=20)])) == END + timedelta(days=20)
    assert end_of(logs(5, late=[ahead])) == END


def test_a_silence_is_no_wrong_clock_where_many_speak_after_it():
    many = [END + timedelta(days=60, minutes=number) for number in range(20)]

    assert end_of(logs(5, late=many)) == many[-1]


def test_logs_without_a_time_have_no_end():
    assert end_of(make_logs(accounts=[{"account_id": "a"}])) is None
