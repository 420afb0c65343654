"""The page of the input tables."""

from __future__ import annotations

from linkage.events.contract import TABLES, TYPES, Column, InputTable
from pages.markdown import code, table

_OPENING = """# Input tables

A source is a folder, a file, a pattern, a URL or a database.
Files are CSV, JSON lines (plain, `.gz` or `.zst`), JSON or Parquet.
A database is `postgresql://…`, `mysql://…`, `sqlite:PATH` or `duckdb:PATH`, with `?table=NAME`, `?query=SELECT`, or all tables whose columns are recognised; [read from a database](../how-to/read-from-a-warehouse.md) says how.
What a file is, its name says; where it says nothing, its columns do.
A column is found by the name written in `linkage.toml`, by its own name, or by one of the aliases below, which is said aloud.
Every row is accepted, or set aside with a reason."""


def inputs_page() -> str:
    """Write every table with its columns, their aliases and what they must hold."""
    types = [(code(name), about) for name, about in TYPES.items()]
    parts = [_OPENING]
    for each in TABLES.values():
        parts += [f"## {each.name}", _about(each), _columns(each)]
    return "\n\n".join([*parts, "## What a cell must hold", table(["type", "holds"], types)])


def _about(each: InputTable) -> str:
    files = ", ".join(code(f"{name}*") for name in each.files)
    rest = "Further columns are kept." if each.keeps_rest else "Further columns are not used."
    return f"{each.about}\nFiles and folders named {files}.\n{rest}"


def _columns(each: InputTable) -> str:
    rows = [
        (
            code(column.name),
            "yes" if column.required else "",
            column.type,
            _said(column),
            ", ".join(code(alias) for alias in column.aliases),
        )
        for column in each.columns
    ]
    return table(["column", "required", "type", "what it is", "also found as"], rows)


def _said(column: Column) -> str:
    return f"{column.about} One of {', '.join(column.choices)}." if column.choices else column.about
