"""What a recipient says of a ring: read as far as it is well-formed, and believed in nothing."""

from __future__ import annotations

import json

import pytest

from linkage.errors import DataError
from linkage.sharing.feedback import LONGEST, Feedback, Word, read_feedback, write_feedback

GOOD = {"ring": "R-7K2M9Q", "word": "disagree", "accounts": 5, "explanation": "a class"}


def lines(*documents):
    return "".join(json.dumps(document) + "\n" for document in documents).encode()


def test_what_was_written_is_read_ring_by_ring_whatever_the_order():
    said = [
        Feedback("R-B4TT3R", Word.seen, 20, ""),
        Feedback("R-7K2M9Q", Word.strongly_disagree, 0, 'a "class"\nof ours'),
    ]

    assert write_feedback(said) == write_feedback(said[::-1])
    assert [each.ring for each in read_feedback(write_feedback(said))] == ["R-7K2M9Q", "R-B4TT3R"]
    assert read_feedback(write_feedback(said[:1])) == (said[0],)


def test_what_is_written_is_ascii():
    content = write_feedback([Feedback("R-7K2M9Q", Word.agree, 0, "ja ☃ \ud800 \u202e")])

    assert content.isascii()
    assert content.count(b"\n") == 1


def test_every_word_can_be_said():
    for word in Word:
        assert read_feedback(lines(GOOD | {"word": word.value}))[0].word is word


@pytest.mark.parametrize(
    "change",
    [
        {"ring": "R-7k2m9q"},
        {"ring": "R-7K2M9Q\n"},
        {"ring": "../../etc"},
        {"ring": 7},
        {"ring": None},
        {"word": "confirm"},
        {"word": ["seen"]},
        {"word": {}},
        {"accounts": -1},
        {"accounts": True},
        {"accounts": 1.5},
        {"accounts": "5"},
        {"accounts": 10**10},
        {"explanation": None},
        {"explanation": ["x"]},
    ],
    ids=repr,
)
def test_a_line_that_is_not_well_formed_is_passed_over_and_spoils_no_other(change):
    assert read_feedback(lines(GOOD | change, GOOD)) == read_feedback(lines(GOOD))


@pytest.mark.parametrize("line", [b"nonsense", b"[]", b"7", b"null", b'{"ring": NaN}', b"[" * 5000, b"\xff"])
def test_a_line_that_is_no_object_is_passed_over(line):
    assert len(read_feedback(line + b"\n" + lines(GOOD))) == 1


def test_what_is_too_large_is_refused_as_a_whole():
    with pytest.raises(DataError, match="larger"):
        read_feedback(b" " * ((1 << 20) + 1))
    with pytest.raises(DataError, match="lines"):
        read_feedback(b"{}\n" * 10_001)


@pytest.mark.parametrize(
    "text",
    ["\x1b[2J\x1b]0;owned\x07", "gpj\u202eexe", "a\u200bb\U000e0041", "x\r\ny\u2028z", "\ud800"],
    ids=ascii,
)
def test_an_explanation_is_inert(text):
    (said,) = read_feedback(lines(GOOD | {"explanation": text}))

    assert said.explanation.isprintable()
    assert said.explanation.encode()


def test_an_explanation_is_cut():
    (said,) = read_feedback(lines(GOOD | {"explanation": "x" * 5000}))

    assert len(said.explanation) == LONGEST
