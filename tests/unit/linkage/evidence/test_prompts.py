"""Prompts as evidence: what is alike is one identifier, whoever is asked first."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import pytest
from given import THINGS

from linkage.evidence.people import gather_people, people_in_parts
from linkage.evidence.prompts import read_prompts
from linkage.evidence.wordings import near_duplicates, passages, templates

AT = datetime(2026, 9, 1)  # noqa: DTZ001 - UTC, as the checked tables keep it
WRAPPER = (
    "Weigh the matter of {} as a patient editor would, name three doubts, and close with one plain line."
)
ASKING = (
    "Please think step by step and show all of your reasoning before you give the final answer: what is {}?"
)


def read(make_logs, said):
    """Read prompts, account to texts."""
    events = [
        {"account_id": account, "happened_at": AT, "prompt": text}
        for account, texts in said.items()
        for text in texts
    ]
    logs = make_logs(events=events)
    people = gather_people(logs)
    names = {row[0]: row[1] for row in people.rows()}
    return read_prompts(logs, people, "prompt", least=20), names


def holders(found, names):
    held = {}
    for row in found.arrow("account").to_pylist():
        held.setdefault(row["identifier"], {})[names[row["account"]]] = row["share"]
    return held


def test_near_duplicates_are_one_identifier_and_their_share_is_told(make_logs):
    text = (
        f"Compare {', '.join(THINGS)} and say which of them a traveller from the north would have seen first"
    )
    said = {"a": [text], "b": [f"{text}!", "what a wholly different question this one is, is it not"]}

    prompts, names = read(make_logs, said)
    (held,) = holders(near_duplicates(prompts, "prompt"), names).values()

    assert held == {"a": 1.0, "b": 0.5}


def test_a_wrapper_is_one_identifier_around_ever_new_content(make_logs):
    said = {
        account: [WRAPPER.format(f"{one} {two}") for one, two in zip(THINGS, THINGS[shift:], strict=False)]
        for account, shift in (("a", 1), ("b", 2), ("c", 3))
    }

    prompts, names = read(make_logs, said)
    found = holders(templates(prompts, "template"), names)

    assert list(found.values()) == [{"a": 1.0, "b": 1.0, "c": 1.0}]
    assert all(name.startswith("template ") for name in found)


def test_a_request_for_reasoning_is_no_template(make_logs):
    said = {account: [ASKING.format(f"{thing} {account}") for thing in THINGS] for account in "abc"}

    prompts, _ = read(make_logs, said)

    assert len(templates(prompts, "template")) == 0


def test_names_of_identifiers_do_not_depend_on_who_else_is_there(make_logs):
    ours = {account: [WRAPPER.format(f"{thing} {account}") for thing in THINGS] for account in "ab"}
    more = {"0": ["an older account that asks of nothing but the price of barley"], **ours}

    few, many = (
        set(holders(templates(prompts, "template"), names))
        for prompts, names in (read(make_logs, said) for said in (ours, more))
    )

    assert few == many != set()


@pytest.mark.parametrize("said", [{}, {"a": ["short"]}])
def test_nothing_said_is_nothing_found(make_logs, said):
    prompts, _ = read(make_logs, said)

    assert len(near_duplicates(prompts, "prompt")) == len(templates(prompts, "template")) == 0


PASSAGE = (
    "the tide turns when the moon has passed the meridian and the harbour begins to empty again, so that boats with"
    " deep keels wait for the evening"
)


def test_what_one_is_answered_and_another_asks_about_is_a_passage_of_both(make_logs):
    said = {
        name: [text, *(f"{name} would like to know all about {each}, at length" for each in THINGS)]
        for name, text in (
            ("first", f"Go on from where this stops: {PASSAGE}"),
            ("second", f"{PASSAGE}. Give it a mark"),
        )
    }
    found, names = read(make_logs, said)

    assert list(holders(passages(found, "passage"), names).values()) == [{"first": 1.0, "second": 1.0}]


def test_what_a_template_says_already_is_no_passage(make_logs):
    said = {
        name: [f"{PASSAGE}: {name} {thing} {nth}" for nth, thing in enumerate(THINGS)]
        for name in ("one", "two")
    }
    found, names = read(make_logs, said)

    assert holders(passages(found, "passage"), names) == {}


def test_what_near_duplicates_say_already_is_no_passage(make_logs):
    found, names = read(make_logs, {"one": [PASSAGE], "two": [f"{PASSAGE} again"]})

    assert holders(passages(found, "passage"), names) == {}


def test_texts_are_listed_part_by_part_as_all_at_once(make_logs, monkeypatch):
    said = {name: [f"{thing} and what {name} says of it" for thing in THINGS[:3]] * 2 for name in "abcdef"}
    together, _ = read(make_logs, said)
    monkeypatch.setattr("linkage.evidence.texts.people_in_parts", partial(people_in_parts, events=7))
    apart, _ = read(make_logs, said)

    assert len(apart.asked) == 18
    assert apart.asked.rows() == together.asked.rows()
