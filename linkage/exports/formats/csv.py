"""A blocklist for spreadsheets and upload forms."""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, fields
from typing import TYPE_CHECKING

from linkage.exports.format import Entry, Format
from linkage.inert import safe_cell

if TYPE_CHECKING:
    from collections.abc import Sequence


class CsvBlocklist(Format):
    """One row an account. A cell that a spreadsheet would run is made plain text."""

    name = "csv"
    suffix = ".csv"

    def write(self, entries: Sequence[Entry]) -> bytes:
        """Write a heading and one row an entry."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(field.name for field in fields(Entry))
        for entry in entries:
            writer.writerow(safe_cell("" if value is None else str(value)) for value in astuple(entry))
        return out.getvalue().encode("utf-8", "backslashreplace")
