"""What the measures of rings and scores mean, with numbers worked out by hand."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.suite.measures import (
    adaptive_reliability,
    auc,
    average_precision,
    brier,
    calibration_error,
    false_per_million,
    false_share,
    honest_by_crowd,
    match_rings,
    melted,
    member_precision_recall,
    poisson_upper,
    precision_recall,
    ranked_hits,
    recall_by_scenario,
    reliability,
    ring_f1,
    true_rings,
    wholeness,
)
from linkage.suite.results import WorldTruth

SCORES = st.integers(0, 10).map(lambda tenth: tenth / 10)
RANKINGS = st.lists(st.tuples(SCORES, st.booleans()), max_size=30)


def ranking(pairs):
    return np.array([score for score, _ in pairs], float), np.array([hit for _, hit in pairs], bool)


# Rings against rings


def test_a_ring_that_swallows_two_is_counted_for_one_of_them_only():
    one, other = set("abcd"), set("wxyz")

    assert ring_f1([one, other], [one | other]) == pytest.approx((2 * 4 / 12) / 2)


def test_matching_looks_at_all_rings_together_and_not_at_the_best_pair_first():
    one, other = set("abcd"), set("wxyz")
    mixed, part = set("abcdwxy"), set("ab?")

    assert match_rings([one, other], [mixed, part]) == ((1, 4 / 7), (0, 6 / 11))


def test_rings_that_nothing_touches_count_as_zero():
    assert ring_f1([set("ab"), set("cd"), set("ef")], [set("ab"), set("xy")]) == pytest.approx(1 / 3)
    assert ring_f1([set("ab")], []) == 0
    assert math.isnan(ring_f1([], [set("ab")]))


def test_wholeness_is_the_share_in_the_largest_fragment():
    assert wholeness([set("abcdefghij"), set("xy")], [set("abc"), set("defghZ")]) == (0.5, 0)
    assert wholeness([], [set("ab")]) == ()


def test_melted_rings_hold_three_members_and_a_tenth_of_each_of_two_rings():
    large, small = {f"l{n}" for n in range(50)}, {f"s{n}" for n in range(5)}

    def mixed(of_large, of_small):
        return set(sorted(large)[:of_large]) | set(sorted(small)[:of_small])

    assert melted([large, small], [mixed(5, 3)]) == 1
    assert melted([large, small], [mixed(4, 3)]) == 0  # 4 of 50 are under a tenth
    assert melted([large, small], [mixed(5, 2)]) == 0  # two members are few
    assert melted([large, small], [mixed(50, 0), mixed(0, 5)]) == 0


# The ranking


def test_average_precision_worked_out_by_hand():
    scores, hits = ranking([(0.9, True), (0.8, False), (0.7, True), (0.6, False)])

    assert average_precision(scores, hits, 3) == pytest.approx(1 / 3 * 1 + 1 / 3 * 2 / 3)


@pytest.mark.parametrize("hits", [(True, False), (False, True)])
def test_rings_of_one_score_are_read_together(hits):
    assert average_precision(np.array([0.8, 0.8]), np.array(hits), 1) == 0.5


def test_a_method_that_reports_nothing_has_no_average_precision_where_there_are_rings():
    assert average_precision(np.empty(0), np.empty(0, bool), 3) == 0
    assert math.isnan(average_precision(np.array([0.5]), np.array([False]), 0))


@given(RANKINGS, st.integers(0, 5))
def test_average_precision_is_between_0_and_1(pairs, missed):
    scores, hits = ranking(pairs)
    planted = int(hits.sum()) + missed

    assert not planted or 0 <= average_precision(scores, hits, planted) <= 1


@given(st.integers(1, 9), st.integers(0, 9))
def test_a_perfect_ranking_has_an_average_precision_of_1(right, wrong):
    scores, hits = ranking([(0.9, True)] * right + [(0.1, False)] * wrong)

    assert average_precision(scores, hits, right) == 1


@given(RANKINGS.filter(bool), st.randoms())
def test_the_order_in_which_rings_are_listed_never_matters(pairs, chance):
    mixed = list(pairs)
    chance.shuffle(mixed)

    for one, other in zip(
        precision_recall(*ranking(pairs), 7), precision_recall(*ranking(mixed), 7), strict=True
    ):
        assert one.tolist() == other.tolist()


def test_a_planted_ring_is_hit_once_however_many_halves_of_it_are_reported():
    halves = [set("abc"), set("def")]  # F1 6/9 each

    assert ranked_hits([set("abcdef")], halves, [0.4, 0.8]).tolist() == [False, True]


@pytest.mark.parametrize("scores", [(0.9, 0.8), (0.8, 0.9), (0.8, 0.8)])
def test_a_ring_that_could_hit_either_of_two_leaves_room_for_one_that_cannot(scores):
    both, first = set("abcd"), set("ab?")

    assert ranked_hits([set("ab"), set("cd")], [both, first], scores).all()


def test_an_f1_of_one_half_is_a_hit_and_less_is_none():
    ring = set("abc")

    assert ranked_hits([ring], [set("a")], [1.0]).all()  # 2 * 1 / (3 + 1)
    assert not ranked_hits([ring], [set("axy")], [1.0]).any()  # 2 * 1 / (3 + 3)


# Accounts


def test_precision_of_nobody_is_unknown_and_not_perfect():
    precision, recall = member_precision_recall({"a"}, set())

    assert math.isnan(precision)
    assert recall == 0


def test_honest_accounts_are_counted_by_the_type_of_their_crowd():
    truth = WorldTruth("w", {"m": "pool-1"}, {"a": "office-1", "b": "office-2", "c": "vpn-1"}, accounts=9)

    assert honest_by_crowd(truth, set("mabz")) == {"nobody in particular": 1, "office": 2}


def test_recall_is_counted_by_scenario_whatever_the_ring():
    rings = {"a": "drip-1", "b": "drip-2", "c": "drip-2", "d": "pool-1"}

    assert recall_by_scenario(rings, set("abx")) == {"drip": (2, 3), "pool": (0, 1)}


# False rings


def test_a_ring_is_true_when_half_of_it_is_and_false_under_that():
    members = dict.fromkeys("abc", "pool-1")

    assert true_rings(members, [set("ab"), set("ax"), set("abxyz"), set()]).tolist() == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("count", [0, 1, 4, 30])
def test_the_upper_limit_is_where_so_few_have_a_chance_of_one_in_twenty(count):
    mean = poisson_upper(count)
    chance = math.fsum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(count + 1))

    assert chance == pytest.approx(0.05)


def test_false_rings_are_given_a_million_accounts_with_the_limit():
    rate, upper = false_per_million(1, 500_000)

    assert rate == 2
    assert upper == pytest.approx(2 * 4.744, abs=1e-3)
    assert all(map(math.isnan, false_per_million(0, 0)))


def test_rings_without_a_q_value_are_not_among_the_chosen():
    q_values = np.array([0.01, 0.05, 0.051, np.nan])

    assert false_share(q_values, np.array([True, False, False, False])) == (0.5, 2)
    assert math.isnan(false_share(np.array([np.nan]), np.array([True]))[0])


# Scores as probabilities


@pytest.mark.parametrize("bins_of", [reliability, adaptive_reliability])
def test_scores_that_keep_their_word_have_no_calibration_error(bins_of):
    scores = np.repeat([0.25, 0.5, 0.75], 4)
    true = np.array([1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0], bool)

    assert calibration_error(bins_of(scores, true)) == 0


def test_calibration_error_worked_out_by_hand():
    scores = np.array([0.9, 0.9, 0.9, 0.9, 0.1])
    true = np.array([True, True, False, False, False])

    # Four rings are .4 off, one is .1 off.
    assert calibration_error(reliability(scores, true)) == pytest.approx((4 * 0.4 + 0.1) / 5)
    assert brier(scores, true) == pytest.approx((2 * 0.01 + 2 * 0.81 + 0.01) / 5)


def test_bins_begin_at_their_edge_and_the_last_one_has_its_end():
    bins = reliability(np.array([0.0, 0.3, 0.7, 1.0]), np.zeros(4, bool))

    assert [(each.low, each.high) for each in bins] == [(0, 0.1), (0.3, 0.4), (0.7, 0.8), (0.9, 1)]


def test_bins_of_equal_counts_part_what_bins_of_equal_width_hide():
    scores = np.array([0.91, 0.92, 0.93, 0.96, 0.97, 0.98])
    true = np.array([False, False, False, True, True, True])

    assert [each.share for each in reliability(scores, true)] == [0.5]
    assert [each.share for each in adaptive_reliability(scores, true, bins=2)] == [0, 1]


@given(RANKINGS, st.integers(1, 12))
def test_every_ring_is_in_one_bin_and_rings_of_one_score_in_the_same(pairs, count):
    scores, true = ranking(pairs)
    bins = adaptive_reliability(scores, true, bins=count)

    assert sum(each.rings for each in bins) == len(pairs)
    assert sum(each.rings for each in reliability(scores, true, bins=count)) == len(pairs)
    assert len(bins) <= count
    assert all(one.high < other.low for one, other in itertools.pairwise(bins))


@given(RANKINGS)
def test_calibration_error_is_between_0_and_1(pairs):
    assert not pairs or 0 <= calibration_error(adaptive_reliability(*ranking(pairs))) <= 1


@given(RANKINGS)
def test_auc_is_the_share_of_pairs_in_the_right_order(pairs):
    right = [score for score, true in pairs if true]
    wrong = [score for score, true in pairs if not true]
    won = [1.0 if one > other else 0.5 if one == other else 0.0 for one in right for other in wrong]

    expected = sum(won) / len(won) if won else math.nan
    assert auc(*ranking(pairs)) == pytest.approx(expected, nan_ok=True)
