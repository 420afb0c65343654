"""Tables that flow between rooms: rows kept by DuckDB, reached by name, made by ``derive``."""

from __future__ import annotations

import errno
import itertools
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

import duckdb

from linkage.errors import DataError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

    from linkage.errors import LinkageError

_names = itertools.count()


class Database(Protocol):
    """What holds rows: a connection of DuckDB, or whatever runs its statements elsewhere (see ``linkage.spark``)."""

    def execute(self, query: str, parameters: Any = ..., /) -> Any:  # noqa: ANN401 - DuckDB's own words
        """Run one statement."""

    def sql(self, query: str, /) -> Any:  # noqa: ANN401 - as above
        """Run a select."""

    def register(self, name: str, rows: Any, /) -> Any:  # noqa: ANN401 - as above
        """Hand rows over under a name."""

    def unregister(self, name: str, /) -> Any:  # noqa: ANN401 - as above
        """Forget a name."""


class Elsewhere(Database, Protocol):
    """One whose rows are in other programs, which take work to them."""

    def transform(  # noqa: PLR0913 - as ``transform`` of this file
        self,
        source: str,
        target: str,
        change: Callable[[pa.RecordBatch], pa.RecordBatch],
        schema: pa.Schema,
        *,
        together: str,
        order: str,
    ) -> None:
        """Put every row of a table through a function, and keep what comes out under a name."""


@dataclass(frozen=True)
class Table:
    """Rows in a database, reached by name.

    Args:
        database: the open connection that holds the rows.
        name: the table's or view's name there; one of ours, never a user's.
    """

    database: Database
    name: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        described = self.database.execute(f"select * from {self.name} limit 0").description
        return tuple(column[0] for column in described or ())

    def __len__(self) -> int:
        return int(self.one(f"select count(*) from {self.name}")[0])

    def one(self, query: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...]:
        """Run a select that gives exactly one row."""
        rows = self.database.execute(query, list(parameters)).fetchall()
        (row,) = rows
        return tuple(row)

    def rows(self, order: str = "all") -> list[tuple[Any, ...]]:
        """Fetch every row, ordered by ``order`` (column names, or ``all``)."""
        rows: list[tuple[Any, ...]]
        rows = self.database.execute(f"select * from {self.name} order by {order}").fetchall()
        return rows

    def arrow(self, order: str | None = None) -> pa.Table:
        """Fetch the rows as an Arrow table."""
        ordered = f" order by {order}" if order else ""
        return self.database.sql(f"select * from {self.name}{ordered}").to_arrow_table()

    def batches(self, order: str | None = None, rows: int = 100_000) -> Iterator[pa.RecordBatch]:
        """Fetch the rows as Arrow batches, so that no more than ``rows`` stand in memory at once.

        The connection is busy until the last batch is taken.
        """
        ordered = f" order by {order}" if order else ""
        yield from self.database.sql(f"select * from {self.name}{ordered}").to_arrow_reader(rows)

    def frame(self, order: str = "all") -> pd.DataFrame:
        """Fetch the rows as a pandas frame."""
        rows: pd.DataFrame = self.database.execute(f"select * from {self.name} order by {order}").df()
        return rows

    def drop(self) -> None:
        """Forget the rows, where they are large and no longer needed."""
        self.database.execute(f"drop table if exists {self.name}")


@dataclass(frozen=True)
class Logs:
    """The checked input tables, each there even when empty.

    ``accounts``: account_id, created_at, org, email_domain, plan, extraction_score, status, extra.
    ``events``: account_id, happened_at, ip, asn, prompt, prompt_signature, system_prompt,
    response_tokens, prompt_tokens, model, user_agent, extra.
    ``payments``: account_id, fingerprint, bin, happened_at.
    ``allowlist``: kind, value, reason, until. ``known_shared``: kind, value, why.
    ``partner_signals``: account_id, signal, happened_at.
    ``reference``: an earlier period's events. ``reference_frequencies``: kind, identifier, accounts, total.
    """

    accounts: Table
    events: Table
    payments: Table
    allowlist: Table
    known_shared: Table
    partner_signals: Table
    reference: Table
    reference_frequencies: Table


