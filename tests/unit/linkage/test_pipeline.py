"""The rooms in order, and rows on their way into a case."""

from __future__ import annotations

import duckdb
import pytest
from cases import find

import linkage as package
from linkage import pipeline
from linkage.errors import DataError
from linkage.settings import Settings


def test_a_case_gives_what_its_sources_give(world, case):
    with pipeline.read([str(world.folder)], Settings()) as reading:
        direct = pipeline.find(pipeline.logs_of(reading), Settings())

    found, _ = find(case)

    assert [ring.document(members=True) for ring in direct.rings] == found
    assert [member["account_id"] for member in found[0]["members"]] == list(world.ring)


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


def test_the_public_names_are_sorted_and_there():
    assert sorted(package.__all__) == package.__all__
    assert len(package.__all__) <= 16
    for name in package.__all__:
        assert getattr(package, name).__doc__, name


def test_a_name_that_is_not_public_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = package.nothing
