"""No JSON exhausts the machine, and each thing that is wrong with it has its own sentence."""

from __future__ import annotations

import contextlib
import json
import os
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.errors import DataError
from linkage.sharing.bounded import LONGEST_TEXT, load, load_lines, read

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)  # fmt: skip


@given(VALUES)
def test_sound_json_is_read_as_it_is(value):
    assert load(json.dumps(value).encode(), deepest=100) == value
    assert load(json.dumps(value, ensure_ascii=False).encode(), deepest=100) == value


@given(st.binary())
def test_arbitrary_bytes_are_a_value_or_a_sentence(content):
    with contextlib.suppress(DataError):
        load(content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"[" * 1_000_000, "nested deeper than 32"),
        (b'{"a":' * 1_000_000, "nested deeper than 32"),
        (b'["\\"",' + b"[" * 40, "nested deeper than 32"),
        (b'["\\\\",' + b"[" * 40 + b'"]', "nested deeper than 32"),
        (b"NaN", "holds NaN"),
        (b"[Infinity]", "holds Infinity"),
        (b'{"a": -Infinity}', "holds -Infinity"),
        (b"1e400", "too long or endless"),
        (b"-1e400", "too long or endless"),
        (b"0." + b"1" * 100, "too long or endless"),
        (b"9" * 5_000, "more than 40 digits"),
        (b'{"a": 1, "a": 2}', "same key twice"),
        (b'[{"b": {"a": 1, "\\u0061": 2}}]', "same key twice"),
        (b'"\xff"', "byte 2 is not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "byte 1 is not UTF-8"),
        (b'"' + b"x" * (LONGEST_TEXT + 1) + b'"', "a text in the JSON is longer"),
        (b'"' + b"\\\\" * LONGEST_TEXT + b'"', "a text in the JSON is longer"),
        (b"[" + b"1," * 4_000_001 + b"1]", "more than 3,000,000 values"),
        (b"[" + b"[]," * 2_100_000 + b"[]]", "more than 3,000,000 values"),
        (b"]" * 1_000_000, "not JSON"),
        (b'"' * 1_000_001, "not JSON"),
        (b"\\" * 1_000_001, "not JSON"),
        (b"", "not JSON"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b"{} {}", "not JSON"),
        (b"{'a': 1}", "not JSON"),
    ],
)
def test_each_thing_that_is_wrong_has_its_sentence(content, sentence):
    started = time.monotonic()
    with pytest.raises(DataError, match=sentence):
        load(content)
    # Nothing here takes a second; what grows with the square of the size would take hours.
    assert time.monotonic() - started < 30


def test_brackets_in_texts_are_text():
    text = "[" * 1000 + '\\"' + "{" * 1000

    assert load(json.dumps([text]).encode()) == [text]


def test_a_huge_file_is_refused_by_its_size_before_it_is_opened(tmp_path):
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(2 << 30)

    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="larger than"):
            load(path)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_bytes_are_measured_too():
    with pytest.raises(DataError, match="larger than 10 bytes"):
        load(b'"0123456789"', most_bytes=10)


def test_a_file_is_read_as_its_bytes_are(tmp_path):
    (tmp_path / "list.json").write_bytes(b'{"a": [1, 2.5, null]}')

    assert load(tmp_path / "list.json") == {"a": [1, 2.5, None]}


def test_pipes_folders_and_what_is_not_there_are_sentences(tmp_path):
    os.mkfifo(tmp_path / "pipe")

    for name in ("pipe", ".", "absent", "nul\0", "x" * 300):
        with pytest.raises(DataError):
            read(tmp_path / name)


def test_a_name_that_moves_the_cursor_is_shown_inert(tmp_path):
    with pytest.raises(DataError) as error:
        read(tmp_path / "list\x1b[2J.json")
    assert "\x1b" not in str(error.value)


def test_a_bad_line_spoils_no_other():
    lines = list(
        load_lines(
            b'{"a": 1}\r\n\n[NaN]\n' + b"[" * 50 + b'\n"' + b"x" * 2_000_000 + b'"\n{"a": 2}',
            longest_line=1 << 20,
        )
    )

    assert [str(line) if isinstance(line, DataError) else line for line in lines] == [
        {"a": 1},
        "the JSON holds NaN, which is no number",
        "the JSON is nested deeper than 32 levels",
        "a line is longer than 1,048,576 bytes",
        {"a": 2},
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"1\n" * 1001, "more than 1,000 lines"),
        (b"\n" * 1001, "more than 1,000 lines"),
        (b"[1,2,3,4]\n" * 900, "more than 2,000 values"),
        (b" " * 100_001, "larger than 100,000 bytes"),
    ],
)
def test_lines_are_bounded_together(content, sentence):
    with pytest.raises(DataError, match=sentence):
        list(load_lines(content, most_bytes=100_000, most_lines=1000, most_objects=2000))


@given(st.binary())
def test_arbitrary_lines_are_values_or_sentences(content):
    assert len(list(load_lines(content))) <= content.count(b"\n") + 1
