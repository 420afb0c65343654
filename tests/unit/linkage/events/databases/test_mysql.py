"""A MySQL or MariaDB server is read as of one moment, as text, and without a word of its password."""

from __future__ import annotations

import shutil

import pytest
from servers import PASSWORD, mariadb, mysql

from linkage.errors import MissingPartError
from linkage.events.databases.mysql import open_mysql

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("mariadbd") is None, reason="MariaDB is not installed"),
]
pytest.importorskip("pymysql")

EVENTS = """
    create database logs character set utf8mb4;
    use logs;
    create table events (account_id binary(3), timestamp timestamp(3) null, ip varchar(40), prompt json,
        response_tokens decimal(9, 2), device text);
    set time_zone = '+02:00';
    insert into events values (x'00ff61', '2026-09-03 03:12:09.25', '198.51.100.7', '{"a": "é"}', 12, 'd-1'),
        ('bcd', '2026-09-03 03:14:41', null, null, null, '😀'), ('efg', null, null, null, null, null);
    create table `even``ts; drop table events` as select 'z' as account_id, now() as timestamp, 7 as `a``b%s`;
    create table things (price int);
    grant select on logs.* to analyst@'127.0.0.1';
"""


@pytest.fixture(scope="module")
def server():
    with mariadb() as running:
        mysql(running, EVENTS)
        yield running


@pytest.fixture
def address(server):
    return f"mysql://analyst:{PASSWORD}@127.0.0.1:{server.port}/logs"


def test_tables_are_recognised_and_their_values_are_text(server, read, address):
    reading = read(f"{address}?table=events")

    assert reading.problems == ()
    assert reading.files[0].file == f"mysql://127.0.0.1:{server.port}/logs?table=logs.events"
    told = {row[1]: row for row in reading["events"].rows()}
    assert set(told) == {r"\x00ff61", "bcd"}
    assert str(told[r"\x00ff61"][2]) == "2026-09-03 01:12:09.250000"
    assert told[r"\x00ff61"][5] == '{"a": "é"}'
    assert told[r"\x00ff61"][8] == 12
    assert told["bcd"][-1] == {"device": "😀"}
    assert reading.quarantine.rows()[0][2:6] == ("row 3", "events", "timestamp", None)
    assert any("no input table: logs.things" in notice for notice in read(address).notices)


def test_any_name_is_only_a_name(server, read, address):
    (row,) = read(f"{address}?table=even`ts; drop table events")["events"].rows()

    assert (row[1], row[-1]) == ("z", {"a`b%s": "7"})
    assert mysql(server, "select count(*) from logs.events").strip() == b"3"


def test_rows_that_come_meanwhile_belong_to_the_next_reading(server, address):
    database = open_mysql(address)
    (events,) = [stored for stored in database.tables() if stored.table == "events"]
    mysql(server, "insert into logs.events (account_id, timestamp) values ('hij', now())")
    before = len(database.rows(events).read_all())
    database.close()
    mysql(server, "delete from logs.events where account_id = 'hij'")

    assert before == 3


def test_a_query_is_read_as_a_table(read, address):
    reading = read(
        f"{address}?query=select * from events where account_id like 'b%25' and timestamp is not null"
    )

    assert [row[1] for row in reading["events"].rows()] == ["bcd"]


def test_the_password_may_come_from_the_environment(server, read, monkeypatch):
    bare = f"mysql://analyst@127.0.0.1:{server.port}/logs?table=events"
    assert "Access denied" in str(read(bare).problems[0])

    monkeypatch.setenv("MYSQL_PWD", PASSWORD)
    assert len(read(bare)["events"]) == 2


@pytest.mark.parametrize(
    "given",
    [
        "mysql://nobody:{0}@127.0.0.1:{port}/logs", "mysql://analyst:{0}x@127.0.0.1:{port}/logs",
        "mysql://analyst:{0}@127.0.0.1:{port}/absent", "mysql://analyst:{0}@127.0.0.1:1/logs",
        "mysql://analyst:{0}@127.0.0.1:{port}/logs?table=absent", "mysql://analyst:{0}@127.0.0.1:{port}/logs?x={0}",
        "mysql://analyst:{0}/@127.0.0.1:{port}/logs", "mysql+pymysql://analyst:{0}@127.0.0.1:{port}/logs",
    ],
)  # fmt: skip
def test_a_password_is_never_shown(server, linkage, given, monkeypatch):
    monkeypatch.setenv("LINKAGE_DEBUG", "1")
    ran = linkage("ingest", given.format(PASSWORD, port=server.port), "--case", "case.duckdb")

    assert ran.code == 3
    assert PASSWORD not in ran.out + ran.err


def test_without_the_optional_part_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pymysql", None)

    with pytest.raises(MissingPartError, match=r"pip install 'linkage-rings\[mysql\]'"):
        open_mysql("mysql://host/logs")
