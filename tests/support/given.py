"""Checked tables from a few rows, and what to say in them."""

from __future__ import annotations

import pyarrow as pa

from linkage.events.contract import TABLES
from linkage.tables import Logs, from_arrow, open_database

ARROW = {
    "varchar": pa.string(),
    "timestamp": pa.timestamp("us"),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "map(varchar, varchar)": pa.map_(pa.string(), pa.string()),
}
THINGS = (
    "tides", "rivers", "glaciers", "deserts", "orchards", "bridges",
    "harbours", "lanterns", "violins", "kettles", "looms", "sundials",
)  # fmt: skip
"""What prompts may be about."""


def make_logs(**rows):
    """Make checked tables: table name to rows; what is left out is empty."""
    database = open_database()
    database.execute("set threads = 1")  # so little that handing it round costs more
    tables = {}
    for name in Logs.__dataclass_fields__:
        columns = TABLES[name].checked_columns.items()
        schema = pa.schema([(column, ARROW[stored]) for column, stored in columns])
        tables[name] = from_arrow(database, pa.Table.from_pylist(rows.get(name, []), schema))
    return Logs(**tables)
