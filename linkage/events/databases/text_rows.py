"""Rows that a library gives one by one, as text in batches."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_BATCH_ROWS = 10_000


def text_reader(columns: int, rows: Iterable[Sequence[str | bytes | None]]) -> pa.RecordBatchReader:
    r"""Read rows as text, a batch at a time; bytes that are no text become ``\x`` and their digits.

    So no two values of bytes are ever written alike.

    >>> text_reader(2, [("a", b"b"), (None, b"\xff\x00")]).read_all().to_pylist()
    [{'c0': 'a', 'c1': 'b'}, {'c0': None, 'c1': '\\xff00'}]
    """
    schema = text_schema(columns)
    return pa.RecordBatchReader.from_batches(schema, _batches(schema, rows))


def text_schema(columns: int) -> pa.Schema:
    """Give so many columns of text the names of their places."""
    return pa.schema([(f"c{place}", pa.string()) for place in range(columns)])


def _batches(schema: pa.Schema, rows: Iterable[Sequence[str | bytes | None]]) -> Iterator[pa.RecordBatch]:
    coming = iter(rows)
    while waiting := list(islice(coming, _BATCH_ROWS)):
        columns = [pa.array(map(_text, column), pa.string()) for column in zip(*waiting, strict=True)]
        yield pa.RecordBatch.from_arrays(columns, schema=schema)


def _text(cell: str | bytes | None) -> str | None:
    if not isinstance(cell, bytes):
        return cell
    try:
        return cell.decode()
    except UnicodeDecodeError:
        return f"\\x{cell.hex()}"
