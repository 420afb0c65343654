"""What the figures of a method mean over worlds, and how sure they are, with numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.suite.measures import average_precision
from linkage.suite.results import Reported, WorldTruth
from linkage.suite.tallies import (
    AVERAGE_PRECISION,
    MAIN,
    MEMBER_PRECISION,
    MEMBER_RECALL,
    RING_F1,
    by_seed,
    difference,
    figure,
    interval,
    tally,
)

SCORES = st.integers(0, 10).map(lambda tenth: tenth / 10)
ACCOUNTS = st.frozensets(st.sampled_from("abcdefghijkl"), min_size=1)


@st.composite
def worlds(draw):
    """Small worlds in which a method reported something."""
    tallies = []
    for name in draw(st.lists(st.sampled_from("uvwxyz"), unique=True, min_size=1)):
        rings = draw(st.dictionaries(st.sampled_from("abcdefghijkl"), st.sampled_from(["p-1", "p-2", "q-1"])))
        reported = draw(st.lists(st.builds(Reported, st.just(name), SCORES, st.none(), ACCOUNTS), max_size=6))
        truth = WorldTruth(name, rings, {}, accounts=12, seed=draw(st.integers(1, 2)))
        tallies.append(tally(truth, reported, threshold=0.5))
    return tallies


@settings(max_examples=30)
@given(worlds())
def test_over_worlds_average_precision_is_that_of_all_rankings_put_together(tallies):
    scores = np.concatenate([each.scores for each in tallies])
    hits = np.concatenate([each.hits for each in tallies])

    expected = average_precision(scores, hits, sum(each.planted for each in tallies))
    assert figure(AVERAGE_PRECISION, tallies) == pytest.approx(expected, nan_ok=True)


@settings(max_examples=30)
@given(worlds())
def test_one_world_drawn_again_and_again_leaves_no_doubt(tallies):
    for name in MAIN:
        alone = figure(name, tallies[:1])

        assert interval(name, tallies[:1], seed=1, rounds=5) == pytest.approx((alone, alone), nan_ok=True)


@settings(max_examples=30)
@given(worlds())
def test_a_method_differs_from_itself_by_nothing_whatever_the_worlds(tallies):
    for name in MAIN:
        nothing = (math.nan,) * 3 if math.isnan(figure(name, tallies)) else (0, 0, 0)

        assert difference(name, tallies, tallies, seed=1, rounds=20) == pytest.approx(nothing, nan_ok=True)


@given(st.lists(st.builds(Reported, st.just("w"), SCORES, st.none(), ACCOUNTS), max_size=6), st.randoms())
def test_a_tally_never_depends_on_the_order_of_the_rings(reported, chance):
    truth = WorldTruth("w", dict.fromkeys("abcd", "p-1") | dict.fromkeys("efg", "q-1"), {}, accounts=12)
    mixed = list(reported)
    chance.shuffle(mixed)
    one, other = (tally(truth, rings, threshold=0.5) for rings in (reported, mixed))

    for field, value in vars(one).items():
        np.testing.assert_array_equal(value, vars(other)[field])


def found_and_missed():
    """Two worlds with one ring of two each: found in the first, with one honest account; missed in the other."""
    truths = [
        WorldTruth(name, {"a": "p-1", "b": "p-1"}, {}, accounts=9, seed=seed)
        for seed, name in enumerate("vw")
    ]
    ring = Reported("v", 0.9, None, frozenset("abx"))
    weak = Reported("w", 0.3, None, frozenset("ab"))
    return [tally(truth, [ring, weak], threshold=0.7) for truth in truths]


def test_rings_under_the_threshold_are_ranked_but_not_flagged():
    tallies = found_and_missed()

    assert figure(MEMBER_PRECISION, tallies) == pytest.approx(2 / 3)
    assert figure(MEMBER_RECALL, tallies) == 0.5
    assert figure(RING_F1, tallies) == pytest.approx((2 * 2 / 5) / 2)
    assert figure(AVERAGE_PRECISION, tallies) == 1


def test_intervals_are_as_wide_as_worlds_differ_and_the_same_for_the_same_seed():
    tallies = found_and_missed()

    assert interval(MEMBER_RECALL, tallies, seed=3) == (0, 1)
    assert interval(RING_F1, tallies, seed=3, rounds=11) == interval(RING_F1, tallies, seed=3, rounds=11)


def test_differences_are_given_seed_by_seed_where_both_can_be_measured():
    tallies = found_and_missed()

    def precision(worlds):
        return figure(MEMBER_PRECISION, worlds)

    assert by_seed(precision, tallies, tallies) == {0: 0}  # nobody is flagged in the world of the other seed
