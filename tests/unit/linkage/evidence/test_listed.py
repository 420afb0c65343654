"""Listed public texts link nobody, nor does what is much like them; what somebody adds of their own still does."""

from __future__ import annotations

from datetime import datetime

import pytest
from given import THINGS

from linkage.evidence.public import PUBLIC_PHRASES
from linkage.evidence.public_templates import ORIGINS, public_templates
from linkage.signatures.words import shingle_texts, words_of

AT = datetime(2026, 9, 1)  # noqa: DTZ001 - UTC, as the checked tables keep it
OWN = (
    "Weigh the matter as a keeper of old maps would, name three doubts that a sailor might raise about it, and close with"
    " one plain line that a child could read aloud at dusk beside the harbour wall."
)
LISTED = {template.id: template.text for template in public_templates()}
TUTOR = LISTED["tutorial-tutor"]
REVIEW = LISTED["harness-pull-request-review"]


@pytest.fixture
def values(collect, worth):
    """A way to list the identifiers that six accounts share, when each says the given texts."""

    def values(*texts, column="prompt", about=None, **more):
        events = [
            {
                "account_id": f"acct_{account}",
                "happened_at": AT,
                column: text.replace("{}", about(account, nth) if about else ""),
            }
            for account in range(6)
            for nth, text in enumerate(texts)
        ]
        return sorted(worth(collect(events=events, **more)))

    return values


def thing(account, nth):
    return f"{THINGS[(account * 5 + nth) % 12]} and {THINGS[(account + nth * 7) % 12]} of {account}{nth}"


def test_a_listed_text_links_nobody(values):
    assert values(TUTOR) == []
    assert len(values(OWN)) == 1


def test_a_listed_system_prompt_links_nobody(values):
    assert values(REVIEW, column="system_prompt") == []
    assert len(values(OWN, column="system_prompt")) == 1


def test_a_text_that_is_almost_a_listed_one_links_nobody(values):
    changed = TUTOR.replace("patient tutor", "patient and cheerful tutor").replace("kindly", "gently")

    assert changed != TUTOR
    assert values(changed) == []


def test_a_listed_wrapper_around_ever_new_content_links_nobody(values):
    assert values(*[f"{REVIEW} {{}}"] * 6, about=thing) == []
    assert len(values(*[f"{OWN} {{}}"] * 6, about=thing)) >= 1


def test_a_slot_of_a_listed_wrapper_may_hold_anything(values):
    text = LISTED["sdk-retrieval-context"]
    filled = text.replace("{context}", "{}").replace("{question}", "What follows?")

    assert [value for value in values(*[filled] * 6, about=thing) if value.startswith("template")] == []


def test_a_listed_wrapper_with_a_word_changed_links_nobody(values):
    fork = REVIEW.replace("security problems", "safety problems")

    assert fork != REVIEW
    assert values(*[f"{fork} {{}}"] * 6, about=thing) == []


def test_what_a_ring_adds_to_a_listed_wrapper_still_links_it(values):
    found = values(*[f"{REVIEW} {OWN} {{}}"] * 6, about=thing)

    assert [value.partition(" ")[0] for value in found if value.startswith("template")] == ["template"]


def test_users_extend_the_list_by_text(values):
    mine = [{"kind": "template", "value": OWN, "why": "our own sample"}]
    almost = OWN.replace("old maps", "very old maps")

    assert values(OWN, known_shared=mine) == values(almost, known_shared=mine) == []
    assert values(*[f"{OWN} {{}}"] * 6, about=thing, known_shared=mine) == []


def test_the_list_has_40_to_80_texts_of_every_origin_each_named_once():
    templates = public_templates()

    assert 40 <= len(templates) <= 80
    assert {template.origin for template in templates} == set(ORIGINS)
    assert (
        len({template.id for template in templates})
        == len({template.text for template in templates})
        == len(templates)
    )


@pytest.mark.parametrize("template", public_templates(), ids=lambda template: template.id)
def test_a_listed_text_is_long_enough_to_be_told_by_and_is_no_mere_phrase(template):
    words = words_of(template.text)

    assert template.id.startswith(template.origin)
    assert len(words) >= 15
    assert " ".join(words) not in PUBLIC_PHRASES


def test_no_two_texts_of_the_list_say_the_same():
    shingles = {name: set(shingle_texts(text)) for name, text in LISTED.items()}

    alike = [
        (one, other)
        for one in shingles
        for other in shingles
        if one < other and len(shingles[one] & shingles[other]) / len(shingles[one] | shingles[other]) > 0.3
    ]
    assert alike == []
