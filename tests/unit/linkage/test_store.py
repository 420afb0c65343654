"""The case: all of a change or none of it, and nothing twice."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime

import pytest
from cases import EVENTS

from linkage.opening import open_case


def test_the_same_rows_twice_change_nothing(add, path, contents):
    assert add(events=EVENTS, accounts="account_id,plan\na,free\n") == 3
    before = contents(path)

    assert add(events=EVENTS, accounts="account_id,plan\na,free\n") == 0
    assert contents(path) == before


def test_rows_that_overlap_are_stored_once(add, rows):
    add(events=EVENTS)

    assert add(events=EVENTS + "c,2026-09-03T00:00:00Z\n") == 1
    assert rows("select account_id from events order by all") == [("a",), ("b",), ("c",)]


def test_what_is_said_later_of_an_account_replaces_what_was_said_and_leaves_the_rest(add, rows):
    add(accounts="account_id,plan,org,floor\na,free,acme,3\nb,free,,\n")
    add(accounts="account_id,plan,org,desk\na,paid,,9\n")

    assert rows("select account_id, plan, org, extra::varchar from accounts order by all") == [
        ("a", "paid", "acme", "{desk=9, floor=3}"),
        ("b", "free", None, "{}"),
    ]


def test_an_old_batch_that_comes_back_does_not_undo_a_newer_one(add, rows):
    add(accounts="account_id,plan\na,free\n")
    add(accounts="account_id,plan\na,paid\n")

    assert add(accounts="account_id,plan\na,free\n") == 0
    assert rows("select plan from accounts") == [("paid",)]


def test_a_listed_value_takes_its_new_end(add, rows):
    listed = "kind,value,reason,until\nip,198.51.100.7,office,{}\norg,acme,customer,\n"
    add(allowlist=listed.format("2026-10-01T00:00:00Z"))

    assert add(allowlist=listed.format("2027-10-01T00:00:00Z")) == 1
    assert rows("select value, year(until) from allowlist order by all") == [
        ("198.51.100.7", 2027),
        ("acme", None),
    ]


def test_only_rows_that_are_new_make_a_run_stale(add, path):
    add(events=EVENTS)
    add(events=EVENTS)
    with open_case(path) as case:
        assert case.fact("data") == "1"
    add(events="account_id,timestamp\nz,2026-09-01T00:00:00Z\n")
    with open_case(path) as case:
        assert case.fact("data") == "2"


def test_a_change_that_fails_halfway_leaves_nothing_behind(add, path, contents):
    add(events=EVENTS)
    before = contents(path)

    def fail(case):
        with case.changing():
            case.note("half", "done")
            case.database.execute("delete from events")
            raise KeyboardInterrupt

    with open_case(path) as case, pytest.raises(KeyboardInterrupt):
        fail(case)

    assert contents(path) == before


def test_what_people_say_is_kept_in_order_and_never_overwritten(add, path):
    add(events=EVENTS)
    at = datetime(2026, 9, 3)  # noqa: DTZ001 - UTC, as the case keeps it
    with open_case(path) as case:
        case.judge("a", "confirm", "same card", "ann", at)
        case.judge("a", "dismiss", "it was a class", "ben", at)
    with open_case(path) as case:
        assert [(judgement, by) for _, judgement, _, by, _ in case.judgements()] == [
            ("confirm", "ann"),
            ("dismiss", "ben"),
        ]


def test_a_case_that_is_read_is_copied_whole(add, path, tmp_path, contents):
    add(events=EVENTS)
    with open_case(path, reading=True) as case:
        case.copy_to(tmp_path / "copy.duckdb")

    assert contents(tmp_path / "copy.duckdb") == contents(path)


def test_what_a_killed_writer_had_promised_is_read_and_copied(add, path, tmp_path):
    add(events=EVENTS)
    killed = (
        "import duckdb, os, sys; case = duckdb.connect(sys.argv[1]);"
        "case.execute(\"insert or replace into facts values ('kept', 'yes')\"); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", killed, str(path)], check=False)
    assert path.with_name("case.duckdb.wal").exists()

    with open_case(path, reading=True) as case:
        assert case.fact("kept") == "yes"
        case.copy_to(tmp_path / "copy.duckdb")
    with open_case(tmp_path / "copy.duckdb") as copy:
        assert copy.fact("kept") == "yes"


def test_taking_back_restores_what_was_said_before_and_keeps_every_line(add, path):
    add(events=EVENTS)
    at = datetime(2026, 9, 3)  # noqa: DTZ001 - UTC, as the case keeps it
    said = [("a", "confirm"), ("b", "watch"), ("a", "dismiss"), ("a", "undo"), ("a", "undo"), ("a", "watch")]
    with open_case(path) as case:
        standing = []
        for subject, word in said:
            case.judge(subject, word, "x", "ann", at)
            standing.append({subject: word for subject, word, *_ in case.judgements()}.get("a"))
        assert [line[:2] for line in case.said()] == said

    assert standing == ["confirm", "confirm", "dismiss", "confirm", None, "watch"]
