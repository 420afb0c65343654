"""Another DuckDB file is read with its types, and its views reach nothing but that file."""

from __future__ import annotations

import duckdb
import pytest


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "ware.duckdb"
    with duckdb.connect(str(path)) as database:
        database.execute("set timezone = 'UTC'")
        database.execute(
            """
            create schema raw;
            create type plan as enum ('free', 'pro');
            create table raw.events as
            select 'a' as account_id, timestamptz '2026-09-03 01:12:09.25+00' as timestamp, {'b': [1, 2]} as prompt,
                12.50::decimal(9, 2) as cost, 170141183460469231731687303715884105727::hugeint as big,
                'free'::plan as plan, uuid '0d8f3e0e-4a4e-4a86-9a44-0c8f8b8f8b8f' as device
            union all
            select 'b', null, null, null, null, null, null;
            create table accounts as select 'a' as id, date '2026-06-01' as created, 'Example' as org;
            create table prices as select 1 as price
            """
        )
    return path


def test_types_are_kept_or_written_as_text(read, path):
    reading = read(f"duckdb:{path}")

    assert reading.problems == ()
    assert [file.table for file in reading.files] == ["accounts", "events"]
    (row,) = reading["events"].rows()
    assert str(row[2]) == "2026-09-03 01:12:09.250000"
    assert row[5] == '{"b":[1,2]}'
    assert row[-1] == {
        "big": "170141183460469231731687303715884105727", "cost": "12.50", "plan": "free",
        "device": "0d8f3e0e-4a4e-4a86-9a44-0c8f8b8f8b8f",
    }  # fmt: skip
    assert reading.quarantine.rows()[0][2:6] == ("row 2", "events", "timestamp", None)


def test_a_table_of_the_name_is_surer_than_one_that_only_looks_like_it(read, path):
    with duckdb.connect(str(path)) as database:
        database.execute(
            "create table sessions as select 's' as user_id, '2026-09-03' as created_at, 'x' as org"
        )
    reading = read(f"duckdb:{path}")
    assert [row[0] for row in reading["accounts"].rows()] == ["a"]
    assert any("passed over beside main.accounts: main.sessions" in notice for notice in reading.notices)

    with duckdb.connect(str(path)) as database:
        database.execute("drop table accounts")
    reading = read(f"duckdb:{path}")
    assert [row[0] for row in reading["accounts"].rows()] == ["s"]
    assert any("main.sessions is taken for accounts by its columns" in notice for notice in reading.notices)


def test_tables_of_several_schemas_are_not_mixed(read, path):
    with duckdb.connect(str(path)) as database:
        database.execute("create schema staging; create table staging.events as from raw.events")
    problem = str(read(f"duckdb:{path}").problems[0])

    assert (
        "tables of several schemas could be events: raw.events, staging.events; name what to read" in problem
    )
    assert len(read(f"duckdb:{path}?table=raw.events")["events"]) == 1


def test_a_case_of_ours_is_no_log_unless_its_tables_are_named(read, case_of_world):
    assert "is a case of ours" in str(read(f"duckdb:{case_of_world}").problems[0])
    reading = read(f"duckdb:{case_of_world}?table=events")

    assert reading.problems == ()
    assert len(reading["events"]) > 600


def test_a_schema_is_named_with_a_point(read, path):
    assert len(read(f"duckdb:{path}?table=raw.events")["events"]) == 1
    assert len(read(f"duckdb:{path}#events")["events"]) == 1
    assert "Its tables are main.accounts" in str(read(f"duckdb:{path}?table=other").problems[0])


def test_a_view_reads_no_file_of_this_machine(read, path, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("account_id,timestamp\nprivate,2026-09-03\n")
    with duckdb.connect(str(path)) as database:
        database.execute(f"create view events as select * from read_csv('{secret}')")
    reading = read(f"duckdb:{path}?table=main.events")

    assert reading.files == ()
    assert len(reading.problems) == 1
    assert "private" not in str(reading.problems)
    query = read(f"duckdb:{path}?query=select * from '{secret}'")
    assert query.files == ()
    assert "cannot be read" in str(query.problems[0])


def test_a_value_that_cannot_be_computed_is_not_quoted(read, path):
    query = "select 'a' as account_id, ('priv' || account_id)::int as timestamp from raw.events"
    problem = str(read(f"duckdb:{path}?query={query}").problems[0])

    assert "a value of it cannot be computed" in problem
    assert "priva" not in problem


@pytest.mark.parametrize("name", ['ev"il; drop table events', "eve'nts", "a.b", "$1"])
def test_any_name_is_only_a_name(read, path, name):
    quoted = '"' + name.replace('"', '""') + '"'
    with duckdb.connect(str(path)) as database:
        database.execute(
            f"create table {quoted} as select 'z' as account_id, 1788397929 as ts, 7 as {quoted}"
        )
    (row,) = read(f"duckdb:{path}?table={name}")["events"].rows()

    assert (row[1], row[-1]) == ("z", {name: "7"})
