"""Signatures that are datasketch's, bit for bit."""

from __future__ import annotations

import random
import time

import datasketch
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.signatures.minhash import lean_minhash, sign, without_words
from linkage.signatures.words import shingle_hash32, shingle_texts

ODD = ("", " \n\t", "one", "two words", "你好世界这是什么", "ก็ไม่รู้เหมือนกัน", "😀😁 👍🏽 ok", "a\u00a0b\u3000c\u2028d",
       "a\u200bb c\ufeffd", "naïve Café ÉÈ", "x" * 10_000, "Привет МИР, как дела?", "\x00\x01 \x7f z", "…—«»")  # fmt: skip


def generated_texts(count: int) -> list[str]:
    chance = random.Random(7)  # noqa: S311 - no secret
    letters = "abcXYZ0189 .,'\n\u00e9\u4e2d\u0e01😀"
    return ["".join(chance.choices(letters, k=chance.randrange(200))) for _ in range(count)]


def signed_by_datasketch(text: str, permutations: int, words: int) -> np.ndarray:
    minhash = datasketch.MinHash(num_perm=permutations, seed=1, hashfunc=shingle_hash32, scheme="affine32")
    minhash.update_batch(shingle_texts(text, words))
    return minhash.hashvalues


@pytest.mark.parametrize(("permutations", "words"), [(64, 3), (128, 3), (7, 1), (16, 5)])
def test_signatures_are_those_of_datasketch(permutations, words):
    texts = [*ODD, *generated_texts(150), "many words again and again " * 2_000]

    ours = sign(pa.array(texts), permutations=permutations, words=words)

    for text, row in zip(texts, ours, strict=True):
        np.testing.assert_array_equal(row, signed_by_datasketch(text, permutations, words), err_msg=text[:50])


def test_a_signature_finds_its_like_in_an_index_of_datasketch():
    signatures = sign(
        pa.array(["think step by step, then answer", "Think step by step; then answer!", "rice"])
    )
    index = datasketch.MinHashLSH(threshold=0.8, num_perm=64)
    index.insert("first", lean_minhash(signatures[0]))

    assert index.query(lean_minhash(signatures[1])) == ["first"]
    assert index.query(lean_minhash(signatures[2])) == []


def test_texts_without_words_are_recognised():
    signatures = sign(pa.array(["", None, "?!", "word"]))

    assert without_words(signatures).tolist() == [True, True, True, False]
    assert lean_minhash(signatures[0]).is_empty()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=20), st.randoms(use_true_random=False))
def test_the_order_and_the_chunks_of_texts_change_nothing(texts, chance):
    order = chance.sample(range(len(texts)), len(texts))
    cut = chance.randint(0, len(texts))
    chunks = [pa.array([texts[at] for at in part], pa.string()) for part in (order[:cut], order[cut:])]

    signatures = sign(pa.array(texts, pa.string()))

    np.testing.assert_array_equal(sign(pa.chunked_array(chunks)), signatures[order])


@given(st.text("abc é文", min_size=1, max_size=40))
@settings(max_examples=50, deadline=None)
def test_case_punctuation_and_spacing_change_nothing(text):
    dressed = "".join(letter.upper() if letter in "abc" else letter for letter in text).replace(" ", " ,\n ")

    first, second = sign(pa.array([text, dressed]))

    np.testing.assert_array_equal(first, second)


def test_a_text_of_ten_megabytes_takes_no_longer_than_its_length():
    sign(pa.array(["warm up"]))
    started = time.process_time()

    signatures = sign(pa.array(["word " * 2_000_000, "x" * 10_000_000, "文" * 3_300_000]))

    assert time.process_time() - started < 5
    assert not without_words(signatures).any()
    np.testing.assert_array_equal(signatures[0], sign(pa.array(["word word word"]))[0])


def test_many_texts_are_signed_alike_on_every_core():
    texts = pa.array([f"text number {number} of very many texts" * 20 for number in range(5_000)])

    np.testing.assert_array_equal(sign(texts)[4_321], sign(texts[4_321:4_322])[0])
