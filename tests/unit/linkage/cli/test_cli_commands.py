"""Each command parses, calls one function, prints, and ends with the right code."""

from __future__ import annotations

import csv
import io
import json

import pytest


def test_ingest_twice_says_that_nothing_is_new(linkage, world):
    first, again = (linkage("ingest", world.folder, "--case", "c.duckdb") for _ in range(2))

    assert first.err.splitlines() == [
        "rows read 1,064 = accepted 1,064 + quarantined 0",
        "1,064 rows new to the case c.duckdb",
    ]
    assert again.err.splitlines()[-1] == "nothing new to the case c.duckdb"
    assert first.out == again.out == ""


def test_rows_are_always_accounted_for_also_when_a_file_cannot_be_used(linkage, tmp_path):
    (tmp_path / "events.csv").write_text("account_id,timestamp\na,2026-09-01T00:00:00Z\nb,soon\n")
    (tmp_path / "other.csv").write_text("x,y\n1,2\n")
    for command in ("ingest", "check", "rings"):
        done = linkage(command, tmp_path / "events.csv", tmp_path / "other.csv")

        assert done.code == 3
        assert "rows read 2 = accepted 1 + quarantined 1\n" in done.err
        assert "other.csv" in done.err.splitlines()[-1]
    assert not (tmp_path / "linkage.duckdb").exists()


def test_check_prints_what_cannot_be_used_and_where(linkage, tmp_path):
    (tmp_path / "events.csv").write_text("account_id,timestamp\na,2026-09-01T00:00:00Z\nb,soon\n")

    done = linkage("check", tmp_path / "events.csv", "--format", "json")

    assert done.code == 0
    (row,) = json.loads(done.out)
    assert (row["place"], row["column_name"], row["excerpt"]) == ("line 3", "timestamp", "soon")
    assert "line 3" in linkage("check", tmp_path / "events.csv").out


def test_a_ring_is_shown_by_name_or_place(linkage, case, world):
    shown = linkage("ring", "1", "--case", case)
    ring = json.loads(linkage("ring", "1", "--case", case, "--format", "json").out)

    assert shown.out.startswith(ring["ring"])
    assert "events a day: " in shown.out
    assert linkage("ring", ring["ring"].lower(), "--case", case).out == shown.out
    assert [member["account_id"] for member in ring["members"]] == list(world.ring)
    members = csv.DictReader(io.StringIO(linkage("ring", "1", "--case", case, "--format", "csv").out))
    assert [member["account_id"] for member in members] == list(world.ring)


@pytest.mark.parametrize("name", ["R-NONE", "0", "2", "-1x", "\u00b2"])
def test_a_ring_that_is_not_there_says_how_to_list_all(linkage, case, name):
    done = linkage("ring", "--case", case, "--", name)

    assert (done.code, done.out) == (3, "")
    assert "'linkage rings --min-score 0' lists all 1" in done.err


def test_an_account_is_explained_down_to_events(linkage, case):
    told = json.loads(linkage("explain", "acct_r0", "--case", case, "--format", "json").out)
    shown = linkage("explain", "acct_r0", "--case", case).out

    assert list(told) == ["accounts", "ring", "bits", "confidence", "steps"]
    assert sum(step["adds"] for step in told["steps"]) == pytest.approx(told["bits"], abs=0.05)
    assert {"2026-09-01T00:00:00Z"} <= {event["at"] for step in told["steps"] for event in step["events"]}
    assert f"acct_r0: in ring {told['ring']}, +" in shown
    assert "2026-09-01 00:00:00" in shown


def test_two_accounts_are_explained_and_strangers_too(linkage, case):
    assert (
        "acct_r0 and acct_r1: taken by themselves"
        in linkage("explain", "acct_r0", "acct_r1", "--case", case).out
    )
    assert "acct_h000 and acct_r1: taken" in linkage("explain", "acct_h000", "acct_r1", "--case", case).out
    assert "acct_h000: in no ring" in linkage("explain", "acct_h000", "--case", case).out
    assert linkage("explain", "nobody", "--case", case).code == 3


def test_a_judgement_needs_a_reason_and_a_known_subject(linkage, case):
    assert linkage("judge", "acct_r0", "confirm", "--reason", " ", "--case", case).code == 2
    assert linkage("judge", "acct_r0", "confirm", "--case", case).code == 2
    assert linkage("judge", "nobody", "confirm", "--reason", "x", "--case", case).code == 3
    assert "'confirm', 'dismiss', 'watch'" in linkage("judge", "acct_r0", "blame", "--reason", "x").err


