"""Who is in the logs, numbered by what they did and not by what they are called."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from linkage.evidence.people import gather_people

AT = datetime(2026, 9, 1)  # noqa: DTZ001 - UTC, as the checked tables keep it


def event(account, hour=0, **what):
    return {"account_id": account, "happened_at": AT + timedelta(hours=hour), **what}


def people(logs):
    return gather_people(logs).arrow("account").to_pylist()


def test_accounts_are_numbered_oldest_first_and_those_of_unknown_age_last(make_logs):
    accounts = [
        {"account_id": "young", "created_at": AT},
        {"account_id": "ageless", "created_at": None},
        {"account_id": "old", "created_at": AT - timedelta(days=9)},
    ]

    assert [row["account_id"] for row in people(make_logs(accounts=accounts))] == ["old", "young", "ageless"]


def test_names_decide_only_between_accounts_that_are_alike(make_logs):
    logs = make_logs(events=[event("b"), event("a", hour=1), event("d", hour=2), event("c", hour=2)])

    assert [row["account_id"] for row in people(logs)] == ["b", "a", "c", "d"]


def test_an_account_of_the_reference_is_a_person_of_its_own_there(make_logs):
    rows = people(make_logs(events=[event("a")], reference=[event("a"), event("b")]))

    assert [(row["account_id"], row["reference"]) for row in rows] == [("a", False), ("a", True), ("b", True)]


def test_events_are_counted_and_payments_are_no_events(make_logs):
    payments = [{"account_id": "a", "fingerprint": "fp", "happened_at": AT - timedelta(days=1)}]

    (row,) = people(make_logs(events=[event("a"), event("a", hour=3)], payments=payments))

    assert row["events"] == 2
    assert row["first_seen"] == AT - timedelta(days=1)
    assert row["last_seen"] == AT + timedelta(hours=3)


def test_an_account_that_did_nothing_is_there(make_logs):
    (row,) = people(make_logs(accounts=[{"account_id": "a"}]))

    assert (row["events"], row["first_seen"], row["operator"]) == (0, None, None)


@pytest.mark.parametrize(
    ("seen", "operator"),
    [
        ({"asn": " as064500 "}, "AS64500"),
        ({"asn": "64500", "ip": "198.51.100.7"}, "AS64500"),
        ({"asn": "none", "ip": "198.51.100.7"}, "198.51"),
        ({"ip": "2001:DB8:1::9"}, "2001:db8"),
        ({"ip": "unknown"}, None),
        ({"asn": "0"}, None),
    ],
)
def test_the_operator_is_the_asn_or_else_the_wider_block_of_the_address(make_logs, seen, operator):
    (row,) = people(make_logs(events=[event("a", **seen)]))

    assert row["operator"] == operator


def test_the_operator_is_the_one_used_most_and_the_first_by_name_of_equals(make_logs):
    most = [event("a", asn="2"), event("a", asn="2"), event("a", asn="1")]
    equal = [event("b", asn="7"), event("b", asn="5")]

    found = {row["account_id"]: row["operator"] for row in people(make_logs(events=most + equal))}

    assert found == {"a": "AS2", "b": "AS5"}
