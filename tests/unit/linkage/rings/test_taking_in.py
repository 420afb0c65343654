"""Accounts that no group has, and that belong to one, are taken in."""

from __future__ import annotations

import pytest

from linkage.rings.taking_in import take_in
from linkage.settings import RingSettings

TEMPLATE = {"kind": "prompt", "family": "prompt", "level": 1, "cap": 14.0, "habit": True}
RING = range(10)


@pytest.fixture
def taken(make_evidence, group):
    """Take in who belongs; list the accounts of each group."""

    def taken(groups, *identifiers, size=608):
        evidence = make_evidence(size, *identifiers)
        found = take_in(group(evidence, *groups), evidence, RingSettings(timing=False))
        listed = {}
        for ring, account in found.rows("account"):
            listed.setdefault(ring, []).append(account)
        return [listed[ring] for ring in sorted(listed)]

    return taken


def test_who_holds_what_a_ring_has_for_itself_is_taken_in(taken):
    assert taken([RING], {"held": range(12)}, TEMPLATE | {"held": range(12)}) == [list(range(12))]


def test_who_shares_nothing_is_not(taken):
    assert taken([RING], {"held": RING}, {"held": range(20, 22)}) == [list(RING)]


def test_who_has_much_less_than_the_typical_member_is_not(taken):
    """Account 10 holds the template; the ring has cards and devices in common as well."""
    evidence = [{"held": RING}, {"held": RING, "kind": "device", "family": "device"}]

    assert taken([RING], *evidence, TEMPLATE | {"held": range(11)}) == [list(RING)]


def test_strangers_with_whom_a_ring_would_be_less_sure_of_itself_are_not(taken):
    """Three say words and use a device that sixty others each have as well, enough to belong, and not the ring's program."""
    evidence = [
        TEMPLATE | {"held": [*range(13), *range(100, 160)]},
        {"held": [*range(13), *range(200, 260)], "kind": "device", "family": "device"},
        {"held": [*RING, *range(1000, 1700)], "kind": "agent", "family": "agent"},
    ]

    assert taken([RING], *evidence, size=6000) == [list(RING)]


def test_many_small_likenesses_make_no_member(taken):
    """Account 10 has a network, a program and words in common with the ring: each says less than half of what is needed."""
    common = {"held": [*range(11), *range(100, 250)]}
    evidence = [
        common | {"kind": kind, "family": kind, "cap": 22.0}
        for kind in ("network", "agent", "device", "place")
    ]

    assert taken([RING], *evidence, size=2000) == [list(RING)]


def test_who_is_in_another_group_stays_there(taken):
    groups = [RING, range(20, 28)]
    evidence = [{"held": [*RING, 20]}, {"held": range(20, 28)}, {"held": range(20, 28), "kind": "device"}]

    assert taken(groups, *evidence) == [list(RING), list(range(20, 28))]


def test_each_goes_where_it_belongs_most(taken):
    groups = [RING, range(20, 30)]
    cards = [{"held": [*RING, 40]}, {"held": [*range(20, 30), 40]}]
    template = TEMPLATE | {"held": [*range(20, 30), 40]}

    assert taken(groups, *cards, template) == [list(RING), [*range(20, 30), 40]]


def test_a_group_whose_typical_member_hardly_belongs_takes_nobody_in(taken):
    assert taken([RING], {"held": range(60)}) == [list(RING)]
