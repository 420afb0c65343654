"""What every export format promises."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from linkage.exports.format import Entry
from linkage.exports.formats import FORMATS, format_named
from linkage.inert import inert

ENTRIES = (
    Entry(
        "acct_1", "R-7K2M9Q", "block", 0.93, 0.99,
        datetime(2026, 9, 3, 1, 12, 9), datetime(2026, 9, 30, 23, 51, 40),  # noqa: DTZ001 - UTC, as rings have it
        "6 cards pay for 117 accounts",
    ),
    Entry("acct_2", "R-7K2M9Q", "review", 0.93, 0.61, None, None, "only 0.61 sure that it belongs"),
)  # fmt: skip
NASTY = (
    "\x1b[2J\x1b]0;owned\x07",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    'a\nb\r\nc,"d"',
    "abc\u202edef\u2066",
    "nul\x00byte",
    "<script>alert(1)</script>",
    "[red]markup[/red]",
    "'; drop table accounts; --",
    "\udcff lone surrogate",
    "\u2028line\u2029",
)

each_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)


def test_names_are_unique_words():
    names = [format_.name for format_ in FORMATS]

    assert len(set(names)) == len(names)
    assert all(name.isascii() and name.islower() for name in names)


@each_format
def test_a_format_is_found_by_its_name_and_says_what_it_is_for(format_):
    assert format_named(format_.name) is format_
    assert format_.suffix.startswith(".")
    assert type(format_).__doc__.endswith(".") or type(format_).__doc__.endswith(".\n    ")


@each_format
def test_the_same_entries_give_the_same_bytes(format_, golden):
    assert format_.write(ENTRIES) == format_.write(list(ENTRIES))
    golden(f"formats/blocklist{format_.suffix}", format_.write(ENTRIES))


@each_format
def test_no_entry_is_no_row(format_):
    assert len(format_.write([]).splitlines()) <= 1


@each_format
def test_every_entry_is_one_line_in_the_order_given(format_):
    lines = format_.write(ENTRIES).decode().splitlines()

    assert ["acct_1" in line for line in lines[-2:]] == [True, False]
    assert ["acct_2" in line for line in lines[-2:]] == [False, True]


@each_format
@pytest.mark.parametrize("field", ["account_id", "reason"])
@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_whatever_strangers_wrote_comes_out_inert_on_one_line(format_, field, text):
    written = format_.write([replace(ENTRIES[0], **{field: text})]).decode()

    *_, line = written.removesuffix("\n").split("\n")
    assert inert(line, limit=10_000) == line
    assert written.count("\n") == len(format_.write([ENTRIES[0]]).decode().splitlines())


@each_format
def test_a_format_is_documented(format_):
    page = Path(__file__).parents[2] / "docs" / "reference" / "formats.md"

    assert f"## {format_.name}\n" in page.read_text(encoding="utf-8")


def test_no_cell_of_the_csv_is_taken_for_a_formula():
    for text in NASTY:
        written = format_named("csv").write([replace(ENTRIES[0], account_id=text, reason=text)]).decode()
        _, row = csv.reader(io.StringIO(written))
        assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in row)


def test_json_lines_keep_an_account_id_exactly():
    for text in NASTY:
        written = format_named("jsonl").write([replace(ENTRIES[0], account_id=text)])
        assert written.isascii()
        assert json.loads(written)["account_id"] == text
