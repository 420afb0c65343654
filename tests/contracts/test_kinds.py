"""What every kind of evidence promises, ours and a declared column alike."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from given import make_logs
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linkage.events.contract import TABLES
from linkage.evidence.kind import PLACEHOLDERS, SIGHTINGS, Level, SharedValue, is_placeholder
from linkage.evidence.kinds import KINDS, chosen_kinds
from linkage.evidence.kinds.column import SharedColumn
from linkage.evidence.people import gather_people
from linkage.settings import EvidenceSettings

ALL = (
    *KINDS,
    SharedColumn("device", column="device_id"),
    SharedColumn("plan", column="plan", table="accounts"),
)
SOON = datetime(2026, 9, 1)  # noqa: DTZ001 - UTC, as the checked tables keep it
WRAPPER = (
    "Weigh the matter of {} as a patient editor would, name three doubts, and close with one plain line."
)


@pytest.fixture(params=ALL, ids=lambda kind: kind.name)
def kind(request):
    return request.param


@pytest.fixture(scope="session")
def small_town():
    """Six accounts that share something of every kind, and forty that share nothing."""
    accounts, events, payments = [], [], []
    for number in range(46):
        name, ours = f"acct_{number:02}", number < 6
        born = SOON - timedelta(days=0 if ours else 3 * number, minutes=number)
        accounts.append({"account_id": name, "created_at": born, "plan": "trial" if ours else None})
        payments.append(
            {"account_id": name, "fingerprint": "fp_1" if ours else f"fp {name}", "bin": "400000"}
        )
        events += [
            {
                "account_id": name,
                "happened_at": SOON + timedelta(hours=nth),
                "ip": "198.51.100.7" if ours else f"2001:db8:{number:x}::{nth}",
                "asn": "64500",
                "user_agent": "batch/1.4" if ours else "browser/130.0",
                "prompt": WRAPPER.format(f"{number} {nth} {('tides', 'rivers')[nth % 2]} {number * nth}"),
                "extra": [("device_id", "d-1" if ours else name)],
            }
            for nth in range(3)
        ]
    signals = [
        {"account_id": each["account_id"], "signal": "lab-b R-7K2M9Q", "happened_at": SOON}
        for each in accounts[:6]
    ]
    return make_logs(accounts=accounts, events=events, payments=payments, partner_signals=signals)


@pytest.fixture(scope="session")
def seen(small_town):
    """The sightings of every kind, by name."""
    people = gather_people(small_town)
    return {kind.name: kind.sightings(small_town, people) for kind in ALL}


def test_names_labels_and_declared_names_are_unique():
    for word in ("name", "label"):
        words = [getattr(kind, word) for kind in ALL]
        assert len(set(words)) == len(words)


def test_a_name_is_one_lower_case_word_that_settings_can_hold(kind):
    assert kind.name.isidentifier()
    assert kind.name == kind.name.lower()


def test_examples_hold(kind):
    for raw, identifier in kind.examples:
        assert (None if is_placeholder(raw) else kind.clean(raw)) == identifier, raw


def test_a_kind_that_cleans_shows_what_becomes_of_a_value_and_of_none():
    for kind in KINDS:
        if isinstance(kind, SharedValue):
            assert {identifier is None for _, identifier in kind.examples} == {True, False}, kind.name


@settings(max_examples=300)
@given(
    raw=st.one_of(
        st.text(), st.from_regex(r"[0-9a-fA-F:.\[\]%/AS ]{0,40}", fullmatch=True), st.ip_addresses().map(str)
    )
)
@example("9" * 5000)
@example("²")
@example("::/64")
@example("2001:db8::/64")
@example("1.2.3.4:²")
@example("\x00")
def test_cleaning_never_raises_and_cleaning_twice_changes_nothing(raw):
    for kind in ALL:
        identifier = kind.clean(raw)
        if identifier is not None:
            assert kind.clean(identifier) == identifier, kind.name


def test_placeholders_are_known_whatever_their_case_and_the_space_around_them():
    assert all(is_placeholder(f" {word.upper()} ") for word in PLACEHOLDERS)


def test_sightings_promise_their_columns_and_types(kind, seen):
    table = seen[kind.name].arrow()

    assert ", ".join(table.column_names) == SIGHTINGS
    assert [str(kind) for kind in table.schema.types] == [
        "int64", "string", "int32", "string", "timestamp[us]", "timestamp[us]", "int64", "double", "string",
    ]  # fmt: skip


def test_sightings_count_what_was_seen_once_for_each_account_and_identifier(kind, seen):
    rows = seen[kind.name].arrow().to_pylist()

    assert rows, "the small town shares something of every kind"
    assert {row["kind"] for row in rows} == {kind.name}
    assert all(row["count"] >= 1 and 0 < row["share"] <= 1 for row in rows)
    assert all(0 <= row["level"] < len(kind.levels) for row in rows)
    keys = [(row["account"], row["level"], row["identifier"]) for row in rows]
    assert len(set(keys)) == len(keys)
    assert all(row["identifier"] and row["example"] for row in rows)


def test_the_six_that_share_something_are_seen_with_one_identifier(kind, seen):
    rows = [row for row in seen[kind.name].arrow().to_pylist() if row["level"] == 0 or kind.name == "prompt"]
    held = {}
    for row in rows:
        held.setdefault(row["identifier"], set()).add(row["account"])

    assert any(len(accounts) >= 6 for accounts in held.values())


def test_where_its_column_is_empty_a_kind_sees_nothing_and_raises_nothing(kind):
    logs = make_logs(events=[{"account_id": "a", "happened_at": SOON}], accounts=[{"account_id": "b"}])

    assert len(kind.sightings(logs, gather_people(logs))) == 0


def test_its_docstring_says_when_it_is_strong_and_when_it_misleads(kind):
    assert "Misleads" in kind.about
    assert len(kind.about) > 80


def test_defaults_are_complete(kind):
    assert kind.defaults.on
    assert kind.defaults.cap > 0
    assert kind.defaults.largest >= 2
    assert kind.defaults.column is None


def test_it_says_which_table_and_column_it_reads(kind):
    table, column = kind.reads
    known = TABLES[table].checked_columns
    assert column in known or (table in {"events", "accounts"} and isinstance(kind, SharedColumn))
    assert all(other in known for other in kind.also_reads)


def test_levels_have_words_for_one_and_for_several(kind):
    assert kind.levels
    for number, level in enumerate(kind.levels):
        assert isinstance(level, Level)
        assert kind.sentence(number, 1, 1200).startswith("1 ")
        assert "1,200 accounts" in kind.sentence(number, 2, 1200)
        assert kind.sentence(number, 1, 5) != kind.sentence(number, 2, 5).replace("2", "1")


def test_what_somebody_else_can_give_to_a_victim_creates_no_link(kind):
    assert not (kind.receivable and any(level.creates for level in kind.levels))


def test_settings_fill_only_what_they_say():
    _, effective = chosen_kinds({"ip": EvidenceSettings(cap=3.0)})

    assert (effective["ip"].cap, effective["ip"].largest) == (3.0, 200)
    assert effective["payment"] == next(kind.defaults for kind in KINDS if kind.name == "payment")


def test_a_kind_of_ours_refuses_another_column():
    with pytest.raises(Exception, match=r"evidence\.ip\.column: this kind reads its own column"):
        chosen_kinds({"ip": EvidenceSettings(column="client")})
