"""Groups whose members are surer of belonging together than apart are joined."""

from __future__ import annotations

import pytest

from linkage.rings.together import join_telling
from linkage.settings import RingSettings

ONE, OTHER, THIRD = range(10), range(10, 20), range(20, 30)
TEMPLATE = {"kind": "prompt", "family": "prompt", "level": 1, "cap": 14.0, "habit": True}
SIZE = 608


@pytest.fixture
def joined(make_evidence, group):
    """Join what tells more together; list the accounts of each group."""

    def joined(groups, *identifiers, size=SIZE):
        evidence = make_evidence(size, *identifiers)
        found = join_telling(group(evidence, *groups), evidence, RingSettings(timing=False))
        listed = {}
        for ring, account in found.rows("account"):
            listed.setdefault(ring, []).append(account)
        return sorted(listed.values())

    return joined


def test_two_halves_that_have_a_template_for_themselves_are_joined(joined):
    template = TEMPLATE | {"held": range(20)}

    assert joined([ONE, OTHER], template) == [list(range(20))]


def test_what_was_joined_may_be_joined_further(joined):
    template = TEMPLATE | {"held": range(30)}

    assert joined([ONE, OTHER, THIRD], template) == [list(range(30))]


def test_halves_that_each_hold_more_by_themselves_stay_apart(joined):
    """A card each is worth more than a sentence that thirty strangers say as well."""
    cards = [{"held": ONE}, {"held": OTHER}]
    networks = [{"held": side, "kind": "ip", "family": "network"} for side in (ONE, OTHER)]
    sentence = TEMPLATE | {"held": range(50)}

    assert joined([ONE, OTHER], *cards, *networks, sentence) == [list(ONE), list(OTHER)]


def test_groups_with_little_in_common_stay_apart(joined):
    own = [{"held": ONE}, {"held": OTHER}]
    carrier = {"held": [*range(4), *range(10, 14), *range(40, 100)], "kind": "ip", "family": "network"}

    assert joined([ONE, OTHER], *own, carrier) == [list(ONE), list(OTHER)]


def test_a_few_between_two_groups_join_nobody(joined):
    """Three of forty say the words of ten others: they and the ten would gain, and the other 37 lose."""
    large, small = range(40), range(40, 50)
    cards = [{"held": range(40)}, {"held": range(40), "kind": "device", "family": "device"}]
    words = TEMPLATE | {"held": [*range(3), *small]}

    assert joined([large, small], *cards, words) == [list(large), list(small)]


def test_what_many_groups_hold_joins_none(joined):
    """Thirteen groups of five hold one address of a carrier."""
    groups = [range(start, start + 5) for start in range(0, 65, 5)]
    address = {"held": range(65), "kind": "ip", "family": "network"}

    assert joined(groups, address) == [list(each) for each in groups]
    assert joined(groups[:2], address | {"held": range(10)}) == [list(range(10))]


def test_two_groups_at_the_cap_of_their_families_are_not_joined_by_one_account_of_each(joined):
    """Among thirty thousand each has two templates of its own, and one of each comes from one address."""
    templates = [
        TEMPLATE | {"held": side, "cap": 14.0, "level": level} for side in (ONE, OTHER) for level in (0, 1)
    ]
    address = {"held": [0, 10], "kind": "ip", "family": "network", "cap": 14.0}

    assert joined([ONE, OTHER], *templates, address, size=30_000) == [list(ONE), list(OTHER)]
