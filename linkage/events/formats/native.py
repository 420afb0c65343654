"""What DuckDB reads itself: Parquet."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from linkage.events.formats.faults import explained
from linkage.events.formats.scan import Relation, Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb


class NativeScan:
    """Rows that DuckDB reads, with their own types; cells are told apart by place, not by name."""

    unit = "row"

    def __init__(
        self, database: duckdb.DuckDBPyConnection, relation: str, values: dict[str, Any], number: str
    ) -> None:
        self.notices: list[str] = []
        with explained():
            described = database.execute(f"describe select * from {relation}", values).fetchall()
        # The number of the row, where the reader gives one, stands last.
        self.columns = tuple(
            Seen(row[0], f"c{i}", row[1]) for i, row in enumerate(described) if row[0] != _NUMBER
        )
        cells = ", ".join(f"c{i}" for i in range(len(described)))
        last = f"c{len(described) - 1}"
        line = number.replace(_NUMBER, last)
        self._relation = Relation(
            f"(select {line} as line, null::varchar as fault, null::bigint as size, * from {relation} as f({cells}))",
            values,
        )

    @contextlib.contextmanager
    def rows(self) -> Iterator[Relation]:
        """Open the rows, for one select."""
        with explained():
            yield self._relation


_NUMBER = "file_row_number"


def scan_parquet(database: duckdb.DuckDBPyConnection, path: str, *, mend: bool = False) -> NativeScan:
    """Open a Parquet file, or a URL or pattern of several.

    Args:
        database: where to read it.
        path: the file; DuckDB prefers a file of that very name to a pattern.
        mend: put ? for bytes that are not UTF-8. Parquet cannot say which rows have them.
    """
    validation = "replace" if mend else "strict"
    scan = NativeScan(
        database,
        "read_parquet($path, file_row_number = true, hive_partitioning = false, union_by_name = true, "
        f"utf8_validation = '{validation}')",
        {"path": path},
        f"{_NUMBER} + 1",
    )
    if mend:
        scan.notices.append("has text that is not UTF-8; the bytes at fault were replaced by ?")
    return scan
