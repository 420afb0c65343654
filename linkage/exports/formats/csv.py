"""A blocklist for spreadsheets and upload forms."""

from __future__ import annotations

import csv
import io
from dataclasses import fields
from typing import TYPE_CHECKING

from linkage.exports.format import Entry, Format
from linkage.inert import inert, safe_cell

if TYPE_CHECKING:
    from collections.abc import Sequence


class CsvBlocklist(Format):
    """One row an account, in UTF-8 with a heading.

    What does not show, such as a control character in an account id, is written as an escape, and a cell that a
    spreadsheet would run is made plain text by an apostrophe. Where ids may hold such characters, take ``jsonl``,
    which keeps them as they are.
    """

    name = "csv"
    suffix = ".csv"

    def write(self, entries: Sequence[Entry]) -> bytes:
        """Write a heading and one row an entry."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(field.name for field in fields(Entry))
        for entry in entries:
            writer.writerow(_cell(value) for value in entry.document().values())
        return out.getvalue().encode()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return safe_cell(inert(text, limit=10 * len(text)))
