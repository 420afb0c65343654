"""The promise of whoever reads tables that are too large for this machine: the same checks, the same counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linkage.events.contract import InputTable
    from linkage.events.formats.scan import Scan
    from linkage.events.mapping import Match
    from linkage.events.sources import SourceFile
    from linkage.tables import Table

FAR = ("events", "reference")
"""The tables that grow with use; all others describe accounts, and are read here."""


@dataclass
class Counts:
    """Rows by the number of their file."""

    accepted: Counter[int] = field(default_factory=Counter)
    quarantined: Counter[int] = field(default_factory=Counter)
    repeated: Counter[int] = field(default_factory=Counter)


class Afar(Protocol):
    """Reads and keeps tables elsewhere."""

    def open(self, file: SourceFile) -> Scan:
        """Open a Parquet file, or a folder of it."""

    def stage(self, match: Match, scan: Scan, file: SourceFile, number: int) -> int:
        """Take a file in hand; gives how many rows it has.

        Raises:
            UnusableFileError: it cannot be read there.
        """

    def finish(
        self,
        table: InputTable,
        quarantine: Table,
        files: Sequence[tuple[int, str, str]],
        names: Sequence[str],
    ) -> tuple[Table, Counts, list[str]]:
        """Check the rows of all files of a table, set aside what is at fault, and store repeated rows once.

        Args:
            table: the input table.
            quarantine: where faulty rows go.
            files: number, name and unit of the lines of each file.
            names: the name of every file, by its number.

        Returns:
            The checked table, the counts, and what was assumed.
        """

    def together(self, tables: Mapping[str, Table]) -> Mapping[str, Table]:
        """Copy the tables that are here to where the others are, and name all of them there."""
