"""Expressions over text, worked out by DuckDB on the batches that Spark hands out: no other takes text apart as it does."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlglot import exp

_TYPES = {
    "VARCHAR": "string",
    "VARCHAR[]": "array<string>",
    "BOOLEAN": "boolean",
    "BIGINT": "bigint",
    "INTEGER": "int",
}


@dataclass(frozen=True)
class TextExpression:
    """An expression over the text columns of one row.

    Args:
        sql: it, in DuckDB's words, over ``c0``, ``c1``, …
        columns: the name and, where it has one, the table of each column it reads.
        values: what is bound in it, by name.
    """

    sql: str
    columns: tuple[tuple[str, str | None], ...]
    values: dict[str, Any]

    @classmethod
    def of(cls, tree: exp.Expr, parameters: list[Any], bound: str) -> TextExpression:
        """Take an expression out of its statement.

        Args:
            tree: the expression.
            parameters: what is bound in the statement.
            bound: what the names of bound values begin with.
        """
        from sqlglot import exp  # noqa: PLC0415 - executors have no need of it

        tree = tree.copy()
        values, columns = {}, []
        # Names that a lambda gives are no columns.
        own = {name.name for each in tree.find_all(exp.Lambda) for name in each.expressions}
        for column in list(tree.find_all(exp.Column)):
            if column.name in own and not column.table:
                continue
            if column.name.startswith(bound) and not column.table:
                values[column.name] = parameters[int(column.name.removeprefix(bound))]
                put = exp.Parameter(this=exp.var(column.name))
            else:
                key = (column.name, column.table or None)
                if key not in columns:
                    columns.append(key)
                put = exp.column(f"c{columns.index(key)}")
            if column is tree:
                tree = put
            else:
                column.replace(put)
        return cls(tree.sql(dialect="duckdb"), tuple(columns), values)

    @property
    def name(self) -> str:
        """The name of its function, the same for the same expression."""
        told = repr((self.sql, len(self.columns), sorted(self.values.items())))
        return f"text_{hashlib.sha256(told.encode()).hexdigest()[:16]}"

    @property
    def type(self) -> str:
        """What it gives, in Spark's words."""
        empty = pa.table({f"c{place}": pa.array([], pa.string()) for place in range(len(self.columns))})
        database = duckdb.connect()
        database.register("batch", empty)
        described = database.execute(
            f"describe select {self.sql} as found from batch", self.values
        ).fetchall()
        return _TYPES[described[0][1]]

    def function(self) -> Callable[..., pa.Array]:
        """Give the function of whole columns that works it out."""
        return by_duckdb(self.sql, self.values)


def by_duckdb(sql: str, values: dict[str, Any]) -> Callable[..., pa.Array]:
    """Give the function of whole columns ``c0``, ``c1``, … that works out an expression.

    >>> by_duckdb("upper(trim(c0)) || $word", {"word": "!"})(pa.array([" né ", None])).to_pylist()
    ['NÉ!', None]
    """

    def worked_out(*columns: pa.Array) -> pa.Array:
        rows = pa.table({f"c{place}": column for place, column in enumerate(columns)})
        found = select(f"select {sql} as found from batch", rows, values)["found"]
        return found.combine_chunks() if found.num_chunks != 1 else found.chunk(0)

    return worked_out


def select(query: str, rows: pa.Table, values: Mapping[str, Any] | Sequence[Any] = ()) -> pa.Table:
    """Run a select over ``batch``, the rows that are handed over.

    >>> select("select n + 1 as n from batch", pa.table({"n": [1, 2]})).to_pylist()
    [{'n': 2}, {'n': 3}]
    """
    database = _database()
    database.register("batch", rows)
    try:
        return database.sql(query, params=values or None).to_arrow_table()
    finally:
        database.unregister("batch")


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """Open one database a program, of one core: the others have work of their own."""
    database = duckdb.connect(config={"threads": 1})
    database.execute("set timezone = 'UTC'")
    database.execute("set enable_progress_bar = false")
    return database
