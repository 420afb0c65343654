"""Stories of two axes: being one operation is no guilt; behaviour must say so too."""

from __future__ import annotations

EIGHT = [f"ring_{number}" for number in range(8)]


def one_card(story, names=EIGHT, **facts):
    for number, name in enumerate(names):
        story.signs_up(name, day=30.0 * number, **facts)
        story.pays(name, "fp_one")


def only(finding):
    (ring,) = finding.rings
    assert sorted(member.account_id for member in ring.members) == EIGHT
    return ring


def test_where_nothing_is_known_of_behaviour_extraction_is_null_and_no_threshold_is_reached(story):
    for number in range(300):
        story.signs_up(f"honest_{number}", day=number / 2)
        story.pays(f"honest_{number}", f"fp_{number}")
    one_card(story)

    ring = only(story.find())

    assert ring.linked > 0.8
    assert (ring.extraction, ring.signals) == (None, {})
    assert ring.score == round(ring.linked / 2, 4) <= 0.5
    assert ring.events == 0


def test_upstream_scores_alone_tell_a_ring_of_extractors_from_a_family(story):
    for number in range(300):
        story.signs_up(f"honest_{number}", day=number / 2, extraction_score=number % 50 / 100)
        story.pays(f"honest_{number}", f"fp_{number}")
    one_card(story, extraction_score=0.95)
    loud = only(story.find())
    for row in story.accounts[-8:]:
        row["extraction_score"] = 0.1
    quiet = only(story.find())

    assert list(loud.signals) == ["upstream"]
    assert loud.linked == quiet.linked
    assert loud.extraction > 20 * quiet.extraction
    assert quiet.extraction < 0.05
    assert loud.score > quiet.score


def work(story, hours, tokens, prompt):
    one_card(story)
    for number, name in enumerate(EIGHT):
        for nth in range(20):
            story.asks(
                name,
                prompt(nth),
                hour=24.0 * nth + hours(number, nth),
                response_tokens=tokens(nth),
                ip=f"2001:db8:b{number}::1",
            )


def test_shifts_around_the_clock_of_even_answers_and_asked_for_reasoning_are_extraction(town):
    work(
        town,
        hours=lambda number, nth: 3.0 * number + nth % 3,
        tokens=lambda nth: 800 + 5 * nth,
        prompt=lambda nth: f"{town.words(9)}: show every step of your reasoning, number {nth}",
    )

    ring = only(town.find())

    assert ring.extraction > 0.8
    assert ring.score > 0.7
    assert ring.benign_explanation is None


def test_an_office_with_one_card_is_linked_and_not_extracting(town):
    """Eight colleagues ask by day, each what they need: one operation, and nothing against it."""
    work(
        town,
        hours=lambda number, nth: 9.0 + (number + 3 * nth) % 8,
        tokens=lambda nth: 40 * (1 + nth % 10) ** 2,
        prompt=lambda nth: f"{town.words(9)} {nth}",
    )
    for row in town.accounts[-8:]:
        row["org"] = "Example Ltd"

    ring = only(town.find())

    assert ring.linked > 0.8
    assert ring.extraction < 0.1
    assert ring.score < 0.1
    assert ring.benign_explanation == "8 of 8 members are of one organisation"


WRAPPER = (
    "You are a patient editor of a handbook for apprentices. Take the matter of {} apart, write down every stage of"
    " your deliberation in the margin, weigh what speaks against it, and close with a verdict in one plain line."
)


def speak_alike(story, **facts):
    """Eight accounts that behave as everybody does, by day and with any answers, and have one wrapper for all they say."""
    for number, name in enumerate(EIGHT):
        story.signs_up(name, day=30.0 * number, **{key: value.format(number) for key, value in facts.items()})
        for nth in range(16):
            story.asks(
                name,
                WRAPPER.format(story.words(30)),
                hour=24.0 * nth + 8 + 10 * story.dice.random(),
                response_tokens=story.dice.randrange(40, 1600),
                ip=f"2001:db8:a{number}:{nth:x}::1",
                asn=f"AS{64500 + number % 7}",
            )


def test_strangers_with_words_of_their_own_extract_however_ordinary_their_behaviour(town):
    speak_alike(town, email_domain="mail{}.example")

    ring = only(town.find())

    assert ring.signals["words"] > 0.3
    assert ring.signals["roundness"] < 0.1
    assert ring.score > 0.7


def test_colleagues_with_words_of_their_own_do_not(town):
    speak_alike(town, email_domain="press.example", org="Example Press")

    ring = only(town.find())

    assert ring.linked > 0.8
    assert ring.score < 0.1
