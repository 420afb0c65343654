"""Stories of cards: what they tie, and when they tie nobody."""

from __future__ import annotations

FIVE = [f"ring_{number}" for number in range(5)]


def live(story, names, start=500, **shared):
    for number, name in enumerate(names):
        story.lives(name, start + number, **shared)


def test_one_card_five_accounts_is_a_ring(town):
    live(town, FIVE, card="fp_one")

    assert town.rings() == [FIVE]


def test_one_card_four_accounts_is_no_ring_unless_the_settings_ask_for_four(town):
    live(town, FIVE[:4], card="fp_one")

    assert town.rings() == []
    assert town.rings(rings__smallest_ring=4) == [FIVE[:4]]


def test_cards_chained_by_members_that_use_two_are_one_ring(town):
    """Card 0 pays for 0 to 3, card 1 for 3 to 6, and so on: each card shares one member with the next."""
    chain = [f"ring_{number:02}" for number in range(13)]
    live(town, chain)
    town.payments = [row for row in town.payments if row["account_id"] not in chain]
    for number, name in enumerate(chain):
        for card in range(4):
            if 3 * card <= number <= 3 * card + 3:
                town.pays(name, f"fp_{card}")

    assert town.rings() == [chain]


def test_a_card_of_more_accounts_than_largest_is_a_hub_and_creates_no_ring(town):
    many = [f"ring_{number:02}" for number in range(12)]
    live(town, many, card="fp_reseller")

    assert town.rings(evidence__payment__largest=12) == [many]
    assert town.rings(evidence__payment__largest=11) == []


def test_a_card_known_to_be_shared_creates_no_ring(town):
    live(town, FIVE, card="fp_one")
    town.known_shared.append({"kind": "payment", "value": " fp_one ", "why": "a prepaid test card"})

    assert town.rings() == []


def test_a_hub_adds_to_a_ring_that_something_else_creates(town):
    """The card ties the five; that they also share an address is worth something, even where it is a hub."""
    live(town, FIVE, card="fp_one", address="198.51.100.7")

    with_hub = town.find(evidence__ip__largest=4)
    without = town.find(evidence__ip__on=False)

    assert [reason.kind for reason in with_hub.rings[0].evidence] == ["payment", "ip"]
    assert [reason.kind for reason in without.rings[0].evidence] == ["payment"]


def test_placeholder_cards_tie_nobody(town):
    for nth, nothing in enumerate(("unknown", "N/A", " none ", "-", "null", "0")):
        live(town, [f"blank_{nth}_{number}" for number in range(6)], card=nothing)

    assert town.rings() == []


def test_a_bank_number_ties_nobody(town):
    live(town, FIVE)
    for row in town.payments:
        if row["account_id"] in FIVE:
            row["bin"] = "400000"

    assert town.rings() == []


def test_two_rings_with_a_card_each_are_two_rings(town):
    other = [f"other_{number}" for number in range(6)]
    live(town, FIVE, card="fp_one")
    live(town, other, 600, card="fp_two")

    assert town.rings() == [other, FIVE]


def test_two_cards_whose_holders_live_two_by_two_at_one_address_are_one_ring(town):
    """Each of the five has an address of its own, and so has one of the other six: the same."""
    other = [f"other_{number}" for number in range(6)]
    live(town, FIVE, card="fp_one")
    live(town, other, card="fp_two")

    assert town.rings() == [other + FIVE]
