"""A PostgreSQL server is read as of one moment, as text that its own export writes, and without a word of its password."""

from __future__ import annotations

import threading
from urllib.parse import quote

import pytest
from servers import PASSWORD, postgres, postgres_programs, psql

from linkage.errors import MissingPartError
from linkage.events.databases.postgres import open_postgres

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(postgres_programs() is None, reason="PostgreSQL is not installed"),
]
pytest.importorskip("adbc_driver_postgresql")

EVENTS = """
    create table events (
        account_id varchar(40), timestamp timestamptz, ip inet, prompt jsonb, response_tokens numeric,
        user_agent text, device uuid, tags text[], paid boolean, cost double precision, span int4range, raw bytea
    );
    insert into events values
        ('a', '2026-09-03 03:12:09.25+02', '198.51.100.7', '{"b": [1, 2], "a": "é"}', 12.00, 'curl/8', null, '{x,"y z",null}', true, 0.1, '[1,5)', '\\x00ff'),
        ('b', '2026-09-03 01:14:41+00', '2001:db8::1', null, 7, '', '0d8f3e0e-4a4e-4a86-9a44-0c8f8b8f8b8f', '{}', false, 1e300, null, null),
        ('c', 'infinity', '198.51.100.0/24', '"text"', null, null, null, null, null, 'NaN', 'empty', '\\x41');
    create table accounts (id text primary key, created timestamp, org text);
    insert into accounts values ('a', '2026-06-01 10:00', 'Exämple');
    create table invoices (number int, amount numeric);
"""


@pytest.fixture(scope="module")
def server():
    with postgres() as running:
        psql(running, f"{EVENTS}; grant select on all tables in schema public to analyst")
        yield running


@pytest.fixture
def address(server):
    return f"postgresql://analyst:{PASSWORD}@127.0.0.1:{server.port}/postgres"


def test_tables_whose_columns_are_recognised_are_read_and_the_others_are_said(server, read, address):
    reading = read(address)

    assert reading.problems == ()
    shown = f"postgresql://127.0.0.1:{server.port}/postgres"
    assert {file.file: file.table for file in reading.files} == {
        f"{shown}?table=public.events": "events", f"{shown}?table=public.accounts": "accounts",
    }  # fmt: skip
    assert f"{shown}: passed over, being no input table: public.invoices" in reading.notices
    assert len(reading["events"]) == 2
    assert "timestamp lies outside the years 1990 to 2100" in reading.quarantine.rows()[0][-1]


def test_a_table_and_its_own_export_are_the_same_rows(server, read, address, tmp_path):
    export = tmp_path / "events.csv"
    export.write_bytes(psql(server, "copy events to stdout with (format csv, header)"))
    by_server, by_file = read(f"{address}?table=events"), read(export)

    assert [row[0] for row in by_server["events"].rows()] == [row[0] for row in by_file["events"].rows()]
    assert by_server["events"].rows() == by_file["events"].rows()
    # Once more by hand: the types that databases have and files do not.
    told = {row[1]: row for row in by_server["events"].rows()}
    assert str(told["a"][2]) == "2026-09-03 01:12:09.250000"
    assert told["a"][3] == "198.51.100.7"
    assert told["a"][5] == '{"a": "é", "b": [1, 2]}'
    assert told["a"][8] == 12
    assert told["a"][-1]["tags"] == '{x,"y z",NULL}'
    assert "raw" not in told["b"][-1]


