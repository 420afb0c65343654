"""Every row is accepted or set aside with its place and a reason."""

from __future__ import annotations

import datetime as dt
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

HEAD = "account_id,timestamp,ip,prompt,response_tokens\n"
GOOD = "acct_1,2026-09-03T01:12:09Z,198.51.100.7,hello,12\n"


def reasons(reading):
    return [(line, column, reason) for _, line, _, _, column, _, reason in reading.quarantine.rows("line")]


def counts(reading):
    return [(file.rows_read, file.accepted, file.quarantined, file.seen_before) for file in reading.files]


def test_a_good_row_is_typed_and_keyed(desk):
    reading = desk.read_one("events.csv", HEAD + GOOD)

    (row,) = reading["events"].rows()
    assert len(row[0]) == 32
    assert row[1:] == (
        "acct_1", dt.datetime.fromisoformat("2026-09-03T01:12:09"), "198.51.100.7", None, "hello", None, None, 12, None, None, None, {},
    )  # fmt: skip
    assert (reading.problems, reading.notices) == ((), ())


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (",2026-09-03T01:12:09Z,,,", "account_id", "account_id is missing"),
        ("null,2026-09-03T01:12:09Z,,,", "account_id", "account_id is missing"),
        ("a\0b,2026-09-03T01:12:09Z,,,", "account_id", "account_id holds a NUL byte"),
        ("a" * 1025 + ",2026-09-03T01:12:09Z,,,", "account_id", "account_id is longer than 1,024 characters"),
        ("acct_1,,,,", "timestamp", "timestamp is missing"),
        ("acct_1,2026-09-03T01:12:09Z,,,-1", "response_tokens", "response_tokens is negative"),
        ("acct_1,2026-09-03T01:12:09Z,,,12.5", "response_tokens", "response_tokens is no whole number"),
        ("acct_1,2026-09-03T01:12:09Z,,,0x1F", "response_tokens", "response_tokens is no whole number"),
        (",2026-09-03T01:12:09Z,,,-1", "account_id", "account_id is missing; response_tokens is negative"),
        ("acct_1,2026-09-03T01:12:09Z", None, "has 2 fields where the header has 5"),
        ("a,2026-09-03T01:12:09Z,,,1,2,3", None, "has 7 fields where the header has 5"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_line_and_every_reason(desk, row, column, reason):
    reading = desk.read_one("events.csv", HEAD + GOOD + row + "\n" + GOOD.replace("hello", "bye"))

    assert reasons(reading) == [(3, column, reason)]
    assert counts(reading) == [(3, 2, 1, 0)]


@pytest.mark.parametrize("nothing", ["", "null", "NaN", "N/A", "-", r"\N"])
def test_the_usual_words_for_nothing_are_no_number(desk, nothing):
    reading = desk.read_one("events.csv", HEAD + f"acct_1,2026-09-03T01:12:09Z,,,{nothing}\n")

    assert reading["events"].one(f"select response_tokens from {reading['events'].name}") == (None,)


def test_lines_are_counted_as_an_editor_counts_them(desk):
    quoted = 'acct_2,2026-09-03T01:12:09Z,,"two\nlines",1\n'
    reading = desk.read_one("events.csv", HEAD + quoted + "\n" + "acct_3,soon,,,\n" + "acct_4,2026,\n")

    assert [line for line, _, _ in reasons(reading)] == [5, 6]


def test_a_file_cut_inside_a_quoted_value_loses_only_that_row(desk):
    reading = desk.read_one("events.csv", HEAD + GOOD + 'acct_2,2026-09-03T01:12:09Z,,"cut\nhere')

    assert reasons(reading) == [
        (3, None, "ends inside a quoted value: the file is cut short, or a quote is never closed")
    ]
    assert counts(reading) == [(2, 1, 1, 0)]


def test_lines_inside_an_unclosed_quote_never_pass_for_rows(desk):
    forged = "forged,2026-09-03T01:12:09Z,192.0.2.1,x,1\n"
    reading = desk.read_one("events.csv", HEAD + 'acct_2,2026-09-03T01:12:09Z,,"open\n' + forged * 3)

    assert counts(reading) == [(1, 0, 1, 0)]


def test_a_quote_in_the_wrong_place_costs_one_row(desk):
    reading = desk.read_one("events.csv", HEAD + 'acct_2,2026-09-03T01:12:09Z,,"say "hi" now",1\n' + GOOD)

    assert [line for line, _, _ in reasons(reading)] == [2]
    assert counts(reading) == [(2, 1, 1, 0)]


def test_bytes_that_are_not_utf8_cost_one_row(desk):
    bad = b"acct_2,2026-09-03T01:12:09Z,,caf\xe9,1\n"
    reading = desk.read_one("events.csv", HEAD.encode() + bad + GOOD.encode())

    assert reasons(reading) == [(2, None, "has bytes that are not UTF-8; save the file as UTF-8")]
    assert counts(reading) == [(2, 1, 1, 0)]


def test_a_prompt_of_ten_megabytes_is_accepted(desk):
    long = "x" * 10_000_000
    rows = HEAD + f"acct_1,2026-09-03T01:12:09Z,,{long},1\n"
    line = json.dumps(
        {"account_id": "acct_1", "timestamp": "2026-09-03T01:12:09Z", "prompt": long, "response_tokens": 1}
    )
    desk.write("events.csv", rows)
    desk.write("events.jsonl", line)
    reading = desk.read()

    assert counts(reading) == [(1, 1, 0, 0), (1, 1, 0, 1)]
    assert reading["events"].one(f"select length(prompt) from {reading['events'].name}") == (10_000_000,)


def test_an_odd_character_in_a_prompt_does_not_hide_the_request(desk):
    lines = [
        r'{"account_id": "a", "timestamp": 1788397929, "prompt": "nul \u0000 byte"}',
        r'{"account_id": "b", "timestamp": 1788397929, "prompt": "half \ud83d pair"}',
        r'{"account_id": "c", "timestamp": 1788397929, "prompt": "whole \ud83d\ude00 pair, \\ud83d"}',
    ]
    reading = desk.read_one("events.jsonl", "\n".join(lines))

    assert [row[5] for row in reading["events"].rows("account_id")] == [
        "nul \x00 byte", "half \ufffd pair", "whole 😀 pair, \\ud83d",
    ]  # fmt: skip
    assert any("half a surrogate pair" in notice for notice in reading.notices)


def test_malformed_json_lines_are_set_aside_with_their_line(desk):
    good = '{"account_id": "a", "timestamp": 1788397929}\n'
    reading = desk.read_one(
        "events.jsonl",
        good.encode() + b"\nbroken\n[1]\n" + b'{"account_id": "\xff"}\n' + b'{"account_id": "b", "ti',
    )

    assert reasons(reading) == [
        (3, None, "is no valid JSON"),
        (4, None, 'is no JSON object; write one {"name": value, …} a line'),
        (5, None, "has bytes that are not UTF-8; save the file as UTF-8"),
        (6, None, "is no valid JSON"),
    ]
    assert counts(reading) == [(5, 1, 4, 0)]


def test_nested_values_are_kept_as_json_text(desk):
    line = {"account_id": "a", "timestamp": 1788397929, "prompt": [{"role": "user"}], "tags": {"x": 1}}
    desk.write("events.jsonl", json.dumps(line))
    pq.write_table(pa.Table.from_pylist([line]), desk.folder / "events.parquet")
    reading = desk.read()

    assert [(row[5], row[-1]) for row in reading["events"].rows()] == [
        ('[{"role":"user"}]', {"tags": '{"x":1}'})
    ]
    assert counts(reading) == [(1, 1, 0, 0), (1, 1, 0, 1)]


def test_a_list_or_a_spread_out_document_is_read_with_lines(desk):
    rows = [
        {"account_id": "a", "timestamp": "2026-09-03T01:12:09Z"},
        {"account_id": "b", "timestamp": "soon"},
    ]
    listed = desk.read_one("events.json", json.dumps(rows, indent=1))
    spread = desk.read_one("events-2.json", "\n".join(json.dumps(row, indent=1) for row in rows))
    lines = desk.read_one("events-3.json", "\n".join(json.dumps(row) for row in rows))

    assert [reasons(each)[0][0] for each in (listed, spread, lines)] == [6, 5, 2]
    assert [len(each["events"]) for each in (listed, spread, lines)] == [1, 1, 1]


def test_parquet_says_rows_and_keeps_native_types(desk):
    table = pa.table({
        "account_id": [7.0, None],
        "timestamp": pa.array([dt.datetime(2026, 9, 3, 1, 12, 9, tzinfo=dt.UTC)] * 2),
        "response_tokens": [12.0, float("nan")],
    })  # fmt: skip
    pq.write_table(table, desk.folder / "events.parquet")
    reading = desk.read()

    assert [row[1:3] + row[8:9] for row in reading["events"].rows()] == [
        ("7", dt.datetime.fromisoformat("2026-09-03T01:12:09"), 12)
    ]
    assert reading.quarantine.rows()[0][:3] == ("events.parquet", 2, "row 2")


def test_what_is_quoted_is_inert_short_and_never_an_identifier_or_a_prompt(desk):
    reading = desk.read_one(
        "events.csv",
        HEAD + "acct_secret,\x1b[2Jsoon\u202e,198.51.100.7,private,\n" + "x" * 2000 + ",1788397929,,,\n",
    )

    excerpts = [row[5] for row in reading.quarantine.rows("line")]
    assert excerpts == [r"\x1b[2Jsoon\u202e", "(2000 characters)"]
    told = str(reading.quarantine.rows())
    assert not any(secret in told for secret in ("acct_secret", "198.51.100.7", "private"))


def test_white_space_around_ids_is_trimmed_and_said_and_case_is_kept(desk):
    reading = desk.read_one("events.csv", HEAD + " Acct_1\t,1788397929, 198.51.100.7 , hi ,1\n")

    ((_, account, _, ip, _, prompt, *_),) = reading["events"].rows()
    assert (account, ip, prompt) == ("Acct_1", "198.51.100.7", " hi ")
    assert "white space" in reading.notices[0]


def test_naive_times_are_utc_and_said(desk):
    reading = desk.read_one("events.csv", HEAD + "a,2026-09-03 01:12:09,,,\nb,2026-09-03T01:12:09Z,,,\n")

    (notice,) = reading.notices
    assert notice.endswith("events.csv: 1 rows have times without a zone, taken as UTC")


def test_a_row_seen_before_is_stored_once_and_counted(desk):
    desk.write("events-1.csv", HEAD + GOOD + GOOD)
    desk.write("events-2.csv", HEAD + GOOD)
    reading = desk.read()

    assert counts(reading) == [(2, 2, 0, 1), (1, 1, 0, 1)]
    assert len(reading["events"]) == 1


def test_extra_columns_are_kept_and_empty_ones_leave_no_trace(desk):
    one = desk.read_one("events.csv", "account_id,timestamp,Device Id,select\na,1788397929,d1,\n")
    two = desk.read_one("events.jsonl", '{"account_id": "a", "timestamp": 1788397929, "Device Id": "d1"}')

    assert one["events"].rows() == two["events"].rows()
    assert one["events"].rows()[0][-1] == {"Device Id": "d1"}


@pytest.mark.parametrize(
    ("score", "fine"),
    [
        ("0", True),
        ("1.0", True),
        ("0.62", True),
        ("1.01", False),
        ("-0.1", False),
        ("nope", False),
        ("inf", False),
    ],
)
def test_an_extraction_score_lies_between_0_and_1(desk, score, fine):
    reading = desk.read_one("accounts.csv", f"account_id,extraction_score\na,{score}\n")

    assert len(reading["accounts"]) == fine
    assert fine or reasons(reading) == [(2, "extraction_score", "extraction_score is no number from 0 to 1")]


def test_an_allowlist_kind_is_one_of_ours_and_forever_is_a_deadline(desk):
    reading = desk.read_one(
        "allowlist.csv", "kind,value,reason,until\nOrg,Example,,9999-12-31\ncompany,x,,\n"
    )

    assert reading["allowlist"].rows() == [("org", "Example", None, dt.datetime.fromisoformat("9999-12-31"))]
    assert reasons(reading)[0][2] == "kind is none of account, org, ip, network, asn, payment, template"


def test_a_reference_is_events_or_frozen_frequencies(desk):
    desk.write("reference-2026-08.csv", HEAD + GOOD)
    desk.write("reference/frozen.csv", "kind,value,accounts,total\nip,198.51.100.7,3,1000\n")
    reading = desk.read()

    assert len(reading["reference"]) == 1
    assert reading["reference_frequencies"].rows() == [("ip", "198.51.100.7", 3, 1000)]
    assert len(reading["events"]) == 0


def test_accounts_without_a_row_in_accounts_are_counted(desk):
    desk.write("accounts.csv", "account_id,org\na,Example\n")
    desk.write("events.csv", HEAD + GOOD)

    assert desk.read().notices == (
        "events: 1 accounts have no row in accounts; they are linked all the same",
    )


@pytest.mark.parametrize("name", ["events.jsonl", "events.json"])
def test_values_nested_without_end_are_only_long_text(desk, name):
    deep = '{"a":' * 100_000 + "1" + "}" * 100_000
    reading = desk.read_one(name, f'{{"account_id": "a", "timestamp": 1788397929, "prompt": {deep}}}')

    assert [row[5] for row in reading["events"].rows()] == [deep]
