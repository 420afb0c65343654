"""Sign-up times speak for a member, against it, or not at all."""

from __future__ import annotations

import numpy as np
import pytest

from linkage.rings.timing import _bits, _chances, _of_several, weigh_timing


def test_the_best_of_several_tries_is_less_surprising():
    found = _of_several(np.array([0.5, 0.1, 1.0]), np.array([2, 3, 4]))

    assert found == pytest.approx([0.75, 1 - 0.9**3, 1.0])


def chances(rows, everybody):
    """Rows of ring, identifier, account, moment."""
    columns = [
        np.array(column)
        for column in zip(*sorted(rows, key=lambda row: (row[0], row[1], row[3])), strict=True)
    ]
    found = _chances(*columns[:3], columns[3].astype(float), np.array(sorted(everybody), float))
    return {(row["ring"], row["account"]): row["chance"] for row in found.to_pylist()}


def test_the_chance_is_the_share_of_all_who_signed_up_within_the_gap():
    """A hundred and one sign up a minute apart; members 0 and 1 at minutes 50 and 52: four others lie within two."""
    found = chances([(0, 0, 0, 50), (0, 0, 1, 52)], range(101))

    assert found == {(0, 0): pytest.approx(0.04), (0, 1): pytest.approx(0.04)}


def test_the_nearest_counts_corrected_for_how_many_there_are():
    """Account 1 has one at 2 and one at 10 minutes: the nearer of two, 1 - 0.96^2."""
    found = chances([(0, 0, 0, 50), (0, 0, 1, 52), (0, 0, 2, 62)], range(101))

    assert found[0, 1] == pytest.approx(1 - 0.96**2)


def test_the_most_telling_identifier_counts_corrected_for_how_many_there_are():
    near, far = [(0, 0, 0, 50), (0, 0, 1, 52)], [(0, 1, 0, 50), (0, 1, 2, 90)]

    assert chances(near + far, range(101))[0, 0] == pytest.approx(1 - 0.96**2)


def test_an_identifier_that_a_member_holds_alone_says_nothing():
    assert chances([(0, 0, 0, 50), (0, 1, 1, 52)], range(101)) == {}


def test_members_of_different_rings_are_not_compared():
    assert chances([(0, 0, 0, 50), (1, 0, 1, 50)], range(101)) == {}


def test_no_coincidence_is_rarer_than_one_in_a_hundred_thousand():
    assert chances([(0, 0, 0, 50), (0, 0, 1, 50)], [50, 50, *range(1000, 10**6)])[0, 0] == 1e-5


def test_agreement_speaks_for_and_disagreement_against():
    """Half the members signed up together, half like strangers."""
    together, strangers = np.full(100, 1e-5), np.linspace(0.01, 1, 100)

    bits = _bits(np.concatenate([together, strangers]))

    assert bits[0] > 5
    assert bits[-1] < -2
    assert (np.diff(bits[100:]) < 0).all()


def test_where_sign_up_times_tell_nothing_they_count_nothing():
    bits = _bits(np.linspace(0.005, 1, 200))

    assert np.abs(bits).max() < 0.5


def test_too_few_members_to_learn_from_count_nothing():
    assert _bits(np.full(49, 1e-5)).tolist() == [0.0] * 49


def test_members_of_unknown_age_have_no_row(make_evidence, group):
    evidence = make_evidence(60, {"held": range(4)}, born={0: 1.0, 1: 1.1, 30: 5.0})

    assert {account for _, account, _ in weigh_timing(group(evidence, range(4)), evidence).rows()} == {0, 1}


def test_nobody_whose_age_is_known_is_no_error(make_evidence, group):
    evidence = make_evidence(8, {"held": range(4)}, born={})

    assert len(weigh_timing(group(evidence, range(4)), evidence)) == 0


def test_a_burst_of_sign_ups_is_not_counted_twice(make_evidence, group):
    """The burst is the same fact as the nearness of its members in time."""
    burst = {"held": range(4), "kind": "signup", "family": "signup"}
    evidence = make_evidence(60, burst)

    assert len(weigh_timing(group(evidence, range(4)), evidence)) == 0
