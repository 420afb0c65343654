"""Read other people's files into checked tables: the door of the product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import duckdb

from linkage import progress
from linkage.events.accounts import join_accounts, settle_accounts
from linkage.events.afar import FAR, Afar, Counts
from linkage.events.assumptions import say_assumptions, say_strangers
from linkage.events.choosing import choose_tables
from linkage.events.contract import TABLES
from linkage.events.databases import DATABASES, Opened
from linkage.events.formats import BrokenTextError, digest_of, open_scan
from linkage.events.formats.stored import StoredScan
from linkage.events.mapping import recognise, unknown_names
from linkage.events.quarantine import make_inert, open_quarantine, quarantine_faults
from linkage.events.reading import FileRead, Problem, Reading, UnusableFileError
from linkage.events.repeats import drop_repeats, rows_by_file
from linkage.events.sources import Found, SourceFile, find_files
from linkage.events.staging import empty_table, finish_table, stage_file, stage_table
from linkage.tables import Table

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterable

    from linkage.events.formats.scan import Scan


def read_source(
    database: duckdb.DuckDBPyConnection,
    sources: Iterable[str | os.PathLike[str]],
    columns: Mapping[str, Mapping[str, str]] | None = None,
    *,
    keep: Collection[str] = tuple(TABLES),
) -> Reading:
    r"""Read and check every file of the sources; raise, with every problem, if any file cannot be used.

    Args:
        database: where the checked tables are made.
        sources: folders, files, patterns, URLs, databases.
        columns: table to our column name to theirs, as in ``[columns.events]`` of linkage.toml.
        keep: the tables wanted; files of the others are passed over, and said so.

    >>> import tempfile, pathlib
    >>> from linkage.tables import open_database
    >>> file = pathlib.Path(tempfile.mkdtemp(), "events.csv")
    >>> _ = file.write_text("account_id,timestamp\nacct_1,2026-09-03T01:12:09Z\nacct_2,soon\n")
    >>> reading = read_source(open_database(), [file])
    >>> len(reading["events"]), len(reading.quarantine)
    (1, 1)
    >>> reading.quarantine.rows()[0][2:]
    ('line 3', 'events', 'timestamp', 'soon', 'timestamp is no time that we can read; write 2026-09-03T01:12:09Z')
    """
    return examine_source(database, sources, columns, keep=keep).or_raise()


def examine_source(
    database: duckdb.DuckDBPyConnection,
    sources: Iterable[str | os.PathLike[str]],
    columns: Mapping[str, Mapping[str, str]] | None = None,
    *,
    keep: Collection[str] = tuple(TABLES),
    afar: Afar | None = None,
) -> Reading:
    """Read and check as ``read_source`` does, but give the problems back instead of raising.

    Args:
        database: where the checked tables are made.
        sources: folders, files, patterns, URLs, databases.
        columns: table to our column name to theirs.
        keep: the tables wanted.
        afar: who reads and keeps the tables that are too large for here.
    """
    found = find_files(sources, folders=afar is not None)
    work = _Work(database, columns or {}, frozenset(keep), found, afar)
    found.problems += [Problem("linkage.toml", what) for what in unknown_names(work.columns)]
    with work.opened:
        for number, file in enumerate(found.files):
            progress.at(f"reading {file.name}", done=number, total=len(found.files))
            _read_file(work, file)
    progress.at("checking what was read")
    return _finish(work)


@dataclass
class _Taken:
    """A file that was staged."""

    number: int
    file: SourceFile
    table: str
    unit: str
    rows: int


@dataclass
class _Work:
    database: duckdb.DuckDBPyConnection
    columns: Mapping[str, Mapping[str, str]]
    keep: frozenset[str]
    found: Found
    afar: Afar | None = None
    staged: dict[str, Table] = field(default_factory=dict)
    taken: list[_Taken] = field(default_factory=list)
    opened: Opened = field(default_factory=Opened)

    def say(self, where: str, *notices: str) -> None:
        self.found.notices += [f"{where}: {notice}" for notice in notices]


def _read_file(work: _Work, file: SourceFile) -> None:
    """Stage one file, or write down why it cannot be used."""
    try:
        if file.format in DATABASES:
            _read_tables(work, file)
            return
        try:
            _stage(work, file, _opened(work, file))
        except BrokenTextError:
            _stage(work, file, open_scan(work.database, file, mend=True))
    except UnusableFileError as error:
        work.found.problems.append(Problem(file.name, str(error)))


def _opened(work: _Work, file: SourceFile) -> Scan:
    if work.afar is not None and file.format == "parquet":
        return work.afar.open(file)
    return open_scan(work.database, file)


def _read_tables(work: _Work, source: SourceFile) -> None:
    """Stage the tables of a database that a source means."""
    database = work.opened.database(source.format, source.address)
    chosen, notices = choose_tables(database, source, work.columns)
    work.say(source.name, *notices)
    for number, (file, stored) in enumerate(chosen):
        if any(taken.file == file for taken in work.taken):
            work.say(file.name, "is named twice; it is read once")
            continue
        progress.at(f"reading {file.name}", done=number, total=len(chosen))
        try:
            _stage(work, file, StoredScan(work.database, database, stored))
        except UnusableFileError as error:
            work.found.problems.append(Problem(file.name, str(error)))


def _stage(work: _Work, file: SourceFile, scan: Scan) -> None:
    if not scan.columns:
        _refuse_or_pass_empty(work, file, scan)
        return
    match = recognise(file.table, [column.name for column in scan.columns], work.columns)
    table = match.table.name
    if table not in work.keep:
        work.say(file.name, f"passed over: {table} is not wanted here")
        return
    number = len(work.taken)
    if work.afar is not None and table in FAR:
        rows = work.afar.stage(match, scan, file, number)
    else:
        if table not in work.staged:
            work.staged[table] = stage_table(work.database, match.table)
        rows = stage_file(work.staged[table], match, scan, number)
    work.taken.append(_Taken(number, file, table, scan.unit, rows))
    work.say(file.name, *scan.notices, *match.notices)
    if not rows:
        work.say(file.name, "has column names and no rows")


def _refuse_or_pass_empty(work: _Work, file: SourceFile, scan: Scan) -> None:
    """Tell a file without a row, as an idle hour leaves behind, from one without anything readable."""
    with scan.rows() as relation:
        found = work.database.execute(f"from {relation.sql} limit 1", relation.values).fetchall()
    if found:
        raise UnusableFileError('holds no JSON object with any column; write one {"name": value, …} a line')
    work.say(file.name, "is empty")


def _finish(work: _Work) -> Reading:
    """Set aside what is at fault, store repeated rows once, and count."""
    quarantine = open_quarantine(work.database)
    counts = _Counts()
    tables: dict[str, Table] = {}
    for name, table in TABLES.items():
        if work.afar is not None and name in FAR:
            files = [
                (taken.number, taken.file.name, taken.unit) for taken in work.taken if taken.table == name
            ]
            names = [taken.file.name for taken in work.taken]
            try:
                tables[name], counted, notices = work.afar.finish(table, quarantine, files, names)
            except UnusableFileError as error:
                work.found.problems.append(Problem(files[0][1], str(error)))
                tables[name] = empty_table(work.database, table)
                continue
            counts.add(counted)
            work.found.notices += notices
            continue
        if name not in work.staged:
            tables[name] = empty_table(work.database, table)
            continue
        staged = work.staged[name]
        files = [(taken.number, taken.file.name, taken.unit) for taken in work.taken if taken.table == name]
        if files:
            work.found.notices += say_assumptions(staged, [taken.file.name for taken in work.taken])
            counts.quarantined += quarantine_faults(quarantine, staged, name, files)
        if name == "accounts" and files:
            settle_accounts(staged)
            counts.quarantined += quarantine_faults(quarantine, staged, name, files)
        counts.accepted += rows_by_file(staged)
        counts.repeated += drop_repeats(staged)
        if name == "accounts":
            join_accounts(staged)
        tables[name] = finish_table(staged)
    make_inert(quarantine)
    work.found.notices += say_strangers(tables if work.afar is None else work.afar.together(tables))
    files_read = tuple(counts.of(taken) for taken in work.taken)
    return Reading(tables, quarantine, files_read, tuple(work.found.notices), tuple(work.found.problems))


@dataclass
class _Counts(Counts):
    def add(self, others: Counts) -> None:
        self.accepted += others.accepted
        self.quarantined += others.quarantined
        self.repeated += others.repeated

    def of(self, taken: _Taken) -> FileRead:
        number = taken.number
        return FileRead(
            file=taken.file.name,
            table=taken.table,
            rows_read=taken.rows,
            accepted=self.accepted[number],
            quarantined=self.quarantined[number],
            seen_before=self.repeated[number],
            digest=digest_of(taken.file),
        )
