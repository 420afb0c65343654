"""Strangers who say the same, much of it, a little at a time."""

from __future__ import annotations

import pytest

from linkage.scores.parts import PARTS, Traffic

BY_NAME = {part.name: part.measure for part in PARTS}
NAMES = ("words", "volume", "pace")


def part(which, members=None, **ring):
    """Measure strangers, unless something is told of them."""
    strangers = {"words": 0.5, "door": 0.0, "network": 0.0}
    return BY_NAME[which](Traffic(strangers | ring, {}, {}, {which: members}))


@pytest.mark.parametrize(
    "common", [{"door": 0.5}, {"name": 0.5}, {"network": 0.5}, {"name": 0.25, "network": 0.25}]
)
@pytest.mark.parametrize(("name", "rank"), [("words", None), ("volume", 1.0), ("pace", 0.0)])
def test_whoever_has_half_of_a_door_a_name_or_a_network_in_common_is_no_stranger(common, name, rank):
    assert part(name, members=rank) == 0.5
    assert part(name, members=rank, **common) == 0.0


def test_a_quarter_in_common_counts_half():
    assert part("words", network=0.25) == part("words", name=0.25) == 0.25


def test_a_network_that_others_have_as_often_is_not_in_common():
    assert part("words", network=-0.1) == 0.5


@pytest.mark.parametrize(("name", "rank"), [("volume", 1.0), ("pace", 0.0)])
def test_what_speaks_for_a_harvest_counts_as_far_as_words_are_own(name, rank):
    assert part(name, members=rank, words=0.0) == 0.0
    assert part(name, members=rank, words=1.0) == 1.0


@pytest.mark.parametrize(("name", "rank"), [("volume", 0.0), ("pace", 1.0)])
def test_what_speaks_against_one_counts_whoevers_words_they_are(name, rank):
    assert part(name, members=rank) == part(name, members=rank, words=0.0) == -1.0


@pytest.mark.parametrize("unknown", ["words", "door", "network"])
@pytest.mark.parametrize("name", NAMES)
def test_where_it_is_not_known_who_they_are_or_what_they_say_alike_nothing_is_said(name, unknown):
    assert part(name, members=0.9, **{unknown: None}) is None


def test_names_that_nobody_gives_make_nobody_known():
    assert part("words", name=None) == 0.5
