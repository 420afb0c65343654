"""Words and shingles, and the kernels that must read them as plain Python does."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.signatures.alphabet import character_classes
from linkage.signatures.blocks import BLOCK
from linkage.signatures.buffers import bytes_and_offsets
from linkage.signatures.word_kernels import ROOM, SPACE, read_words
from linkage.signatures.words import shingle_hash, shingle_hashes, shingle_texts, word_hash, words_of

# Characters at which reading may go wrong: of each class, of each width, at the borders of both.
AWKWARD = st.text(
    "aZ09 _'\n\x00\x7f\u00a0\u00ad\u00b5éÉßдЖ\u0301ก\u200b\u200d\u2028中。、ｱ\ufe0f\ufeff\ufffd\uffff😀👍🏽𠀀\U000e0041"
)


# Long stretches of ASCII, which are read many letters at a time, with few others between.
LONG = st.lists(
    st.one_of(
        AWKWARD,
        st.text("abcXYZ019 .,-/:@[`{", max_size=200),
        st.integers(1, 40).map(lambda size: "w" * size),
        st.sampled_from(
            ["a" * (BLOCK - 1) + " ", "b" * BLOCK, " " * BLOCK, "c " * (BLOCK // 2), "d" * 3 * BLOCK]
        ),
    ),
    max_size=8,
).map("".join)


def words_read_by_the_kernel(text: bytes, *, behind: bytes = b"a") -> list[int]:
    """Read words, with letters after the end, which must not be read, though many at a time be looked at."""
    data = np.frombuffer(text + behind, dtype=np.uint8)
    found, space = np.zeros(len(text) // 2 + 1, dtype=np.uint64), np.empty(SPACE, np.uint64)
    return found[: read_words(data, 0, len(text), character_classes(), found, space)].tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \t\r\n.,;!", []),
        ("Hello,   WORLD", ["hello", "world"]),
        ("it's snake_case", ["it", "s", "snake", "case"]),
        ("naïve Ärger", ["naïve", "Ärger"]),
        ("你好 ok", ["你", "好", "ok"]),
        ("abc文def", ["abc", "文", "def"]),
        ("ไทย", ["ไ", "ท", "ย"]),
        ("한국어 텍스트", ["한국어", "텍스트"]),
        ("so\u00adft zero\u200bwidth", ["soft", "zerowidth"]),
        ("a\u3000b\u00a0c\u2003d", ["a", "b", "c", "d"]),
        ("fine😀👍\ufe0f", ["fine", "😀", "👍"]),
    ],
)
def test_a_text_is_split_where_a_reader_would_split_it(text, expected):
    assert words_of(text) == expected


@settings(max_examples=300, deadline=None)
@given(st.one_of(AWKWARD, st.text(max_size=60)))
def test_the_kernel_reads_the_words_that_plain_python_reads(text):
    expected = [word_hash(word) for word in words_of(text)]

    assert words_read_by_the_kernel(text.encode()) == expected


@settings(max_examples=500, deadline=None)
@given(LONG, st.sampled_from([b"a", "é".encode(), b" "]))
def test_many_letters_at_a_time_are_read_as_one_by_one(text, behind):
    expected = [word_hash(word) for word in words_of(text)]

    assert words_read_by_the_kernel(text.encode(), behind=behind * BLOCK) == expected


@pytest.mark.parametrize("words", [ROOM - 1, ROOM, ROOM + 1, 3 * ROOM + 7])
@pytest.mark.parametrize("between", [" ", "; and then "])
def test_a_text_of_any_length_is_read_to_its_end(words, between):
    text = between.join(f"w{number}" for number in range(words))

    read = words_read_by_the_kernel(text.encode(), behind=b"a" * BLOCK)

    assert read == [word_hash(word) for word in words_of(text)]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=40))
def test_bytes_that_are_no_text_part_words_and_harm_nothing(broken):
    expected = [word_hash(word) for word in words_of(broken.decode("utf-8", "replace"))]

    assert words_read_by_the_kernel(broken) == expected
    assert words_read_by_the_kernel(broken, behind=b"a" * BLOCK) == expected


@pytest.mark.parametrize("length", [1, 7, 8, 9, 16, 17, 1000])
def test_words_of_any_length_are_read_whole(length):
    word = "abcdefghi" * 112
    assert words_read_by_the_kernel(word[:length].encode()) == [word_hash(word[:length])]


def test_a_shingle_is_a_run_of_words_and_a_shorter_text_is_one():
    assert shingle_texts("a b c d", words=3) == ["a b c", "b c d"]
    assert shingle_texts("a b", words=3) == ["a b"]
    assert shingle_texts("...", words=3) == []


def test_the_order_of_words_matters_and_repeats_do_not():
    assert shingle_hash("a b c") != shingle_hash("c b a")
    assert len(shingle_hashes("a a a a a a", words=3)) == 1


def test_hashes_stay_what_they_were_in_the_versions_before():
    # Signatures are stored and exchanged: whoever changes these numbers makes old ones worthless.
    assert hex(word_hash("")) == "0x88164bd1f2ee74f1"
    assert hex(shingle_hash("think step by")) == "0xbdbda823d90b85b4"
    assert hex(shingle_hash("你 好 ok")) == "0xe82e0ae06c62ea2d"


def test_sliced_and_large_arrow_strings_are_read_where_they_lie():
    whole = pa.array(["zero", "one", None, "three"])
    for column in (whole, whole.cast(pa.large_string()), whole.cast(pa.string_view())):
        text, offsets = bytes_and_offsets(column[1:])
        read = [bytes(text[start:stop]) for start, stop in pairwise(offsets)]

        assert read == [b"one", b"", b"three"]
