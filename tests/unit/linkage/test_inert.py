"""What strangers wrote is harmless to show."""

from __future__ import annotations

import pytest

from linkage.inert import inert, safe_cell


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, Grüße, 日本語", "plain text, Grüße, 日本語"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("a\x9b2Jb\x7f", r"a\x9b2Jb\x7f"),
        ("one\ntwo\r\tthree\x00", r"one\ntwo\r\tthree\x00"),
        ("a\u202eb\u2066c", r"a\u202eb\u2066c"),
        ("a\u200b\u2060\ufeffb", r"a\u200b\u2060\ufeffb"),
        ("a\u2028b\u2029", r"a\u2028b\u2029"),
        ("a\ud800b", r"a\ud800b"),
        ("a\U000e0041b", r"a\U000e0041b"),
        ("a\u3164b", r"a\u3164b"),
    ],
)
def test_what_hides_or_acts_is_shown_as_an_escape(text, shown):
    assert inert(text) == shown


def test_long_text_is_cut_with_an_ellipsis():
    assert inert("x" * 61) == "x" * 59 + "…"
    assert inert("x" * 60) == "x" * 60


def test_an_escape_is_never_cut_in_two():
    assert inert("abcd\x1bxxxxxxxx", limit=8) == r"abcd…"


def test_ten_million_characters_cost_no_more_than_the_limit():
    assert inert("\x1b" * 10_000_000, limit=5) == r"\x1b…"


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@sum(a1)",
        "\t=1",
        "\r=1",
        "  =1",
        "\u00a0=1",
        "\u200b=1",
        "\uff1d1+1",
        "\u22121+1",
        "\n=1",
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_prefixed(cell):
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "-3.5", "+4", "1e-5", "-2E+10", "acct_1", "a=b", "198.51.100.7"])
def test_numbers_and_ordinary_text_stay_as_they_are(cell):
    assert safe_cell(cell) == cell
