"""Communities become rings: those large enough, without those who only came along."""

from __future__ import annotations

import pytest

from linkage.rings.find import find_rings
from linkage.settings import RingSettings


@pytest.fixture
def rings(make_evidence, group):
    """Find rings among communities by their evidence; list their members by number."""

    def rings(communities, *identifiers, size=308, **settings):
        evidence = make_evidence(size, *identifiers)
        parts = group(evidence, *communities, word="community")
        found = find_rings(parts, group(evidence, word="community"), evidence, RingSettings(**settings))
        listed = {}
        for row in found.members.arrow("ring, account").to_pylist():
            listed.setdefault(row["ring"], []).append(row["account"])
        return listed

    return rings


def test_a_community_whose_members_hold_one_card_is_a_ring(rings):
    assert rings([range(8)], {"held": range(8)}) == {0: list(range(8))}


def test_a_community_smaller_than_the_smallest_ring_is_none(rings):
    assert rings([range(4)], {"held": range(4)}) == {}
    assert rings([range(4)], {"held": range(4)}, smallest_ring=4) == {0: [0, 1, 2, 3]}


def test_a_member_that_shares_nothing_is_left_out(rings):
    assert rings([range(9)], {"held": range(8)}) == {0: list(range(8))}


def test_a_ring_that_shrinks_under_the_smallest_is_gone(rings):
    assert rings([range(8)], {"held": range(4)}) == {}


def test_a_member_with_far_less_evidence_than_the_typical_one_is_left_out(rings):
    """Account 8 has the card alone; the others have templates and devices in common, too."""
    evidence = [
        {"held": range(9)},
        {"held": range(8), "kind": "prompt", "family": "prompt"},
        {"held": range(8), "kind": "device", "family": "device"},
    ]

    assert rings([range(9)], *evidence) == {0: list(range(8))}
    assert rings([range(9)], *evidence, least_part=0.0) == {0: list(range(9))}


def test_rings_are_numbered_by_their_oldest_member(rings):
    found = rings([range(100, 108), range(8)], {"held": range(100, 108)}, {"held": range(8)})

    assert found == {0: list(range(8)), 1: list(range(100, 108))}


def test_no_communities_are_no_rings(rings):
    assert rings([], {"held": range(8)}) == {}


def test_a_ring_that_one_thin_thing_holds_is_not_torn_apart(rings):
    """All eight, and sixteen strangers, hold it: 4 bits for each against a prior of 7, so that none is sure."""
    assert rings([range(8)], {"held": range(24)}) == {0: list(range(8))}


def test_what_is_held_by_half_of_everybody_holds_no_ring(rings):
    assert rings([range(8)], {"held": range(150)}) == {}


def test_who_was_left_out_takes_no_others_along(rings):
    """Eight of twenty hold the template and not the card; left out as strangers they would make it common."""
    evidence = [
        {"held": range(12)},
        {"held": range(20), "kind": "prompt", "family": "prompt"},
        {"held": range(6), "kind": "device", "family": "device"},
    ]

    assert rings([range(20)], *evidence)[0][:12] == list(range(12))


def test_two_communities_that_are_surer_together_are_one_ring(rings):
    template = {"held": range(20), "kind": "prompt", "family": "prompt"}

    assert rings([range(10), range(10, 20)], template) == {0: list(range(20))}
    assert rings([range(10), range(10, 20)], template, join=False) == {
        0: list(range(10)),
        1: list(range(10, 20)),
    }
