"""``linkage reference``: a period goes in, a small list comes out, and later runs read it."""

from __future__ import annotations

import csv
import io
import json

import pyarrow.parquet as pq
import pytest

RULES = (
    "As the clerk of a small harbour you answer in the order of arrival and never quote a tide from memory."
)


@pytest.fixture
def logs(tmp_path):
    """A way to write a period's logs: so many accounts with the clerk's rules, so many without."""

    def logs(name, holders, others):
        lines = ["account_id,timestamp,ip,system_prompt"]
        lines += [
            f"{name}_{number},2026-08-{1 + number % 28:02}T10:00:00Z,198.51.100.{number % 200},{rules}"
            for number in range(holders + others)
            for rules in [RULES if number < holders else ""]
        ]
        path = tmp_path / f"events-{name}.csv"
        path.write_text("\n".join(lines) + "\n")
        return path

    return logs


def rows_of(path):
    return list(csv.DictReader(io.StringIO(path.read_text())))


def test_a_period_becomes_a_list_without_its_texts_and_addresses(linkage, logs, tmp_path):
    done = linkage("reference", logs("august", 5, 45), "--to", tmp_path / "frequencies.csv")
    (rest, rules) = rows_of(tmp_path / "frequencies.csv")

    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines()[-1] == f"wrote {tmp_path / 'frequencies.csv'}: prompt 1"
    assert rest == {"kind": "prompt", "identifier": "*", "accounts": "0", "total": "50"}
    assert (rules["accounts"], rules["total"]) == ("5", "50")
    assert rules["identifier"].startswith("system prompt minhash-1:")
    assert "198.51" not in (tmp_path / "frequencies.csv").read_text()


def test_the_ending_chooses_the_format(linkage, logs, tmp_path):
    source = logs("august", 5, 45)
    linkage("reference", source, "--to", tmp_path / "frequencies.csv")
    linkage("reference", source, "--to", tmp_path / "frequencies.parquet")

    in_csv, in_parquet = (
        rows_of(tmp_path / "frequencies.csv"),
        pq.read_table(tmp_path / "frequencies.parquet"),
    )
    assert [{name: str(value) for name, value in row.items()} for row in in_parquet.to_pylist()] == in_csv


@pytest.mark.parametrize("name", ["frequencies.parquet", "what-is-common.csv", "reference.csv"])
def test_a_later_run_reads_it_under_any_name_that_is_let_through(linkage, logs, tmp_path, name):
    linkage("reference", logs("august", 5, 45), "--to", tmp_path / name)

    told = linkage("check", logs("september", 4, 6), tmp_path / name)

    assert told.code == 0
    assert "rows read 12 = accepted 12 + quarantined 0" in told.err


def test_files_frozen_before_are_taken_along(linkage, logs, tmp_path):
    (tmp_path / "july").mkdir()
    linkage("reference", logs("july", 10, 40), "--to", tmp_path / "july" / "frequencies.csv")

    done = linkage(
        "reference",
        logs("august", 5, 45),
        tmp_path / "july" / "frequencies.csv",
        "--to",
        tmp_path / "both.csv",
    )

    assert done.code == 0
    counts = {
        (row["accounts"], row["total"]) for row in rows_of(tmp_path / "both.csv") if row["identifier"] != "*"
    }
    assert counts == {("10", "50")}


def test_kinds_are_chosen_by_name_and_addresses_come_out_as_digests(linkage, logs, tmp_path):
    linkage("reference", logs("august", 0, 9), "--to", tmp_path / "f.csv", "--kinds", "ip, prompt")

    rows = rows_of(tmp_path / "f.csv")

    assert {row["kind"] for row in rows} == {"ip"}
    assert all(row["identifier"].startswith("sha256:") for row in rows if row["identifier"] != "*")


def test_a_kind_that_cannot_be_frozen_ends_with_4(linkage, logs, tmp_path):
    done = linkage("reference", logs("august", 5, 5), "--to", tmp_path / "f.csv", "--kinds", "signup")

    assert done.code == 4
    assert "asn, ip, payment, prompt" in done.err
    assert not (tmp_path / "f.csv").exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [("f.txt", "end its name in .parquet or .csv"), ("events-old.csv", "call it frequencies.csv")],
)
def test_a_name_under_which_it_would_not_be_read_again_is_refused(linkage, logs, tmp_path, name, said):
    done = linkage("reference", logs("august", 5, 5), "--to", tmp_path / name)

    assert done.code == 2
    assert said in done.err


def test_it_never_writes_over_what_it_reads(linkage, logs, tmp_path):
    source = logs("august", 5, 5)
    linkage("reference", source, "--to", tmp_path / "frequencies.csv")
    before = (tmp_path / "frequencies.csv").read_bytes()

    done = linkage("reference", source, tmp_path / "frequencies.csv", "--to", tmp_path / "frequencies.csv")

    assert done.code == 3
    assert "name another --to" in done.err
    assert (tmp_path / "frequencies.csv").read_bytes() == before


def test_a_list_in_place_of_the_period_gives_a_run_the_same_rings(linkage, world, tmp_path):
    """The honest of the small world were there before, its ring was not."""
    earlier = (world.folder / "events.csv").read_text().splitlines()
    honest = [line for line in earlier if not line.startswith("acct_r")]
    (tmp_path / "reference.csv").write_text("\n".join(honest) + "\n")
    linkage("reference", tmp_path / "reference.csv", "--to", tmp_path / "frequencies.parquet")

    by_events = linkage(
        "rings", world.folder, tmp_path / "reference.csv", "--min-score", "0", "--format", "json", "--members"
    )
    by_list = linkage(
        "rings",
        world.folder,
        tmp_path / "frequencies.parquet",
        "--min-score",
        "0",
        "--format",
        "json",
        "--members",
    )

    members = [
        [sorted(member["account_id"] for member in ring["members"]) for ring in json.loads(done.out)]
        for done in (by_events, by_list)
    ]
    assert members[0] == members[1] == [list(world.ring)]