def test_ingested_twice_by_server_and_by_file_adds_nothing(server, linkage, address, tmp_path):
    export = tmp_path / "events.csv"
    export.write_bytes(psql(server, "copy events to stdout with (format csv, header)"))
    first = linkage("ingest", f"{address}?table=events", "--case", "case.duckdb")
    again = linkage("ingest", f"{address}?table=events", "--case", "case.duckdb")
    file = linkage("ingest", export, "--case", "case.duckdb")

    assert [ran.code for ran in (first, again, file)] == [0, 0, 0]
    assert "2 rows new to the case" in first.err
    assert "nothing new" in again.err
    assert "nothing new" in file.err


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://analyst:{0}@127.0.0.1:{port}/postgres?table=absent",
        "postgresql://analyst:{0}@127.0.0.1:{port}/absent",
        "postgresql://nobody:{0}@127.0.0.1:{port}/postgres",
        "postgresql://analyst:{0}x@127.0.0.1:{port}/postgres",
        "postgresql://analyst:{0}@127.0.0.1:1/postgres",
        "postgresql://analyst:{0}@127.0.0.1:{port}/postgres?no_such_option=1",
        "postgresql://analyst@127.0.0.1:{port}/postgres?password={0}&table=absent",
        "postgresql://analyst@127.0.0.1:{port}/postgres?sslmode={0}",
        "postgresql://analyst:{0}@/x@127.0.0.1:{port}/postgres",
        "postgresql://analyst:{0}/@127.0.0.1:{port}/postgres",
        "postgresql://analyst:{0}#@127.0.0.1:{port}/postgres",
        "postgresql://analyst:{0}?@127.0.0.1:{port}/postgres",
        "postgresql:/analyst:{0}@127.0.0.1:{port}/postgres",
        "postgresql:analyst:{0}@127.0.0.1:{port}/postgres",
        "postgresq://analyst:{0}@127.0.0.1:{port}/postgres",
        "postgresql+psycopg://analyst:{0}@127.0.0.1:{port}/postgres",
        "postgresql://analyst:%zz{0}@127.0.0.1:{port}/postgres",
        "postgresql://analyst:{0}@127.0.0.1:{port}/postgres?query=select 1/0",
    ],
)
def test_a_password_is_never_shown_however_the_address_is_wrong(server, linkage, given, monkeypatch):
    monkeypatch.setenv("LINKAGE_DEBUG", "1")
    ran = linkage("ingest", given.format(PASSWORD, port=server.port), "--case", "case.duckdb")

    assert ran.code == 3
    assert "linkage: " in ran.err
    assert PASSWORD not in ran.out + ran.err


def test_a_password_is_never_stored(linkage, address, tmp_path):
    assert linkage("ingest", address, "--case", "case.duckdb").code == 0
    assert linkage("rings", "--case", "case.duckdb").code == 0

    assert PASSWORD.encode() not in b"".join(
        path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    )


def test_the_password_may_come_from_the_environment_or_a_file_of_passwords(
    server, read, monkeypatch, tmp_path
):
    bare = f"postgresql://analyst@127.0.0.1:{server.port}/postgres?table=events"
    assert "no password supplied" in str(read(bare).problems[0])

    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    assert len(read(bare)["events"]) == 2

    monkeypatch.delenv("PGPASSWORD")
    passwords = tmp_path / "pgpass"
    passwords.write_text(f"127.0.0.1:{server.port}:*:analyst:{PASSWORD}\n")
    passwords.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(passwords))
    assert len(read(bare)["events"]) == 2

    services = tmp_path / "services"
    services.write_text(f"[warehouse]\nhost=127.0.0.1\nport={server.port}\nuser=analyst\ndbname=postgres\n")
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    reading = read("postgresql://?service=warehouse&table=events")
    assert len(reading["events"]) == 2
    assert reading.files[0].file == "postgresql://?service=warehouse?table=public.events"


def test_all_tables_are_read_as_of_one_moment(server, address):
    """Rows that come while the tables are read belong to the next reading."""
    psql(server, "create schema moment; grant usage on schema moment to analyst")
    psql(server, "create table moment.events as select 'a' as account_id, now() as timestamp")
    psql(server, "create table moment.payments as select 'a' as account_id, 'c' as card")
    psql(server, "grant select on all tables in schema moment to analyst")
    database = open_postgres(address)
    try:
        events, payments = [stored for stored in database.tables() if stored.schema == "moment"]
        assert len(database.rows(events).read_all()) == 1
        psql(
            server,
            "insert into moment.events select 'b', now(); insert into moment.payments values ('b', 'd')",
        )
        assert len(database.rows(events).read_all()) == 1
        assert len(database.rows(payments).read_all()) == 1
    finally:
        database.close()
        psql(server, "drop schema moment cascade")


def test_nothing_can_be_changed_not_even_by_a_query(server, read, address):
    reading = read(f"{address}?query=with gone as (delete from events returning *) select * from gone")

    assert "cannot be read" in str(reading.problems[0])
    assert psql(server, "select count(*) from events").strip() == b"3"


