"""A table of a database, read as a file is."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from linkage.events.formats.scan import Relation, streamed

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from linkage.events.database import Database, Stored


class StoredScan:
    """The rows of a table, a view or a query, numbered as they come."""

    unit = "row"

    def __init__(self, database: duckdb.DuckDBPyConnection, source: Database, stored: Stored) -> None:
        self._database = database
        self._source = source
        self._stored = stored
        self.columns = stored.columns
        self.notices: list[str] = []

    @contextlib.contextmanager
    def rows(self) -> Iterator[Relation]:
        """Open the rows, for one select."""
        rows = self._source.rows(self._stored)
        schema = pa.schema([("line", pa.int64()), *rows.schema])
        with streamed(self._database, schema, _numbered(rows, schema)) as name:
            cells = ", ".join(column.cell for column in self.columns)
            yield Relation(
                f"(select line, null::varchar as fault, null::bigint as size, {cells} from {name})"
            )
        self.notices += self._source.notices()


def _numbered(rows: pa.RecordBatchReader, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    first = 1
    for batch in rows:
        numbers = pa.array(np.arange(first, first + len(batch), dtype=np.int64))
        yield pa.RecordBatch.from_arrays([numbers, *batch.columns], schema=schema)
        first += len(batch)
