"""Stories of stolen keys: a ring works through accounts whose owners never met it."""

from __future__ import annotations

import pytest

from linkage.decisions.policy import decide

WRAPPER = (
    "You are a patient editor of a handbook for apprentices. Take the matter of {} apart, write down every stage of"
    " your deliberation in the margin, weigh what speaks against it, and close with a verdict in one plain line."
)
OWN = [f"own_{number}" for number in range(8)]
VICTIMS = [f"victim_{number}" for number in range(3)]
DAY = 24.0


def wrap(story, name, hours):
    for nth, hour in enumerate(hours):
        story.asks(
            name,
            WRAPPER.format(story.words(30)),
            hour=hour,
            ip=f"2001:db8:a{sum(name.encode()) % 97:x}:{nth}::1",
        )


def live_on(story, name, days):
    for day in days:
        story.asks(
            name, story.words(), hour=DAY * day + 9 + 8 * story.dice.random(), ip=f"2001:db8:b{name[-1]}:1::1"
        )


@pytest.fixture
def ring(town):
    """Eight accounts of a ring that work for a month."""
    for number, name in enumerate(OWN):
        town.signs_up(name, day=200 + number)
        wrap(town, name, [DAY * day + number for day in range(0, 30, 3)])
    return town


def roles(story, **flags):
    (found,) = story.find(**flags).rings
    return {member.account_id: member.role for member in found.members}


def test_accounts_with_a_life_around_three_days_of_a_rings_work_are_compromised(ring):
    for number, name in enumerate(VICTIMS):
        ring.signs_up(name, day=40 * number)
        live_on(ring, name, [0, 1, 3, 5, 9, 15, 20, 22, 25])
        wrap(ring, name, [DAY * (10 + number) + 11 * nth for nth in range(6)])

    (found,) = ring.find().rings

    assert {m.account_id: m.role for m in found.members} == dict.fromkeys(OWN, "member") | dict.fromkeys(
        VICTIMS, "compromised"
    )
    decisions = {each.account_id: each for each in decide([found], block_at=0.0, allowed={})}
    assert {decisions[name].decision for name in VICTIMS} == {"review"}
    assert "stolen" in decisions["victim_0"].reason


def test_an_account_that_was_left_to_age_and_then_works_for_the_ring_is_its_own(ring):
    """Aged accounts have a life before, and none after."""
    ring.signs_up("aged", day=40)
    live_on(ring, "aged", range(12))
    wrap(ring, "aged", [DAY * 20 + 11 * nth for nth in range(10)])

    assert roles(ring)["aged"] == "member"


def test_an_account_with_the_rings_card_is_no_victim(ring):
    """Keys are stolen, cards are not put into somebody's account."""
    for name in (*OWN, "victim_0"):
        ring.pays(name, "card of the ring")
    ring.signs_up("victim_0", day=40)
    live_on(ring, "victim_0", [0, 1, 3, 5, 9, 15, 20, 22, 25])
    wrap(ring, "victim_0", [DAY * 10 + 11 * nth for nth in range(6)])

    assert roles(ring)["victim_0"] == "member"


def test_days_apart_over_a_whole_life_are_no_theft(ring):
    """As a ring's own account that also writes innocent prompts."""
    ring.signs_up("mixed", day=40)
    live_on(ring, "mixed", [0, 1, 3, 5, 9, 15, 20, 22, 29])
    wrap(ring, "mixed", [DAY * day for day in (2, 7, 13, 18, 24, 27)])

    assert roles(ring)["mixed"] == "member"


def test_where_keys_are_how_a_ring_works_an_account_of_a_few_days_is_doubted_for_one_request_of_its_own(ring):
    """Before, it did nothing; in a ring of its own accounts alone it is taken for one of them."""

    def newcomer(story):
        story.signs_up("newcomer", day=100)
        wrap(story, "newcomer", [DAY * 14 + 11 * nth for nth in range(6)])
        live_on(story, "newcomer", [20])

    newcomer(ring)
    assert roles(ring)["newcomer"] == "member"
    for number in range(4):
        name = f"victim_{number}"
        ring.signs_up(name, day=40 * number)
        live_on(ring, name, [0, 1, 3, 5, 9, 15, 20, 22, 25])
        wrap(ring, name, [DAY * (8 + number) + 11 * nth for nth in range(6)])

    found = roles(ring)

    assert found["newcomer"] == "compromised"
    assert {found[name] for name in OWN} == {"member"}
