"""Opening a case: who may, who waits, and a clear word about files that are no case."""

from __future__ import annotations

import sqlite3
import subprocess
import sys

import duckdb
import pytest
from cases import EVENTS, INPUTS

from linkage import door
from linkage.errors import DataError
from linkage.opening import VERSION, check_place, open_case
from linkage.progress import telling
from linkage.tables import Table, derive, open_database


def test_a_new_case_whose_filling_fails_is_gone_again(path):
    def fail():
        with open_case(path, INPUTS):
            raise DataError("no file can be used")

    with pytest.raises(DataError):
        fail()

    assert list(path.parent.iterdir()) == []


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


def test_what_another_stores_while_we_open_the_file_is_not_overwritten(add, path, monkeypatch):
    add(events=EVENTS)
    opened, told = door._opened, []

    def slowly(*arguments, **rest):
        if not told:
            told.append(True)
            subprocess.run([sys.executable, "-c", WRITER, str(path)], check=True)
        return opened(*arguments, **rest)

    monkeypatch.setattr(door, "_opened", slowly)
    looks = count_calls(monkeypatch, door.Door, "_try")

    with open_case(path) as case:
        assert case.fact("by another") == "said"

    assert len(looks) == 2


WRITER = """
import sys, duckdb
database = duckdb.connect(sys.argv[1])
database.execute("insert into facts values ('by another', 'said')")
database.close()
"""


def count_calls(monkeypatch, owner, name):
    calls, function = [], getattr(owner, name)

    def counted(*arguments, **rest):
        calls.append(name)
        return function(*arguments, **rest)

    monkeypatch.setattr(owner, name, counted)
    return calls