def open_database(
    path: Path | None = None, *, memory: str | None = None, reading: bool = False
) -> duckdb.DuckDBPyConnection:
    """Open (or create) a DuckDB file; without a path, a database in memory.

    Args:
        path: the file; its spill folder stands beside it.
        memory: DuckDB's memory limit, such as ``"4GB"``; its own default when None.
        reading: whether the file is only read, as several programs can at once; temporary tables can be made.
    """
    database = duckdb.connect(str(path) if path else ":memory:", read_only=reading)
    database.execute("set timezone = 'UTC'")
    # In Jupyter without ipywidgets DuckDB cannot draw a bar, and refuses even to be told not to.
    with suppress(duckdb.InvalidInputException):
        database.execute("set enable_progress_bar = false")
    if memory:
        _limit(database, memory)
    return database


@contextmanager
def leaving_room(database: Database, size: int) -> Iterator[None]:
    """Let tables take so many bytes less, for arrays that stand beside them; but a quarter of their memory at least.

    >>> database = open_database(memory="2GB")
    >>> limit = "select current_setting('memory_limit')"
    >>> with leaving_room(database, 1 << 30):
    ...     database.execute(limit).fetchall()
    [('819.1 MiB',)]
    >>> database.execute(limit).fetchall()
    [('1.8 GiB',)]
    """
    if not isinstance(database, duckdb.DuckDBPyConnection):
        yield
        return
    # The setting itself is told rounded.
    asked = f"select getvariable('{_GIVEN}'), parse_formatted_bytes(current_setting('memory_limit'))"
    ((given, most),) = database.execute(asked).fetchall()
    # What cannot leave memory just now may stay.
    with suppress(duckdb.OutOfMemoryException):
        _limit(database, f"{max(most - size, most // 4)}B")
    try:
        yield
    finally:
        _limit(database, given)


def _limit(database: duckdb.DuckDBPyConnection, memory: str | None) -> None:
    """Say how much memory tables may take, and remember it as it was said; without it, what DuckDB takes by itself."""
    if memory:
        database.execute("set memory_limit = ?", [memory])
    else:
        database.execute("reset memory_limit")
    database.execute(f"set variable {_GIVEN} = ?", [memory])


_GIVEN = "memory_given"
"""What of a connection says how much memory its tables were given, where somebody said so."""


def derive(query: str, parameters: Sequence[Any] = (), /, **tables: Table) -> Table:
    """Run one select over named tables and keep its rows as a new table.

    The names given are the names used in the query. Values are bound as ``?``, never pasted.

    >>> import pyarrow as pa
    >>> numbers = from_arrow(open_database(), pa.table({"n": [1, 2, 3]}))
    >>> derive("select n * ? as n from numbers where n > 1", [10], numbers=numbers).rows()
    [(20,), (30,)]
    """
    database = next(iter(tables.values())).database
    name = fresh_name()
    database.execute(f"create temp table {name} as {over_tables(query, tables)}", list(parameters))
    return Table(database, name)


def fetch(query: str, parameters: Sequence[Any] = (), /, **tables: Table) -> pa.Table:
    """Run one select over named tables of this program, and hand its rows over without keeping them.

    >>> import pyarrow as pa
    >>> numbers = from_arrow(open_database(), pa.table({"n": [1, 2, 3]}))
    >>> fetch("select n from numbers where n > ? order by n", [1], numbers=numbers)["n"].to_pylist()
    [2, 3]
    """
    database = cast("duckdb.DuckDBPyConnection", next(iter(tables.values())).database)
    return database.sql(over_tables(query, tables), params=list(parameters)).to_arrow_table()


def over_tables(query: str, tables: Mapping[str, Table]) -> str:
    """Write a select in which tables go by the names that are given to them."""
    named = ", ".join(f"{word} as not materialized (from {table.name})" for word, table in tables.items())
    return f"with {named} select * from ({query})"


