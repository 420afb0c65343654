"""Events read by Spark: each row is checked by the very statement that DuckDB runs, where the row is."""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from linkage.events.afar import Counts
from linkage.events.assumptions import say_assumptions
from linkage.events.formats.native import scan_parquet
from linkage.events.formats.scan import Relation, Seen
from linkage.events.mapping import Match
from linkage.events.quarantine import quarantine_faults
from linkage.events.reading import UnusableFileError
from linkage.events.repeats import rows_by_file
from linkage.events.staging import check_rows, empty_table, stage_table
from linkage.spark.texts import select
from linkage.tables import Table, derive, from_arrow, is_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import duckdb
    from pyspark.sql import DataFrame

    from linkage.events.contract import InputTable
    from linkage.events.formats.scan import Scan
    from linkage.events.sources import SourceFile
    from linkage.spark.database import SparkDatabase

MOST_FAULTS = 1_000_000
"""Faulty rows of a table that are fetched, to be looked at; all are counted."""
_names = itertools.count()


@dataclass(frozen=True)
class _Staged:
    """A file in hand; one that is ``whole`` is a file of this machine, and no folder or pattern."""

    match: Match
    columns: tuple[Seen, ...]
    address: str
    number: int
    whole: bool

    @property
    def manner(self) -> str:
        """What files have in common that are read at once."""
        alone = "" if self.whole else self.address
        return repr((self.columns, sorted(self.match.places.items()), self.match.extra, alone))


class SparkReader:
    """Reads events and the reference on Spark; what is small is read by DuckDB, here.

    Args:
        there: the tables on Spark.
        here: the database of this program.
    """

    def __init__(self, there: SparkDatabase, here: duckdb.DuckDBPyConnection) -> None:
        self._there, self._here = there, here
        self._staged: dict[str, list[_Staged]] = {}
        self._copies: dict[str, Table] = {}

    def open(self, file: SourceFile) -> Scan:
        """Open a Parquet file, or a folder of it; those of this machine as always."""
        if file.path is not None:
            return scan_parquet(self._here, file.address)
        return _SparkScan(self._there, self._here, file.address)

    def stage(self, match: Match, scan: Scan, file: SourceFile, number: int) -> int:
        """Take a Parquet file in hand; gives how many rows it has."""
        if file.format != "parquet":
            raise UnusableFileError(
                "is no Parquet; with --engine events are read from Parquet alone: write it anew, or ingest it without"
            )
        address = f"file://{file.path.resolve()}" if file.path else file.address
        self._staged.setdefault(match.table.name, []).append(
            _Staged(match, scan.columns, address, number, whole=file.path is not None)
        )
        if file.path is not None:
            return int(pq.read_metadata(file.path).num_rows)
        return int(_frame(self._there, [file.address]).count())

    def finish(
        self,
        table: InputTable,
        quarantine: Table,
        files: Sequence[tuple[int, str, str]],
        names: Sequence[str],
    ) -> tuple[Table, Counts, list[str]]:
        """Check the rows of all files of a table, set aside what is at fault, and store repeated rows once."""
        taken = self._staged.get(table.name, [])
        if not taken:
            return from_arrow(self._there, empty_table(self._here, table).arrow()), Counts(), []
        staged = self._checked(table, taken)
        notices = list(say_assumptions(staged, names))
        good = self._view(f"select * from {staged.name} where fault is null")
        counts = Counts(accepted=rows_by_file(good))
        counts.quarantined = self._set_aside(staged, table, quarantine, files, notices)
        again = derive("select staged_key from good group by staged_key having count(*) > 1", good=good)
        repeated = derive(_REPEATED, good=good, again=again)
        counts.repeated = rows_by_file(self._view(f"select * from {repeated.name} where nth > 1"))
        checked = ", ".join(table.checked_columns)
        once = f"""
            select {checked} from {good.name} anti join {again.name} using (staged_key)
            union all
            select {checked} from {repeated.name} where nth = 1
            """
        every = f"select {checked} from {good.name}"
        return self._view(once if counts.repeated else every), counts, notices

    def _view(self, query: str) -> Table:
        """Name a select: rows of logs are many, and are not copied."""
        name = f"read_{next(_names)}"
        self._there.execute(f"create temp view {name} as {query}")
        return Table(self._there, name)

    def together(self, tables: Mapping[str, Table]) -> Mapping[str, Table]:
        """Copy the tables that are here to Spark, once, and name all of them there."""
        for name, table in tables.items():
            if name not in self._copies:
                self._copies[name] = from_arrow(self._there, table.arrow()) if is_here(table) else table
        return self._copies

    def _checked(self, table: InputTable, taken: Sequence[_Staged]) -> Table:
        """Check the rows of all files of a table; files that are alike are read at once."""
        parts: dict[str, list[_Staged]] = {}
        for each in taken:
            parts.setdefault(each.manner, []).append(each)
        schema = stage_table(self._here, table).arrow().schema
        checked = []
        for alike in parts.values():
            raw = f"raw_{next(_names)}"
            frame = _numbered(self._there, alike)
            frame.createOrReplaceTempView(raw)
            cells = pa.schema(list(select("select * exclude (file, line) from batch", _empty(frame)).schema))
            columns = tuple(
                Seen(seen.name, seen.cell, type_)
                for seen, type_ in zip(alike[0].columns, _types(cells), strict=True)
            )
            change = _checking(alike[0].match, columns, schema)
            self._there.transform(raw, f"{raw}_checked", change, schema)
            checked.append(Table(self._there, f"{raw}_checked"))
        return self._view(" union all ".join(f"select * from {part.name}" for part in checked))

    def _set_aside(
        self,
        staged: Table,
        table: InputTable,
        quarantine: Table,
        files: Sequence[tuple[int, str, str]],
        notices: list[str],
    ) -> Any:  # noqa: ANN401 - a counter
        faulty = self._view(f"select * from {staged.name} where fault is not null")
        counts = rows_by_file(faulty)
        if counts.total() > MOST_FAULTS:
            notices.append(
                f"{table.name}: {counts.total():,} rows are at fault; the first {MOST_FAULTS:,} are kept to look at"
            )
            faulty = derive(
                "select * from faulty order by staged_file, staged_line limit ?", [MOST_FAULTS], faulty=faulty
            )
        if counts:
            quarantine_faults(quarantine, from_arrow(self._here, faulty.arrow()), table.name, files)
        return counts


