"""A story of an operation that changes everything, but never everything at once."""

from __future__ import annotations

from itertools import combinations

import pytest

RING = [f"ring_{number:02}" for number in range(12)]


@pytest.fixture
def shuffled(town):
    """Twelve accounts, twelve texts and six addresses; each account has three of the texts and half of the addresses."""
    texts = [town.words(40) for _ in RING]
    for number, name in enumerate(RING):
        town.lives(name, 500 + number)
        for nth in range(3):
            address = f"2001:db8:c{(7 * number + 5 * nth) % 6:x}:1::1"
            town.asks(name, texts[(number + 5 * nth) % 12], hour=5 * number + nth, ip=address)
    return town


def test_what_each_two_share_holds_them_together_where_nothing_ties_many(shuffled):
    assert shuffled.rings() == [RING]


def test_neither_an_identifier_nor_a_pair_of_them_holds_it_together(shuffled):
    """What each text ties falls apart into handfuls."""
    assert all(len(found) < len(RING) / 2 for found in shuffled.rings(pairs__on=False))


def test_no_text_has_more_than_three_holders(shuffled):
    said = {name: {row["prompt"] for row in shuffled.events if row["account_id"] == name} for name in RING}

    assert not any(set.intersection(*(said[name] for name in four)) for four in combinations(RING, 4))
