"""Sign-up bursts: surprise against the rate of that time and network."""

from __future__ import annotations

from datetime import datetime, timedelta

from linkage.evidence.kinds.signup import SignupBurst
from linkage.evidence.people import gather_people

NOON = datetime(2026, 9, 1, 12)  # noqa: DTZ001 - UTC, as the checked tables keep it


def bursts(make_logs, minutes, *, networks=None, daily=0):
    """Sign accounts up so many minutes after noon, amid ``daily`` others a day, and say who is in which burst."""
    accounts = [
        {"account_id": f"acct_{number}", "created_at": NOON + timedelta(minutes=after)}
        for number, after in enumerate(minutes)
    ]
    for day in range(-14, 15):
        accounts += [
            {
                "account_id": f"other_{day}_{nth}",
                "created_at": NOON + timedelta(days=day, minutes=1440 * nth / daily),
            }
            for nth in range(daily)
        ]
    events = [
        {"account_id": f"acct_{number}", "happened_at": NOON + timedelta(days=1), "asn": network}
        for number, network in enumerate(networks or ())
    ]
    logs = make_logs(accounts=accounts, events=events)
    found = {}
    for row in SignupBurst().sightings(logs, gather_people(logs)).arrow("account").to_pylist():
        found.setdefault(row["identifier"], []).append(row["account"])
    return {identifier: len(accounts) for identifier, accounts in found.items()}


def test_three_in_ten_minutes_of_a_quiet_month_are_a_burst(make_logs):
    """Expected are 3 of 600 s in 29 days, 0.00072: 3 log2(3 / 0.00072) - 3 / ln 2 is 32 bits, above 20."""
    month = [-14 * 1440, 14 * 1440]

    assert bursts(make_logs, [0, 3, 6, *month]) == {"2026-09-01T12:00/10min": 3}


def test_two_are_never_a_burst(make_logs):
    assert bursts(make_logs, [0, 0]) == {}


def test_three_in_ten_minutes_of_a_busy_month_are_no_burst(make_logs):
    """At 1,000 sign-ups a day seven are expected in any ten minutes."""
    assert bursts(make_logs, [0, 3, 6], daily=1000) == {}


def test_the_first_and_the_last_day_of_a_steady_month_are_no_bursts(make_logs):
    """Nobody is known to have signed up before the first day: that is where the data end, not a quiet time."""
    assert bursts(make_logs, [], daily=300) == {}


def test_three_in_ten_days_are_no_burst(make_logs):
    assert bursts(make_logs, [0, 7200, 14400]) == {}


def test_a_burst_that_straddles_the_hour_is_seen_by_the_half_shifted_window(make_logs):
    assert bursts(make_logs, [-3, -1, 1, 3]) == {"2026-09-01T11:55/10min": 4}


def test_a_burst_of_one_small_network_is_told_from_the_busy_world(make_logs):
    """Four of AS64496 in six minutes, where the world signs up 1,000 a day and this network nobody else."""
    found = bursts(make_logs, [0, 2, 4, 6], networks=["64496"] * 4, daily=1000)

    assert found == {"2026-09-01T12:00/10min on AS64496": 4}


def test_the_same_four_in_a_wave_of_the_whole_world_are_worth_less(make_logs):
    """While 2,000 sign up in the same ten minutes, four of one network are what the wave explains."""
    wave = [10 * nth / 2000 for nth in range(2000)]

    found = bursts(make_logs, [0, 2, 4, 6, *wave], networks=["64496"] * 4)

    assert not any(" on " in identifier for identifier in found)
