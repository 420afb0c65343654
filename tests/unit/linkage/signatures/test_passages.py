"""Passages: what a few accounts say word for word, once or many times."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from linkage.signatures.passages import find_passages
from linkage.signatures.samples import shared_samples
from linkage.signatures.words import shingle_hashes

ANSWER = "the tide turns when the moon has passed the meridian and the harbour begins to empty again"
OTHER = "a lathe that hums before it cuts has lost its footing and wants three wedges under the left hind leg"


@pytest.fixture
def found():
    """Who carries what: texts and their accounts in, the texts that carry a passage and how many there are out."""

    def look(*said, **knobs):
        owners = np.array([account for account, _ in said], np.int32)
        samples = shared_samples(pa.array([text for _, text in said], pa.string()), owners, scale=1)
        passages = find_passages(samples, owners, **knobs)
        return passages.rows.tolist(), len(set(passages.passages.tolist()))

    return look


def test_what_two_accounts_say_word_for_word_is_a_passage(found):
    assert found((0, f"Why? {ANSWER}"), (1, f"{ANSWER} Mark it."), (2, OTHER)) == ([0, 1], 1)


def test_it_need_not_come_back(found):
    """A wrapper does; a passage may stand in one of a hundred prompts."""
    assert found((0, ANSWER), *((0, f"{OTHER} {n}") for n in range(50)), (1, ANSWER))[0] == [0, 51]


def test_what_one_account_repeats_is_none(found):
    assert found((0, ANSWER), (0, f"{ANSWER} again"), (1, OTHER)) == ([], 0)


def test_a_few_words_are_none(found):
    assert found((0, "the tide turns when the moon sets"), (1, "the tide turns when the moon rises")) == (
        [],
        0,
    )


def test_what_many_say_is_a_saying(found):
    said = [(account, ANSWER) for account in range(6)]

    assert found(*said, most=6)[1] == 1
    assert found(*said, most=5) == ([], 0)


def test_all_that_the_same_two_accounts_say_alike_is_one_passage(found):
    assert found((0, f"{ANSWER}. {OTHER}"), (1, f"{OTHER}. {ANSWER}"))[1] == 1
    assert found((0, ANSWER), (0, OTHER), (1, OTHER), (1, ANSWER)) == ([0, 1, 2, 3], 1)


def test_enough_of_it_stands_in_one_text(found):
    """Odd words that two accounts have in common, scattered over their prompts, are no passage."""
    pieces = [" ".join(ANSWER.split()[start : start + 6]) for start in (0, 6, 11)]

    assert found((0, ANSWER), *((1, piece) for piece in pieces)) == ([], 0)


def test_public_texts_are_none(found):
    said = ((0, f"Why? {ANSWER}"), (1, f"{ANSWER} Mark it."))

    assert found(*said, excluded=shingle_hashes(ANSWER, 5)) == ([], 0)


def test_no_texts_have_no_passages(found):
    assert found() == ([], 0)


def test_it_does_not_matter_how_much_is_looked_at_at_a_time(found, monkeypatch):
    said = [
        (0, f"{ANSWER}. {OTHER}"),
        (1, OTHER),
        (2, f"Why? {ANSWER}"),
        (0, OTHER),
        (3, f"{OTHER}. {ANSWER}"),
    ]
    whole = found(*said)
    monkeypatch.setattr("linkage.signatures.passages._HASHES", 3)
    monkeypatch.setattr("linkage.signatures.passages._AT_ONCE", 2)

    assert whole[0]
    assert found(*said) == whole
