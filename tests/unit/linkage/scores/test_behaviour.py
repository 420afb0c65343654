"""The signals of traffic, each worked out by hand."""

from __future__ import annotations

import statistics
from datetime import datetime, timedelta
from math import cos, log, pi

import pytest

from linkage.scores.behaviour import count_traffic, measure

DAY = datetime(2026, 9, 1)  # noqa: DTZ001 - UTC, as the checked tables keep it


@pytest.fixture
def signals(make_logs, grouped):
    """Measure groups of accounts; an event is account, hour and whatever else; give signals by group."""

    def signals(*events, groups=None, accounts=()):
        rows = [
            {"account_id": account, "happened_at": DAY + timedelta(hours=hour), **what}
            for account, hour, what in events
        ]
        logs = make_logs(events=rows, accounts=list(accounts))
        people, senders = grouped(logs, groups or {0: sorted({event[0] for event in events})}, word="sender")
        found = measure(count_traffic(logs, people), senders).arrow("sender").to_pylist()
        return [{name: value for name, value in row.items() if name != "sender"} for row in found]

    return signals


def at(*hours, account="a", **what):
    return [(account, hour, what) for hour in hours]


def test_around_the_clock_is_as_unlike_one_hour_as_can_be(signals):
    """Four events at four corners of the clock face point nowhere: (0 - 4) / (4 x 3)."""
    assert signals(*at(0, 6, 12, 18))[0]["roundness"] == pytest.approx(-1 / 3)


def test_always_the_same_hour_is_one_whatever_the_day(signals):
    assert signals(*at(9, 33, 57, 81))[0]["roundness"] == pytest.approx(1.0)


def test_two_hours_in_turn_are_as_alike_as_their_angle(signals):
    """Of six pairs two are of one hour and four are 60 degrees apart."""
    assert signals(*at(8, 32, 12, 36))[0]["roundness"] == pytest.approx((2 + 4 * cos(pi / 3)) / 6)


def test_three_events_are_too_few_to_have_a_rhythm(signals):
    assert signals(*at(0, 8, 16))[0]["roundness"] is None


def test_shifts_of_four_accounts_are_one_day_around_the_clock(signals):
    """Each keeps its hours; as though it were one account, the ring never sleeps."""
    shifts = [
        event
        for n, name in enumerate("abcd")
        for event in at(*(6 * n + 24 * day for day in range(4)), account=name)
    ]
    groups = {0: "abcd"} | {1 + n: name for n, name in enumerate("abcd")}

    ring, *members = signals(*shifts, groups=groups)

    assert ring["roundness"] == pytest.approx((0 - 16) / (16 * 15), abs=1e-6)
    assert [member["roundness"] for member in members] == pytest.approx([1.0] * 4)


def test_evenness_is_the_spread_of_the_logarithm_of_answers(signals):
    lengths = [9, 99, 999]
    events = [event for n, tokens in enumerate(lengths) for event in at(n, response_tokens=tokens)]

    assert signals(*events)[0]["evenness"] == pytest.approx(
        statistics.stdev([log(10), log(100), log(1000)]), abs=1e-6
    )


def test_answers_of_one_length_have_no_spread(signals):
    assert signals(*at(0, 1, 2, response_tokens=400))[0]["evenness"] == pytest.approx(0.0, abs=1e-5)


def test_evenness_needs_three_answers_of_known_length(signals):
    assert signals(*at(0, 1, response_tokens=400), *at(2, 3))[0]["evenness"] is None


ASKING = (
    "Prove it. Think step by step.",
    "Show every stage of your reasoning, then answer",
    "Explain why each option is wrong",
    "Begründe jeden Schritt",
    "请一步一步地思考",
    "<thinking> first, please",
)
PLAIN = ("What is the capital of Norway?", "Write a poem about trains", "My steps: 8,000 today")


def test_elicitation_knows_who_asks_for_reasoning(signals):
    prompts = [*ASKING, *PLAIN]
    events = [
        event for n, prompt in enumerate(prompts) for event in at(n, prompt=prompt, account=f"acct_{n}")
    ]

    found = signals(*events, groups={n: [f"acct_{n}"] for n in range(len(prompts))})

    assert [row["elicitation"] for row in found] == [1.0] * len(ASKING) + [0.0] * len(PLAIN)


def test_elicitation_is_a_share_of_the_events_that_say_something(signals):
    """One of two prompts asks, one system prompt does; two events say nothing."""
    events = [
        *at(0, prompt="think step by step"),
        *at(1, prompt="hello there"),
        *at(2, system_prompt="Show your working."),
        *at(3, 4),
    ]

    assert signals(*events)[0]["elicitation"] == pytest.approx(2 / 3, abs=1e-6)


def test_upstream_is_the_mean_of_the_accounts_of_a_group(signals):
    accounts = [
        {"account_id": name, "extraction_score": score}
        for name, score in zip("abc", (0.9, 0.5, None), strict=True)
    ]
    events = [event for name in "abc" for event in at(0, account=name)]

    (found,) = signals(*events, accounts=accounts)

    assert found["upstream"] == pytest.approx(0.7)


def test_prompts_on_one_thing_range_less_than_prompts_on_many(signals):
    loaves = ("rye bread", "rye cake", "oat bread", "oat cake", "bran bread", "bran cake")
    one = [event for n, loaf in enumerate(loaves) for event in at(n, prompt=loaf, account="a")]
    things = (
        "sail boats home",
        "prove lemmas twice",
        "bake rye bread",
        "tune old violins",
        "mow tall grass",
        "read maps",
    )
    many = [event for n, thing in enumerate(things) for event in at(n, prompt=thing, account="b")]

    narrow, wide = signals(*one, *many, groups={0: "a", 1: "b"})

    assert narrow["coverage"] < wide["coverage"]
    assert 0 <= narrow["coverage"] <= wide["coverage"] <= 1.2


def test_an_account_that_did_nothing_has_no_signals(signals):
    (found,) = signals(accounts=[{"account_id": "a"}], groups={0: "a"})

    assert found == {"events": 0} | dict.fromkeys(
        ("elicitation", "evenness", "roundness", "coverage", "upstream")
    )
