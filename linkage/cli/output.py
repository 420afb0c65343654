"""Rows as a table, JSON, JSON lines or CSV: data to stdout, talk to stderr."""

from __future__ import annotations

import csv
import io
import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from linkage.inert import inert, safe_cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Format(StrEnum):
    """How rows are printed."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"


def show(rows: Sequence[Mapping[str, Any]], *, format: Format, columns: Sequence[str] | None = None) -> None:  # noqa: A002 - the contract's word
    """Print rows to stdout.

    Args:
        rows: plain values by column.
        format: how.
        columns: what a table and CSV show, in order; all of the first row's when None.
    """
    shown = list(columns or (rows[0] if rows else ()))
    match format:
        case Format.json:
            say_data(json.dumps(list(rows), indent=1))
        case Format.jsonl:
            for row in rows:
                say_data(json.dumps(row))
        case Format.csv:
            say_data(_csv(rows, shown), end="")
        case Format.table:
            _print_table(rows, shown)


def say_data(text: str, *, end: str = "\n") -> None:
    """Write to stdout."""
    sys.stdout.write(text + end)


def say(text: str) -> None:
    """Talk to the person, on stderr; whatever others wrote into ``text`` comes out inert."""
    sys.stderr.write("\n".join(inert(line, limit=None) for line in text.split("\n")) + "\n")


def _csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe_cell(_plain(row.get(column))) for column in columns])
    return out.getvalue()


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value)
    return str(value)


def _print_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not rows:
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for column in columns:
        numeric = all(isinstance(row.get(column), (int, float, type(None))) for row in rows)
        table.add_column(column.replace("_", " "), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(row.get(column))) for column in columns))
    console = Console(markup=False, highlight=False, emoji=False, soft_wrap=False)
    width = None if console.is_terminal else 160
    console.print(table, width=width)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".") if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, (list, tuple)):
        return "\n".join(_cell(each) for each in value)
    return inert(str(value), limit=None)
