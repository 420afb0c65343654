"""The log of what was judged and shared: no line of it can be changed, moved or left out unnoticed."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from cases import INPUTS

from linkage.opening import open_case
from linkage.sharing.audit import START, digest_of, faults, line, record
from linkage.sharing.records import Records

AT = datetime(2026, 10, 5, 12)  # noqa: DTZ001 - UTC, as everywhere


@pytest.fixture
def case(tmp_path):
    with open_case(tmp_path / "a.duckdb", INPUTS) as opened:
        for number in range(4):
            with opened.changing():
                record(opened, "judge", at=AT, by="kim", subject=f"R-{number}")
        yield opened


@pytest.fixture
def lines(case):
    return Records(case).audit()


def rechained(documents):
    """Write lines anew so that each digest is its own and each names the one before, as a forger would."""
    previous, made = START, []
    for number, document in enumerate(documents, start=1):
        text = json.dumps(document | {"number": number, "previous": previous}, sort_keys=True)
        previous = digest_of(text)
        made.append((number, text, previous))
    return made


def test_a_log_as_it_was_written_has_no_fault(case, lines):
    assert len(lines) == 4
    assert case.fact("audit") == "4"
    assert faults(lines, written=4) == []
    assert faults([], written=0) == []


def test_a_line_says_what_when_and_who(lines):
    assert json.loads(lines[0][1]) == {
        "number": 1,
        "previous": START,
        "what": "judge",
        "by": "kim",
        "at": "2026-10-05T12:00:00Z",
        "details": {"subject": "R-0"},
    }


@pytest.mark.parametrize("place", range(4))
def test_a_changed_line_is_found(lines, place):
    number, document, digest = lines[place]
    lines[place] = (number, document.replace("kim", "lee"), digest)

    assert faults(lines, written=4) == [f"line {number} was changed after it was written"]


@pytest.mark.parametrize("place", range(3))
def test_a_changed_line_with_its_digest_changed_is_found_by_the_next(lines, place):
    number, document, _ = lines[place]
    changed = document.replace("kim", "lee")
    lines[place] = (number, changed, digest_of(changed))

    assert faults(lines, written=4) == [f"line {number + 1} does not follow line {number}"]


@pytest.mark.parametrize("place", range(4))
def test_a_removed_line_is_found(lines, place):
    del lines[place]

    assert faults(lines, written=4)


def test_a_removed_line_whose_followers_were_numbered_anew_is_found(lines):
    del lines[1]
    moved = [(place, document, digest) for place, (_, document, digest) in enumerate(lines, start=1)]

    assert faults(moved, written=3)


def test_lines_that_changed_places_are_found(lines):
    swapped = [lines[0], (2, *lines[2][1:]), (3, *lines[1][1:]), lines[3]]

    assert faults(swapped, written=4)


def test_the_whole_log_removed_is_found():
    assert faults([], written=4) == ["the last 4 of 4 lines are missing"]


def test_a_line_that_somebody_added_by_hand_is_found(lines):
    made = rechained([*(json.loads(document) for _, document, _ in lines), json.loads(lines[0][1])])

    assert made[:4] == lines
    assert faults(made, written=4) == ["1 line was added that linkage did not write"]


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "{}", '{"previous": 1}', "null"])
def test_a_line_that_is_none_is_a_fault_and_no_crash(lines, text):
    lines[2] = (3, text, digest_of(text))

    assert "line 3 does not follow line 2" in faults(lines, written=4)


def test_a_number_inside_that_is_not_the_lines_own_is_found(lines):
    document = json.loads(lines[0][1]) | {"number": 7}
    text = json.dumps(document, sort_keys=True)

    assert faults([(1, text, digest_of(text))], written=1) == ["line 1 bears another number"]


def test_what_is_recorded_in_a_change_that_fails_is_gone_with_it(case, lines):
    class StopError(Exception):
        pass

    def stopped():
        with case.changing():
            case.judge("R-9", "confirm", "x", "kim", AT)
            record(case, "judge", at=AT, by="kim", subject="R-9")
            raise StopError

    with pytest.raises(StopError):
        stopped()

    assert Records(case).audit() == lines
    assert case.fact("audit") == "4"
    assert case.judgements() == []


def test_a_change_that_fails_in_the_log_is_not_made(case, lines, monkeypatch):
    monkeypatch.setattr(Records, "add_to_audit", lambda *_: 1 / 0)

    def judged():
        with case.changing():
            case.judge("R-9", "confirm", "x", "kim", AT)
            record(case, "judge", at=AT, by="kim", subject="R-9")

    with pytest.raises(ZeroDivisionError):
        judged()

    assert case.judgements() == []
    assert Records(case).audit() == lines


def test_a_line_is_ascii_whatever_is_said():
    text = line(1, START, "judge", at=AT, by="k\u202eim\x1b", details={"reason": "\ud800 ☃"})

    assert text.isascii()
    assert text.isprintable()
    assert json.loads(text)["by"] == "k\u202eim\x1b"
