"""The rows set aside: where each stood, which column was at fault, and why."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING

import pyarrow as pa

from linkage.inert import inert
from linkage.tables import Table, from_arrow

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

_names = itertools.count()

COLUMNS = {
    "file": "varchar",
    "line": "bigint",
    "place": "varchar",  # "line 7" in text files, "row 7" where rows have no lines
    "table_name": "varchar",
    "column_name": "varchar",  # null where the row as a whole cannot be read
    "excerpt": "varchar",  # inert and short; only a length where the cell is a prompt or an identifier
    "reason": "varchar",
}


def open_quarantine(database: duckdb.DuckDBPyConnection) -> Table:
    """Make the empty table of rows set aside."""
    name = f"quarantine_{next(_names)}"
    columns = ", ".join(f"{column} {type_}" for column, type_ in COLUMNS.items())
    database.execute(f"create temp table {name} ({columns})")
    return Table(database, name)


def quarantine_faults(
    quarantine: Table, staged: Table, table: str, files: Sequence[tuple[int, str, str]]
) -> Counter[int]:
    """Move the rows with a fault out of a staging table; gives how many, by the number of their file.

    Args:
        quarantine: where they go.
        staged: where they are.
        table: the name of the input table.
        files: number, name and unit of the lines of each file.
    """
    counts = staged.database.execute(
        f"select staged_file, count(*) from {staged.name} where fault is not null group by all"
    ).fetchall()
    if not counts:
        return Counter()
    numbers, names, units = zip(*files, strict=True)
    listed = from_arrow(
        staged.database,
        pa.table({"number": pa.array(numbers, pa.int32()), "name": list(names), "unit": list(units)}),
    )
    staged.database.execute(
        f"""
        insert into {quarantine.name}
        select f.name, staged_line, f.unit || ' ' || staged_line, $table, fault_column, excerpt, fault
        from {staged.name}
        join {listed.name} f on f.number = staged_file
        where fault is not null
        order by staged_file, staged_line
        """,
        {"table": table},
    )
    staged.database.execute(f"delete from {staged.name} where fault is not null")
    listed.drop()
    return Counter(dict(counts))


def make_inert(quarantine: Table) -> None:
    """Make the excerpts harmless to show; each distinct one once."""
    distinct = quarantine.database.execute(
        f"select distinct excerpt from {quarantine.name} where excerpt is not null"
    ).fetchall()
    changed = [(text, inert(text)) for (text,) in distinct if inert(text) != text]
    if not changed:
        return
    raw, shown = zip(*changed, strict=True)
    pairs = from_arrow(quarantine.database, pa.table({"raw": list(raw), "shown": list(shown)}))
    quarantine.database.execute(
        f"update {quarantine.name} set excerpt = p.shown from {pairs.name} p where excerpt = p.raw"
    )
    pairs.drop()
