"""Parts become a probability; accounts are ranked among those of like volume."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from linkage.evidence.collect import collect_evidence
from linkage.evidence.kinds import chosen_kinds
from linkage.scores import extraction as room
from linkage.scores.extraction import SHRINKAGE, score_extraction
from linkage.scores.observe import observe
from linkage.scores.parts import by_hand

DAY = datetime(2026, 9, 1)  # noqa: DTZ001 - UTC, as the checked tables keep it


def judged(logs, members, smallest):
    """Score the extraction of rings by the weights set by hand."""
    behaviour = observe(logs, collect_evidence(logs, *chosen_kinds({})))
    return score_extraction(behaviour, members, smallest_stratum=smallest, calibration=by_hand())


def test_ranks_put_ties_in_the_middle_and_leave_the_unknown_unknown():
    found = room._rank(np.array([1.0, 2.0, 9.0, np.nan]), np.array([1.0, 2.0, 2.0, 4.0, np.nan]))

    assert found[:3].tolist() == [0.125, 0.5, 1.0]
    assert np.isnan(found[3])


def test_ranks_among_nobody_are_unknown():
    assert np.isnan(room._rank(np.array([1.0]), np.array([np.nan]))).all()


def test_accounts_are_compared_with_those_of_like_volume():
    """Events 0, 1 to 2, 3 to 6, 7 to 14: each power of two has its three strangers."""
    events = np.repeat([0.0, 1.0, 3.0, 7.0], 3)

    assert room._strata(events, np.ones(12, bool), 3).tolist() == np.repeat([0, 1, 2, 3], 3).tolist()


def test_a_stratum_of_too_few_is_joined_to_the_next_larger_and_the_last_to_the_one_before():
    events = np.array([0.0, 1.0, 1.0, 3.0, 7.0])

    assert room._strata(events, np.ones(5, bool), 3).tolist() == [0, 0, 0, 0, 0]
    assert room._strata(np.repeat(events, 2), np.ones(10, bool), 3).tolist() == [0] * 6 + [1] * 4


def test_members_of_rings_do_not_make_a_stratum():
    events = np.array([0.0, 0.0, 0.0, 7.0, 7.0, 7.0])
    strangers = np.array([True, True, True, False, False, False])

    assert room._strata(events, strangers, 3).tolist() == [0] * 6


@pytest.fixture
def scored(make_logs, grouped):
    """Forty honest accounts rated 0.0 to 0.39, and rings of accounts rated as told."""

    def scored(*ratings, smallest=30):
        accounts = [{"account_id": f"honest_{n:02}", "extraction_score": n / 100} for n in range(40)]
        rings = {
            ring: [f"ring_{ring}_{n}" for n in range(len(values))] for ring, values in enumerate(ratings)
        }
        for ring, values in enumerate(ratings):
            accounts += [
                {"account_id": f"ring_{ring}_{n}", "extraction_score": value}
                for n, value in enumerate(values)
            ]
        logs = make_logs(accounts=accounts)
        people, members = grouped(logs, rings)
        return judged(logs, members, smallest), people

    return scored


def test_a_ring_rated_above_everybody_is_drawn_towards_nothing_by_its_size(scored):
    found, _ = scored([0.9] * 8, [0.9] * 4)

    assert found.parts == {
        0: {"upstream": round(8 / (8 + SHRINKAGE), 4)},
        1: {"upstream": round(4 / (4 + SHRINKAGE), 4)},
    }
    assert found.odds[0] > found.odds[1]


def test_a_ring_rated_like_everybody_is_not_suspected(scored):
    """Its members rank at 10.5 and 29.5 of 40: on average in the middle."""
    found, _ = scored([0.10, 0.29] * 4)

    assert found.parts[0] == {"upstream": 0.0}
    assert found.odds[0] < -2.2


def test_a_small_ring_of_which_only_upstream_scores_are_known_can_be_told(scored):
    """Eight members, each rated above everybody: nothing else is needed."""
    found, _ = scored([0.9] * 8)

    assert found.parts[0] == {"upstream": 0.6667}
    assert found.odds[0] > 3


def test_nothing_known_is_said_to_be_nothing(scored):
    found, _ = scored([None] * 8)

    assert (found.odds, found.parts) == ({0: None}, {0: {}})


def test_accounts_have_the_rank_of_their_own_signals(scored):
    found, people = scored([0.9] * 8)
    numbers = {row[1]: row[0] for row in people.rows()}

    assert found.accounts[numbers["ring_0_0"]] == 1.0
    assert found.accounts[numbers["honest_00"]] == 0.5 / 40
    assert found.accounts[numbers["honest_39"]] == 39.5 / 40


def test_where_nearly_everybody_is_in_a_ring_rings_are_compared_with_everybody(scored):
    found, _ = scored([0.9] * 20, smallest=50)

    shift = 2 * (40 + 10) / 60 - 1
    assert found.parts[0]["upstream"] == round(round(shift**2, 2) * 20 / (20 + SHRINKAGE), 4)


def test_no_rings_are_no_error(scored):
    assert scored()[0].odds == {}


def test_events_are_ranked_within_their_volume(make_logs, grouped):
    """Busy honest accounts are even; a quiet account as even as they is compared with quiet ones alone."""
    events = []
    for n in range(30):
        busy = [400 + n + nth for nth in range(40)]
        quiet = [50 * 4**nth + n for nth in range(4)]
        for name, tokens in ((f"busy_{n:02}", busy), (f"quiet_{n:02}", quiet)):
            events += [
                {"account_id": name, "happened_at": DAY + timedelta(hours=h), "response_tokens": t}
                for h, t in enumerate(tokens)
            ]
    events += [
        {"account_id": "odd", "happened_at": DAY + timedelta(hours=h), "response_tokens": 400}
        for h in range(4)
    ]
    logs = make_logs(events=events)
    people, members = grouped(logs, {})
    numbers = {row[1]: row[0] for row in people.rows()}

    found = judged(logs, members, 20).accounts

    assert found[numbers["odd"]] > found[numbers["quiet_00"]]


@pytest.fixture
def crews(make_logs, grouped):
    """Forty strangers with hours, weekends and loads of their own, and a ring of eight that deals its work out."""

    def crews(**without):
        events = []
        for n in range(40):
            for nth in range(3 + 3 * (n % 9)):
                day, hour = (nth * (n + 3)) % 27, 9 + (n % 4) + nth % 3
                if (DAY + timedelta(days=day)).weekday() < 5:
                    prompt = f"question {n} about {nth} things" + ", step by step" * (nth % 8 == 0)
                    events.append((f"s{n:02}", day, hour, prompt, 40 * (1 + nth % 12) ** 2))
        for n in range(8):
            events += [
                (
                    f"r{n}",
                    day,
                    3 * n,
                    f"case {n + day} of {day} in full" + ", step by step" * (day % 2),
                    500 + day,
                )
                for day in range(27)
            ]
        rows = [
            {
                "account_id": name,
                "happened_at": DAY + timedelta(days=day, hours=hour),
                "prompt": prompt,
                "response_tokens": tokens,
            }
            | without
            for name, day, hour, prompt, tokens in events
        ]
        logs = make_logs(events=rows)
        _, members = grouped(logs, {0: [f"r{n}" for n in range(8)]})
        return judged(logs, members, 5)

    return crews


def test_a_ring_that_deals_its_work_out_shows_in_how_its_members_work_together(crews):
    full = 8 / (8 + SHRINKAGE)

    parts = crews().parts[0]

    assert [parts[name] for name in ("load", "turns", "weekends", "share")] == pytest.approx(
        [full] * 4, abs=0.07
    )


def test_without_lengths_or_prompts_the_other_parts_stay_as_they_are(crews):
    whole, silent = crews().parts[0], crews(prompt=None, response_tokens=None).parts[0]

    assert {"share", "elicitation", "evenness"}.isdisjoint(silent)
    for name in ("load", "turns", "weekends", "roundness"):
        assert silent[name] == whole[name]
