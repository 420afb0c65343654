"""Sources are found in a fixed order, told apart by name or columns, and nothing is passed over silently."""

from __future__ import annotations

import gzip

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from linkage.events import read_source
from linkage.events.sources import find_files, table_of

EVENT = "account_id,timestamp\na,1788397929\n"


def tables(reading):
    return {file.file: file.table for file in reading.files}


def test_names_and_folders_tell_the_table(desk):
    desk.write("events-2026-09.csv", EVENT)
    desk.write("events/part-0001.jsonl.gz", gzip.compress(b'{"uid": "a", "ts": 1788397929}'))
    desk.write("reference/august/x.csv", EVENT)
    desk.write("accounts.export.csv", "account_id,org\na,Example\n")
    desk.write("known-shared.csv", "kind,value,why\nip,198.51.100.0/24,campus\n")
    reading = desk.read()

    assert tables(reading) == {
        "accounts.export.csv": "accounts", "events-2026-09.csv": "events", "events/part-0001.jsonl.gz": "events",
        "known-shared.csv": "known_shared", "reference/august/x.csv": "reference",
    }  # fmt: skip
    assert reading.given == {"accounts", "events", "known_shared", "reference"}


@pytest.mark.parametrize(
    ("header", "table"),
    [
        ("account_id,timestamp,ip", "events"),
        ("user_id,ts,completion_tokens", "events"),
        ("account_id,created_at,org", "accounts"),
        ("account_id,fingerprint", "payments"),
        ("kind,value,reason,until", "allowlist"),
        ("kind,value,why", "known_shared"),
        ("kind,identifier,accounts,total", "reference_frequencies"),
    ],
)
def test_columns_tell_the_table_where_the_name_does_not(desk, header, table):
    reading = desk.read_one("export-7.csv", header + "\n")

    assert tables(reading) == {str(desk.folder / "export-7.csv"): table}


def test_a_word_that_only_begins_alike_is_no_table_name():
    assert [table_of(name) for name in ("eventsource", "accounts2", "sharedrive", "reference_frequencies")] == [
        "", "accounts", "", "reference_frequencies",
    ]  # fmt: skip


def test_unrelated_hidden_and_truth_files_are_passed_over_and_said(desk):
    for name in ("README.md", "linkage.toml", "truth.csv", ".hidden/events.csv", "._events.csv"):
        desk.write(name, "anything")
    desk.write("events.csv", EVENT)
    reading = desk.read()

    assert list(tables(reading)) == ["events.csv"]
    (notice,) = reading.notices
    listed = notice.partition("being no input table: ")[2].split(", ")
    assert sorted(listed) == sorted(
        ["README.md", "linkage.toml", "truth.csv", ".hidden/events.csv", "._events.csv"]
    )


def test_a_file_named_twice_is_read_once_and_said(desk):
    path = desk.write("events.csv", EVENT)
    reading = desk.read(desk.folder, path, str(desk.folder / "ev*.csv"))

    assert len(reading.files) == 1
    assert sum("named twice" in notice for notice in reading.notices) == 2


def test_files_of_one_name_in_two_folders_are_told_apart(desk):
    desk.write("one/events.csv", EVENT)
    desk.write("two/events.csv", EVENT)
    found = find_files([desk.folder / "one", desk.folder / "two"])

    assert [file.name for file in found.files] == [
        str(desk.folder / "one/events.csv"),
        str(desk.folder / "two/events.csv"),
    ]


@pytest.mark.parametrize(
    "name", ["events[1].csv", "events*.csv", "events 'x\"; drop table t.csv", "events-ü.csv"]
)
def test_any_file_name_is_only_a_name(desk, name):
    desk.write("events-other.csv", "account_id,timestamp\nother,1788397929\n")
    reading = desk.read_one(name, EVENT)

    assert [row[1] for row in reading["events"].rows()] == ["a"]


def test_a_parquet_name_with_pattern_letters_is_one_file(desk):
    path = desk.folder / "events[1].parquet"
    pq.write_table(pa.table({"account_id": ["a"], "timestamp": [1788397929]}), path)

    assert len(desk.read(path)["events"]) == 1


def test_a_table_of_another_duckdb_file_is_read(desk):
    path = desk.folder / "logs.duckdb"
    with duckdb.connect(str(path)) as other:
        other.execute("create table \"events-raw\" as select 'a' as account_id, 1788397929 as ts")
    reading = desk.read(f"duckdb:{path}#events-raw")

    assert reading.problems == ()
    assert [row[1] for row in reading["events"].rows()] == ["a"]
    assert reading.files[0].digest is None


def test_each_file_has_the_digest_of_its_bytes(desk):
    reading = desk.read_one("events.csv", EVENT)

    # sha256sum of the two lines above
    assert reading.files[0].digest == "ffdf0289d64127abbd25960e18dfbfb3926add0e580b218c0749ce0a4f8d5f11"


def test_an_idle_hour_is_a_notice_and_no_problem(desk):
    desk.write("events-1.jsonl", "")
    desk.write("events-2.csv", "account_id,timestamp\n")
    reading = desk.read()

    assert reading.problems == ()
    assert reading.notices == ("events-1.jsonl: is empty", "events-2.csv: has column names and no rows")


def test_tables_not_wanted_are_passed_over_and_said(desk):
    desk.write("events.csv", EVENT)
    desk.write("payments.csv", "account_id,card\na,c1\n")
    reading = read_source(desk.database, [desk.folder], keep=["events"])

    assert tables(reading) == {"events.csv": "events"}
    assert reading.notices == ("payments.csv: passed over: payments is not wanted here",)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/events.csv", "http://127.0.0.1:9/events.parquet?signature=x"]
)
def test_a_url_that_cannot_be_reached_is_a_problem(desk, url):
    # Without a network DuckDB cannot even load what reads URLs; either way it is said.
    desk.database.execute("set autoinstall_known_extensions = false")
    (problem,) = desk.read(url).problems

    assert problem.where == url.removesuffix("?signature=x")  # which is a secret
    assert "signature" not in problem.what
    assert "cannot be read" in problem.what


def test_parquet_text_that_is_not_utf8_is_mended_and_said(desk):
    text = pa.StringArray.from_buffers(1, pa.py_buffer(b"\0\0\0\0\4\0\0\0"), pa.py_buffer(b"caf\xe9"))
    path = desk.folder / "events.parquet"
    pq.write_table(pa.table({"account_id": ["a"], "timestamp": [1788397929], "prompt": text}), path)
    reading = desk.read()

    assert [row[5] for row in reading["events"].rows()] == ["caf?"]
    assert reading.notices == (
        "events.parquet: has text that is not UTF-8; the bytes at fault were replaced by ?",
    )