HOSTILE = (
    'ev"il; drop table events',
    "eve'nts",
    "$1",
    "événements",
    "with.dot",
    "Events",
    "a%b&c=d#e?f",
    "x\x1b[2J",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_of_a_table_is_only_a_name(server, read, address, name):
    quoted = '"' + name.replace('"', '""') + '"'
    psql(server, f"create table {quoted} as select 'a' as account_id, now() as timestamp")
    psql(server, f"grant select on {quoted} to analyst")
    try:
        reading = read(f"{address}?table={quote(name)}")
        assert [row[1] for row in reading["events"].rows()] == ["a"]
        assert "\x1b" not in reading.files[0].file
        assert psql(server, "select count(*) from events").strip() == b"3"
    finally:
        psql(server, f"drop table {quoted}")


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_of_a_column_is_only_a_name(server, read, address, name):
    quoted = '"' + name.replace('"', '""') + '"'
    psql(server, f"create table odd as select 'a' as account_id, now() as timestamp, 7 as {quoted}")
    psql(server, "grant select on odd to analyst")
    try:
        (row,) = read(f"{address}?table=odd")["events"].rows()
        assert row[-1] == {name: "7"}
        assert psql(server, "select count(*) from events").strip() == b"3"
    finally:
        psql(server, "drop table odd")


def test_a_view_beside_its_table_is_passed_over_and_read_when_named(server, read, address):
    psql(server, "create view recent as select account_id, timestamp from events where account_id = 'b'")
    psql(server, "grant select on recent to analyst")
    try:
        reading = read(address)
        assert [file.table for file in reading.files] == ["accounts", "events"]
        assert any("passed over beside public.events: public.recent" in notice for notice in reading.notices)
        assert [row[1] for row in read(f"{address}?table=recent")["events"].rows()] == ["b"]
        assert [row[1] for row in read(f"{address}?query=select * from recent")["events"].rows()] == ["b"]
    finally:
        psql(server, "drop view recent")


def test_parts_of_a_divided_table_are_read_once_and_what_is_not_ours_is_not_asked_for(server, read, address):
    psql(
        server,
        """
        create schema divided;
        create table divided.usage (account_id text, timestamp timestamptz, secret text) partition by range (timestamp);
        create table divided.usage_09 partition of divided.usage for values from ('2026-09-01') to ('2026-10-01');
        insert into divided.usage values ('a', '2026-09-03', 'not for analysts');
        grant usage on schema divided to analyst;
        grant select (account_id, timestamp) on divided.usage to analyst;
        """,
    )
    try:
        reading = read(f"{address}?table=divided.*")
        assert [file.file.rpartition("=")[2] for file in reading.files] == ["divided.usage"]
        assert [row[1:3][0] for row in reading["events"].rows()] == ["a"]
        assert "secret" not in reading["events"].rows()[0][-1]
    finally:
        psql(server, "drop schema divided cascade")


def test_a_value_is_not_quoted_when_it_cannot_be_computed(read, address):
    query = "select account_id, (account_id || 'private')::int as timestamp from events"
    problem = str(read(f"{address}?query={query}").problems[0])

    assert "the server cannot compute a value of it" in problem
    assert "private" not in problem


def test_text_in_no_encoding_is_mended_and_said(server, read):
    psql(server, "create database bytes encoding 'SQL_ASCII' locale 'C' template template0")
    psql(
        server,
        b"create table events as select 'a' as account_id, now() as timestamp, E'caf\\xe9' as prompt",
        "bytes",
    )
    psql(server, "grant select on events to analyst", "bytes")
    reading = read(f"postgresql://analyst:{PASSWORD}@127.0.0.1:{server.port}/bytes")

    assert [row[5] for row in reading["events"].rows()] == ["caf\ufffd"]
    assert any("1 cells hold text that is not UTF-8" in notice for notice in reading.notices)


def test_rows_come_in_batches_and_are_numbered_through(server, address, read):
    psql(
        server,
        "create table many as select 'a' || n as account_id, now() as timestamp, repeat('x', 1000) as prompt from generate_series(1, 40000) n",
    )
    psql(server, "insert into many values ('', now(), '')")
    psql(server, "grant select on many to analyst")
    try:
        database = open_postgres(address)
        (many,) = [stored for stored in database.tables() if stored.table == "many"]
        sizes = [len(batch) for batch in database.rows(many)]
        database.close()
        assert sum(sizes) == 40001
        assert len(sizes) > 2
        assert read(f"{address}?table=many").quarantine.rows()[0][1:3] == (40001, "row 40001")
    finally:
        psql(server, "drop table many")


def test_two_readers_do_not_disturb_each_other(address):
    counts = []

    def count():
        database = open_postgres(address)
        (events,) = [stored for stored in database.tables() if stored.name == "public.events"]
        counts.append(len(database.rows(events).read_all()))
        database.close()

    threads = [threading.Thread(target=count) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert counts == [3, 3, 3]


def test_without_the_optional_part_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "adbc_driver_postgresql.dbapi", None)

    with pytest.raises(MissingPartError, match=r"pip install 'linkage-rings\[postgres\]'"):
        open_postgres("postgresql:///logs")
