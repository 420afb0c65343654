"""How a case file is opened: in turn, checked, and brought up to date."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from linkage.door import Door, is_fresh, remove
from linkage.errors import DataError
from linkage.locking import is_held, is_open_here
from linkage.store import LATER, MARKS, OWN, Case

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import duckdb

VERSION = 3
_UPGRADABLE = frozenset({"1", "2"})
"""Versions that only lack tables."""
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
    door = Door(path, inputs, memory, within=within)
    door.open(wait)
    try:
        yield _prepared(Case(door.database), path, inputs)
    except BaseException:
        with suppress(DataError):  # what failed first is what is told
            door.close()
        if door.fresh and not is_open_here(path) and not is_held(path):
            remove(path)
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
    if not is_fresh(path):
        door = Door(path, None, None, reading=True)
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
    door = Door(path, None, memory, reading=True)
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
