"""How many of the groups that look this strong are nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.scores.discoveries import expected_false, false_discoveries


def test_many_chances_are_corrected_for_how_many_they_are():
    assert false_discoveries([]) == []
    assert false_discoveries([0.01] * 4) == [0.01] * 4
    assert false_discoveries([0.01, 0.9, 0.9, 0.9]) == [0.04, 0.9, 0.9, 0.9]


@given(st.lists(st.floats(0.001, 1), max_size=30))
def test_q_values_keep_the_order_and_are_never_below_the_chance(chances):
    found = false_discoveries(chances)

    assert all(q >= chance - 1e-6 for q, chance in zip(found, chances, strict=True))
    for one in range(len(chances)):
        for other in range(len(chances)):
            if chances[one] < chances[other]:
                assert found[one] <= found[other] + 1e-9


def test_what_the_probabilities_of_those_as_sure_leave_open_is_false():
    assert expected_false([]) == []
    assert expected_false([0.9, 0.5, 0.9]) == pytest.approx([0.1, 0.7 / 3, 0.1], abs=1e-6)


def test_the_only_ring_of_a_run_is_no_surer_than_its_own_score():
    assert expected_false([0.75] + [0.0] * 60)[0] == pytest.approx(0.25)


@given(st.lists(st.floats(0, 1), max_size=30))
def test_a_surer_group_never_expects_more_false_ones(probabilities):
    found = expected_false(probabilities)

    for one, probability in enumerate(probabilities):
        assert 0 <= found[one] <= 1 - probability + 1e-6
        for other, less in enumerate(probabilities):
            assert probability <= less or found[one] <= found[other]