def test_export_writes_the_members_of_bad_rings(linkage, case, world, tmp_path):
    done = linkage("export", "--case", case, "--out", tmp_path / "list.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "list.csv").read_text())))

    assert (done.code, done.out) == (0, "")
    assert [row["account_id"] for row in rows] == list(world.ring)
    assert {row["action"] for row in rows} == {"block"}
    assert done.err.splitlines()[-1] == "block 8, review 0, allow 0"


def test_export_follows_judgements_and_the_allowlist(linkage, case, tmp_path):
    (tmp_path / "allowlist.csv").write_text("kind,value,reason\naccount,acct_r1,ours\n")
    linkage("ingest", tmp_path / "allowlist.csv", "--case", case)
    linkage("judge", "acct_r2", "dismiss", "--reason", "a class", "--case", case)
    linkage("judge", "acct_r3", "watch", "--reason", "unclear", "--case", case)

    blocked = [
        json.loads(line) for line in linkage("export", "--to", "jsonl", "--case", case).out.splitlines()
    ]
    reviewed = [
        json.loads(line)
        for line in linkage("export", "--to", "jsonl", "--review", "--case", case).out.splitlines()
    ]

    assert [entry["account_id"] for entry in blocked] == [
        "acct_r0",
        "acct_r4",
        "acct_r5",
        "acct_r6",
        "acct_r7",
    ]
    assert [entry["account_id"] for entry in reviewed if entry["action"] == "review"] == ["acct_r3"]
    assert not {"acct_r1", "acct_r2"} & {entry["account_id"] for entry in reviewed}


def test_a_format_that_is_not_there_is_answered_with_those_that_are(linkage, case):
    done = linkage("export", "--to", "xml", "--case", case)

    assert done.code == 4
    assert "csv, jsonl" in done.err


def test_a_list_that_cannot_be_written_is_said(linkage, case, tmp_path):
    done = linkage("export", "--out", tmp_path / "none" / "list.csv", "--case", case)

    assert done.code == 3
    assert "cannot be written" in done.err


def test_evaluate_measures_against_known_rings(linkage, case, world, tmp_path):
    truth = tmp_path / "truth.csv"
    truth.write_text(
        "account_id,ring\n" + "".join(f"{account},one\n" for account in world.ring) + "acct_x,one\n"
    )

    rows = json.loads(linkage("evaluate", "--truth", truth, "--case", case, "--format", "json").out)
    measured = {row["measure"]: row["value"] for row in rows}

    assert (measured["precision"], measured["recall"]) == (1.0, pytest.approx(8 / 9, abs=1e-4))
    assert linkage("evaluate", "--truth", tmp_path / "none.csv", "--case", case).code == 3


def test_simulate_writes_a_world_and_refuses_an_unknown_one(linkage, tmp_path):
    done = linkage(
        "simulate", tmp_path / "w", "--world", "quiet", "--accounts", 500, "--events-per-account", "0.2"
    )

    assert done.code == 0
    assert sorted(file.name for file in (tmp_path / "w").iterdir()) == [
        "accounts.csv", "events.csv.gz", "payments.csv", "reference.csv.gz", "truth.csv",
    ]  # fmt: skip
    wrong = linkage("simulate", tmp_path / "v", "--world", "loud")
    assert (wrong.code, "hydra" in wrong.err) == (4, True)


def test_kinds_are_listed_with_where_they_mislead(linkage):
    rows = json.loads(linkage("kinds", "--format", "json").out)
    shown = linkage("kinds").out

    assert [row["kind"] for row in rows][:6] == ["ip", "asn", "payment", "prompt", "signup", "agent"]
    assert list(rows[0]) == ["kind", "reads", "levels", "most_bits", "largest", "receivable", "about"]
    assert "payment: Accounts that share a card" in shown


def test_settings_show_where_each_value_came_from(linkage, tmp_path, monkeypatch):
    (tmp_path / "linkage.toml").write_text(
        'seed = 5\n[evidence.device]\ncolumn = "dev"\n[columns.events]\nip = "addr"\n'
    )
    monkeypatch.setenv("LINKAGE_LINKS_SEEDS", "7")

    rows = {row["setting"]: row for row in json.loads(linkage("settings", "--format", "json").out)}

    assert (rows["seed"]["value"], rows["seed"]["from"]) == (5, "linkage.toml")
    assert (rows["links.seeds"]["value"], rows["links.seeds"]["from"]) == (7, "environment")
    assert (rows["evidence.ip.cap"]["from"], rows["evidence.device.column"]["value"]) == ("default", "dev")
    assert rows["columns.events.ip"]["value"] == "addr"
    assert linkage("settings").err == "settings from linkage.toml\n"


def test_settings_that_cannot_be_used_end_with_4(linkage, tmp_path):
    (tmp_path / "linkage.toml").write_text("sed = 5\n[links]\nseeds = 0\n")

    done = linkage("settings")

    assert done.code == 4
    assert done.err.splitlines() == [
        "linkage: linkage.toml: links.seeds: should be greater than or equal to 1",
        "linkage.toml: sed: there is no such setting; did you mean 'seed'?",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rings", "--format", "xml"], "'table', 'json', 'jsonl', 'csv'"),
        (["rings", "--min-score", "7"], "less than or equal to 1"),
        (["rings", "--nope"], "No such option: --nope"),
        (["ring"], "Missing argument"),
        (["wrings"], "No such command 'wrings'"),
    ],
)
def test_wrong_usage_ends_with_2_and_a_hint(linkage, arguments, said):
    done = linkage(*arguments)

    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert done.err.startswith("linkage: ")
    assert "--help' says what it takes" in done.err


def test_data_that_is_not_there_ends_with_3(linkage, tmp_path):
    assert linkage("rings", tmp_path / "none").code == 3
    assert linkage("rings", "--case", tmp_path / "none.duckdb").code == 3


def test_too_little_memory_ends_with_4_and_a_remedy(linkage, world):
    done = linkage("rings", world.folder, "--memory", "5MB")

    assert done.code == 4
    assert done.err.splitlines()[-1].startswith("linkage: the tables need more memory than they may take")


def test_export_never_writes_over_what_it_reads(linkage, case, world):
    logs = world.folder / "payments.csv"
    before = logs.read_bytes()

    over_logs = linkage("export", "--source", world.folder, "--out", logs)
    over_case = linkage("export", "--case", case, "--out", case)

    assert (over_logs.code, over_case.code) == (3, 3)
    assert "name another --out" in over_logs.err
    assert logs.read_bytes() == before


def test_a_table_that_is_not_there_in_the_settings_is_an_error_of_the_settings(linkage, world, tmp_path):
    settings = tmp_path / "linkage.toml"
    settings.write_text('[columns.eventz]\nip = "client"\n')

    done = linkage("rings", world.folder, "--settings", settings)

    assert done.code == 4
    assert "[columns.eventz]: there is no such table" in done.err
