"""Samples of a template show what they share and where they differ, whole and unchanged."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from linkage.pictures.wording import LONGEST, MOST_WORDS, marked


def test_slots_inside_a_wrapper_are_told_from_it():
    first, _, _ = marked(
        [
            "Grade the essay on tides below, from one to ten. Essay 1",
            "Grade the essay on old bridges below, from one to ten. Essay 22",
            "Grade the essay on looms below, from one to ten. Essay 333",
        ]
    )

    assert first == [
        ("Grade the essay on ", True),
        ("tides", False),
        (" below, from one to ten. Essay ", True),
        ("1", False),
    ]


def test_one_that_differs_does_not_hide_what_the_others_share():
    told = marked(
        ["answer in one line: a", "answer in one line: b", "answer in one line: c", "something else"]
    )

    assert told[0][0] == ("answer in one line: ", True)
    assert told[3] == [("something else", False)]


@given(st.lists(st.text(max_size=80), max_size=4))
def test_pieces_put_together_are_the_text(texts):
    for text, pieces in zip(texts, marked(texts), strict=True):
        assert "".join(piece for piece, _ in pieces) == text


def test_a_text_of_a_megabyte_is_cut():
    (pieces, _) = marked(["word " * 200_000, "word " * 200_000])

    assert len("".join(piece for piece, _ in pieces)) <= LONGEST
    assert MOST_WORDS < 1_000
