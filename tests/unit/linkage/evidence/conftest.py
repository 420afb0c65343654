"""Checked tables from a few rows."""

from __future__ import annotations

import pyarrow as pa
import pytest

from linkage.events.contract import TABLES
from linkage.evidence.collect import collect_evidence
from linkage.evidence.kinds import chosen_kinds
from linkage.settings import EvidenceSettings
from linkage.tables import Logs, from_arrow, open_database

ARROW = {
    "varchar": pa.string(),
    "timestamp": pa.timestamp("us"),
    "bigint": pa.int64(),
    "double": pa.float64(),
}


@pytest.fixture(scope="session")
def make_logs():
    """A way to make checked tables: table name to rows; what is left out is empty."""

    def make(**rows):
        database = open_database()
        database.execute("set threads = 1")
        tables = {}
        for name in Logs.__dataclass_fields__:
            extra = pa.map_(pa.string(), pa.string())
            columns = TABLES[name].checked_columns.items()
            schema = pa.schema([(column, ARROW.get(stored, extra)) for column, stored in columns])
            tables[name] = from_arrow(database, pa.Table.from_pylist(rows.get(name, []), schema))
        return Logs(**tables)

    return make


@pytest.fixture(scope="session")
def collect(make_logs):
    """A way to collect evidence from rows; settings by kind."""

    def collect(settings=None, **rows):
        given = {name: EvidenceSettings(**values) for name, values in (settings or {}).items()}
        return collect_evidence(make_logs(**rows), *chosen_kinds(given))

    return collect


@pytest.fixture(scope="session")
def worth():
    """A way to read off what each shared identifier is worth."""
    return lambda evidence: {
        row["value"]: row for row in evidence.identifiers.arrow("identifier").to_pylist()
    }
