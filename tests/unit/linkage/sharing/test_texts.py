"""Prompts that begin alike, as both labs gather them."""

from __future__ import annotations

import random

from given import make_logs
from labs import WRAPPER, Rows

from linkage.sharing.texts import BEGINNING, MOST_TEXTS, beginning_alike


def logs_of(rows):
    return make_logs(**vars(rows))


def told(rows, **given):
    return dict(beginning_alike(logs_of(rows), **given))


def asks(rows, account, *prompts, **what):
    for prompt in prompts:
        rows.ask(account, prompt=prompt, **what)


def test_prompts_that_begin_alike_come_together_by_account():
    rows = Rows()
    asks(rows, "a", WRAPPER.format("tides"), WRAPPER.format("rivers"))
    asks(rows, "b", WRAPPER.format("tides"))
    asks(rows, "c", "something else altogether, and quite long enough to be read")

    assert told(rows) == {
        WRAPPER[:BEGINNING]: {
            "a": sorted([WRAPPER.format("rivers"), WRAPPER.format("tides")]),
            "b": [WRAPPER.format("tides")],
        }
    }


def test_the_same_text_again_and_again_is_one_text():
    rows = Rows()
    asks(rows, "a", *[WRAPPER.format("tides")] * 5)

    assert told(rows) == {}


def test_a_prompt_shorter_than_a_beginning_is_none():
    rows = Rows()
    for account in "abc":
        asks(rows, account, "x" * (BEGINNING - 1))

    assert told(rows) == {}


def test_system_prompts_count_like_prompts():
    rows = Rows()
    asks(rows, "a", "hello there", system_prompt=WRAPPER.format("tides"))
    asks(rows, "b", WRAPPER.format("tides"))

    assert set(told(rows)[WRAPPER[:BEGINNING]]) == {"a", "b"}


def test_only_the_accounts_and_beginnings_asked_for_are_read():
    rows = Rows()
    other = "Another matter that begins otherwise and is long enough: "
    for account in "abc":
        asks(rows, account, WRAPPER.format(account), other + account)

    mine = told(rows, accounts=["a", "b"], beginnings=[WRAPPER[:BEGINNING]])

    assert {beginning: list(texts) for beginning, texts in mine.items()} == {WRAPPER[:BEGINNING]: ["a", "b"]}
    assert told(rows, accounts=[], beginnings=[]) == {}


def test_one_account_with_many_texts_does_not_hide_the_others():
    """Who sends a public template a thousand times must not make it look like two accounts' own."""
    rows = Rows()
    asks(rows, "a_writer", *(WRAPPER.format(f"matter {number}") for number in range(3 * MOST_TEXTS)))
    for number in range(100):
        asks(rows, f"b_{number:03}", WRAPPER.format(f"thing {number}"))

    texts = told(rows)[WRAPPER[:BEGINNING]]

    assert len(texts) == 101
    assert sum(map(len, texts.values())) == MOST_TEXTS


def test_the_order_of_rows_never_matters():
    rows = Rows()
    for number in range(30):
        asks(rows, f"a{number % 7}", WRAPPER.format(f"matter {number}"), f"{'word ' * 12} {number % 3}")
    first = list(beginning_alike(logs_of(rows)))
    random.Random(3).shuffle(rows.events)  # noqa: S311 - an order, no secret

    assert list(beginning_alike(logs_of(rows))) == first
    assert len(first) == 2


def test_letters_count_as_one_whatever_their_bytes():
    rows = Rows()
    beginning = "Ω" * BEGINNING
    asks(rows, "a", beginning + "one")
    asks(rows, "b", beginning + "two")

    assert list(told(rows)) == [beginning]
