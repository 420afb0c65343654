"""How a case file is opened: in turn, checked, and brought up to date."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from linkage.errors import DataError
from linkage.locking import DOOR, BusyError, hold, in_turn, is_held, is_open_here, release
from linkage.store import LATER, MARKS, OWN, Case
from linkage.tables import mendable, open_database

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import BinaryIO

VERSION = 3
_UPGRADABLE = frozenset({"1", "2"})
"""Versions that only lack tables."""
_MAGIC = b"DUCK"
_SMALLEST = 3 * 4096
"""Bytes of the headers, which a new file gets first: a smaller one is a file whose making was cut short."""
_ATTACHED = "linkage_case"
WAIT = 30.0
"""Most seconds to wait for somebody else who has the case, unless the settings say otherwise."""


@contextmanager
def open_case(  # noqa: PLR0913 - how a file is opened
    path: Path,
    inputs: Mapping[str, Mapping[str, str]] | None = None,
    *,
    memory: str | None = None,
    wait: float = WAIT,
    reading: bool = False,
    within: duckdb.DuckDBPyConnection | None = None,
) -> Iterator[Case]:
    """Open a case file, when it is our turn: one program writes, or several read.

    Args:
        path: the file.
        inputs: the columns of each input table, to make the case where there is none; without them it must exist.
            A case made here is gone again if the block fails.
        memory: DuckDB's memory limit.
        wait: most seconds to wait for another program that has it open.
        reading: whether nothing will be changed, so that others can read meanwhile.
        within: a database to open it in, so that what was made there can be stored; tables there without a name in
            the case keep theirs, if they are temporary.

    Raises:
        DataError: there is no such file, it is no case, or somebody else has it open for too long.
    """
    if reading:
        with _held(path, memory, wait) as case:
            yield case
        return
    door = _Door(path, inputs, memory, within=within)
    door.open(wait)
    try:
        yield _prepared(Case(door.database), path, inputs)
    except BaseException:
        with suppress(DataError):  # what failed first is what is told
            door.close()
        if door.fresh and not is_open_here(path) and not is_held(path):
            _remove(path)
        raise
    else:
        door.close()


def check_place(path: Path, *, wait: float = WAIT, elsewhere: bool = False) -> None:
    """See to it that a case is there, or that one can be made, before long work is begun for it.

    Args:
        path: the file.
        wait: most seconds to wait for another program that has it open.
        elsewhere: whether events will stay elsewhere; a case holds either all events or none but a ring's.

    Raises:
        DataError: neither is so, or it is a case of the other sort.
    """
    if is_open_here(path):
        return
    if not _is_fresh(path):
        door = _Door(path, None, None, reading=True)
        door.open(wait)
        try:
            case = Case(door.database)
            # One whose making was cut short has no tables yet, and gets them now; an earlier one is brought up to date.
            if _tables(case) and (version := _version(case, path)) not in _UPGRADABLE:
                _check_version(path, version)
            if _tables(case) >= MARKS:
                _check_sort(case, path, elsewhere=elsewhere)
        finally:
            door.close()
    elif not path.absolute().parent.is_dir():
        raise DataError(f"the case {path} cannot be opened: its folder is not there; make it first")


def _check_sort(case: Case, path: Path, *, elsewhere: bool) -> None:
    if not elsewhere and case.fact("handed"):
        raise DataError(
            f"the evidence of the case {path} was worked out on Spark: ingest with --engine, or name another --case"
        )
    held = case.logs.events.one("select exists (from events) or exists (from reference)")[0]
    if elsewhere and held and not case.fact("handed"):
        raise DataError(
            f"the case {path} holds events that were ingested without --engine: name another --case"
        )


@contextmanager
def _held(path: Path, memory: str | None, wait: float) -> Iterator[Case]:
    """Hold a case for reading; one of an earlier version is brought up to date first."""
    door = _Door(path, None, memory, reading=True)
    door.open(wait)
    try:
        outdated = _version(Case(door.database), path) in _UPGRADABLE
        if not outdated:
            yield _prepared(Case(door.database, door.file), path, None)
    finally:
        door.close()
    if outdated:
        with open_case(path, memory=memory, wait=wait):
            pass
        with _held(path, memory, wait) as case:
            yield case


class _Door:
    """The way into a case file and out of it again."""

    database: duckdb.DuckDBPyConnection
    fresh = False
    file: BinaryIO | None = None

    def __init__(
        self,
        path: Path,
        inputs: Mapping[str, Mapping[str, str]] | None,
        memory: str | None,
        *,
        reading: bool = False,
        within: duckdb.DuckDBPyConnection | None = None,
    ) -> None:
        self._path, self._inputs, self._memory, self._reading, self._within = (
            path, inputs, memory, reading, within,
        )  # fmt: skip
        self._before = ""

    def open(self, wait: float) -> None:
        """Open the file when it is our turn."""
        try:
            in_turn(self._try, wait=wait, name=f"the case {self._path}")
        except BusyError:
            raise DataError(
                f"the case {self._path} cannot be opened: another program had it open for {wait:g} seconds; "
                "wait for it to end, or give it longer with the setting wait"
            ) from None

    def close(self) -> None:
        """Leave the file.

        Raises:
            DataError: what was stored stands, but not yet in the file itself: the disk is full.
        """
        with DOOR:
            try:
                if self._within is not None:
                    self._within.execute(f'use "{self._before}"')
                self._leave()
            except duckdb.IOException as error:
                if mendable(error) is None:
                    raise
                raise DataError(
                    f"the disk is full: all was stored, but stands in {self._path}.wal beside the case until there "
                    "is room; make room, and leave that file where it is"
                ) from None
            finally:
                release(self._path, self.file)

    def _try(self) -> None:
        with DOOR:
            self.fresh = not is_open_here(self._path) and self._is_fresh()
            self.file = None if self.fresh else self._path.open("rb", buffering=0)
            try:
                self._take()
            except BaseException as error:
                if self.file is not None and not is_open_here(self._path):
                    self.file.close()
                if (
                    self.fresh
                    and isinstance(error, DataError)
                    and _is_fresh(self._path)
                    and not is_held(self._path)
                ):
                    _remove(self._path)  # there was no room to make it
                raise
            hold(self._path)
            if self._within is not None:
                self._before = str(self._within.execute("select current_database()").fetchall()[0][0])
                self._within.execute(f"use {_ATTACHED}")

    def _take(self) -> None:
        """Open it, unless somebody stored something between our look and our lock.

        DuckDB (2.0) reads the headers, and only then takes the lock: what was stored in between it would not know, and
        overwrite.
        """
        before = self._headers()
        self.database = _opened(self._path, self._memory, reading=self._reading, within=self._within)
        if self._headers() != before:
            self._leave()
            raise BusyError

    def _leave(self) -> None:
        if self._within is None:
            self.database.close()
        else:
            self._within.execute(f"detach {_ATTACHED}")

    def _headers(self) -> bytes:
        """Read the headers, which change with every store; nothing of a file that is not there yet.

        It stays open: whoever closes a file loses DuckDB's lock on it.
        """
        if self.file is None:
            return b""
        self.file.seek(0)
        return self.file.read(_SMALLEST)

    def _is_fresh(self) -> bool:
        fresh = _is_fresh(self._path)
        if fresh and self._path.exists():
            if is_held(self._path):  # somebody is making it
                raise BusyError
            if self._inputs is not None:
                _remove(self._path)
        if fresh and self._inputs is None:
            raise DataError(
                f"there is no case at {self._path}: make one with 'linkage ingest SOURCE --case {self._path}'"
            )
        return fresh


def _is_fresh(path: Path) -> bool:
    """Say whether nothing is there but, at most, a file whose making was cut short; refuse what is no DuckDB file.

    We look ourselves, because DuckDB would fetch extensions from the network for files of other databases.
    """
    try:
        if not path.exists():
            return True
        with path.open("rb") as file:
            start = file.read(_SMALLEST)
    except OSError as error:
        raise DataError(f"the case {path} cannot be opened: {error.strerror}") from None
    if not start or (len(start) < _SMALLEST and start[8:12] == _MAGIC):
        return True
    if start[8:12] != _MAGIC:
        raise DataError(f"the case {path} cannot be opened: it is no DuckDB file; name another --case")
    return False


def _remove(path: Path) -> None:
    for name in (path, Path(f"{path}.wal")):
        name.unlink(missing_ok=True)


def _opened(
    path: Path, memory: str | None, *, reading: bool, within: duckdb.DuckDBPyConnection | None
) -> duckdb.DuckDBPyConnection:
    try:
        if within is None:
            return open_database(path.absolute(), memory=memory, reading=reading)
        quoted = str(path.absolute()).replace("'", "''")
        within.execute(f"attach '{quoted}' as {_ATTACHED} (type duckdb)")
    except duckdb.Error as error:
        # DuckDB's sentence names the path, which may hold any word.
        said = str(error).replace(str(path.absolute()), "").lower()
        if any(words in said for words in _LOCKED):
            raise BusyError from None
        full = mendable(error)
        if full is not None:
            raise full from None
        if "no such file" in said:
            why = "its folder is not there; make it first"
        elif "permission denied" in said or "read-only" in said:
            why = "writing there is not permitted; name another --case"
        else:
            why = "it is damaged, or of another version of DuckDB; name another --case"
        raise DataError(f"the case {path} cannot be opened: {why}") from None
    return within


_LOCKED = ("conflicting lock", "could not set lock", "different configuration", "unique file handle")
"""What DuckDB says where another program has the file, or another thread of ours."""


def _prepared(case: Case, path: Path, inputs: Mapping[str, Mapping[str, str]] | None) -> Case:
    tables = _tables(case)
    if not tables and inputs is not None:
        with case.changing():
            for name, columns in inputs.items():
                listed = ", ".join(f"{column} {type_}" for column, type_ in columns.items())
                case.database.execute(f"create table {name} ({listed})")
            for name, listed in OWN.items():
                case.database.execute(f"create table {name} ({listed})")
            case.note("version", str(VERSION))
    version = _version(case, path)
    if version in _UPGRADABLE:
        version = _upgraded(case, tables)
    _check_version(path, version)
    return case


def _check_version(path: Path, version: str | None) -> None:
    if version != str(VERSION):
        newer = version is not None and version.isdecimal() and int(version) > VERSION
        raise DataError(
            f"the case {path} is of version {version}, this linkage reads {VERSION}: "
            f"{'take a newer linkage' if newer else 'ingest it anew'}"
        )


def _tables(case: Case) -> set[str]:
    rows = case.database.execute(
        "select table_name from duckdb_tables() where database_name = current_database() and not temporary"
    )
    return {name for (name,) in rows.fetchall()}


def _version(case: Case, path: Path) -> str | None:
    tables = _tables(case)
    if not tables:
        raise DataError(f"the case {path} is empty: fill it with 'linkage ingest SOURCE --case {path}'")
    if not tables >= MARKS:
        raise DataError(f"{path} is a DuckDB file of something else: name another --case")
    return case.fact("version")


def _upgraded(case: Case, tables: set[str]) -> str:
    with case.changing():
        for name, listed in (OWN | LATER).items():
            if name not in tables:
                case.database.execute(f"create table {name} ({listed})")
        if "judged" not in tables:
            _judged_as_found(case)
        case.note("version", str(VERSION))
    return str(VERSION)


def _judged_as_found(case: Case) -> None:
    """Take judged rings to have looked as the last run found them: who joins them from now on was judged by nobody."""
    found = {ring["ring"]: json.dumps(ring) for _, ring in case.recall_rings()}
    for line, (subject, *_) in case.standing():
        if subject in found:
            case.database.execute("insert into judged values (?, ?)", [line, found[subject]])
