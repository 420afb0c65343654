"""Tables of another DuckDB file."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from linkage.events.checks import as_text
from linkage.events.database import Stored, quoted
from linkage.events.databases.connection import Connection
from linkage.events.formats.faults import explained
from linkage.events.formats.scan import Seen
from linkage.events.reading import UnusableFileError
from linkage.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BATCH_ROWS = 50_000


def open_duckdb(path: str) -> DuckDBFile:
    """Open a DuckDB file for reading only."""
    # Its views are other people's SQL: they may read its own tables, and no file or address of this machine.
    with explained():
        return DuckDBFile.over(duckdb.connect(path, read_only=True, config={"enable_external_access": False}))


class DuckDBFile(Connection):
    """A DuckDB file, open for reading."""

    schema = "main"

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        super().__init__(connection)
        connection.execute("set timezone = 'UTC'")
        connection.execute("begin")

    def tables(self) -> Sequence[Stored]:
        """List tables and views."""
        listed = self._connection.execute(
            """
            select table_schema, table_name, table_type = 'VIEW'
            from information_schema.tables
            where table_catalog = current_database()
            order by all
            """
        ).fetchall()
        found = []
        for schema, name, view in listed:
            # A view of what is not there, or not allowed, can be read by nobody.
            with contextlib.suppress(duckdb.Error):
                found.append(self._looked_at(schema, name, f"from {quoted(schema, name)}", view=view))
        return found

    def query(self, sql: str) -> Stored:
        """Look at a select of the user's."""
        with _explained():
            return self._looked_at("", "query", f"from ({sql})", view=True)

    def rows(self, stored: Stored) -> pa.RecordBatchReader:
        """Read the rows."""
        with _explained():
            rows = self._connection.sql(stored.select).to_arrow_reader(_BATCH_ROWS)
        return pa.RecordBatchReader.from_batches(rows.schema, _watched(rows))

    def _looked_at(self, schema: str, table: str, relation: str, *, view: bool) -> Stored:
        described = [row[:2] for row in self._connection.execute(f"describe {relation}").fetchall()]
        cells = [_cell(place, type_) for place, (_, type_) in enumerate(described)]
        columns = tuple(
            Seen(column, f"c{place}", type_ if _is_time(type_) else "VARCHAR")
            for place, (column, type_) in enumerate(described)
        )
        given = ", ".join(f"r{place}" for place in range(len(described)))
        select = f"select {', '.join(cells)} from ({relation}) as rows({given})"
        return Stored(schema, table, select, columns, view)


def _watched(rows: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    with _explained():
        yield from rows


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Raise what goes wrong in a view or a query: that SQL is not ours. What is said of a value is left out."""
    try:
        with explained():
            yield
    except (
        duckdb.CatalogException,
        duckdb.BinderException,
        duckdb.ParserException,
        duckdb.PermissionException,
    ) as error:
        raise UnusableFileError(f"cannot be read: {inert(str(error).splitlines()[0], 160)}") from None
    except (duckdb.ConversionException, pa.ArrowException, OSError):
        raise UnusableFileError("cannot be read: a value of it cannot be computed") from None


def _cell(place: int, type_: str) -> str:
    """Give a cell as text, except for times, which text might cut short."""
    cell = f"r{place}" if _is_time(type_) else as_text(Seen("", f"r{place}", type_))
    return f"{cell} as c{place}"


def _is_time(type_: str) -> bool:
    return type_.startswith(("TIMESTAMP", "DATE"))
