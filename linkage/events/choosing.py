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
    recognised = {stored.name: told for stored in tables if (told := _recognised(stored, columns))}
    if not recognised:
        raise UnusableFileError(
            f"holds no table whose columns we recognise; name one with ?table=NAME. {_listed(tables)}"
        )
    passed = _views_beside_tables(tables, recognised)
    notices = [
        f"view {inert(name)} is passed over, for it may say again what {told} says in a table; "
        f"name what to read with ?table=NAME"
        for name, told in passed.items()
    ]
    others = [stored.name for stored in tables if stored.name not in recognised]
    if others:
        more = f" and {len(others) - 5:,} more" if len(others) > 5 else ""
        notices.append(f"passed over, being no input table: {', '.join(map(inert, others[:5]))}{more}")
    chosen = [stored for stored in tables if stored.name in recognised and stored.name not in passed]
    return [(_as_file(file, stored, recognised[stored.name]), stored) for stored in chosen], notices


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


def _views_beside_tables(tables: Sequence[Stored], recognised: Mapping[str, str]) -> dict[str, str]:
    """Find the views of what is there as a table, too: were both read, every event could count twice.

    Raises:
        UnusableFileError: there are several views of one input table, and no table.
    """
    told: dict[str, list[Stored]] = defaultdict(list)
    for stored in tables:
        if stored.name in recognised:
            told[recognised[stored.name]].append(stored)
    passed: dict[str, str] = {}
    for found, several in told.items():
        views = [stored for stored in several if stored.view]
        if len(views) == len(several) > 1:
            raise UnusableFileError(
                f"several views could be {found}: {_names(views)}; name what to read with ?table=NAME"
            )
        if len(views) < len(several):
            passed |= {stored.name: found for stored in views}
    return passed


def _listed(tables: Sequence[Stored]) -> str:
    if not tables:
        return "It has no table that you may read"
    more = f" and {len(tables) - _MOST_LISTED:,} more" if len(tables) > _MOST_LISTED else ""
    return f"Its tables are {_names(tables[:_MOST_LISTED])}{more}"


def _names(tables: Sequence[Stored]) -> str:
    return ", ".join(inert(stored.name) for stored in tables)
