"""The rooms in order, and a case that computes only what is stale."""

from __future__ import annotations

from datetime import datetime

import duckdb
import pytest

import linkage as package
from linkage import casework, pipeline, progress, runs
from linkage.errors import DataError
from linkage.opening import open_case
from linkage.settings import Settings, load_settings

AT = datetime(2026, 10, 1)  # noqa: DTZ001 - UTC, as the case keeps it


class Steps(list):
    def step(self, what):
        self.append(what)


def find(path, settings=None):
    """Find the rings of a case; say what they are, and what was done for it."""
    steps = Steps()
    with open_case(path) as case, progress.listening(steps):
        finding = runs.find_in_case(case, settings or Settings())
        return [ring.document(members=True) for ring in finding.rings], steps


def test_a_case_gives_what_its_sources_give(world, case):
    with pipeline.read([str(world.folder)], Settings()) as reading:
        direct = pipeline.find(pipeline.logs_of(reading), Settings())

    found, _ = find(case)

    assert [ring.document(members=True) for ring in direct.rings] == found
    assert [member["account_id"] for member in found[0]["members"]] == list(world.ring)


def test_an_unchanged_case_uses_its_last_run_again(case):
    first, steps = find(case)
    again, _ = find(case)

    assert steps == []
    assert again == first


def test_what_the_run_found_is_remembered_whole(case):
    with open_case(case) as opened:
        remembered = runs.find_in_case(opened, Settings())
        computed = pipeline.find(opened.logs, Settings())

        for room in ("evidence", "membership"):
            for name, table in vars(getattr(remembered, room)).items():
                other = getattr(getattr(computed, room), name)
                assert (table.rows() == other.rows()) if name != "skipped" else (table == other), name
        assert remembered.names == computed.names
        assert [ring.signals for ring in remembered.rings] == [ring.signals for ring in computed.rings]


def test_how_much_memory_and_how_rows_were_read_make_no_run_stale(case):
    settings = load_settings(environment={}, flags={"memory": "1GB", "columns.events.ip": "address"}).settings

    _, steps = find(case, settings)

    assert steps == []


def test_other_settings_compute_anew_and_keep_the_names(case):
    first, _ = find(case)

    again, steps = find(case, load_settings(environment={}, flags={"seed": 2}).settings)

    assert steps
    assert [ring["ring"] for ring in again] == [ring["ring"] for ring in first]
    assert {ring["state"] for ring in first} == {"new"}
    assert {ring["state"] for ring in again} == {"known"}


def test_a_ring_keeps_its_name_when_its_oldest_member_was_not_known_before(case, world, tmp_path):
    before, _ = find(case)
    events = (world.folder / "events.csv").read_text().splitlines()
    mine = [line.replace("acct_r0", "acct_older") for line in events if line.startswith("acct_r0")]
    (tmp_path / "events.csv").write_text("\n".join([events[0], *mine]) + "\n")
    (tmp_path / "accounts.csv").write_text("account_id,created_at\nacct_older,2025-01-01T00:00:00Z\n")
    (tmp_path / "payments.csv").write_text("account_id,fingerprint\nacct_older,fp_shared_by_the_ring\n")

    added = pipeline.ingest(
        [str(tmp_path / f"{name}.csv") for name in ("events", "accounts", "payments")], case, Settings()
    )
    after, steps = find(case)

    assert added == 8
    assert steps
    assert "acct_older" in {member["account_id"] for member in after[0]["members"]}
    assert after[0]["ring"] == before[0]["ring"]


def test_ingesting_again_makes_no_run_stale(case, world, contents):
    before = contents(case)

    assert pipeline.ingest([str(world.folder)], case, Settings()) == 0
    assert contents(case) == before


def test_a_case_whose_making_was_cut_short_before_its_first_table_is_filled(tmp_path, world, case, contents):
    path = tmp_path / "cut.duckdb"
    with duckdb.connect(str(path)) as database:
        database.execute("select 1")

    assert pipeline.ingest([str(world.folder)], path, Settings()) > 0
    assert contents(path)["events"] == contents(case)["events"]


