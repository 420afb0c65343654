"""Their column names become ours by mapping, by name or by alias, and every guess is said aloud."""

from __future__ import annotations

import pytest

from linkage.events.contract import TABLES
from linkage.events.mapping import MOST_EXTRA_COLUMNS, match_columns

ROW = "a,1788397929,198.51.100.7\n"


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_no_alias_is_another_columns_name_or_alias(table):
    names = [name for column in table.columns for name in {column.name, column.checked_name, *column.aliases}]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_every_column_is_found_by_each_of_its_aliases(table):
    for column in table.columns:
        for alias in column.aliases:
            match = match_columns(table, [alias.upper()], {})
            assert match.places == {column.name: 0}
            assert match.notices[0] == f"column '{alias.upper()}' is taken for {column.name}"


def test_an_exact_name_needs_no_word_and_case_does_not_matter():
    match = match_columns(TABLES["events"], ["Account_ID", "TIMESTAMP", "ip"], {})

    assert match.places == {"account_id": 0, "timestamp": 1, "ip": 2}
    assert match.notices == []


def test_what_the_user_names_wins():
    seen = ["account_id", "who", "timestamp", "when"]
    match = match_columns(TABLES["events"], seen, {"account_id": "who", "happened_at": "when"})

    assert (match.places, match.extra) == ({"account_id": 1, "timestamp": 3}, [0, 2])


def test_a_named_column_that_is_absent_is_said_and_the_usual_names_are_tried():
    match = match_columns(TABLES["events"], ["account_id", "timestamp"], {"account_id": "who"})

    assert match.places["account_id"] == 0
    assert match.notices == ["has no column 'who', which the settings name as account_id"]


def test_of_two_aliases_of_an_optional_column_the_first_is_taken_and_said():
    match = match_columns(TABLES["events"], ["account_id", "timestamp", "remote_addr", "client_ip"], {})

    assert match.places["ip"] == 3
    assert match.extra == [2]
    assert "'client_ip' and 'remote_addr' could each be ip; 'client_ip' is taken" in match.notices


def test_an_alias_never_takes_what_is_another_columns_own_name():
    match = match_columns(TABLES["allowlist"], ["type", "identifier", "why", "kind", "value"], {})

    assert match.places == {"kind": 3, "value": 4, "reason": 2}


def test_a_required_name_that_stands_twice_is_not_guessed(desk):
    reading = desk.read_one("events.csv", "account_id,timestamp,account_id\na,1788397929,b\n")

    assert "'account_id' and 'account_id (2)' could each be account_id" in str(reading.problems[0])


def test_more_further_columns_than_make_sense_are_left_out_and_said():
    names = ["account_id", "timestamp", *(f"x{n}" for n in range(MOST_EXTRA_COLUMNS + 3))]
    match = match_columns(TABLES["events"], names, {})

    assert len(match.extra) == MOST_EXTRA_COLUMNS
    assert match.notices == ["column 'x200', 'x201', 'x202' is not used"]


@pytest.mark.parametrize(
    "head",
    [
        "\ufeffaccount_id,timestamp,ip\n",
        '\ufeff"account_id","timestamp","ip"\n',
        "\n\naccount_id,timestamp,ip\n",
        " account_id , timestamp , ip \n",
    ],
)
def test_a_header_is_read_as_editors_write_it(desk, head):
    reading = desk.read_one("events.csv", head + ROW)

    assert [row[1:4:2] for row in reading["events"].rows()] == [("a", "198.51.100.7")]
    assert reading.notices == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_any_delimiter_and_line_end_will_do(desk, delimiter, end):
    text = ("account_id,timestamp,ip\n" + ROW).replace(",", delimiter).replace("\n", end)
    reading = desk.read_one("events.tsv" if delimiter == "\t" else "events.csv", text)

    assert [row[1:4:2] for row in reading["events"].rows()] == [("a", "198.51.100.7")]


def test_names_from_sql_and_with_odd_letters_are_only_names(desk):
    names = ["select", "from", "weird \"name'; --", "ip (2)", "ü", "~/a"]
    head = ",".join('"' + name.replace('"', '""') + '"' for name in names)
    reading = desk.read_one("events.csv", f"account_id,timestamp,{head}\na,1788397929,1,2,3,4,5,6\n")

    ((*_, extra),) = reading["events"].rows()
    assert "".join(sorted(extra.values())) in {"12356", "123456"}
    assert reading.problems == ()
