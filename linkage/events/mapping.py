"""Their columns to ours: by the user's mapping, by exact name, or by a usual alias that is said aloud."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from linkage.events.contract import TABLES, Column, InputTable
from linkage.events.reading import UnusableFileError
from linkage.inert import inert

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Past this, columns are likely to be data (one an account, say), and every row would carry them all.
MOST_EXTRA_COLUMNS = 200

# Table to our column name to theirs, as the settings have it.
ColumnNames: TypeAlias = "Mapping[str, Mapping[str, str]]"


@dataclass
class Match:
    """Which of a file's columns, by place, is which of ours.

    Args:
        table: the input table.
        places: our name to the place of their column.
        extra: the places of the further columns that are kept.
        notices: what was assumed.
        missing: the required columns that were not found.
        doubtful: required columns for which several could stand, with those.
    """

    table: InputTable
    places: dict[str, int] = field(default_factory=dict)
    extra: list[int] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    missing: list[Column] = field(default_factory=list)
    doubtful: list[tuple[Column, list[str]]] = field(default_factory=list)


def match_columns(table: InputTable, seen: Sequence[str], named: Mapping[str, str]) -> Match:
    """Find our columns among those of a file.

    Args:
        table: the input table the file is read as.
        seen: the file's columns, in order.
        named: our name to theirs, as the user wrote it down.

    >>> match = match_columns(TABLES["payments"], ["User ID", "card", "colour"], {})
    >>> match.places, match.notices
    ({'account_id': 0, 'fingerprint': 1}, ["column 'User ID' is taken for account_id", "column 'card' is taken for fingerprint", "column 'colour' is not used"])
    """
    match = Match(table)
    _place_named(match, seen, named)
    # Every exact name before any alias, so that no alias takes what is another column's own name.
    _place_exact(match, seen)
    _place_aliases(match, seen)
    rest = [place for place in range(len(seen)) if place not in match.places.values()]
    if table.keeps_rest:
        match.extra = rest[:MOST_EXTRA_COLUMNS]
        rest = rest[MOST_EXTRA_COLUMNS:]
    if rest:
        unused = ", ".join(_quoted(seen[place]) for place in rest[:5])
        more = f" and {len(rest) - 5:,} more" if len(rest) > 5 else ""
        match.notices.append(f"column {unused}{more} is not used")
    return match


def guess_table(seen: Sequence[str], named: ColumnNames) -> str:
    """Tell from the columns alone which input table a file is; empty when none fits, or two fit alike.

    >>> guess_table(["account_id", "created_at", "org"], {})
    'accounts'
    """
    best: list[tuple[int, str]] = []
    for table in TABLES.values():
        if table.name == "reference":
            continue  # the same columns as events: only a name can tell
        match = match_columns(table, seen, named.get(table.name, {}))
        if not match.missing and not match.doubtful and len(match.places) > 1:
            exact = sum(seen[place] == name for name, place in match.places.items())
            best.append((exact + len(match.places), table.name))
    best.sort(reverse=True)
    if not best or (len(best) > 1 and best[0][0] == best[1][0]):
        return ""
    return best[0][1]


def recognise(told: str, seen: Sequence[str], named: ColumnNames) -> Match:
    """Decide which input table a file is, and which of its columns are which.

    Args:
        told: the input table that its name tells, empty where it does not say.
        seen: the file's columns, in order.
        named: table to our column name to theirs.

    Raises:
        UnusableFileError: neither its name nor its columns say it, or a column is missing or doubtful.

    >>> recognise("", ["user_id", "ts"], {}).table.name
    'events'
    """
    table = told or guess_table(seen, named)
    if not table:
        refuse_unknown(seen)
    if table == "reference":
        # A frozen reference counts accounts; an earlier period's events have them.
        frozen = match_columns(TABLES["reference_frequencies"], seen, named.get("reference_frequencies", {}))
        table = table if frozen.missing else "reference_frequencies"
    ours = named.get(table) or (named.get("events", {}) if table == "reference" else {})
    match = match_columns(TABLES[table], seen, ours)
    refuse_unmatched(match, seen)
    return match


def refuse_unmatched(match: Match, seen: Sequence[str]) -> None:
    """Raise when a required column is missing or doubtful, saying what was seen and how to name it."""
    section = f"[columns.{match.table.name}]"
    reasons = [
        f"{_listed(names)} could each be {column.name}; say which in linkage.toml, under {section}: "
        f"{column.name} = {_toml(names[0])}"
        for column, names in match.doubtful
    ]
    if match.missing:
        wanted = " and ".join(column.name for column in match.missing)
        reasons.append(
            f"as {match.table.name} it needs a column {wanted}; {_columns_seen(seen)}. "
            f'Name yours in linkage.toml, under {section}: {match.missing[0].name} = "…"'
        )
    if reasons:
        raise UnusableFileError("; ".join(reasons))


def refuse_unknown(seen: Sequence[str]) -> None:
    """Raise for a file of which neither the name nor the columns say what it is."""
    names = ", ".join(f"{name}.csv" for name in TABLES)
    raise UnusableFileError(
        f"neither its name nor its columns say which input table it is; {_columns_seen(seen)}. "
        f"Name it after its table ({names}), or name its columns in linkage.toml, under [columns.events]"
    )


def unknown_names(named: ColumnNames) -> list[str]:
    """List what a mapping names that no input table has, a sentence each."""
    wrong = []
    for table, columns in sorted(named.items()):
        if table not in TABLES:
            wrong.append(
                f"[columns.{inert(table)}]: there is no such table; the tables are {', '.join(TABLES)}"
            )
            continue
        ours = {name for column in TABLES[table].columns for name in column.own_names}
        known = ", ".join(column.name for column in TABLES[table].columns)
        wrong += [
            f"[columns.{table}] {inert(name)}: there is no such column; the columns are {known}"
            for name in sorted(columns)
            if name not in ours
        ]
    return wrong


def _place_named(match: Match, seen: Sequence[str], named: Mapping[str, str]) -> None:
    for column in match.table.columns:
        theirs = named.get(column.name) or named.get(column.checked_name)
        if theirs and theirs in seen:
            match.places[column.name] = seen.index(theirs)
        elif theirs:
            match.notices.append(f"has no column {_quoted(theirs)}, which the settings name as {column.name}")


def _place_exact(match: Match, seen: Sequence[str]) -> None:
    for column in _unplaced(match):
        same = [place for place in _free(match, seen) if _once(seen[place]) in column.own_names]
        alike = [place for place in _free(match, seen) if _plain(seen[place]) in column.own_names]
        _choose(match, column, seen, same if len(same) == 1 else alike)


def _place_aliases(match: Match, seen: Sequence[str]) -> None:
    for column in _unplaced(match):
        known = [{alias, alias.replace("_", "")} for alias in column.aliases]
        found = [place for names in known for place in _free(match, seen) if _plain(seen[place]) in names]
        if not found and column.required:
            match.missing.append(column)
        elif _choose(match, column, seen, list(dict.fromkeys(found))) == 1:
            taken = _quoted(seen[match.places[column.name]])
            match.notices.append(f"column {taken} is taken for {column.name}")


def _choose(match: Match, column: Column, seen: Sequence[str], candidates: list[int]) -> int:
    """Take the first candidate, except that nobody guesses about a required column; give how many there were."""
    names = [seen[place] for place in candidates]
    if len(names) > 1 and column.required:
        match.doubtful.append((column, names))
    elif names:
        match.places[column.name] = candidates[0]
        if len(names) > 1:
            match.notices.append(
                f"{_listed(names)} could each be {column.name}; {_quoted(names[0])} is taken"
            )
    return len(names)


def _unplaced(match: Match) -> list[Column]:
    doubtful = [column for column, _ in match.doubtful]
    return [c for c in match.table.columns if c.name not in match.places and c not in doubtful]


def _free(match: Match, seen: Sequence[str]) -> list[int]:
    return [place for place in range(len(seen)) if place not in match.places.values()]


def _plain(name: str) -> str:
    """Write a column name our way; the number of a repeated name does not count.

    >>> [_plain(name) for name in ("User ID", "clientIp", "ip (2)")]
    ['user_id', 'client_ip', 'ip']
    """
    name = _once(name)
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")


def _once(name: str) -> str:
    """Take away the number that a repeated name was given."""
    return re.sub(r" \(\d+\)$", "", name)


def _columns_seen(seen: Sequence[str]) -> str:
    if any(_DATA.search(name) for name in seen):
        return "its first line looks like data, so put a line of column names above it"
    more = f" and {len(seen) - 20:,} more" if len(seen) > 20 else ""
    return (
        f"its columns are {', '.join(_quoted(name) for name in seen[:20])}{more}"
        if seen
        else "it has no columns"
    )


# A number, a time, an address, an e-mail: no one names a column so, and it must not be shown.
_DATA = re.compile(r"^[\d.:+-]{3,}|\d{4}-\d\d-\d\d|@|^[0-9a-f:]*::[0-9a-f:]*$", re.IGNORECASE)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(map(_quoted, names))


def _quoted(name: str) -> str:
    return f"'{inert(name)}'"


def _toml(name: str) -> str:
    return '"' + inert(name).replace("\\", "\\\\").replace('"', '\\"') + '"'
