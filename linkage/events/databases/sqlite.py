"""Tables of an SQLite file, read by Python's own library."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from linkage.events.database import Stored, quoted
from linkage.events.databases.connection import Connection
from linkage.events.databases.text_rows import text_reader
from linkage.events.formats.scan import columns_named
from linkage.events.reading import UnusableFileError
from linkage.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa


def open_sqlite(path: str) -> SQLiteFile:
    """Open an SQLite file for reading only."""
    with _explained():
        # The rows are fetched by a thread of DuckDB's, one at a time.
        connection = sqlite3.connect(
            f"{Path(path).absolute().as_uri()}?mode=ro",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )
        return SQLiteFile.over(connection)


class SQLiteFile(Connection):
    """An SQLite file, open for reading."""

    schema = ""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        connection.text_factory = self._decoded
        # Its views are other people's SQL: they may call nothing but harmless functions.
        connection.execute("pragma trusted_schema = off")
        connection.execute("begin")
        # The moment all is read as of is that of the first reading.
        connection.execute("select count(*) from sqlite_master").fetchall()

    def tables(self) -> Sequence[Stored]:
        """List tables and views."""
        with _explained():
            listed = self._connection.execute(
                """
                select name, type = 'view'
                from sqlite_master
                where type in ('table', 'view') and name not like 'sqlite!_%' escape '!'
                order by name
                """
            ).fetchall()
        found = []
        for name, view in listed:
            # A view of what is not there can be read by nobody.
            with contextlib.suppress(sqlite3.Error):
                found.append(self._looked_at(name, f"select * from {quoted(name)}", view=bool(view)))
        return found

    def query(self, sql: str) -> Stored:
        """Look at a select of the user's."""
        with _explained():
            return self._looked_at("query", sql, view=True)

    def rows(self, stored: Stored) -> pa.RecordBatchReader:
        """Read the rows."""
        return text_reader(len(stored.columns), self._fetched(stored))

    def _fetched(self, stored: Stored) -> Iterator[Sequence[str | bytes | None]]:
        with _explained(), contextlib.closing(self._connection.execute(stored.select)) as cursor:
            yield from cursor

    def _looked_at(self, name: str, select: str, *, view: bool) -> Stored:
        described = self._connection.execute(f"select * from ({select}) limit 0").description
        columns = columns_named([column for column, *_ in described])
        names = ", ".join(f"r{place}" for place in range(len(columns)))
        # SQLite's own words for a number, as its shell writes them; bytes stay bytes.
        cells = ", ".join(
            f"case typeof(r{place}) when 'blob' then r{place} else cast(r{place} as text) end"
            for place in range(len(columns))
        )
        return Stored("", name, f"with rows({names}) as ({select}) select {cells} from rows", columns, view)


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise UnusableFileError(f"cannot be read: {inert(str(error), 160)}") from None
