"""What ``linkage ring`` draws in a terminal fits it, and is words and blocks whatever strangers wrote."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

import pytest
from rich.cells import cell_len

from linkage.cli.drawn import BARS, draw_days, draw_evidence, draw_hours
from linkage.rings.ring import Reason

SEPTEMBER = datetime(2026, 9, 1)  # noqa: DTZ001 - UTC, as the tables keep it
NAMES = ("acct_1", "\x1b[2J\u202e\n" * 30, "\u4e2d\u6587\u8d26\u6237" * 20, "\U0001f409" * 40, "")
MANY = 987_654_321


def rhythm(*rows, of="accounts"):
    listed = [{"label": label, "hours": hours} for label, hours in rows]
    return {
        "rows": listed,
        "of": of,
        "total": [sum(each) for each in zip(*(h for _, h in rows), strict=True)],
    }


def drawings(name):
    hours = draw_hours(rhythm((name, [MANY] * 24), ("a2", [0, 1] * 12)))
    days = draw_days([(SEPTEMBER + timedelta(days=7 * n), MANY) for n in range(60)])
    bits = draw_evidence(
        [Reason("declared", 99.9, 1, 2, ""), Reason("ip", 0.004, 1, 2, "")], {"declared": name}
    )
    return hours, days, bits


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_hours_and_bits_fit_eighty_columns_and_line_up(name):
    hours, _, bits = drawings(name)

    assert max(cell_len(line) for line in (*hours, *bits)) <= 80
    starts = {
        cell_len(line[: next(n for n, letter in enumerate(line) if letter in BARS)]) for line in hours[1:3]
    }
    assert starts == {26}


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_nothing_in_them_acts_or_hides(name):
    for line in (line for lines in drawings(name) for line in lines):
        assert not [letter for letter in line if unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp"}]


def test_the_whole_comes_first_then_the_busiest_in_the_order_of_the_picture():
    rows = [(f"a{n}", [n] * 24) for n in (3, 9, 1, 8, 2, 7)]

    names = [line.split()[0] for line in draw_hours(rhythm(*rows))[1:]]

    assert names == ["all", "a3", "a9", "a8", "a7", "and"]
    assert draw_hours(rhythm(*rows, of="cells"))[-1] == "and 2 more cells that are not drawn"


def test_an_hour_with_one_event_is_seen_and_one_without_is_not():
    line = draw_hours(rhythm(("a1", [1000, 1, 0] + [0] * 21)))[2]

    assert line.startswith(f"a1{' ' * 24}█▂  ")


def test_levels_of_one_kind_are_one_bar_and_no_bits_are_none():
    reasons = [Reason("ip", 4.0, 1, 2, ""), Reason("payment", 5.0, 1, 2, ""), Reason("ip", 4.0, 1, 2, "")]

    assert [line.split()[:2] for line in draw_evidence(reasons, {})[1:]] == [
        ["ip", "8.00"],
        ["payment", "5.00"],
    ]
    assert draw_evidence([Reason("signup", -0.001, 1, 2, "")], {}) == []
    assert "-0.00" not in "".join(draw_evidence([*reasons, Reason("signup", -0.001, 1, 2, "")], {}))


def test_a_ring_without_events_has_no_drawing():
    assert draw_days([]) == draw_hours({"rows": [], "of": "accounts", "total": [0] * 24}) == []


def test_a_ring_shows_its_day(linkage, case, golden):
    lines = linkage("ring", 1, "--case", case).out.splitlines()

    start = lines.index("hour of the day, UTC      0     6     12    18")
    golden("terminal/hours.txt", "\n".join(lines[start : lines.index("", start)]).encode() + b"\n")
    assert "evidence for a member     bits" in lines[start:]


def test_without_a_case_it_shows_the_same(linkage, world, case):
    of_case, of_logs = (
        linkage("ring", 1, "--case", case).out,
        linkage("ring", 1, "--source", world.folder).out,
    )

    assert "hour of the day" in of_logs
    assert of_logs == of_case


def test_programs_get_no_drawing(linkage, case):
    for form in ("json", "jsonl", "csv"):
        assert "hour of the day" not in linkage("ring", 1, "--case", case, "--format", form).out
