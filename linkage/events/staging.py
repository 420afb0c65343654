"""Rows on their way in: one table for each input table, holding every row of every file with its check.

What is staged is already typed and keyed; later steps only take rows away and, at last, the columns
of the check itself. So the prompts are written once and never copied.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from linkage.events.checks import CellCheck, as_text, check_cell
from linkage.events.contract import STORED
from linkage.shelf import empty_shelf, writing_plainly
from linkage.tables import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    import duckdb

    from linkage.events.contract import InputTable
    from linkage.events.formats.scan import Scan, Seen
    from linkage.events.mapping import Match

_names = itertools.count()

# What stands beside the checked columns while rows are staged.
_BESIDE = {
    "staged_key": "varchar",  # the key of the row's content, whether or not the checked table shows it
    "staged_file": "integer",
    "staged_line": "bigint",
    "fault_column": "varchar",
    "fault": "varchar",
    "excerpt": "varchar",
    "zoneless": "boolean",
    "trimmed": "boolean",
}
_LONGEST_EXCERPT = 200


def stage_table(database: duckdb.DuckDBPyConnection, table: InputTable) -> Table:
    """Make the empty staging table of an input table."""
    return _make(database, table, table.checked_columns | _BESIDE)


def empty_table(database: duckdb.DuckDBPyConnection, table: InputTable) -> Table:
    """Make the checked table of an input table that nothing was given for."""
    return _make(database, table, table.checked_columns)


def _make(database: duckdb.DuckDBPyConnection, table: InputTable, columns: dict[str, str]) -> Table:
    name = f"checked_{table.name}_{next(_names)}"
    listed = ", ".join(f"{column} {type_}" for column, type_ in columns.items())
    if "prompt" in columns:
        return empty_shelf(database, name, listed)
    database.execute(f"create temp table {name} ({listed})")
    return Table(database, name)


def stage_file(staged: Table, match: Match, scan: Scan, file: int) -> int:
    """Check every row of a file into the staging table; gives how many rows there were.

    Either all rows of the file are staged or, when it turns out to be damaged, none.
    """
    with scan.rows() as relation:
        query, values = check_rows(match, scan.columns, relation.sql)
        values |= relation.values | {"file": file}
        with writing_plainly(staged.database):
            result = staged.database.execute(f"insert into {staged.name} {query}", values).fetchall()
    return int(result[0][0])


def check_rows(match: Match, columns: Sequence[Seen], relation: str) -> tuple[str, dict[str, Any]]:
    """Write the select that checks every row, and what is bound in it besides ``$file``.

    Args:
        match: which column is which.
        columns: the columns as the file has them.
        relation: what stands after ``from``.
    """
    checks = [
        check_cell(column, columns[match.places[column.name]], f"raw_{i}", f"value_{i}")
        for i, column in enumerate(match.table.columns)
        if column.name in match.places
    ]
    places = [i for i, column in enumerate(match.table.columns) if column.name in match.places]
    extra = sorted((columns[place] for place in match.extra), key=lambda seen: seen.name)
    values: dict[str, Any] = {"extra_names": [seen.name for seen in extra]} if extra else {}
    return _select(match.table, dict(zip(places, checks, strict=True)), extra, relation), values


def finish_table(staged: Table) -> Table:
    """Take the columns of the check away, so that only the checked columns are left."""
    for column in _BESIDE:
        staged.database.execute(f"alter table {staged.name} drop column {column}")
    return Table(staged.database, staged.name)


def content_key(table: InputTable, extra: int = 0) -> str:
    """Give the SQL of the key of a row's content, from the checked columns and ``extra`` further cells.

    Every value goes in with its length, so that no two different rows are written alike. It does not
    depend on the file, its format, its columns' order, or which columns are absent rather than empty.
    """
    parts = [f"'{table.name}'"]
    for column, type_ in table.checked_columns.items():
        if column in {"row_key", "extra"}:
            continue
        text = f"epoch_us({column})::varchar" if type_ == "timestamp" else f"{column}::varchar"
        parts.append(f"coalesce({_measured(text)}, '-')")
    # The further cells come ordered by name; an empty one leaves no trace, as if the column were absent.
    parts += [
        f"case when extra_{i} is null then '' else {_measured(f'$extra_names[{i}]')} || {_measured(f'extra_{i}')} end"
        for i in range(1, extra + 1)
    ]
    return f"md5(concat({', '.join(parts)}))"


def _measured(text: str) -> str:
    return f"strlen({text}) || ':' || {text}"


def _select(table: InputTable, checks: dict[int, CellCheck], extra: list[Seen], relation: str) -> str:
    """Write the select that checks a file: raw cells, then values, then faults, then what is staged."""
    raws = [f"{check.raw} as raw_{i}" for i, check in checks.items()]
    raws += [f"nullif({as_text(seen)}, '') as extra_{i}" for i, seen in enumerate(extra, 1)]
    raws.append(f"{_any([check.trimmed for check in checks.values()])} as trimmed")
    values = [f"{check.value} as value_{i}" for i, check in checks.items()]
    faults = [f"{check.fault} as fault_{i}" for i, check in checks.items()]
    stored = [
        f"value_{i} as {column.checked_name}"
        if i in checks
        else f"null::{STORED[column.type]} as {column.checked_name}"
        for i, column in enumerate(table.columns)
    ]
    further = [f"extra_{i}" for i in range(1, len(extra) + 1)]
    rest = [f"{_map(further)} as extra", *further] if table.keeps_rest else []
    checked = [column for column in table.checked_columns if column != "row_key"]
    key = ["row_key"] if table.keyed else []
    return f"""
        with raw as (select line, fault, size, {", ".join(raws)} from {relation}),
        typed as (select *, {", ".join(values)} from raw),
        judged as (select *, {", ".join(faults)} from typed),
        named as (
            select {", ".join(stored + rest)}, line, trimmed,
                {_any([check.zoneless for check in checks.values()])} as zoneless,
                {_fault_column(checks)} as fault_column, {_faults(checks)} as fault, {_excerpt(checks)} as excerpt
            from judged
        ),
        keyed as (select *, {content_key(table, len(extra))} as row_key from named)
        select {", ".join(key + checked)}, row_key, $file, line, fault_column, fault, excerpt, zoneless, trimmed
        from keyed
    """


def _any(conditions: list[str]) -> str:
    return " or ".join(sorted(set(conditions))) or "false"


def _map(cells: list[str]) -> str:
    if not cells:
        return "map([]::varchar[], []::varchar[])"
    every = f"map($extra_names::varchar[], [{', '.join(cells)}])"
    given = f"map_from_entries(list_filter(map_entries({every}), lambda entry: entry.value is not null))"
    return f"case when {' and '.join(f'{cell} is not null' for cell in cells)} then {every} else {given} end"


def _fault_column(checks: dict[int, CellCheck]) -> str:
    cases = " ".join(f"when fault_{i} is not null then '{check.column.name}'" for i, check in checks.items())
    return f"case when fault is not null then null {cases} end"


def _faults(checks: dict[int, CellCheck]) -> str:
    """Say all that is wrong with a row, the first column's fault without its name: it has a column."""
    told = ", ".join(f"'{check.column.name} ' || fault_{i}" for i, check in checks.items())
    return f"coalesce(fault, nullif(concat_ws('; ', {told}), ''))"


def _excerpt(checks: dict[int, CellCheck]) -> str:
    """Quote the cell at fault, or only its length where it may name a person or was written by one."""
    cases = []
    for i, check in checks.items():
        shown = f"left(raw_{i}::varchar, {_LONGEST_EXCERPT})"
        if check.column.secret:
            shown = f"'(' || length(raw_{i}) || ' characters)'"
        cases.append(f"when fault_{i} is not null then {shown}")
    return f"case when fault is not null then '(' || size || ' characters)' {' '.join(cases)} end"