_REPEATED = """
    select good.*, row_number() over (partition by staged_key order by staged_file, staged_line) as nth
    from good
    join again using (staged_key)
    """


class _SparkScan:
    """Parquet that lies elsewhere: Spark tells its columns, and fetches its rows where they are few."""

    unit = "row"

    def __init__(self, there: SparkDatabase, here: duckdb.DuckDBPyConnection, address: str) -> None:
        self.notices: list[str] = []
        self._there, self._here, self._address = there, here, address
        frame = _frame(there, [address])
        self.columns = tuple(
            Seen(name, f"c{place}", type_)
            for place, (name, type_) in enumerate(
                zip(frame.columns, _types(_empty(frame).schema), strict=True)
            )
        )

    @contextlib.contextmanager
    def rows(self) -> Iterator[Relation]:
        """Fetch the rows, for one select."""
        frame = _numbered(self._there, [self._address])
        name = f"fetched{next(_names)}"
        self._here.register(name, frame.toArrow())
        try:
            yield Relation(f"(select null::varchar as fault, null::bigint as size, * from {name})")
        finally:
            self._here.unregister(name)


def _frame(there: SparkDatabase, addresses: Sequence[str]) -> DataFrame:
    from pyspark.errors import AnalysisException, PySparkException  # noqa: PLC0415 - an optional part

    try:
        return there.session.read.parquet(*map(there.reached, addresses))
    except AnalysisException as error:
        condition = error.getCondition() or ""
        why = "there is nothing" if "PATH" in condition else "Spark finds no Parquet that it can read there"
        raise UnusableFileError(f"{why} ({condition.lower() or 'no reason given'})") from None
    except PySparkException:
        raise UnusableFileError(
            "Spark cannot reach it: is the address right, and has Spark its keys?"
        ) from None


def _numbered(there: SparkDatabase, files: Sequence[_Staged] | Sequence[str]) -> DataFrame:
    """Read files with the number of each, the number of each row, and cells by their place."""
    from pyspark.sql import functions as F  # noqa: PLC0415, N812 - an optional part; as everybody calls it

    staged = [each for each in files if isinstance(each, _Staged)]
    addresses = [each.address for each in staged] or [str(each) for each in files]
    frame = _frame(there, addresses)
    path = F.col("_metadata.file_path")
    number = F.lit(staged[0].number if staged else 0)
    if len(staged) > 1:
        words = [word for each in staged for word in (_plain_uri(each.address), each.number)]
        number = F.create_map(*map(F.lit, words))[F.regexp_replace(path, "^file:/+", "file:/")]
    cells = [
        F.col(f"`{name.replace('`', '``')}`").alias(f"c{place}") for place, name in enumerate(frame.columns)
    ]
    return frame.select(
        number.cast("int").alias("file"), (F.col("_metadata.row_index") + 1).alias("line"), *cells
    )


def _plain_uri(address: str) -> str:
    """Write the address of a local file as Spark says it."""
    return Path(address.removeprefix("file://")).as_uri().replace("file:///", "file:/", 1)


def _empty(frame: DataFrame) -> pa.Table:
    from pyspark.sql.pandas.types import to_arrow_schema  # noqa: PLC0415 - an optional part

    return to_arrow_schema(frame.schema, timezone="UTC").empty_table()


def _types(schema: pa.Schema) -> list[str]:
    """Name the types of columns in DuckDB's words."""
    names = [f"c{place}" for place in range(len(schema))]
    rows = select("describe select * from batch", schema.empty_table().rename_columns(names))
    return [str(name) for name in rows["column_type"].to_pylist()]


def _checking(
    match: Match, columns: Sequence[Seen], schema: pa.Schema
) -> Callable[[pa.RecordBatch], pa.RecordBatch]:
    relation = "(select null::varchar as fault, null::bigint as size, * from batch)"
    query, values = check_rows(match, columns, relation)

    def checked(batch: pa.RecordBatch) -> pa.RecordBatch:
        found = [schema.empty_table()]
        for number in sorted(pc.unique(batch["file"]).to_pylist()):
            rows = pa.Table.from_batches([batch.filter(pc.equal(batch["file"], number))])
            told = select(query, rows, values | {"file": number})
            found.append(told.rename_columns(schema.names).cast(schema))
        return (
            pa.concat_tables(found).combine_chunks().to_batches()[0]
            if len(batch)
            else found[0].to_batches()[0]
        )

    return checked
