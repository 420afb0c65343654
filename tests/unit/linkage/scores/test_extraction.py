"""Parts become a probability; accounts are ranked among those of like volume."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import exp

import numpy as np
import pytest

from linkage.scores import extraction as room
from linkage.scores.extraction import PRIOR, SHRINKAGE, probability, score_extraction
from linkage.scores.parts import PARTS

DAY = datetime(2026, 9, 1)  # noqa: DTZ001 - UTC, as the checked tables keep it


def test_log_odds_are_the_prior_and_each_part_by_its_weight():
    parts = {part.name: 0.25 for part in PARTS}
    odds = PRIOR + sum(part.weight for part in PARTS) / 4

    assert probability(parts) == round(1 / (1 + exp(-odds)), 4)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_more_of_a_part_never_lowers_the_probability(part):
    found = [probability({part.name: value}) for value in (-1.0, -0.5, 0.0, 0.5, 1.0)]

    assert found == sorted(found)
    assert found[0] < found[-1]


def test_without_behaviour_nothing_is_known_and_with_ordinary_behaviour_little_is_suspected():
    assert probability({}) is None
    assert probability({"evenness": 0.0}) < 0.05


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
        return score_extraction(logs, people, members, smallest_stratum=smallest), people

    return scored


def test_a_ring_rated_above_everybody_is_drawn_towards_nothing_by_its_size(scored):
    found, _ = scored([0.9] * 8, [0.9] * 4)

    assert found.parts == {
        0: {"upstream": round(8 / (8 + SHRINKAGE), 4)},
        1: {"upstream": round(4 / (4 + SHRINKAGE), 4)},
    }
    assert found.rings[0] > found.rings[1]


def test_a_ring_rated_like_everybody_is_not_suspected(scored):
    """Its members rank at 10.5 and 29.5 of 40: on average in the middle."""
    found, _ = scored([0.10, 0.29] * 4)

    assert found.parts[0] == {"upstream": 0.0}
    assert found.rings[0] < 0.1


def test_a_small_ring_of_which_only_upstream_scores_are_known_can_be_told(scored):
    """Eight members, each rated above everybody: nothing else is needed."""
    found, _ = scored([0.9] * 8)

    assert found.parts[0] == {"upstream": 0.6667}
    assert found.rings[0] > 0.95


def test_nothing_known_is_said_to_be_nothing(scored):
    found, _ = scored([None] * 8)

    assert (found.rings, found.parts) == ({0: None}, {0: {}})


def test_accounts_have_the_rank_of_their_own_signals(scored):
    found, people = scored([0.9] * 8)
    numbers = {row[1]: row[0] for row in people.rows()}

    assert found.accounts[numbers["ring_0_0"]] == 1.0
    assert found.accounts[numbers["honest_00"]] == 0.5 / 40
    assert found.accounts[numbers["honest_39"]] == 39.5 / 40


def test_where_nearly_everybody_is_in_a_ring_rings_are_compared_with_everybody(scored):
    found, _ = scored([0.9] * 20, smallest=50)

    assert found.parts[0]["upstream"] == round(round(2 * (40 + 10) / 60 - 1, 2) * 20 / (20 + SHRINKAGE), 4)


def test_no_rings_are_no_error(scored):
    assert scored()[0].rings == {}


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

    found = score_extraction(logs, people, members, smallest_stratum=20).accounts

    assert found[numbers["odd"]] > found[numbers["quiet_00"]]
