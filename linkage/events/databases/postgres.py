"""Tables of a PostgreSQL server, copied through ADBC."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa

from linkage.events.database import Stored, quoted
from linkage.events.databases.connection import Connection, by_table, library
from linkage.events.databases.text_rows import text_schema
from linkage.events.formats.scan import columns_named
from linkage.events.reading import UnusableFileError
from linkage.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LONGEST_REASON = 200


def open_postgres(address: str) -> PostgresServer:
    """Connect to a server; what the address does not say, libpq finds in the environment and its files.

    Raises:
        MissingPartError: the optional part is not installed.
        UnusableFileError: there is no way in.
    """
    dbapi = library("adbc_driver_postgresql.dbapi", server="PostgreSQL", extra="postgres")
    with _explained(_secrets(address)):
        connection = dbapi.connect(address)
        return PostgresServer.over(connection)


class PostgresServer(Connection):
    """A PostgreSQL database, read in one transaction that changes nothing.

    Every value comes as the text that ``copy … with csv`` writes for it, so that a table and its export are the same
    rows. An address is written as ``inet`` shows it, an array as ``{a,b}``, JSON as it is stored.
    """

    schema = "public"

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - the library has no types
        super().__init__(connection)
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
            for setting, value in _SETTINGS.items():
                cursor.execute(f"set local {setting} = {value}")
        ((encoding,),) = self._fetched("select current_setting('server_encoding')")
        self._any_bytes = encoding == "SQL_ASCII"
        if self._any_bytes:  # then the server would refuse what is not UTF-8, and the table with it
            with connection.cursor() as cursor:
                cursor.execute("set local client_encoding = 'SQL_ASCII'")

    def tables(self) -> Sequence[Stored]:
        """List the tables and views that we may read, the columns that we may read of each."""
        with _explained():
            listed = self._fetched(_TABLES)
        columns_of = ((schema, name, view, (column, type_)) for schema, name, view, column, type_ in listed)
        return [
            _stored(schema, name, f"from {quoted(schema, name)}", columns, view=view)
            for schema, name, view, columns in by_table(columns_of)
        ]

    def query(self, sql: str) -> Stored:
        """Look at a select of the user's."""
        with _explained(), self._connection.cursor() as cursor:
            # Only looked at, not run.
            columns = [(field.name, "") for field in cursor.adbc_execute_schema(sql)]
        return _stored("", "query", f"from ({sql}) as rows", columns, view=True)

    def rows(self, stored: Stored) -> pa.RecordBatchReader:
        """Read the rows, as the server sends them."""
        schema = text_schema(len(stored.columns))
        return pa.RecordBatchReader.from_batches(schema, self._batches(stored, schema))

    def _batches(self, stored: Stored, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        with _explained(), self._connection.cursor() as cursor:
            cursor.execute(stored.select)
            for batch in cursor.fetch_record_batch():
                columns = (
                    [self._utf8(column) for column in batch.columns] if self._any_bytes else batch.columns
                )
                yield pa.RecordBatch.from_arrays(columns, schema=schema)

    def _fetched(self, query: str) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(query)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def _utf8(self, column: pa.Array) -> pa.Array:
        """Mend what a database without an encoding may hold."""
        try:
            column.validate(full=True)
        except pa.ArrowInvalid:
            raw = column.cast(pa.binary()).to_pylist()
            texts = [None if cell is None else cell.decode(errors="replace") for cell in raw]
            self._mended += sum("\ufffd" in text for text in texts if text is not None)
            return pa.array(texts, pa.string())
        return column


_SETTINGS = {
    "client_encoding": "'UTF8'",
    "timezone": "'UTC'",
    "datestyle": "'ISO, YMD'",
    "intervalstyle": "'postgres'",
    "bytea_output": "'hex'",
    "extra_float_digits": "1",
    # A table that is read twice is read in the same order, so that its rows have the same numbers.
    "synchronize_seqscans": "off",
    "max_parallel_workers_per_gather": "0",
}

# The parts of a divided table are read with the whole; columns that we may not read are none of ours.
_TABLES = """
    select space.nspname, rel.relname, rel.relkind in ('v', 'm'), col.attname, kind.typname
    from pg_catalog.pg_class as rel
    join pg_catalog.pg_namespace as space on space.oid = rel.relnamespace
    join pg_catalog.pg_attribute as col on col.attrelid = rel.oid
    join pg_catalog.pg_type as kind on kind.oid = col.atttypid
    where rel.relkind in ('r', 'p', 'f', 'v', 'm')
        and not rel.relispartition
        and rel.relpersistence <> 't'
        and space.nspname !~ '^pg_'
        and space.nspname <> 'information_schema'
        and col.attnum > 0
        and not col.attisdropped
        and has_schema_privilege(space.oid, 'usage')
        and has_column_privilege(rel.oid, col.attnum, 'select')
    order by space.nspname collate "C", rel.relname collate "C", col.attnum
"""
_PLAIN = ("text", "varchar")


def _stored(
    schema: str, table: str, relation: str, columns: Sequence[tuple[str, str]], *, view: bool
) -> Stored:
    cells = ", ".join(f"{_cell(column, type_)} as c{place}" for place, (column, type_) in enumerate(columns))
    seen = columns_named([column for column, _ in columns])
    return Stored(schema, table, f"select {cells} {relation}", seen, view)


def _cell(column: str, type_: str) -> str:
    """Write a cell as the type's own text; ``format`` asks the function that ``copy`` asks, and a cast might not."""
    cell = quoted(column)
    return cell if type_ in _PLAIN else f"nullif(format('%s', {cell}), '')"


def _secrets(address: str) -> tuple[str, ...]:
    """Find what of an address may be a password, as written and as meant: libpq quotes what it cannot use."""
    parts = urlsplit(address)
    given = [parts.netloc.rpartition("@")[0].partition(":")[2]]
    for each in parts.query.split("&"):
        name, _, value = each.partition("=")
        if "password" in name or len(value) > _LONGEST_WORD:
            given.append(value)
    return tuple({secret for value in given if value for secret in (value, unquote(value))})


_LONGEST_WORD = 6
"""Letters of what is surely no password but a word such as ``prefer`` or a number."""


@contextlib.contextmanager
def _explained(secrets: Sequence[str] = ()) -> Iterator[None]:
    """Raise what the server or libpq says as a sentence, without our query, without cells and without passwords."""
    import adbc_driver_manager  # noqa: PLC0415 - an optional part

    try:
        yield
    except adbc_driver_manager.Error as error:
        reason = _reason(str(error))
        for secret in secrets:
            reason = reason.replace(secret, "…")
        # 22 and 23 are faults of a value, which the sentence quotes.
        if (error.sqlstate or "")[:2] in {"22", "23"}:
            reason = _NO_VALUE
    except (pa.ArrowException, OSError) as error:  # while rows are sent, the library tells no SQLSTATE
        reason = _reason(str(error))
        reason = reason if _OF_THE_WAY.match(reason) else _NO_VALUE
    else:
        return
    raise UnusableFileError(f"cannot be read: {inert(reason, _LONGEST_REASON)}")


_NO_VALUE = "the server cannot compute a value of it"
_OF_THE_WAY = re.compile(
    r"canceling|terminating|server closed|SSL|could not receive|no connection|out of|permission denied"
    r"|cannot execute|invalid byte sequence"
)


def _reason(said: str) -> str:
    r"""Take the server's own sentence out of the library's.

    >>> _reason('NOT_FOUND: Failed to prepare query: ERROR:  column "x" does not exist\nLINE 1: select x')
    'column "x" does not exist'
    """
    told = re.search(r"(?:ERROR|FATAL):\s+(.*)", said) or re.search(r"Failed to connect: (.*)", said)
    return told[1] if told else said.partition("\n")[0]
