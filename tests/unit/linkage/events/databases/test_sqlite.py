"""An SQLite file is read as its shell would write it: numbers as text, bytes as digits, views only when named."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from linkage.events.databases.sqlite import open_sqlite

HEADER = "account_id,timestamp,ip,response_tokens,device\n"
ROWS = (
    ("a", "2026-09-03T01:12:09Z", "198.51.100.7", 12, "d-1"),
    ("b", 1788397929, None, 7.0, "dé"),
    ("c", "soon", "", None, None),
)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "ware house.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("create table events (account_id, timestamp, ip, response_tokens, device)")
        database.executemany("insert into events values (?, ?, ?, ?, ?)", ROWS)
        database.execute("create table things (name, price)")
        database.execute("create view recent as select * from events")
    return path


def change(path, *statements):
    with closing(sqlite3.connect(path)) as database, database:
        for statement in statements:
            database.execute(statement)


def test_a_table_and_a_file_of_the_same_rows_are_the_same(read, path, tmp_path):
    export = tmp_path / "events.csv"
    lines = (",".join("" if cell is None else str(cell) for cell in row) for row in ROWS)
    export.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    by_table, by_file = read(f"sqlite:{path}"), read(export)

    assert by_table.problems == ()
    assert sorted(row[0] for row in by_table["events"].rows()) == sorted(
        row[0] for row in by_file["events"].rows()
    )
    (by_table_aside,), (by_file_aside,) = by_table.quarantine.rows(), by_file.quarantine.rows()
    assert by_table_aside[2] == "row 3"
    assert by_table_aside[3:] == by_file_aside[3:]


def test_both_ways_to_write_a_path_with_slashes_are_understood(read, path, monkeypatch):
    monkeypatch.chdir(path.parent)

    for address in (f"sqlite://{path}", f"sqlite:///{path}", f"sqlite:///{path.name}", f"sqlite:{path.name}"):
        assert len(read(address)["events"]) == 2, address


def test_bytes_are_told_apart_and_text_that_is_not_utf8_is_mended(read, path):
    change(
        path,
        "insert into events values (x'00ff', 1788397929, null, null, null), (x'00fe', 1788397929, null, null, null)",
        "insert into events values (x'64', 1788397929, null, null, cast(x'63e9' as text))",
    )
    reading = read(f"sqlite:{path}")

    assert {row[1] for row in reading["events"].rows()} == {"a", "b", "d", r"\x00ff", r"\x00fe"}
    assert any("1 cells hold text that is not UTF-8" in notice for notice in reading.notices)


def test_a_view_is_read_when_it_is_named(read, path):
    reading = read(f"sqlite:{path}")
    assert [file.file.rpartition("=")[2] for file in reading.files] == ["events"]
    assert any("passed over beside events: recent" in notice for notice in reading.notices)
    assert any("no input table: things" in notice for notice in reading.notices)

    assert len(read(f"sqlite:{path}?query=select * from recent where account_id = 'a'")["events"]) == 1


@pytest.mark.parametrize("name", ['ev"il; drop table events', "eve'nts", "a.b", "x\x1b[2J", "?1"])
def test_any_name_is_only_a_name(read, path, name):
    quoted = '"' + name.replace('"', '""') + '"'
    change(path, f"create table {quoted} as select 'z' as account_id, 1788397929 as timestamp, 7 as {quoted}")
    reading = read(f"sqlite:{path}?table={name}")

    (row,) = reading["events"].rows()
    assert (row[1], row[-1]) == ("z", {name: "7"})
    assert "\x1b" not in reading.files[0].file
    assert len(read(f"sqlite:{path}?table=events")["events"]) == 2


def test_a_file_is_never_written_to_nor_made(read, path, tmp_path):
    before = path.read_bytes()
    assert "cannot be read" in str(read(f"sqlite:{path}?query=delete from events returning *").problems[0])
    assert path.read_bytes() == before

    assert "there is no such file" in str(read(f"sqlite:{tmp_path / 'absent.db'}").problems[0])
    assert not (tmp_path / "absent.db").exists()


def test_what_is_no_sqlite_file_is_a_problem(read, tmp_path):
    path = tmp_path / "no.db"
    path.write_text("account_id,timestamp\n" * 100)

    assert "file is not a database" in str(read(f"sqlite:{path}").problems[0])


def test_rows_that_come_meanwhile_belong_to_the_next_reading(path):
    change(path, "pragma journal_mode = wal")
    database = open_sqlite(str(path))
    change(path, "insert into events values ('z', 1788397929, null, null, null)")
    (events,) = [stored for stored in database.tables() if stored.name == "events"]

    assert len(database.rows(events).read_all()) == 3
    database.close()


def test_several_views_of_one_kind_are_not_chosen_between(read, path):
    change(
        path, "alter table events rename to raw", "drop view recent", "alter table raw rename account_id to x"
    )
    change(
        path,
        "create view events_all as select x as account_id, timestamp from raw",
        "create view events_new as select x as account_id, timestamp from raw where x = 'a'",
    )
    problem = str(read(f"sqlite:{path}").problems[0])

    assert "several views could be events: events_all, events_new; name what to read" in problem
    assert len(read(f"sqlite:{path}?table=events_new")["events"]) == 1


def test_a_database_without_a_table_of_ours_says_what_it_has(read, tmp_path):
    path = tmp_path / "other.db"
    change(path, "create table prices (model, price)")

    problem = str(read(f"sqlite:{path}").problems[0])
    assert (
        "holds no table whose columns we recognise; name one with ?table=NAME. Its tables are prices"
        in problem
    )


def test_a_table_named_by_a_pattern_and_by_name_is_read_once(read, path):
    reading = read(f"sqlite:{path}?table=ev*&table=events", f"sqlite:{path}?table=recent")

    assert [file.file.rpartition("=")[2] for file in reading.files] == ["events", "recent"]
    assert any("is named twice" in notice for notice in reading.notices)


def test_columns_named_in_the_settings_make_a_table_known(read, path):
    change(
        path, "create table ledger (who, when_at, price)", "insert into ledger values ('z', 1788397929, 7)"
    )
    columns = {"events": {"account_id": "who", "timestamp": "when_at"}}

    assert [row[1] for row in read(f"sqlite:{path}?table=ledger", columns=columns)["events"].rows()] == ["z"]
