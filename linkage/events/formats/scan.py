"""The promise that every file format keeps: its columns by name, and its rows as a relation."""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import duckdb
import pyarrow as pa

from linkage.events.reading import UnusableFileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_names = itertools.count()


@dataclass(frozen=True)
class Seen:
    """A column as a file has it.

    Args:
        name: the file's own name for it.
        cell: the SQL that gives its value from a row of the relation.
        type: its DuckDB type; text formats have ``VARCHAR`` only.
    """

    name: str
    cell: str
    type: str = "VARCHAR"


@dataclass
class Relation:
    """Rows to select from: ``line``, ``fault``, ``size``, and what the cells of ``Seen`` need.

    Args:
        sql: what stands after ``from``.
        values: the values bound in it.
    """

    sql: str
    values: dict[str, Any] = field(default_factory=dict)


class Scan(Protocol):
    """A file that was opened and found readable so far.

    ``fault`` of a row says why it could not be taken apart, and is null otherwise; its ``size`` is then
    the number of characters of it.
    """

    columns: tuple[Seen, ...]
    unit: str  # what ``line`` counts: "line" in text files, "row" elsewhere
    notices: list[str]

    def rows(self) -> contextlib.AbstractContextManager[Relation]:
        """Open the rows, for one select."""


@contextlib.contextmanager
def streamed(
    database: duckdb.DuckDBPyConnection, schema: pa.Schema, batches: Iterator[pa.RecordBatch]
) -> Iterator[str]:
    """Let one select read what Python makes, batch by batch; gives the relation's name.

    What goes wrong in ``batches`` is raised as itself, not as DuckDB's account of it.
    """
    name = f"stream{next(_names)}"
    failures: list[Exception] = []

    def watched() -> Iterator[pa.RecordBatch]:
        try:
            yield from batches
        except Exception as failure:
            failures.append(failure)
            raise

    database.register(name, pa.RecordBatchReader.from_batches(schema, watched()))
    try:
        yield name
    except duckdb.Error:
        if failures:
            raise failures[0] from None
        raise
    finally:
        database.unregister(name)


def columns_named(names: Sequence[str]) -> tuple[Seen, ...]:
    """Find columns of text by their place, each under a name of its own.

    >>> columns_named(["ip", "ip"])
    (Seen(name='ip', cell='c0', type='VARCHAR'), Seen(name='ip (2)', cell='c1', type='VARCHAR'))
    """
    return tuple(Seen(name, f"c{place}") for place, name in enumerate(readable_names(names)))


def readable_names(names: Sequence[str]) -> list[str]:
    """Give unnamed and repeated columns names of their own, so that each can be spoken of.

    >>> readable_names(["ip", "", "ip"])
    ['ip', 'column 2', 'ip (2)']
    """
    seen: dict[str, int] = {}
    readable = []
    for place, raw in enumerate(names, 1):
        name = raw.strip() or f"column {place}"
        seen[name] = seen.get(name, 0) + 1
        readable.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return readable


def refuse_binary(start: bytes) -> None:
    """Raise when the first bytes of a text file show that it is none."""
    for magic, what in _OTHERS.items():
        if start.startswith(magic):
            raise UnusableFileError(f"is {what}; save it as CSV in UTF-8, JSON lines or Parquet")
    # Further down a NUL may be part of a prompt; in the first line it shows another encoding or program.
    if b"\x00" in start.lstrip().split(b"\n", 1)[0]:
        raise UnusableFileError("is binary or UTF-16, not text in UTF-8; save it as CSV in UTF-8")


_OTHERS = {
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
    b"PK\x03\x04": "a spreadsheet or ZIP archive",
    b"PAR1": "Parquet, whatever its name says",
    b"SQLite format 3": "an SQLite database",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "gzip inside gzip",
}
