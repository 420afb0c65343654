"""The promise that every kind of database keeps: its tables, as of one moment, and their rows in batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from linkage.events.formats.scan import Seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa


@dataclass(frozen=True)
class Stored:
    """A table, a view or a query of a database.

    Args:
        schema: its schema, empty where there are none.
        table: its name there; what messages call a query.
        select: the select that reads it, in the database's own SQL: quoted names only, or the user's own query.
        columns: its columns, as the rows have them: ``c0``, ``c1``, … by place.
        view: whether it is computed from other tables.
    """

    schema: str
    table: str
    select: str
    columns: tuple[Seen, ...]
    view: bool = False

    @property
    def name(self) -> str:
        """The name with the schema."""
        return f"{self.schema}.{self.table}" if self.schema else self.table


class Database(Protocol):
    """A database that was opened for reading; all is read as of one moment.

    What is wrong with the way to it, or with a table, is raised as ``UnusableFileError``.
    """

    schema: str  # its tables may be called by their name alone; empty where there are no schemas

    def tables(self) -> Sequence[Stored]:
        """List its tables and views, ordered by name; its own book-keeping is none of them."""

    def query(self, sql: str) -> Stored:
        """Look at a select of the user's as at a table; only at its columns."""

    def rows(self, stored: Stored) -> pa.RecordBatchReader:
        """Read the rows, a batch at a time, without holding all."""

    def notices(self) -> Sequence[str]:
        """Say what had to be assumed while rows were read, and forget it."""

    def close(self) -> None:
        """Leave the database."""


def quoted(*names: str) -> str:
    """Write names as SQL names, whatever they hold.

    >>> quoted("public", 'even"ts; drop table x')
    '"public"."even""ts; drop table x"'
    """
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)
