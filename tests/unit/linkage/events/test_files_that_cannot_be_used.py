"""A file that cannot be used is refused in one sentence that says what would be right; all of them at once."""

from __future__ import annotations

import gzip

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from linkage.errors import DataError
from linkage.events import read_source
from linkage.tables import open_database

ROWS = "account_id,timestamp\n" + "".join(f"acct_{n},{1788397929 + n}\n" for n in range(2000))


def only_problem(reading):
    (problem,) = reading.problems
    assert len(reading["events"]) == 0
    return str(problem)


def test_every_problem_is_told_at_once_and_the_exit_code_is_3(desk):
    desk.write("events-1.csv", "")
    desk.write("events-2.csv", "colour,size\nred,1\n")

    with pytest.raises(DataError) as told:
        read_source(open_database(), [desk.folder])

    assert told.value.exit_code == 3
    first, second = str(told.value).splitlines()
    assert first == "events-1.csv: is empty; a CSV file has at least a line of column names"
    assert second == (
        "events-2.csv: as events it needs a column account_id and timestamp; its columns are 'colour', 'size'. "
        'Name yours in linkage.toml, under [columns.events]: account_id = "…"'
    )


@pytest.mark.parametrize("codec", ["gzip", "zstd"])
def test_packed_text_cut_short_is_refused_whole(desk, codec):
    packed = pa.compress(ROWS.encode(), codec=codec, asbytes=True)
    name = {"gzip": "events.csv.gz", "zstd": "events.csv.zst"}[codec]

    assert "end too early or are damaged" in only_problem(desk.read_one(name, packed[: len(packed) // 2]))


def test_damaged_gzip_is_refused(desk):
    packed = bytearray(gzip.compress(ROWS.encode()))
    packed[len(packed) // 2] ^= 0xFF

    assert "damaged" in only_problem(desk.read_one("events.csv.gz", bytes(packed)))


@pytest.mark.parametrize("left", [0, 100, 3000])
def test_half_written_parquet_is_refused(desk, left):
    path = desk.folder / "events.parquet"
    pq.write_table(pa.table({"account_id": ["a"] * 5000, "timestamp": list(range(5000))}), path)

    assert "write it again" in only_problem(desk.read_one("events.parquet", path.read_bytes()[:left]))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("account_id,timestamp\n".encode("utf-16"), "UTF-16"),
        ("account_id,timestamp\n".encode("utf-16-le"), "UTF-16"),
        (b"PK\x03\x04rest", "spreadsheet or ZIP"),
        (b"PAR1rest", "Parquet, whatever its name says"),
    ],
)
def test_what_is_no_text_is_called_by_its_name(desk, content, what):
    assert what in only_problem(desk.read_one("events.csv", content))


def test_a_file_without_column_names_is_refused_without_showing_its_data(desk):
    problem = only_problem(desk.read_one("events.csv", "acct_1,2026-09-03T01:12:09Z,198.51.100.7\n"))

    assert "put a line of column names above it" in problem
    assert "acct_1" not in problem


def test_a_file_of_another_tool_is_refused_with_the_columns_seen(desk):
    problem = only_problem(desk.read_one("export.csv", "colour,\x1b[31msize\nred,1\n"))

    assert "neither its name nor its columns say which input table it is" in problem
    assert r"its columns are 'colour', '\x1b[31msize'" in problem


@pytest.mark.parametrize("content", ["{", '[{"account_id": "a"}', '[{"account_id": "a"}] x', "[" * 100_000])
def test_a_json_document_that_breaks_off_is_refused(desk, content):
    assert "one object a line" in only_problem(desk.read_one("events.json", content))


def test_lines_of_no_json_at_all_are_refused(desk):
    assert "holds no JSON object" in only_problem(desk.read_one("events.jsonl", "one\ntwo\n"))


def test_a_quoted_value_without_end_is_refused_before_it_fills_the_memory(desk, monkeypatch):
    monkeypatch.setattr("linkage.events.formats.delimited._LONGEST_FIELD", 1000)
    content = ROWS + 'acct_1,"' + "no end\n" * 1000

    assert "starts on line 2,002 does not end" in only_problem(desk.read_one("events.csv", content))


def test_an_empty_folder_and_a_missing_path_are_problems(desk):
    reading = desk.read(desk.folder, desk.folder / "missing.csv", str(desk.folder / "*.csv"))

    assert [str(problem.what).split(";")[0].split(" (")[0] for problem in reading.problems] == [
        "holds no file that we read", "there is no such file or folder", "nothing matches this pattern",
    ]  # fmt: skip


def test_a_required_column_that_could_be_two_is_not_guessed(desk):
    problem = only_problem(desk.read_one("events.csv", "account_id,ts,time\na,1788397929,1788397930\n"))

    assert "'ts' and 'time' could each be timestamp" in problem
    assert '[columns.events]: timestamp = "ts"' in problem


def test_a_table_that_a_database_does_not_have_is_a_problem(desk):
    path = desk.folder / "other.duckdb"
    duckdb.connect(str(path)).close()

    assert "cannot be read" in only_problem(desk.read(f"duckdb:{path}#events"))


def test_a_mapping_of_what_is_no_column_of_ours_is_a_problem(desk):
    desk.write("events.csv", ROWS)
    reading = desk.read(columns={"events": {"colour": "x"}, "evnts": {}})

    assert [str(problem).split(";")[0] for problem in reading.problems] == [
        "linkage.toml: [columns.events] colour: there is no such column",
        "linkage.toml: [columns.evnts]: there is no such table",
    ]
