"""Which tables of a database are read, and as what."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from linkage.events.mapping import recognise
from linkage.events.reading import UnusableFileError
from linkage.events.sources import NOT_INPUT, table_of
from linkage.inert import inert
from linkage.store import MARKS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linkage.events.database import Database, Stored
    from linkage.events.mapping import ColumnNames
    from linkage.events.sources import SourceFile

_MOST_LISTED = 20
_LONGEST_NAME = 200


def choose_tables(
    database: Database, file: SourceFile, columns: ColumnNames
) -> tuple[list[tuple[SourceFile, Stored]], list[str]]:
    """Choose the tables that a source means: the one it names, or those whose columns are recognised.

    Args:
        database: the database, open.
        file: the source.
        columns: table to our column name to theirs.

    Returns:
        Each table with the file to read it as, and what is worth saying.

    Raises:
        UnusableFileError: there is none.
    """
    if file.query:
        return [(file, database.query(file.query))], []
    tables = [stored for stored in database.tables() if stored.columns]
    if file.inner:
        return [(_as_file(file, stored), stored) for stored in _named(database, tables, file.inner)], []
    if {stored.table for stored in tables} >= MARKS:
        raise UnusableFileError(
            "is a case of ours, which holds results, too; name what to read: ?table=events"
        )
    recognised = {stored.name: told for stored in tables if (told := _recognised(stored, columns))}
    if not recognised:
        raise UnusableFileError(
            f"holds no table whose columns we recognise; name one with ?table=NAME. {_listed(tables)}"
        )
    groups: dict[str, list[Stored]] = defaultdict(list)
    for stored in tables:
        if stored.name in recognised:
            groups[recognised[stored.name]].append(stored)
    chosen = {told: _surest(told, several) for told, several in sorted(groups.items())}
    files = [(_as_file(file, stored, told), stored) for told, found in chosen.items() for stored in found]
    return files, _said(tables, groups, chosen)


def _named(database: Database, tables: Sequence[Stored], wanted: str) -> list[Stored]:
    """Find a table by its whole name, or by its name alone; so a name may hold any sign."""
    usual = f"{database.schema}." if database.schema else ""
    for name in (wanted, usual + wanted):
        found = [stored for stored in tables if stored.name == name]
        if found:
            return found
    alone = [stored for stored in tables if stored.table == wanted]
    if len(alone) > 1:
        raise UnusableFileError(f"several schemas have this table; write one of {_names(alone)}")
    like = [stored for stored in tables if fnmatchcase(stored.name.removeprefix(usual), wanted)]
    found = alone or like or [stored for stored in tables if fnmatchcase(stored.name, wanted)]
    if not found:
        raise UnusableFileError(f"cannot be read: there is no such table. {_listed(tables)}")
    return found


def _as_file(file: SourceFile, stored: Stored, told: str = "") -> SourceFile:
    """Give the file that a table is read as."""
    name = f"{file.name.partition('?table=')[0]}?table={inert(stored.name, _LONGEST_NAME)}"
    return replace(file, name=name, table=told or table_of(stored.table), inner=stored.name)


def _recognised(stored: Stored, columns: ColumnNames) -> str:
    """Tell which input table this is, by its name if its columns agree; empty when it is none."""
    if stored.table.lower() in NOT_INPUT:
        return ""
    seen = [column.name for column in stored.columns]
    for told in dict.fromkeys((table_of(stored.table), "")):
        with contextlib.suppress(UnusableFileError):
            return recognise(told, seen, columns).table.name
    return ""


def _surest(told: str, several: Sequence[Stored]) -> list[Stored]:
    """Choose among what could be one input table: tables of its name, else other tables, else a view.

    A view may say again what a table says, and a table that only looks like it may be of something else.

    Raises:
        UnusableFileError: that leaves several views, or tables of several schemas.
    """
    tables = [stored for stored in several if not stored.view]
    found = [stored for stored in tables if table_of(stored.table)] or tables or list(several)
    if len(found) > 1 and (not tables or len({stored.schema for stored in found}) > 1):
        what = "tables of several schemas" if tables else "several views"
        raise UnusableFileError(
            f"{what} could be {told}: {_names(found)}; name what to read with ?table=NAME"
        )
    return found


def _said(
    tables: Sequence[Stored], groups: Mapping[str, list[Stored]], chosen: Mapping[str, list[Stored]]
) -> list[str]:
    """Say what was taken by its columns alone, and what was passed over."""
    notices = []
    for told, found in chosen.items():
        notices += [
            f"{inert(each.name)} is taken for {told} by its columns"
            for each in found
            if not table_of(each.table)
        ]
        passed = [stored for stored in groups[told] if stored not in found]
        if passed:
            notices.append(
                f"passed over beside {_names(found)}: {_names(passed)}; name what to read with ?table=NAME"
            )
    recognised = [stored for several in groups.values() for stored in several]
    others = [stored for stored in tables if stored not in recognised]
    if others:
        more = f" and {len(others) - 5:,} more" if len(others) > 5 else ""
        notices.append(f"passed over, being no input table: {_names(others[:5])}{more}")
    return notices


def _listed(tables: Sequence[Stored]) -> str:
    if not tables:
        return "It has no table that you may read"
    more = f" and {len(tables) - _MOST_LISTED:,} more" if len(tables) > _MOST_LISTED else ""
    return f"Its tables are {_names(tables[:_MOST_LISTED])}{more}"


def _names(tables: Sequence[Stored]) -> str:
    return ", ".join(inert(stored.name) for stored in tables)
