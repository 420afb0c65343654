"""A case computes only what is stale, and remembers the rest whole."""

from __future__ import annotations

import pytest
from cases import AT, Steps, find

from linkage import casework, pipeline, progress, runs
from linkage.opening import open_case
from linkage.settings import Settings, load_settings

EVIDENCE = "gathering accounts"
"""The first step of gathering evidence."""


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


@pytest.mark.parametrize("knob", ["scores.shuffles", "rings.smallest_ring", "links.seeds", "seed"])
def test_settings_that_evidence_does_not_depend_on_leave_it_as_it_is(case, knob):
    before, _ = find(case)
    settings = load_settings(environment={}, flags={knob: 4}).settings

    found, steps = find(case, settings)
    with runs.current(case, settings, full=True) as (_, finding):
        anew = [ring.document(members=True) for ring in finding.rings]

    assert EVIDENCE not in steps
    assert "weighing rings" in steps
    assert found == anew
    assert [ring["ring"] for ring in found] == [ring["ring"] for ring in before]


def test_an_entry_of_the_allowlist_leaves_evidence_as_it_is(case):
    find(case)
    with open_case(case) as opened:
        casework.allow(opened, "account", "acct_r1", reason="ours", until=None, by="ann", at=AT)

    (ring, *_), steps = find(case)

    assert EVIDENCE not in steps
    assert {member["account_id"] for member in ring["members"] if member["role"] == "allowed"} == {"acct_r1"}


@pytest.mark.parametrize("change", ["rows", "settings", "signals", "program"])
def test_evidence_is_gathered_anew_when_anything_that_it_is_made_of_has_changed(case, tmp_path, change):
    find(case)
    settings = Settings()
    if change == "rows":
        (tmp_path / "events.csv").write_text("account_id,timestamp,ip\nz,2026-09-03T01:12:09Z,198.51.100.7\n")
        pipeline.ingest([str(tmp_path / "events.csv")], case, settings)
    elif change == "settings":
        settings = load_settings(environment={}, flags={"evidence.ip.cap": 3}).settings
    else:
        with open_case(case) as opened, opened.changing():
            if change == "signals":
                opened.note_change()
            else:  # as an earlier one would leave it, which knows nothing of this
                opened.note("program", "0.0.9")
                opened.note("run", "another")

    _, steps = find(case, settings)

    assert EVIDENCE in steps


def test_all_is_computed_anew_where_that_is_asked_for(case):
    find(case)
    steps = Steps()

    with progress.listening(steps), runs.current(case, Settings(), full=True):
        pass

    assert EVIDENCE in steps


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
