"""What a case remembers of sharing."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from cases import INPUTS

from linkage import opening, store
from linkage.decisions.said import Said
from linkage.errors import DataError
from linkage.opening import open_case
from linkage.sharing.records import List, Records

AT = datetime(2026, 10, 5, 12)  # noqa: DTZ001 - UTC, as everywhere


@pytest.fixture
def case(tmp_path):
    with open_case(tmp_path / "a.duckdb", INPUTS) as opened:
        yield opened


@pytest.fixture
def world_case(tmp_path, case_of_world):
    """A case of the small world with its run, to be changed."""
    return Path(shutil.copy(case_of_world, tmp_path / "world.duckdb"))


@pytest.fixture
def records(case):
    return Records(case)


def test_a_secret_is_never_replaced(records):
    records.keep_secret("id", b"one")

    with pytest.raises(duckdb.ConstraintException):
        records.keep_secret("id", b"two")

    assert records.secrets() == {"id": b"one"}


def test_the_last_list_is_the_one_of_the_greatest_number_in_each_direction_and_for_each_partner(records):
    for number in (9, 10, 2):
        records.keep_list("out", "lab-b", List(number, b"m%d" % number, f"c{number}"))
    records.keep_list("in", "lab-b", List(3, b"in", "c"))

    assert records.last_list("out", "lab-b") == List(10, b"m10", "c10")
    assert records.last_list("in", "lab-b") == List(3, b"in", "c")
    assert records.last_list("out", "lab-c") is None


def test_what_a_partner_was_told_last_counts(records):
    records.keep_shared("lab-b", {"R-1": "one", "R-2": "two"}.items())
    records.keep_shared("lab-c", {"R-1": "for c"}.items())
    records.keep_shared("lab-b", {"R-1": "one, changed"}.items())

    assert records.shared("lab-b") == {"R-1": "one, changed", "R-2": "two"}
    assert records.partners_told("R-1") == ["lab-b", "lab-c"]
    assert records.partners_told("R-9") == []


def test_a_shared_value_is_kept_once(records):
    records.keep_shared_values(["b", "a", "b"])
    records.keep_shared_values(["a", "c"])
    records.keep_shared_values([])

    assert records.shared_values() == {"a", "b", "c"}


def test_the_first_reason_for_taking_a_ring_back_stays(records):
    records.revoke("R-1", "a class", AT)
    records.revoke("R-1", "again", AT + timedelta(days=1))

    assert records.revoked() == {"R-1": "a class"}


def test_reviewers_are_people_and_each_counts_once(case, records):
    for subject, word, by in (
        ("R-1", "confirm", "kim"),
        ("R-1", "confirm", "kim"),
        ("R-1", "confirm", "lee"),
        ("R-1", "watch", "ann"),
        ("R-2", "dismiss", "kim"),
    ):
        case.judge(subject, word, "x", by, AT)

    assert records.reviewers() == {"R-1": 2}
    assert records.last_judgements() == {"R-1": "watch", "R-2": "dismiss"}


def test_what_a_partner_told_is_kept_by_partner_and_object(records):
    rows = [["ring a", AT, False, "{}"], ["selector b", AT, True, "[]"]]
    records.keep_received("lab-b", rows)
    records.keep_received("lab-c", rows[:1])
    records.keep_received("lab-b", [["ring a", AT + timedelta(days=1), True, "{1}"]])

    assert records.received("lab-b") == {
        "ring a": (AT + timedelta(days=1), True, "{1}"),
        "selector b": (AT, True, "[]"),
    }
    assert records.producers() == ["lab-b", "lab-c"]


def test_signals_make_the_last_run_stale_only_where_they_changed(case, records):
    case.note("data", "5")
    rows = [("a", "lab-b R-1", AT), ("b", "lab-b R-1", AT)]
    sources = [("a", "lab-b R-1", "1"), ("b", "lab-b R-1", "2")]

    assert records.keep_signals(rows, sources)
    assert case.fact("data") == "6"
    assert not records.keep_signals(rows[::-1], sources)
    assert records.signal_sources() == sources
    assert case.fact("data") == "6"
    assert records.keep_signals(rows[:1], sources[:1])
    assert records.signals() == [("a", "lab-b R-1")]
    assert records.keep_signals([], [])
    assert records.signals() == []
    assert records.signal_sources() == []
    assert case.fact("data") == "8"


def test_signals_that_came_with_the_logs_stay(case, records):
    case.database.execute("insert into partner_signals values ('told', 'lab-b R-1', now()::timestamp)")

    records.keep_signals([("a", "lab-b R-1", AT)], [("a", "lab-b R-1", "1")])
    records.keep_signals([], [])

    assert records.signals() == [("told", "lab-b R-1")]


def test_signals_that_stay_keep_their_time(case, records):
    """What comes back out of ``signals`` can be kept again: who is freed takes nobody else's time away."""
    records.keep_signals([("a", "lab-b R-1", AT), ("b", "lab-c R-2", AT + timedelta(days=1))], [])

    records.free([("a", "lab-b R-1")])

    rows = case.database.execute("select account_id, signal, happened_at from partner_signals").fetchall()
    assert rows == [("b", "lab-c R-2", AT + timedelta(days=1))]


