"""What speaks for extraction: each part from what it compares."""

from __future__ import annotations

import pytest

from linkage.scores.parts import PARTS, Traffic

BY_NAME = {part.name: part.measure for part in PARTS}


def part(name, ring=None, others=None, typical=None, members=None):
    values = ({} if value is None else {name: value} for value in (ring, others, typical, members))
    return BY_NAME[name](Traffic(*values))


@pytest.mark.parametrize(
    ("share", "value"), [(0.04, 0.0), (0.09, 1.0), (0.19, 1.0), (0.39, 2.0), (0.79, 3.0), (1.0, 3.0)]
)
def test_elicitation_counts_doublings_of_what_others_ask(share, value):
    """Others ask in 4 of 100; a hundredth is added to both, so that rare asking is no wonder."""
    assert part("elicitation", ring=share, others=0.04) == value


def test_asking_half_as_often_as_others_speaks_against_and_never_asking_no_more_so():
    half, less, never = (part("elicitation", ring=share, others=0.04) for share in (0.015, 0.005, 0.0))

    assert half == less == never <= -1.0
    assert half < part("elicitation", ring=0.03, others=0.04) < 0


@pytest.mark.parametrize(("spread", "value"), [(0.2, 1.0), (0.4, 1.0), (0.8, 0.0), (1.6, -1.0), (3.2, -1.0)])
def test_evenness_counts_halvings_of_the_spread_of_others(spread, value):
    assert part("evenness", ring=spread, others=0.8) == value


def test_answers_of_one_length_are_as_even_as_can_be():
    assert part("evenness", ring=0.0, others=0.8) == 1.0


@pytest.mark.parametrize(("ring", "value"), [(-0.1, 1.0), (0.0, 1.0), (0.25, 0.5), (0.5, 0.0), (1.0, -1.0)])
def test_roundness_compares_the_rings_day_with_a_persons(ring, value):
    assert part("roundness", ring=ring, typical=0.5) == value


def test_roundness_says_nothing_where_nobody_has_a_rhythm():
    assert part("roundness", ring=0.0, typical=0.04) is None
    assert part("roundness", ring=0.0, typical=0.15) == 0.5


@pytest.mark.parametrize(("rank", "value"), [(0.2, 0.0), (0.5, 0.0), (0.75, 0.5), (1.0, 1.0)])
def test_a_wide_range_speaks_for_and_a_narrow_one_not_against(rank, value):
    assert part("coverage", members=rank) == value


@pytest.mark.parametrize(("rank", "value"), [(0.0, -1.0), (0.5, 0.0), (1.0, 1.0)])
def test_the_upstream_detector_speaks_for_and_against(rank, value):
    assert part("upstream", members=rank) == value


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_where_nothing_is_known_a_part_says_nothing(name):
    assert BY_NAME[name](Traffic({}, {}, {}, {})) is None
    nothing = {name: None}
    assert BY_NAME[name](Traffic(nothing, nothing, nothing, nothing)) is None


def test_every_part_has_a_name_of_its_own_a_weight_and_a_sentence():
    assert len(BY_NAME) == len(PARTS)
    assert all(part.weight >= 0 and part.sentence for part in PARTS)
