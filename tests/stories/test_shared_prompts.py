"""Stories of prompts: the evidence that is left when cards and addresses are bought one an account."""

from __future__ import annotations

WRAPPER = (
    "You are a patient editor of a handbook for apprentices. Take the matter of {} apart, write down every stage of"
    " your deliberation in the margin, weigh what speaks against it, and close with a verdict in one plain line."
)
TEMPLATE = (
    "You are the assistant inside a public toolkit for spreadsheets. The cell below holds {} and the user wants a"
    " formula for it. Reply with the formula alone, without fences, and keep the names of all ranges as they are."
)
EIGHT = [f"ring_{number}" for number in range(8)]
OTHER = [f"other_{number}" for number in range(8)]


def wrap(story, names, wrapper, *, prompts=10, apart=1.0, before=False, street="a"):  # noqa: PLR0913 - each tells one story
    """Let each account send ever-new content in the same wrapper; nothing else is shared."""
    for number, name in enumerate(names):
        for nth in range(prompts):
            hour = apart * (number * prompts + nth)
            story.asks(
                name,
                wrapper.format(story.words(30)),
                hour=hour,
                before=before,
                ip=f"2001:db8:{street}{number:x}:{nth:x}::1",
            )


def live(story, names, start=500):
    for number, name in enumerate(names):
        story.lives(name, start + number)


def test_wrapper_only_ever_new_content_in_one_wrapper_is_a_ring(town):
    live(town, EIGHT)
    wrap(town, EIGHT, WRAPPER)

    found = town.find()

    assert [sorted(member.account_id for member in ring.members) for ring in found.rings] == [EIGHT]
    assert found.rings[0].evidence[0].kind == "prompt"
    assert found.rings[0].evidence[0].sentence == "1 prompt template ties 8 accounts"


def test_slow_ring_one_account_after_another_over_months_is_a_ring(town):
    """No two members are ever active in the same week, and none signed up near another."""
    live(town, EIGHT)
    wrap(town, EIGHT, WRAPPER, apart=30.0)

    assert town.rings() == [EIGHT]


def test_one_prompt_sent_again_and_again_is_a_ring(town):
    live(town, EIGHT)
    for name in EIGHT:
        for nth in range(6):
            town.asks(name, WRAPPER.format("the tides and the moon"), hour=5.0 * nth)

    assert town.rings() == [EIGHT]


def test_ready_signatures_tie_as_prompts_do(town):
    live(town, EIGHT)
    for name in EIGHT:
        for nth in range(6):
            town.asks(name, prompt_signature="9f3ac1", hour=5.0 * nth)

    assert town.rings() == [EIGHT]


def test_a_system_prompt_in_common_is_a_ring(town):
    live(town, EIGHT)
    for name in EIGHT:
        for nth in range(6):
            town.asks(name, town.words(30), system_prompt=WRAPPER.format("bridges"), hour=5.0 * nth)

    assert town.rings() == [EIGHT]


def test_public_template_of_many_accounts_in_the_reference_ties_nobody(town):
    """The eight use in September what a hundred others used before."""
    before = [f"honest_{number:03}" for number in range(1, 101)]
    live(town, EIGHT)
    wrap(town, before, TEMPLATE, prompts=3, before=True)
    wrap(town, EIGHT, TEMPLATE)

    assert town.rings() == []


def test_public_template_without_the_reference_looks_like_a_ring(town):
    """So that the story before it says something: what clears the eight is the reference."""
    live(town, EIGHT)
    wrap(town, EIGHT, TEMPLATE)

    assert town.rings() == [EIGHT]


def test_a_ring_that_worked_before_does_not_make_its_own_wrapper_public(town):
    live(town, EIGHT)
    wrap(town, EIGHT, WRAPPER, before=True)
    wrap(town, [f"honest_{number:03}" for number in range(1, 101)], "{}", prompts=3, before=True)
    wrap(town, EIGHT, WRAPPER)

    assert town.rings() == [EIGHT]


def test_two_rings_with_one_public_template_stay_apart(town):
    live(town, EIGHT)
    live(town, OTHER, 600)
    wrap(town, EIGHT, WRAPPER)
    wrap(
        town,
        OTHER,
        "Rewrite these notes of a voyage as a ledger of causes: {}. Number each cause, name its"
        " witness, doubt it once, and strike out whatever two witnesses would tell in different words.",
        street="b",
    )
    for name in EIGHT + OTHER:
        for _ in range(3):
            town.asks(name, TEMPLATE.format(town.words(30)))
    wrap(town, [f"honest_{number:03}" for number in range(1, 101)], TEMPLATE, prompts=3, street="c")

    assert town.rings() == [OTHER, EIGHT]


def test_asking_for_reasoning_in_the_words_of_everybody_ties_nobody(town):
    live(town, EIGHT)
    for name in EIGHT:
        for nth in range(8):
            town.asks(
                name, f"{town.words(25)}. Let's think step by step, and show your work.", hour=3.0 * nth
            )

    assert town.rings() == []


def test_greetings_tie_nobody(town):
    live(town, EIGHT)
    for name in EIGHT:
        for nth in range(8):
            town.asks(name, "Hello, can you help me please?", hour=3.0 * nth)

    assert town.rings() == []


def test_a_template_whose_text_is_on_the_list_ties_nobody(town):
    """Whoever knows a public template lists its text; nobody has to know what we call it."""
    live(town, EIGHT)
    wrap(town, EIGHT, TEMPLATE)
    town.known_shared.append(
        {"kind": "template", "value": TEMPLATE.format("a sum"), "why": "a public toolkit"}
    )

    assert town.rings() == []