def test_a_failing_ingest_leaves_a_case_as_it_was_and_makes_none(case, tmp_path, world, contents):
    (tmp_path / "events.csv").write_text("what,is,this\n1,2,3\n")
    before, told = contents(case), []

    for path in (case, tmp_path / "new.duckdb"):
        with pytest.raises(DataError, match=r"events\.csv"):
            pipeline.ingest(
                [str(world.folder / "accounts.csv"), str(tmp_path / "events.csv")],
                path,
                Settings(),
                tell=told.append,
            )

    assert contents(case) == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["case.duckdb", "events.csv"]
    assert [sum(file.rows_read for file in reading.files) for reading in told] == [208, 208]


def test_a_judgement_is_kept_and_shown_and_computes_nothing_anew(case):
    (ring, *_), _ = find(case)
    with open_case(case) as opened:
        name = casework.judge(opened, ring["ring"].lower(), "confirm", reason="same card", by="ann", at=AT)

    (judged, *_), steps = find(case)

    assert name == ring["ring"]
    assert judged == ring | {"judgement": "confirm"}
    assert steps == []


def test_a_judgement_survives_the_next_run(case):
    (ring, *_), _ = find(case)
    with open_case(case) as opened:
        casework.judge(opened, ring["ring"], "watch", reason="wait", by="ann", at=AT)

    (again, *_), steps = find(case, load_settings(environment={}, flags={"seed": 2}).settings)

    assert steps
    assert again["judgement"] == "watch"


def test_only_what_the_case_knows_can_be_judged(case):
    with open_case(case) as opened:
        assert casework.judge(opened, "acct_r0", "watch", reason="x", by="ann", at=AT) == "acct_r0"
        with pytest.raises(DataError, match="no such ring or account"):
            casework.judge(opened, "ACCT_R0", "watch", reason="x", by="ann", at=AT)


def test_decisions_name_rings_that_are_not_there(case):
    with open_case(case) as opened:
        finding = runs.find_in_case(opened, Settings())
        with pytest.raises(DataError, match="no ring R-NONE"):
            casework.decide_in(opened.logs, finding, block_at=0.7, rings=["R-NONE"])


def test_entries_carry_what_decisions_say(case, world):
    with open_case(case) as opened:
        finding = runs.find_in_case(opened, Settings())
        decisions = casework.decide_in(opened.logs, finding, block_at=0.0, case=opened)
    entries = casework.entries(decisions)

    assert [entry.account_id for entry in entries] == list(world.ring)
    assert {entry.action for entry in entries} == {"block"}
    assert all(entry.ring == finding.rings[0].ring and entry.reason for entry in entries)


def test_the_public_names_are_sorted_and_there():
    assert sorted(package.__all__) == package.__all__
    assert len(package.__all__) <= 16
    for name in package.__all__:
        assert getattr(package, name).__doc__, name


def test_a_name_that_is_not_public_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = package.nothing


def test_what_judged_rings_shared_is_kept_when_the_next_run_takes_their_place(case):
    (ring,), _ = find(case)
    with open_case(case) as opened:
        casework.judge(opened, ring["ring"], "confirm", reason="one card", by="kim", at=AT)
        assert opened.precedents().rows() == []

    for seed in (2, 3):
        find(case, load_settings(environment={}, flags={"seed": seed}).settings)

    with open_case(case) as opened:
        kept = opened.precedents().rows()
    assert {(row[0], row[1]) for row in kept} >= {(ring["ring"], "payment"), (ring["ring"], "prompt")}
    assert len(kept) == len(set(kept))


def test_a_run_keeps_pictures_of_what_it_found_and_of_nothing_else(case):
    (ring,), _ = find(case)
    with open_case(case) as opened, opened.changing():
        opened.keep_pictures({"R-OLD000": {"version": 1}}, anew=False)

    find(case, load_settings(environment={}, flags={"seed": 2}).settings)

    with open_case(case) as opened:
        assert list(opened.pictures()) == [ring["ring"]]
