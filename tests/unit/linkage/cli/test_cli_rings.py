"""``linkage rings``: the contract of its output, and of its exit codes."""

from __future__ import annotations

import csv
import io
import json

KEYS = [
    "ring", "score", "linked", "extraction", "q_value", "accounts", "events", "first_seen", "last_seen", "evidence",
    "benign_explanation", "state", "judgement", "kin", "news",
]  # fmt: skip


def test_json_is_the_contract_key_for_key_in_its_order(linkage, world):
    done = linkage("rings", world.folder, "--format", "json")

    assert done.code == 0
    (ring,) = json.loads(done.out)
    assert list(ring) == KEYS
    assert list(ring["evidence"][0]) == ["kind", "bits", "identifiers", "accounts", "sentence"]
    assert (ring["accounts"], ring["events"]) == (8, 48)
    assert (ring["first_seen"], ring["last_seen"]) == ("2026-09-01T00:00:00Z", "2026-09-04T22:07:00Z")
    assert ring["benign_explanation"] is ring["judgement"] is None
    assert 0 < ring["q_value"] <= 0.05


def test_members_come_only_when_asked_for_and_come_last(linkage, world, case):
    (ring,) = json.loads(linkage("rings", "--case", case, "--members", "--format", "json").out)

    assert list(ring) == [*KEYS, "joined", "members"]
    assert [member["account_id"] for member in ring["members"]] == list(world.ring)
    assert list(ring["members"][0]) == [
        "account_id", "confidence", "extraction_score", "role", "least_confidence",
    ]  # fmt: skip


def test_every_format_says_the_same(linkage, case):
    (ring,) = json.loads(linkage("rings", "--case", case, "--format", "json").out)
    (line,) = linkage("rings", "--case", case, "--format", "jsonl").out.splitlines()
    (row,) = csv.DictReader(io.StringIO(linkage("rings", "--case", case, "--format", "csv").out))
    table = linkage("rings", "--case", case).out

    assert json.loads(line) == ring
    assert list(row) == KEYS
    assert json.loads(row["evidence"]) == ring["evidence"]
    assert (row["score"], row["judgement"]) == (str(ring["score"]), "")
    assert f"{ring['ring']}   {ring['score']:.2f}    {ring['linked']:.2f}" in table
    assert "1 card pays for 8 accounts" in table


def test_a_ring_stands_before_the_first_that_is_worse_and_below_the_threshold_none_is_listed(linkage, case):
    assert json.loads(linkage("rings", "--case", case, "--min-score", "1", "--format", "json").out) == []
    done = linkage("rings", "--case", case, "--min-score", "1", "--format", "csv")

    assert done.out == ",".join(KEYS) + "\n"
    assert done.err.endswith("0 rings at 1 or more, 1 below\n")


def test_data_goes_to_stdout_and_talk_to_stderr(linkage, world):
    done = linkage("rings", world.folder, "--format", "jsonl")

    assert len(done.out.splitlines()) == 1
    assert done.err.splitlines() == [
        "rows read 1,064 = accepted 1,064 + quarantined 0",
        "skipped asn: nothing in the column 'asn' of events that could link anybody",
        "skipped agent: nothing in the column 'user_agent' of events that could link anybody",
        "1 ring at 0.5 or more, 0 below; 0.0 of those listed should be false, by calibration",
    ]


def test_a_finding_ends_with_10_only_where_asked(linkage, case):
    assert linkage("rings", "--case", case, "--fail-on", "0.5").code == 10
    assert linkage("rings", "--case", case, "--fail-on", "1").code == 0
    assert linkage("rings", "--case", case, "--fail-on", "0.5", "--min-score", "1").code == 10


def test_an_engine_that_is_not_there_is_answered_with_those_that_are(linkage, case):
    done = linkage("rings", "--case", case, "--engine", "graphs")

    assert done.code == 4
    assert (
        done.err
        == "linkage: flag: links.engine: there is no engine 'graphs'; choose one of igraph, leidenalg, networkx\n"
    )


def test_engines_that_are_there_find_the_ring(linkage, world):
    for engine in ("igraph", "leidenalg", "networkx"):
        (ring,) = json.loads(linkage("rings", world.folder, "--engine", engine, "--format", "json").out)
        assert ring["accounts"] == 8, engine


def test_a_judgement_shows_in_the_table(linkage, case):
    assert "judgement" not in linkage("rings", "--case", case).out
    linkage("judge", "acct_r0", "watch", "--reason", "x", "--case", case)
    (ring,) = json.loads(linkage("rings", "--case", case, "--format", "json").out)

    said = linkage("judge", ring["ring"].lower(), "confirm", "--reason", "same card", "--case", case)

    assert said.err == f"{ring['ring']}: confirm\n"
    assert "confirm" in linkage("rings", "--case", case).out
