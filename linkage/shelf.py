"""Tables larger than memory: they lie in a file of their own, and are read from it as often as somebody looks.

What DuckDB spills of a temporary table it takes back when somebody reads it, and compresses and writes it anew when
room is needed: each look at ten gigabytes of prompts wrote ten gigabytes. What lies in a file is written once.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb

from linkage.tables import Database, Table, derive, fresh_name, over_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SHELF = "shelf"


def set_up_shelf(database: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Give a database a file for large tables.

    Args:
        database: the open connection.
        folder: where the file is made; whoever names it removes it when the database is closed.
    """
    quoted = str(folder.absolute() / f"{SHELF}.duckdb").replace("'", "''")
    # Nothing here is wanted after a crash, and a log would hold all of it once more.
    database.execute(f"attach '{quoted}' as {SHELF} (type duckdb, recovery_mode no_wal_writes)")


def shelve(query: str, parameters: Sequence[Any] = (), /, **tables: Table) -> Table:
    """Run one select as ``derive`` does, and keep its rows in the file; without a file, where ``derive`` keeps them.

    >>> import tempfile, pathlib, pyarrow as pa
    >>> from linkage.tables import from_arrow, open_database
    >>> database = open_database()
    >>> set_up_shelf(database, pathlib.Path(tempfile.mkdtemp()))
    >>> numbers = from_arrow(database, pa.table({"n": [1, 2, 3]}))
    >>> shelve("select n from numbers where n > ?", [1], numbers=numbers).rows()
    [(2,), (3,)]
    """
    database = next(iter(tables.values())).database
    if not _has_shelf(database):
        return derive(query, parameters, **tables)
    name = f"{SHELF}.{fresh_name()}"
    with writing_plainly(database):
        database.execute(f"create table {name} as {over_tables(query, tables)}", list(parameters))
    return Table(database, name)


def shelve_in_parts(
    query: str, parameters: Sequence[Any] = (), /, *, parts: Sequence[Table], number: str, **tables: Table
) -> Table:
    """Run one select for each of several parts, and keep all rows under each other, as ``shelve`` does.

    What is sorted part by part fits into memory, where all of it would be written to disk and read again.

    >>> import pyarrow as pa
    >>> from linkage.tables import from_arrow, open_database
    >>> database = open_database()
    >>> halves = [from_arrow(database, pa.table({"n": [2, 1]})), from_arrow(database, pa.table({"n": [3]}))]
    >>> numbered = "select row_number() over () as row, n from (from part order by n)"
    >>> shelve_in_parts(numbered, parts=halves, number="row").rows()
    [(1, 1), (2, 2), (3, 3)]

    Args:
        query: the select, which reads the part as ``part``.
        parameters: what is bound in it.
        parts: at least one.
        number: the column that numbers the rows of a part, which goes on from part to part.
        tables: what else it reads, by the names it has there.
    """
    shelved = shelve(query, parameters, part=parts[0], **tables)
    for part in parts[1:]:
        told = over_tables(query, {**tables, "part": part})
        values = [len(shelved), *parameters]
        with writing_plainly(shelved.database):
            shelved.database.execute(
                f"insert into {shelved.name} select * replace ({number} + ? as {number}) from ({told})",
                values,
            )
    return shelved


def let_go(*tables: Table) -> None:
    """Forget tables that are no longer needed, and make the file smaller where they were the last in it."""
    for table in tables:
        table.drop()
    if any(table.name.startswith(f"{SHELF}.") for table in tables):
        tables[0].database.execute(f"checkpoint {SHELF}")


def empty_shelf(database: Database, name: str, columns: str) -> Table:
    """Make an empty table of this name, in the file where there is one; write into it inside ``writing_plainly``.

    Args:
        database: the open connection.
        name: what to call it.
        columns: their names and types, as in ``create table``.
    """
    place = f"table {SHELF}.{name}" if _has_shelf(database) else f"temp table {name}"
    database.execute(f"create {place} ({columns})")
    return Table(database, place.rsplit(maxsplit=1)[-1])


@contextmanager
def writing_plainly(database: Database) -> Iterator[None]:
    """Let rows be written as they are: packing what is read a few times costs more than it saves."""
    if not _has_shelf(database):
        yield
        return
    database.execute("set force_compression = 'uncompressed'")
    try:
        yield
    finally:
        database.execute("reset force_compression")


def _has_shelf(database: Database) -> bool:
    attached = "from duckdb_databases() where database_name = ?"
    return isinstance(database, duckdb.DuckDBPyConnection) and bool(
        database.execute(attached, [SHELF]).fetchall()
    )
