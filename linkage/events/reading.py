"""What reading gives: checked tables, what was set aside, and everything worth saying."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from linkage.errors import DataError
from linkage.tables import Table


@dataclass(frozen=True)
class Problem:
    """Why a file cannot be used at all.

    Args:
        where: the file, or the source as the user wrote it.
        what: what is wrong, and what would be right.
    """

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True)
class FileRead:
    """What became of one file; ``rows_read`` is always ``accepted + quarantined``.

    Args:
        file: the file, as messages name it.
        table: the input table it was read as.
        rows_read: how many rows it has.
        accepted: how many of them can be used.
        quarantined: how many were set aside with a reason.
        seen_before: how many of the accepted say exactly what an earlier row says; they are stored once.
        digest: the SHA-256 of its bytes; None where we never hold the bytes (remote Parquet, databases).
    """

    file: str
    table: str
    rows_read: int
    accepted: int
    quarantined: int
    seen_before: int
    digest: str | None


@dataclass(frozen=True)
class Reading:
    """Other people's files as checked tables.

    Args:
        tables: every input table of the contract by name, empty where nothing was given.
        quarantine: the rows set aside: file, line, place, table_name, column_name, excerpt, reason.
        files: what became of each file.
        notices: what was assumed or passed over, a sentence each.
        problems: the files that cannot be used at all.
    """

    tables: Mapping[str, Table]
    quarantine: Table
    files: tuple[FileRead, ...]
    notices: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def given(self) -> frozenset[str]:
        """The names of the tables that at least one file was read as."""
        return frozenset(file.table for file in self.files)

    def __getitem__(self, table: str) -> Table:
        return self.tables[table]

    def or_raise(self) -> Reading:
        """Give the reading back, or raise every problem at once where there is any."""
        if self.problems:
            raise DataError("\n".join(map(str, self.problems)))
        return self


class UnusableFileError(Exception):
    """A file cannot be used; the message says what is wrong and what would be right."""
