"""Rings that ended: their past counts no more once it is old, and is remembered for when they come back."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta

import pytest

from linkage import casework, pipeline, runs
from linkage.opening import open_case
from linkage.settings import Settings

STAMP = "%Y-%m-%dT%H:%M:%SZ"
SETTINGS = Settings(expire_days=30)
SEPTEMBER = datetime(2026, 9, 1)  # noqa: DTZ001 - UTC, as the logs say


def dated(folder, days):
    """Move a world by some days, and give its payments a time: what has none never grows old."""
    for name, column in (("events", "timestamp"), ("accounts", "created_at"), ("payments", "timestamp")):
        path = folder / f"{name}.csv"
        with path.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            at = datetime.strptime(row[column], STAMP) if column in row else SEPTEMBER  # noqa: DTZ007
            row[column] = (at + timedelta(days=days)).strftime(STAMP)
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return folder


@pytest.fixture(scope="module")
def old(make_world, tmp_path_factory):
    """A world and its one ring."""
    return dated(make_world(tmp_path_factory.mktemp("old")).folder, 0)


@pytest.fixture(scope="module")
def quiet(make_world, tmp_path_factory):
    """Two months later: the same honest people, and a pair of the operator's accounts, which is no ring."""
    return dated(
        make_world(tmp_path_factory.mktemp("quiet"), ("acct_q0", "acct_q1"), topic="tides").folder, 60
    )


@pytest.fixture(scope="module")
def back(make_world, tmp_path_factory):
    """Another ten days later: other accounts with the operator's card and template."""
    names = tuple(f"acct_n{number}" for number in range(8))
    return dated(make_world(tmp_path_factory.mktemp("back"), names).folder, 70)


def night(path, folder):
    pipeline.ingest([str(folder)], path, SETTINGS)
    with runs.current(path, SETTINGS) as (_, finding):
        return [ring for ring in finding.rings if ring.score >= 0.5]


def test_a_ring_whose_past_is_too_old_ends_and_is_known_again_when_its_operator_comes_back(
    old, quiet, back, tmp_path
):
    case = tmp_path / "case.duckdb"

    (before,) = night(case, old)
    assert night(case, quiet) == []
    with open_case(case) as opened:
        life = casework.history(opened, before.ring)
        assert life.life.ended
        assert life.steps[-1].what == "ended"
        assert {mark.kind for mark in life.life.marks} >= {"payment", "prompt"}
    (after,) = night(case, back)

    assert (after.ring, after.state) == (before.ring, "returned")
    # The pair of the quiet weeks was the operator's, too: it is not known before there is a ring again.
    assert set(after.joined) == {*(f"acct_n{number}" for number in range(8)), "acct_q0", "acct_q1"}
    assert not {member.account_id for member in before.members} & {
        member.account_id for member in after.members
    }


def test_what_is_too_old_changes_nothing(old, quiet, back, tmp_path):
    with_past, without = tmp_path / "with.duckdb", tmp_path / "without.duckdb"
    pipeline.ingest([str(old)], with_past, SETTINGS)
    found = []
    for case in (with_past, without):
        for folder in (quiet, back):
            pipeline.ingest([str(folder)], case, SETTINGS)
        with runs.current(case, SETTINGS) as (_, finding):
            rings = [ring.document(members=True) for ring in finding.rings]
            found.append((finding.evidence.people.rows(), finding.evidence.identifiers.rows(), rings))

    assert found[0] == found[1]
