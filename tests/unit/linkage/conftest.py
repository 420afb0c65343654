"""A case that is filled from a few lines."""

from __future__ import annotations

import pytest
from cases import INPUTS

from linkage.events import read_source
from linkage.opening import open_case


@pytest.fixture
def path(tmp_path):
    """Where the case is, once there is one."""
    return tmp_path / "case.duckdb"


@pytest.fixture
def add(tmp_path, path):
    """Write files and add them to the case."""

    def add(**files):
        sources = []
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text)
            sources.append(tmp_path / f"{name}.csv")
        with open_case(path, INPUTS) as case:
            reading = read_source(case.database, sources)
            return case.add(reading.tables, reading.quarantine, [])

    return add


@pytest.fixture
def rows(path):
    """Ask the case."""

    def rows(query):
        with open_case(path) as case:
            return case.database.execute(query).fetchall()

    return rows
