"""Tables on Spark, under the few calls by which rooms use those of DuckDB."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from linkage.spark.dialect import translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd
    from pyspark.sql import DataFrame, SparkSession
    from sqlglot import exp


_FEW = 1 << 22
"""Bytes of rows up to which they travel with the plan."""


class SparkDatabase:
    """A Spark that is spoken to as though it were DuckDB: a select, a table made of one, a table dropped.

    Each table is written down as Parquet in a folder that all of Spark reaches, until it is dropped: where the plan of
    a table held those of all before it, planning would take longer than the work, and a machine that is lost would take
    them all along.

    Args:
        session: the Spark.
        scratch: that folder.
    """

    def __init__(self, session: SparkSession, scratch: str) -> None:
        self.session = session
        self._scratch = scratch
        self._kept: set[str] = set()
        self._handed: dict[str, DataFrame] = {}
        self._known: set[str] = set()

    def execute(self, query: str, parameters: Sequence[Any] = ()) -> Rows:
        """Run one statement."""
        from sqlglot import exp  # noqa: PLC0415 - an optional part

        from linkage.spark.numbering import number, numbering  # noqa: PLC0415 - an optional part

        statement = translated(query, parameters)
        tree = statement.tree
        for name, text in statement.texts.items():
            if name not in self._known:
                from pyspark.sql.functions import arrow_udf  # noqa: PLC0415 - an optional part

                self.session.udf.register(name, arrow_udf(text.function(), text.type))
                self._known.add(name)
        if isinstance(tree, exp.Drop):
            self._forget(_named(tree))
            return Rows(self.session.range(0))
        if isinstance(tree, exp.Create):
            name = _named(tree)
            handed = self._handed.get(f"{name}_in")
            if handed is not None:  # rows of this program: they are in the plan itself, and few
                handed.createOrReplaceTempView(name)
                return Rows(handed)
            found = numbering(tree.expression)
            if found is not None:
                frame = self.session.sql(statement.sql(found.tree), args=statement.values)
                frame = number(frame, found, f"{self._scratch}/{name}")
                frame.createOrReplaceTempView(name)
                self._kept.add(name)
                return Rows(frame)
            frame = self.session.sql(statement.sql(tree.expression), args=statement.values)
            if tree.kind == "VIEW":
                frame.createOrReplaceTempView(name)
            else:
                self.keep(name, frame)
            return Rows(frame)
        return Rows(self.session.sql(statement.sql(), args=statement.values))

    def sql(self, query: str) -> Rows:
        """Run a select."""
        return self.execute(query)

    def register(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> None:
        """Hand rows over under a name."""
        table = rows if isinstance(rows, pa.Table) else rows.read_all()
        frame = self.session.createDataFrame(_portable(table))
        frame.createOrReplaceTempView(name)
        if table.nbytes <= _FEW:
            self._handed[name] = frame

    def unregister(self, name: str) -> None:
        """Forget a name; what was made of its rows stays."""
        self.session.catalog.dropTempView(name)
        self._handed.pop(name, None)

    def keep(self, name: str, frame: DataFrame) -> None:
        """Write the rows of a frame down under a name."""
        path = f"{self._scratch}/{name}"
        frame.write.parquet(path)
        self.session.read.schema(frame.schema).parquet(path).createOrReplaceTempView(name)
        self._kept.add(name)

    def transform(  # noqa: PLR0913 - as ``linkage.tables.transform``
        self,
        source: str,
        target: str,
        change: Callable[[pa.RecordBatch], pa.RecordBatch],
        schema: pa.Schema,
        *,
        together: str = "",
        order: str = "",
    ) -> None:
        """Put every row of a table through a function, where the rows are, and keep what comes out.

        Args:
            source: the name of the table.
            target: the name of what comes out.
            change: makes batches of batches.
            schema: what it makes.
            together: a column; rows that are alike in it come in one batch.
            order: the order of those.
        """
        from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 - an optional part

        def changed(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            return map(_zoned, map(change, whole(batches, together) if together else batches))

        frame = self.session.table(source)
        if together:
            parts = int(self.session.conf.get("spark.sql.shuffle.partitions") or 0)
            frame = frame.repartition(parts, together).sortWithinPartitions(together, order or together)
        self.keep(target, frame.mapInArrow(changed, from_arrow_schema(schema)))

    def reached(self, address: str) -> str:
        """Write an address as Hadoop knows it: what others call s3 is s3a there, unless somebody has said otherwise."""
        settings = self.session.sparkContext._jsc.hadoopConfiguration()  # noqa: SLF001 - the only way to ask
        if address.startswith("s3://") and not settings.get("fs.s3.impl"):
            return address.replace("s3://", "s3a://", 1)
        return address

    def close(self) -> None:
        """Forget everything that was kept, and the folder with it."""
        with suppress(Exception):  # a Spark that is gone must not hide why it went
            for name in self._kept:
                self.session.catalog.dropTempView(name)
            self._delete(self._scratch)
        self._kept.clear()

    def _forget(self, name: str) -> None:
        self.session.catalog.dropTempView(name)
        if name in self._kept:
            self._kept.remove(name)
            self._delete(f"{self._scratch}/{name}")

    def _delete(self, folder: str) -> None:
        java = self.session.sparkContext._jvm  # noqa: SLF001 - folders of any sort are deleted by Hadoop's word
        path = java.org.apache.hadoop.fs.Path(folder)
        settings = self.session.sparkContext._jsc.hadoopConfiguration()  # noqa: SLF001 - as above
        path.getFileSystem(settings).delete(path, True)


@dataclass(frozen=True)
class Rows:
    """What a statement gives, worked out when it is fetched.

    Args:
        frame: a frame of Spark.
    """

    frame: Any

    @property
    def description(self) -> list[tuple[str]]:
        """The names of the columns, each first in its tuple."""
        return [(name,) for name in self.frame.columns]

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Fetch every row."""
        table = self.to_arrow_table()
        columns = [column.to_pylist() for column in table.columns]
        return list(zip(*columns, strict=True)) if columns else []

    def to_arrow_table(self) -> pa.Table:
        """Fetch the rows as an Arrow table."""
        return _plain(self.frame.toArrow())

    def to_arrow_reader(self, rows: int) -> pa.RecordBatchReader:
        """Fetch the rows as batches of no more than so many."""
        table = self.to_arrow_table()
        return pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=rows))

    def df(self) -> pd.DataFrame:
        """Fetch the rows as a pandas frame."""
        frame: pd.DataFrame = self.to_arrow_table().to_pandas()
        return frame


