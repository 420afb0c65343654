"""Times are read as people write them, and never guessed."""

from __future__ import annotations

import duckdb
import pytest

from linkage.events.timestamps import is_zoneless, time_fault, time_from_native, time_from_text


@pytest.fixture(scope="module")
def database():
    database = duckdb.connect()
    # Wherever the machine stands, the result is UTC.
    database.execute("set timezone = 'America/New_York'")
    return database


def read(database, text):
    query = f"""
        select value::varchar, {time_fault("t", "value", "time")}, {is_zoneless("t", "VARCHAR")}
        from (select t, {time_from_text("t")} as value from (select $text as t))
    """
    return database.execute(query, {"text": text}).fetchone()


@pytest.mark.parametrize(
    ("text", "time", "zoneless"),
    [
        ("2026-09-03T01:12:09Z", "2026-09-03 01:12:09", False),
        ("2026-09-03T01:12:09.123456789Z", "2026-09-03 01:12:09.123456", False),
        ("2026-09-03T03:12:09+02:00", "2026-09-03 01:12:09", False),
        ("2026-09-02 21:42:09-0330", "2026-09-03 01:12:09", False),
        ("2026-09-03 03:12:09+02", "2026-09-03 01:12:09", False),
        ("2026-09-03 01:12:09.5 +0000 UTC", "2026-09-03 01:12:09.5", False),
        ("2026-09-03 01:12:09", "2026-09-03 01:12:09", True),
        ("2026-09-03T01:12", "2026-09-03 01:12:00", True),
        ("2026/09/03 01:12:09,25", "2026-09-03 01:12:09.25", True),
        ("2026-09-03", "2026-09-03 00:00:00", True),
        ("20260903T011209Z", "2026-09-03 01:12:09", False),
        ("20260903T011209", "2026-09-03 01:12:09", True),
        ("1788397929", "2026-09-03 01:12:09", False),
        ("1788397929.25", "2026-09-03 01:12:09.25", False),
        ("1788397929123", "2026-09-03 01:12:09.123", False),
        ("1788397929123456", "2026-09-03 01:12:09.123456", False),
        ("1788397929123456789", "2026-09-03 01:12:09.123456", False),
        ("1.788397929e9", "2026-09-03 01:12:09", False),
        ("Thu, 03 Sep 2026 01:12:09 GMT", "2026-09-03 01:12:09", False),
        ("Thu, 3 Sep 2026 03:12:09 +0200", "2026-09-03 01:12:09", False),
        ("03/Sep/2026:01:12:09 +0000", "2026-09-03 01:12:09", False),
        ("Thu Sep 03 01:12:09 2026", "2026-09-03 01:12:09", True),
        ("09/23/2026 01:12", "2026-09-23 01:12:00", True),
        ("23/09/2026 01:12:09", "2026-09-23 01:12:09", True),
        ("09/23/2026 12:12 AM", "2026-09-23 00:12:00", True),
        ("09/23/2026, 1:12 pm", "2026-09-23 13:12:00", True),
        ("03/03/2026", "2026-03-03 00:00:00", True),
    ],
)
def test_usual_times_are_read_as_utc(database, text, time, zoneless):
    assert read(database, text) == (time, None, zoneless)


@pytest.mark.parametrize("text", ["09/03/2026 01:12", "9/3/2026", "12/11/2026 5:00 PM"])
def test_a_day_that_could_be_a_month_is_refused(database, text):
    assert "day/month or month/day" in read(database, text)[1]


@pytest.mark.parametrize(
    "text",
    [
        "0000-01-01",
        "9999-12-31",
        "1989-12-31T23:59:59Z",
        "2101-01-01",
        "0",
        "20260903",
        "-5",
        "9" * 30,
        "infinity",
    ],
)
def test_years_outside_1990_to_2100_are_refused(database, text):
    assert "outside the years 1990 to 2100" in read(database, text)[1]


@pytest.mark.parametrize("text", ["1990-01-01", "2100-12-31T23:59:59Z", "631152000", "4133980799"])
def test_the_first_and_the_last_moment_are_taken(database, text):
    assert read(database, text)[1] is None


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2026-02-30",
        "2026-09-03T25:00:00Z",
        "2026-09-03T01:12:09+99:00",
        "99/99/2026",
        "2026-09-03 01:12:09 Mars/Base",
    ],
)
def test_what_is_no_time_is_refused(database, text):
    assert "no time that we can read" in read(database, text)[1]


@pytest.mark.parametrize(
    ("cell", "type_", "time", "zoneless"),
    [
        ("timestamptz '2026-09-03 03:12:09+02'", "TIMESTAMP WITH TIME ZONE", "2026-09-03 01:12:09", False),
        ("timestamp_ns '2026-09-03 01:12:09.5'", "TIMESTAMP_NS", "2026-09-03 01:12:09.5", True),
        ("timestamp_s '2026-09-03 01:12:09'", "TIMESTAMP_S", "2026-09-03 01:12:09", True),
        ("date '2026-09-03'", "DATE", "2026-09-03 00:00:00", True),
        ("1788397929::bigint", "BIGINT", "2026-09-03 01:12:09", False),
        ("1788397929.25::double", "DOUBLE", "2026-09-03 01:12:09.25", False),
    ],
)
def test_native_times_are_taken_as_they_are(database, cell, type_, time, zoneless):
    query = f"select ({time_from_native('c', type_)})::varchar, {is_zoneless('c', type_)} from (select {cell} as c)"
    assert database.execute(query).fetchone() == (time, zoneless)
