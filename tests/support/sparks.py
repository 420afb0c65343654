"""Spark and DuckDB side by side."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from linkage.spark.session import open_spark
from linkage.tables import open_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from linkage.spark.database import SparkDatabase

ENGINE = "local[2]"


def need_spark() -> None:
    """Skip where PySpark or Java is not installed."""
    pytest.importorskip("pyspark")
    pytest.importorskip("sqlglot")
    if shutil.which("java") is None:
        pytest.skip("no Java here")


@contextmanager
def spark(folder: Path) -> Iterator[SparkDatabase]:
    """Open a Spark whose tables are kept in a folder."""
    from linkage.spark.database import SparkDatabase  # noqa: PLC0415 - an optional part

    database = SparkDatabase(open_spark(ENGINE), f"file://{folder}")
    try:
        yield database
    finally:
        database.close()


def differing(first: pa.Table, second: pa.Table) -> list[tuple[object, ...]]:
    """List rows that one of two tables has more often than the other; none where they are the same rows.

    >>> import pyarrow as pa
    >>> differing(pa.table({"n": [1, 2]}), pa.table({"n": [2, 1]}))
    []
    """
    assert first.schema == second.schema
    database = open_database()
    database.register("first", first)
    database.register("second", second)
    return database.execute(
        """
        (from first except all from second) union all (from second except all from first) limit 5
        """
    ).fetchall()
