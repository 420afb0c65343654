"""Rows as a table, JSON, JSON lines or CSV: data to stdout, talk to stderr."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from linkage.inert import inert, safe_cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONGEST_LINE = 4_000
LONGEST_CELL = 1_100
"""Characters of one line or cell: an account id may have 1,024."""
WIDE = 200
"""Columns where nobody says how wide the screen is: a file or a pipe has room."""
_NUMBER = re.compile(r"[-+]?[\d,.]+|-")


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
            say_data(_table(rows, shown), end="")


def show_document(
    document: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    *,
    format: Format,  # noqa: A002 - as above
) -> None:
    """Print one thing: whole as JSON, its rows as CSV or a table."""
    match format:
        case Format.json:
            say_data(json.dumps(document, indent=1))
        case Format.jsonl:
            say_data(json.dumps(document))
        case _:
            show(rows, format=format)


def show_text(*lines: str) -> None:
    """Print lines to stdout, folded at words where the screen is narrow."""
    import textwrap  # noqa: PLC0415 - only here

    width = min(_width(), 120)
    for line in lines:
        hanging = "  " if line.startswith("- ") else ""
        folded = textwrap.wrap(inert(line, limit=LONGEST_LINE), width, subsequent_indent=hanging) or [""]
        say_data("\n".join(folded))


def say_data(text: str | bytes, *, end: str = "\n") -> None:
    """Write to stdout; when nobody reads on, the rest goes nowhere, silently."""
    try:
        if isinstance(text, bytes):
            sys.stdout.buffer.write(text)
        else:
            sys.stdout.write(text + end)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text: str) -> None:
    """Talk to the person, on stderr; whatever others wrote into ``text`` comes out inert."""
    sys.stderr.write("\n".join(inert(line, limit=LONGEST_LINE) for line in text.split("\n")) + "\n")


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
    text = str(value)
    return inert(text, limit=10 * len(text))


def _table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Draw a table as wide as the screen, or as it needs to be where there is none."""
    from rich.box import Box  # noqa: PLC0415 - rich takes a tenth of a second
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    if not rows:
        return ""
    ruled = Box("    \n    \n ── \n    \n    \n    \n    \n    \n")
    table = Table(box=ruled, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for column in columns:
        numeric = all(_NUMBER.fullmatch(_cell(row.get(column))) for row in rows)
        table.add_column(
            Text(column.replace("_", " ")),
            justify="right" if numeric else "left",
            overflow="fold",
            no_wrap=numeric,
        )
    for row in rows:
        table.add_row(*(Text(_cell(row.get(column))) for column in columns))
    out = io.StringIO()
    console = Console(
        file=out, width=_width(), markup=False, highlight=False, emoji=False,
        force_terminal=sys.stdout.isatty(), no_color=None if sys.stdout.isatty() else True,
    )  # fmt: skip
    console.print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _width() -> int:
    if not sys.stdout.isatty():
        return WIDE
    import shutil  # noqa: PLC0415 - only here

    return max(40, shutil.get_terminal_size((100, 24)).columns)


def _cell(value: object) -> str:
    match value:
        case None:
            shown = "-"
        case bool():
            shown = "yes" if value else "no"
        case float():
            shown = f"{value:.3f}".rstrip("0").rstrip(".") if abs(value) < 1000 else f"{value:,.0f}"
        case int():
            shown = f"{value:,}"
        case list() | tuple():
            shown = "\n".join(_cell(each) for each in value)
        case dict():
            shown = json.dumps(value)
        case _:
            shown = inert(str(value), limit=LONGEST_CELL)
    return shown
