"""Laws of days: however logs are split into days, the case says in the end what it says of all at once."""

from __future__ import annotations

import csv
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkage import pipeline, runs
from linkage.settings import Settings

few = settings(deadline=None, max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
TABLES = ("accounts", "events", "payments")
EVIDENCE = ("people", "identifiers", "holdings", "earlier_holdings")
KEPT_APART = {"ring": "", "state": "", "joined": [], "kin": []}
"""What follows from the past of a case, and not from its logs alone."""


def said(path):
    """Give the evidence of a case, and its rings without what their past says of them."""
    with runs.current(path, Settings()) as (_, finding):
        tables = {name: getattr(finding.evidence, name).rows() for name in EVIDENCE}
        return tables, [ring.document(members=True) | KEPT_APART for ring in finding.rings]


@pytest.fixture(scope="session")
def folder(make_world, tmp_path_factory):
    """A small world with one ring."""
    return make_world(tmp_path_factory.mktemp("days"), honest=80).folder


@pytest.fixture(scope="session")
def at_once(folder, tmp_path_factory):
    """What a case says that got all of it at once."""
    path = tmp_path_factory.mktemp("at-once") / "case.duckdb"
    pipeline.ingest([str(folder)], path, Settings())
    evidence, rings = said(path)
    assert [len(ring["members"]) for ring in rings] == [8]
    return evidence, rings


@pytest.mark.slow
@few
@given(
    seed=st.integers(0, 2**32), days=st.integers(2, 4), looks=st.lists(st.booleans(), min_size=4, max_size=4)
)
def test_any_split_into_days_gives_the_same_evidence_and_the_same_rings(  # noqa: PLR0913, PLR0917 - three are drawn
    folder, at_once, tmp_path_factory, seed, days, looks
):
    dice, place = random.Random(seed), tmp_path_factory.mktemp("split")  # noqa: S311 - a split, no secret
    for table in TABLES:
        with (folder / f"{table}.csv").open(encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        piles = [[] for _ in range(days)]
        for row in rows:
            dice.choice(piles).append(row)
        for day, pile in enumerate(piles):
            (place / str(day)).mkdir(exist_ok=True)
            with (place / str(day) / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([header, *pile])
    case = place / "case.duckdb"
    for day in range(days):
        pipeline.ingest([str(place / str(day))], case, Settings())
        if looks[day]:
            said(case)

    assert said(case) == at_once