def test_hostile_text_is_kept_as_it_is(records):
    text = "'; drop table received; --\x1b\u202e"
    records.keep_received("lab-b", [[text, AT, False, text]])

    assert records.received("lab-b") == {text: (AT, False, text)}


LIVES = {"allowances", "hub_tokens", "judged", "lives", "signal_sources", "turns"}
"""Tables that a case of the second version had not."""
NEW = LIVES | {
    "audit",
    "secrets",
    "lists",
    "shared",
    "shared_values",
    "revoked",
    "received",
    "partner_signals",
}
"""Tables that a case of the first version had not."""


def of_the_first_version(path):
    """Make a case as the first version left it."""
    database = duckdb.connect(str(path))
    for name in NEW:
        database.execute(f"drop table {name}")
    database.execute("update facts set value = '1' where name = 'version'")
    database.execute("delete from facts where name = 'audit'")
    database.close()


def test_a_case_of_the_first_version_is_opened_and_nothing_in_it_is_lost(world_case, contents):
    before = contents(world_case)
    of_the_first_version(world_case)

    with open_case(world_case) as opened:
        assert opened.fact("version") == str(opening.VERSION)
        assert len(opened.logs.partner_signals) == 0
        assert Records(opened).audit() == []
        assert len(opened.recall_rings()) == 1
    after = contents(world_case)
    # What happened to rings before was not written down then; the rings themselves are known by the last run.
    assert {name: rows for name, rows in after.items() if name not in LIVES} == {
        name: rows for name, rows in before.items() if name not in LIVES
    }
    assert after.keys() >= NEW


def test_a_case_of_the_first_version_is_upgraded_whole_or_not_at_all(world_case, contents, monkeypatch):
    of_the_first_version(world_case)
    before = contents(world_case)
    with monkeypatch.context() as patched:
        patched.setitem(store.LATER, "partner_signals", "account_id nonsense")
        with pytest.raises(duckdb.Error), open_case(world_case):
            pass

    assert contents(world_case) == before


def test_an_upgraded_case_can_be_judged_and_shared(world_case, linkage):
    of_the_first_version(world_case)

    assert linkage("judge", "acct_r0", "watch", "--reason", "x", "--case", world_case).code == 0
    done = linkage("audit", "--verify", "--case", world_case)

    assert done.code == 0
    assert done.err.startswith("1 lines, all as they were written")


def test_who_joins_a_ring_after_the_upgrade_was_confirmed_by_nobody(world_case, linkage):
    with open_case(world_case) as opened:
        ((_, ring),) = opened.recall_rings()
    linkage("judge", ring["ring"], "confirm", "--reason", "x", "--case", world_case)
    of_the_first_version(world_case)

    with open_case(world_case) as opened:
        assert Said(opened).members_when_judged() == {
            ring["ring"]: frozenset(member["account_id"] for member in ring["members"])
        }


def test_a_case_of_a_version_to_come_is_left_as_it_is(world_case, contents):
    database = duckdb.connect(str(world_case))
    database.execute(f"update facts set value = '{opening.VERSION + 1}' where name = 'version'")
    database.close()
    before = contents(world_case)

    with pytest.raises(DataError, match="take a newer linkage"), open_case(world_case):
        pass

    assert contents(world_case) == before
