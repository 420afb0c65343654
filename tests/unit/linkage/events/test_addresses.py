"""An address of a database says where it is; what could be a password in it is seen by nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.events.addresses import is_database, parse_address, without_secrets
from linkage.events.reading import UnusableFileError
from linkage.events.sources import find_files

SECRET = "zyxwvu"  # noqa: S105 - of nobody


@pytest.mark.parametrize(
    ("source", "shown", "tables"),
    [
        ("postgresql://me:zyxwvu@db.example.com:5433/logs?table=events", "postgresql://db.example.com:5433/logs", ("events",)),
        ("POSTGRES://me@one:1,two:2/logs?sslmode=require", "postgres://one:1,two:2/logs", ()),
        ("postgresql:///logs?host=/var/run/postgresql&table=a&table=b%26c", "postgresql:///logs", ("a", "b&c")),
        ("postgresql://?service=warehouse", "postgresql://?service=warehouse", ()),
        ("postgresql://[2001:db8::1]:5432/logs", "postgresql://[2001:db8::1]:5432/logs", ()),
        ("mysql://me:zyx%40wvu@db.example.com/logs", "mysql://db.example.com/logs", ()),
        ("duckdb:logs.duckdb?table=raw.events", "duckdb:logs.duckdb", ("raw.events",)),
        ("sqlite:why?.db", "sqlite:why?.db", ()),
    ],
)  # fmt: skip
def test_what_is_shown_of_an_address_is_where_it_is(source, shown, tables):
    address = parse_address(source)

    assert (address.shown, address.tables) == (shown, tables)
    assert SECRET not in repr(address)


@pytest.mark.parametrize(
    "rest",
    [
        ":{0}@host/logs", "//me:{0}/x@host/logs", "//me:{0}#@host/logs", "//me:{0}?@host/logs", "/me:{0}@host/logs",
        "//me:@{0}@host/logs", "//me:{0}@host/logs#events", "//me:{0} @host:port/logs", "//me:{0}@host/logs?a",
        "//me:{0}@host/logs?x={0}@", "//host/logs?{0}", "//[{0}@host/logs",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_without_a_word_of_it(rest):
    source = "postgresql:" + rest.format(SECRET)
    with pytest.raises(UnusableFileError) as refused:
        parse_address(source)

    assert SECRET not in str(refused.value)
    assert SECRET not in str(find_files([source]).problems)


@given(
    st.sampled_from(["postgresql", "mysql", "postgresq", "http", "s3", "pg+x"]),
    st.text(max_size=8),
    st.text(max_size=8),
)
def test_no_message_about_a_source_holds_its_password(scheme, before, after):
    found = find_files([f"{scheme}://me:{before}{SECRET}{after}@host/logs"])

    assert SECRET not in "".join(
        map(str, [*found.problems, *found.notices, *(file.name for file in found.files)])
    )
    assert SECRET not in repr(found)


def test_files_stay_files():
    assert not any(
        map(is_database, ["events.csv", "logs/sqlite.csv", "https://example.com/events.csv", "sqlite"])
    )
    assert without_secrets("logs/me:you@example.com.csv") == "logs/me:you@example.com.csv"