def whole(batches: Iterator[pa.RecordBatch], together: str) -> Iterator[pa.RecordBatch]:
    """Cut ordered batches anew, so that rows that are alike in a column are in one.

    >>> cut = [pa.record_batch({"n": [1, 2]}), pa.record_batch({"n": [2, 2]}), pa.record_batch({"n": [3]})]
    >>> [batch["n"].to_pylist() for batch in whole(iter(cut), "n")]
    [[1, 2, 2, 2], [3]]
    """
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        if not len(batch):
            continue
        column = batch[together]
        last = len(batch) - pc.index(pc.equal(column, column[-1]), value=True).as_py()
        if waiting and waiting[-1][together][-1] != column[-1]:
            yield _joined([*waiting, batch.slice(0, len(batch) - last)])
            waiting = [batch.slice(len(batch) - last)]
        else:
            waiting.append(batch)
    if waiting:
        yield _joined(waiting)


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    return pa.Table.from_batches(batches).combine_chunks().to_batches()[0]


def _named(tree: exp.Expr) -> str:
    """Give the name of the table that a statement makes or drops."""
    from sqlglot import exp  # noqa: PLC0415 - an optional part

    return str(next(iter(tree.find_all(exp.Table))).name)


def _portable(table: pa.Table) -> pa.Table:
    """Write columns in types that Spark has: unsigned numbers by their bits, which are only compared."""
    columns = [_portable_column(column) for column in table.columns]
    # PySpark does not take a column without a piece.
    whole_ones = [
        each if each.num_chunks else pa.chunked_array([pa.array([], each.type)]) for each in columns
    ]
    return pa.table(whole_ones, names=table.column_names)


def _portable_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_uint64(column.type):
        return pa.chunked_array([chunk.view(pa.int64()) for chunk in column.chunks], pa.int64())
    if pa.types.is_unsigned_integer(column.type):
        return column.cast(pa.int64())
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("us", "UTC"))
    return column


def _zoned(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Write times as Spark has them."""
    for place, column in enumerate(batch.columns):
        if pa.types.is_timestamp(column.type):
            batch = batch.set_column(place, batch.schema.names[place], column.cast(pa.timestamp("us", "UTC")))
    return batch


def _plain(table: pa.Table | pa.RecordBatch) -> pa.Table | pa.RecordBatch:
    """Write times as the rooms have them: in UTC, without saying so."""
    for place, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type) and field.type.tz is not None:
            column = table.column(place).cast(pa.timestamp("us"))
            table = table.set_column(place, field.name, column)
    return table