def from_arrow(database: Database, rows: pa.Table | pa.RecordBatchReader) -> Table:
    """Hand Python or Arrow values over to the database as a table."""
    name = fresh_name()
    database.register(f"{name}_in", rows)
    database.execute(f"create temp table {name} as from {name}_in")
    database.unregister(f"{name}_in")
    return Table(database, name)


def transform(
    table: Table,
    change: Callable[[pa.RecordBatch], pa.RecordBatch],
    schema: pa.Schema,
    *,
    together: str = "",
    order: str = "",
) -> Table:
    """Put every row through a function of Python, some thousand rows at a time, where the rows are.

    Args:
        table: the rows.
        change: makes a batch of a batch. It may run in another program: it needs nothing but what it is given.
        schema: the columns that it makes.
        together: a column; rows that are alike in it come in one batch, one after the other.
        order: the order of those; without ``together`` it says nothing.

    >>> import pyarrow as pa
    >>> numbers = from_columns(open_database(), {"n": "integer"}, {"n": [1, 2]})
    >>> doubled = lambda batch: pa.record_batch({"twice": [2 * n for n in batch["n"].to_pylist()]})
    >>> transform(numbers, doubled, pa.schema([("twice", pa.int64())])).rows()
    [(2,), (4,)]
    """
    import pyarrow as pa  # noqa: PLC0415 - commands that read no rows do without

    if is_here(table):
        # All of it is read first: a connection has one result at a time.
        batches = (
            table.arrow(f"{together}, {order or together}").combine_chunks().to_batches()
            if together
            else table.batches()
        )
        return from_arrow(table.database, pa.Table.from_batches([change(batch) for batch in batches], schema))
    name = fresh_name()
    cast("Elsewhere", table.database).transform(
        table.name, name, change, schema, together=together, order=order
    )
    return Table(table.database, name)


def is_here(table: Table) -> bool:
    """Say whether the rows are in a DuckDB of this program."""
    return isinstance(table.database, duckdb.DuckDBPyConnection)


def from_columns(database: Database, types: Mapping[str, str], columns: Mapping[str, Iterable[Any]]) -> Table:
    """Hand plain Python values over to the database as a table.

    ``from_arrow`` is quicker from a million rows on; but to make Arrow arrays of plain values, pyarrow loads pandas.

    Args:
        database: the open connection.
        types: the type of each column in DuckDB's words.
        columns: the values of each, of equal length.

    >>> from_columns(open_database(), {"n": "integer", "word": "varchar"}, {"n": [2, 1], "word": ["b", None]}).rows()
    [(1, None), (2, 'b')]
    """
    name = fresh_name()
    listed = ", ".join(f"unnest(?::{kind}[]) as {column}" for column, kind in types.items())
    values = [list(columns[column]) for column in types]
    database.execute(f"create temp table {name} as select {listed}", values)
    return Table(database, name)


def mendable(error: Exception) -> LinkageError | None:
    """Say an error of the database as one that the user can mend; None where it is none of these.

    >>> str(mendable(duckdb.OutOfMemoryException("could not allocate block")))
    'the tables need more memory than they may take: give more with --memory, such as --memory 8GB'
    """
    if _is_full(error):
        return DataError(
            "the disk is full: make room beside the case and in the folder for temporary files (TMPDIR names another)"
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return SettingsError(
            "the tables need more memory than they may take: give more with --memory, such as --memory 8GB"
        )
    return None


def _is_full(error: Exception) -> bool:
    """Say whether there was no room: for a file, for a change when it was to stand, or for what memory cannot hold."""
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    said = str(error).lower()
    return isinstance(error, duckdb.Error) and any(words in said for words in _FULL)


_FULL = ("no space left", "disk quota exceeded", "max_temp_directory_size")
"""The last is DuckDB's own bound for what it spills: nine tenths of what was free."""


def fresh_name() -> str:
    """Give a name that no table has."""
    return f"t{next(_names)}"
