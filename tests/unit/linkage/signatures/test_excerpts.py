"""A template is shown in the words of a real prompt."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from linkage.signatures.excerpts import excerpt
from linkage.signatures.words import shingle_hashes, words_of

WRAPPER = "Grade the essay below, from one to ten:"


def test_the_excerpt_is_the_wrapper_as_it_was_written():
    shingles = shingle_hashes(WRAPPER, 5)

    assert excerpt(f"Hello! {WRAPPER} cats are nice", shingles) == "Grade the essay below, from one to ten"


def test_at_most_so_many_words_are_quoted():
    long = " ".join(f"word{number}" for number in range(40))

    assert len(words_of(excerpt(long, shingle_hashes(long, 5), most=12))) == 12
    assert len(words_of(excerpt(long, shingle_hashes(long, 5), most=3))) == 3


def test_a_prompt_without_the_template_has_no_excerpt():
    assert excerpt("something else altogether, in more than five words", shingle_hashes(WRAPPER, 5)) == ""


def test_a_wrapper_at_the_end_of_a_very_long_prompt_is_found():
    found = excerpt("x" * 300_000 + " and so on. " * 20_000 + WRAPPER, shingle_hashes(WRAPPER, 5))

    assert found == "Grade the essay below, from one to ten"


@given(st.text(max_size=80))
def test_an_excerpt_is_one_short_printable_line(text):
    found = excerpt(text, shingle_hashes(text, 2), words=2)

    assert len(found) <= 160
    assert found.isprintable()
