"""Laws of days: however logs are split into days, the case says in the end what it says of all at once."""

from __future__ import annotations

import csv
import random
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkage import casework, pipeline, runs
from linkage.opening import open_case
from linkage.settings import Settings

few = settings(deadline=None, max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
TABLES = ("accounts", "events", "payments")
EVIDENCE = ("people", "identifiers", "holdings", "earlier_holdings")
AT = datetime(2026, 9, 30)  # noqa: DTZ001 - UTC, as the case keeps it
KEPT_APART = {"ring": "", "state": "", "joined": [], "kin": []}
"""What follows from the past of a case, and not from its logs alone."""


def said(path, knobs=Settings(), *, full=False):  # noqa: B008 - they never change
    """Give the evidence of a case, and its rings without what their past says of them."""
    with runs.current(path, knobs, full=full) as (_, finding):
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
    assert said(case, full=True) == at_once


@pytest.mark.slow
@few
@given(seed=st.integers(0, 2**32))
def test_what_is_used_again_gives_what_computing_all_anew_gives(folder, tmp_path_factory, seed):
    dice, place = random.Random(seed), tmp_path_factory.mktemp("again")  # noqa: S311 - an order, no secret
    case, knobs = place / "case.duckdb", Settings()
    with (folder / "events.csv").open(encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    dice.shuffle(rows)
    pipeline.ingest([str(folder / "accounts.csv"), str(folder / "payments.csv")], case, knobs)
    for day in range(30):
        if day % 3 == 0:
            with (place / "events.csv").open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows(
                    [header, *rows[day::30], *rows[day + 1 :: 30], *rows[day + 2 :: 30]]
                )
            pipeline.ingest([str(place / "events.csv")], case, knobs)
        elif day % 3 == 1:
            with open_case(case) as opened:
                account = dice.choice(rows)[header.index("account_id")]
                casework.allow(opened, "account", account, reason="known", until=None, by="kim", at=AT)
        else:
            knobs = knobs.model_copy(update={"seed": dice.randrange(5)})
        if dice.random() < 0.7:
            said(case, knobs)

    again = said(case, knobs)

    assert again == said(case, knobs, full=True)
