"""The case: all of a change or none of it, and a clear word about files that are no case."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import datetime

import duckdb
import pytest

from linkage.errors import DataError
from linkage.events import read_source
from linkage.events.contract import TABLES
from linkage.opening import VERSION, check_place, open_case
from linkage.progress import telling
from linkage.tables import Table, derive, open_database

INPUTS = {name: table.checked_columns for name, table in TABLES.items()}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "case.duckdb"


@pytest.fixture
def add(tmp_path, path):
    """Write files and add them to the case."""

    def add(**files):
        sources = []
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text)
            sources.append(tmp_path / f"{name}.csv")
        with open_case(path, INPUTS) as case:
            reading = read_source(case.database, sources)
            return case.add(reading.tables, reading.quarantine, [])

    return add


@pytest.fixture
def rows(path):
    def rows(query):
        with open_case(path) as case:
            return case.database.execute(query).fetchall()

    return rows


EVENTS = "account_id,timestamp\na,2026-09-01T00:00:00Z\nb,2026-09-02T00:00:00Z\n"


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


def test_a_new_case_whose_filling_fails_is_gone_again(path):
    def fail():
        with open_case(path, INPUTS):
            raise DataError("no file can be used")

    with pytest.raises(DataError):
        fail()

    assert list(path.parent.iterdir()) == []


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


def refused(path, inputs=None):
    with pytest.raises(DataError) as caught, open_case(path, inputs, wait=0.1):
        pass
    return str(caught.value)


def test_a_case_that_is_not_there_says_how_to_make_one(path):
    assert refused(path) == f"there is no case at {path}: make one with 'linkage ingest SOURCE --case {path}'"
    assert not path.exists()


@pytest.mark.parametrize("inputs", [None, INPUTS])
@pytest.mark.parametrize("content", [b"account_id,timestamp\n", b"x" * 20_000], ids=["short", "long"])
def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(path, content, inputs):
    path.write_bytes(content)

    assert (
        refused(path, inputs)
        == f"the case {path} cannot be opened: it is no DuckDB file; name another --case"
    )
    assert path.read_bytes() == content


def test_a_database_of_another_kind_is_refused_without_a_look_at_the_network(path):
    with sqlite3.connect(path) as database:
        database.execute("create table facts (name, value)")
    database.close()

    assert "it is no DuckDB file" in refused(path, INPUTS)


@pytest.mark.parametrize("inputs", [None, INPUTS])
def test_the_database_of_another_tool_is_refused_and_left_as_it_is(path, inputs, contents):
    with duckdb.connect(str(path)) as database:
        database.execute("create table facts (name varchar, value varchar)")
    before = contents(path)

    assert refused(path, inputs) == f"{path} is a DuckDB file of something else: name another --case"
    assert contents(path) == before


def test_a_case_of_another_version_is_refused(add, path):
    add(events=EVENTS)
    with open_case(path) as case:
        case.note("version", "999")

    assert "is of version 999" in refused(path)


def test_a_damaged_case_is_refused(path):
    with duckdb.connect(str(path)) as database:
        database.execute("create table t as from range(100000)")
    content = bytearray(path.read_bytes())
    content[4096:12288] = b"\xff" * 8192
    path.write_bytes(content)

    assert "it is damaged" in refused(path)


@pytest.mark.parametrize("size", [0, 12, 4096, 12287])
def test_a_file_whose_making_was_cut_short_is_made_anew(path, size, add, rows):
    with duckdb.connect(str(path)) as database:
        database.execute("select 1")
    path.write_bytes(path.read_bytes()[:size])

    assert add(events=EVENTS) == 2
    assert rows("select count(*) from events") == [(2,)]


def test_a_case_whose_filling_was_cut_short_says_so(path):
    with duckdb.connect(str(path)) as database:
        database.execute("select 1")

    assert refused(path) == f"the case {path} is empty: fill it with 'linkage ingest SOURCE --case {path}'"


def test_a_case_that_another_process_has_open_is_refused(add, path):
    add(events=EVENTS)
    holding = (
        "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline() == b"open\n"

        said = refused(path, INPUTS)
        holder.stdin.close()

    assert said == (
        f"the case {path} cannot be opened: another program had it open for 0.1 seconds; "
        "wait for it to end, or give it longer with the setting wait"
    )
    assert path.exists()


def test_a_folder_or_a_place_that_is_not_there_is_refused(tmp_path):
    assert "Is a directory" in refused(tmp_path)
    assert "its folder is not there" in refused(tmp_path / "none" / "lock.duckdb", INPUTS)


@pytest.mark.parametrize("content", [b"no case", b"x", b"a longer note to self"])
def test_a_file_of_a_few_bytes_is_never_taken_for_an_unfinished_case(tmp_path, content):
    path = tmp_path / "note.txt"
    path.write_bytes(content)

    with pytest.raises(DataError, match="no DuckDB file"), open_case(path, {}):
        pass

    assert path.read_bytes() == content


HOLD = """
import sys, time, duckdb
held = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "reading")
print("open", flush=True)
time.sleep(float(sys.argv[3]))
"""


def holder(path, how, seconds):
    """Let another process have the file for some time."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path), how, str(seconds)], stdout=subprocess.PIPE, text=True
    )


def test_who_comes_while_another_writes_waits_and_is_told_why(add, path):
    add(events=EVENTS)
    told = []
    with holder(path, "writing", 2.0) as other:
        assert other.stdout.readline() == "open\n"
        with telling(told.append), open_case(path, wait=20) as case:
            assert case.fact("version") == str(VERSION)

    assert told == [f"the case {path} is in use by another program: waiting for it, 20 seconds at most"]


def test_several_read_at_once(add, path):
    add(events=EVENTS)
    with holder(path, "reading", 5.0) as other:
        assert other.stdout.readline() == "open\n"
        with open_case(path, wait=0, reading=True) as case, open_case(path, wait=0, reading=True) as again:
            assert len(case.logs.events) == len(again.logs.events) == 2
        other.kill()


def test_who_reads_can_make_temporary_tables_and_change_nothing(add, path):
    add(events=EVENTS)
    with open_case(path, reading=True) as case:
        assert len(derive("select * from events", events=case.logs.events)) == 2
        with pytest.raises(duckdb.Error, match="read-only"):
            case.note("half", "done")


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


def test_a_case_opened_within_a_database_takes_what_was_made_there(add, path):
    add(events=EVENTS)
    scratch = open_database()
    made = derive("select 'kept' as name", events=derive_nothing(scratch))
    with open_case(path, within=scratch) as case, case.changing():
        case.database.execute(f"insert into facts select name, 'yes' from {made.name}")
    assert scratch.execute("select current_database()").fetchall() == [("memory",)]

    with open_case(path) as case:
        assert case.fact("kept") == "yes"


def derive_nothing(database):
    """Name an empty table of a database."""
    database.execute("create temp table nothing (n integer)")
    return Table(database, "nothing")


def test_a_place_where_no_case_can_be_is_refused_before_any_work(tmp_path):
    with pytest.raises(DataError, match="its folder is not there"):
        check_place(tmp_path / "none" / "case.duckdb")
    (tmp_path / "note.txt").write_text("a longer note to self")
    with pytest.raises(DataError, match="no DuckDB file"):
        check_place(tmp_path / "note.txt")
    check_place(tmp_path / "case.duckdb")


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
