"""Rows numbered in one order over all machines: a window over everything would put them all on one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_KEY = "ordered_by_"
_PART = 33
"""The bits of a row's place within its part, in the numbers that Spark gives out in order."""


@dataclass(frozen=True)
class Numbering:
    """A statement whose rows are numbered.

    Args:
        tree: it, with the columns that the rows are ordered by in the place of the number, and in that order.
        keys: the names of those columns.
        name: the name of the number.
        first: the number of the first row.
        before: how many columns stand before it.
    """

    tree: exp.Expr
    keys: tuple[str, ...]
    name: str
    first: int
    before: int


def numbering(tree: exp.Expr) -> Numbering | None:
    """Find what numbers all rows of a statement, if anything does, and take it out.

    >>> import sqlglot
    >>> said = sqlglot.parse_one("select row_number() over (order by a, b desc) - 1 as n, a from t")
    >>> found = numbering(said)
    >>> found.tree.sql()
    'SELECT * FROM (SELECT a AS ordered_by_0, b AS ordered_by_1, a FROM t) AS numbered ORDER BY ordered_by_0, ordered_by_1 DESC'
    >>> found.name, found.first, found.before
    ('n', 0, 0)

    Rows that are numbered as they come out of an order are numbered in that order.

    >>> said = sqlglot.parse_one("select row_number() over () as n, a from (select a from t order by a)")
    >>> found = numbering(said)
    >>> found.keys, found.first
    (('ordered_by_0',), 1)
    """
    inner = tree
    while isinstance(inner, exp.Select) and inner.is_star:
        source = _source(inner)
        if not isinstance(source, exp.Subquery):
            break
        inner = source.this
    if not isinstance(inner, exp.Select):
        return None
    for before, column in enumerate(inner.expressions):
        window = _window(column)
        order = None if window is None else window.args.get("order") or _order_of_source(inner)
        if order is not None:
            return _taken_out(tree, inner, before, column, order)
    return None


def number(frame: DataFrame, found: Numbering, path: str) -> DataFrame:
    """Write ordered rows down, and give them with their numbers.

    Args:
        frame: the rows of ``found.tree``.
        found: how they are numbered.
        path: where they are written.
    """
    from pyspark.sql import functions as F  # noqa: PLC0415, N812 - an optional part; as everybody calls it

    session = frame.sparkSession
    # Numbers rise from part to part, with gaps between these: what is counted of each part closes them.
    marked = frame.drop(*found.keys).withColumn(found.name, F.monotonically_increasing_id())
    marked.write.parquet(path)
    written = session.read.schema(marked.schema).parquet(path)
    part = F.shiftrightunsigned(found.name, _PART)
    counts = dict(written.groupBy(part.alias("part")).count().collect())
    starts: dict[int, int] = {}
    start = found.first
    for each in sorted(counts):
        starts[each] = start
        start += counts[each]
    place = F.col(found.name).bitwiseAND((1 << _PART) - 1)
    if starts:
        place += F.create_map(*[F.lit(word) for pair in starts.items() for word in pair])[part]
    columns = [name for name in written.columns if name != found.name]
    columns.insert(found.before, found.name)
    return written.withColumn(found.name, place.cast("bigint")).select(*columns)


def _source(select: exp.Select) -> exp.Expr | None:
    source = select.args.get("from_") or select.args.get("from")
    return None if source is None or select.args.get("joins") else source.this


def _window(column: exp.Expr) -> exp.Window | None:
    """Give the window of a number over all rows."""
    bare = column.unalias()
    bare = bare.this if isinstance(bare, exp.Sub) else bare
    bare = bare.this if isinstance(bare, exp.Cast) else bare
    whole = isinstance(bare, exp.Window) and isinstance(bare.this, exp.RowNumber)
    return bare if whole and not bare.args.get("partition_by") else None


def _order_of_source(select: exp.Select) -> exp.Expr | None:
    """Give the order in which rows come that are numbered as they come."""
    source = _source(select)
    return source.this.args.get("order") if isinstance(source, exp.Subquery) else None


def _taken_out(
    tree: exp.Expr, inner: exp.Select, before: int, column: exp.Expr, order: exp.Expr
) -> Numbering:
    ordered = order.expressions
    keys = tuple(f"{_KEY}{place}" for place in range(len(ordered)))
    columns = list(inner.expressions)
    columns[before : before + 1] = [
        exp.alias_(each.this.copy(), key) for each, key in zip(ordered, keys, strict=True)
    ]
    by = [each.copy() for each in ordered]
    for each, key in zip(by, keys, strict=True):
        each.set("this", exp.column(key))
    inner.set("expressions", columns)
    inner.set("order", None)  # that of the number
    name, first = column.alias, 0 if isinstance(column.unalias(), exp.Sub) else 1
    outer = exp.select("*").from_(tree.subquery("numbered")).order_by(*by)
    return Numbering(outer, keys, name, first, before)
