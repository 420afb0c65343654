"""Worlds on disk: CSV, compressed where it is large."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from linkage.progress import at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

COMPRESSED = ("events", "reference")


def write(world_tables: Mapping[str, pa.Table], folder: Path) -> tuple[Path, ...]:
    """Write each table of a world into ``folder``: ``accounts.csv``, ``events.csv.gz``, and so on.

    The same tables give the same bytes. Files of these names are replaced, others left alone.

    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [file.name for file in write({"truth": pa.table({"account_id": ["a"]})}, pathlib.Path(folder))]
    ['truth.csv']
    """
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_write(name, table, folder) for name, table in world_tables.items())


def _write(name: str, table: pa.Table, folder: Path) -> Path:
    path = folder / (f"{name}.csv.gz" if name in COMPRESSED else f"{name}.csv")
    at(f"writing {path.name}")
    buffer = pa.BufferOutputStream()
    csv.write_csv(_readable(table), buffer)
    text = buffer.getvalue().to_pybytes()
    # No time of writing inside, so that the bytes depend on the tables alone.
    path.write_bytes(gzip.compress(text, mtime=0) if path.suffix == ".gz" else text)
    return path


def _readable(table: pa.Table) -> pa.Table:
    """Write moments as everybody's log does: 2026-09-01T08:00:00Z."""
    for place, column in enumerate(table.schema):
        if pa.types.is_timestamp(column.type):
            text = pc.strftime(table[column.name], format="%Y-%m-%dT%H:%M:%SZ")
            table = table.set_column(place, column.name, text)
    return table
