"""How widely prompts range, with vectors that can be worked out by hand."""

from __future__ import annotations

from math import log

import numpy as np
import pyarrow as pa
import pytest

from linkage.signatures.breadth import BUCKETS, coverage, word_weights

EVEN = np.ones(BUCKETS)


def ranges(*senders, weights=EVEN):
    texts = pa.array([text for sender in senders for text in sender], pa.string())
    starts = np.cumsum([0, *map(len, senders)])
    return [round(float(value), 4) for value in coverage(texts, starts, weights)]


def test_prompts_without_a_word_in_common_range_as_widely_as_can_be():
    assert ranges(["bake bread", "sail boats"]) == [1.0]


def test_the_same_prompt_twice_does_not_range():
    assert ranges(["bake bread", "bake bread"]) == [0.0]


def test_half_the_words_in_common_is_half_the_range():
    """Two words each, one in common: the cosine of (1, 1, 0) and (1, 0, 1) is a half."""
    assert ranges(["bake bread", "bake cakes"]) == [0.5]


def test_it_is_the_mean_over_all_pairs():
    """Of three pairs one has half of its words in common; three are too few for a wrapper of two."""
    assert ranges(["bake bread", "tall bread", "sail boats", "moor ships"]) == [round(1 - 0.5 / 6, 4)]


def test_words_of_more_than_half_the_prompts_are_their_wrapper_and_do_not_count():
    wrapped = [f"kindly tell everything about {thing}" for thing in ("bread", "boats", "lemmas", "violins")]

    assert ranges(wrapped) == [1.0]


def test_rarer_words_count_more():
    """Of ten texts eight have the common word and one each of the two rare ones."""
    weights = word_weights(pa.array(["bake"] * 8 + ["bread", "cakes"]))
    common, rare = log(11 / 9), log(11 / 2)

    (found,) = ranges(["bake bread", "bake cakes"], weights=weights)

    assert found == pytest.approx(1 - common**2 / (common**2 + rare**2), abs=1e-3)


def test_one_prompt_alone_has_no_range():
    assert np.isnan(ranges(["bake bread"])[0])
    assert np.isnan(ranges(["bake bread", "?!"])[0])


def test_each_sender_is_measured_alone():
    assert ranges(["bake bread", "bake cakes"], ["bake bread", "sail boats"], ["a b", "a b"]) == [
        0.5,
        1.0,
        0.0,
    ]


def test_the_order_of_prompts_never_matters():
    prompts = ["bake bread", "bake cakes", "sail boats", "moor ships", "tall ships"]

    assert ranges(prompts) == ranges(prompts[::-1])


def test_chunks_and_slices_are_read_as_whole_texts():
    texts = pa.chunked_array([["bake bread"], ["bake cakes"]])
    tail = pa.array(["no", "bake bread", "bake cakes"]).slice(1)

    found = [float(coverage(each, np.array([0, 2]), EVEN)[0]) for each in (texts, tail)]

    assert found == pytest.approx([0.5, 0.5])


def test_weights_are_the_logarithm_of_how_few_texts_have_a_word():
    """Of three texts two have one word and one the other; every other bucket has none."""
    weights = word_weights(pa.array(["bread", "bread bread", "boats"]))

    assert sorted(set(weights.round(6).tolist())) == [
        round(log(4 / 3), 6), round(log(4 / 2), 6), round(log(4), 6),
    ]  # fmt: skip


def test_no_texts_are_no_error():
    assert ranges() == []
    assert word_weights(pa.array([], pa.string())).tolist() == [0.0] * BUCKETS
