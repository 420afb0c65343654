"""Tables of a MySQL or MariaDB server, read by PyMySQL."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from linkage.events.database import Stored
from linkage.events.databases.connection import Connection, by_table, library
from linkage.events.databases.text_rows import text_reader
from linkage.events.formats.scan import columns_named
from linkage.events.reading import UnusableFileError
from linkage.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

_PASSWORD = "MYSQL_PWD"  # noqa: S105 - where MySQL's own programs look for it


def open_mysql(address: str) -> MySQLServer:
    """Connect to a server; a password is looked for in the environment and in ``~/.my.cnf``.

    Raises:
        MissingPartError: the optional part is not installed.
        UnusableFileError: there is no way in.
    """
    pymysql = library("pymysql", server="MySQL", extra="mysql")
    with _explained():
        connection = pymysql.connect(**_way_to(address), charset="utf8mb4", conv={}, autocommit=True)
        return MySQLServer.over(connection, unquote(urlsplit(address).path.removeprefix("/")))


class MySQLServer(Connection):
    """A MySQL database, read in one transaction that changes nothing; every value as the server writes it."""

    def __init__(self, connection: Any, schema: str) -> None:  # noqa: ANN401 - the library has no types
        super().__init__(connection)
        self.schema = schema
        with connection.cursor() as cursor:
            cursor.execute("set time_zone = '+00:00'")
            cursor.execute("set session transaction isolation level repeatable read")
            cursor.execute("start transaction with consistent snapshot, read only")

    def tables(self) -> Sequence[Stored]:
        """List the tables and views of the database that the address names, or of all."""
        with _explained(), self._connection.cursor() as cursor:
            cursor.execute(_TABLES, (self.schema, self.schema))
            listed = cursor.fetchall()
        columns_of = ((schema, name, type_ == "VIEW", column) for schema, name, type_, column in listed)
        return [
            Stored(schema, name, _select(schema, name, columns), columns_named(columns), view)
            for schema, name, view, columns in by_table(columns_of)
        ]

    def query(self, sql: str) -> Stored:
        """Look at a select of the user's."""
        with _explained(), self._connection.cursor() as cursor:
            cursor.execute(f"select * from ({sql}) as looked_at limit 0")
            columns = [column for column, *_ in cursor.description]
        return Stored("", "query", sql, columns_named(columns), view=True)

    def rows(self, stored: Stored) -> pa.RecordBatchReader:
        """Read the rows, as the server sends them."""
        return text_reader(len(stored.columns), self._fetched(stored))

    def _fetched(self, stored: Stored) -> Iterator[Sequence[str | bytes | None]]:
        from pymysql.cursors import SSCursor  # noqa: PLC0415 - an optional part

        with _explained(), self._connection.cursor(SSCursor) as cursor:
            cursor.execute(stored.select)
            yield from cursor.fetchall_unbuffered()


_TABLES = """
    select tables.table_schema, tables.table_name, tables.table_type, columns.column_name
    from information_schema.tables as tables
    join information_schema.columns as columns using (table_schema, table_name)
    where (tables.table_schema = %s or %s = '')
        and tables.table_schema not in ('information_schema', 'mysql', 'performance_schema', 'sys')
    order by binary tables.table_schema, binary tables.table_name, columns.ordinal_position
"""


def _way_to(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    if parts.query:
        raise UnusableFileError("its address takes only table= and query=; put other settings into ~/.my.cnf")
    if "," in parts.netloc:
        raise UnusableFileError("its address names several servers; name one")
    given: dict[str, Any] = {
        "host": parts.hostname or "127.0.0.1",
        "port": parts.port or 3306,
        "database": unquote(parts.path.removeprefix("/")) or None,
    }
    if parts.username:
        given["user"] = unquote(parts.username)
    password = unquote(parts.password or "") or os.environ.get(_PASSWORD)
    if password:
        given["password"] = password
    settings = Path("~/.my.cnf").expanduser()
    return given | ({"read_default_file": str(settings)} if settings.is_file() else {})


def _select(schema: str, table: str, columns: Sequence[str]) -> str:
    return f"select {', '.join(map(_quoted, columns))} from {_quoted(schema)}.{_quoted(table)}"


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Raise what the server says as a sentence; never what it says of a value, for that quotes it."""
    import pymysql  # noqa: PLC0415 - an optional part

    try:
        yield
    except (pymysql.Error, RuntimeError) as error:
        number, said = (*error.args, "")[:2] if error.args else ("", "")
        told = f": {inert(str(said), 160)}" if number in _OF_NAMES else ""
        raise UnusableFileError(f"cannot be read (MySQL error {number}){told}") from None


# No way in, no permission, no such database, table or column, a mistake in a query, a connection that was lost.
_OF_NAMES = frozenset(
    {1040, 1044, 1045, 1049, 1054, 1064, 1130, 1142, 1143, 1146, 2002, 2003, 2005, 2006, 2013, 2026}
)
