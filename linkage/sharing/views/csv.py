"""A table for spreadsheets."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from linkage.inert import inert, safe_cell
from linkage.sharing.rows import SELECTOR_COLUMNS, selector_rows
from linkage.sharing.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.sharing.ids import Ids
    from linkage.sharing.model import Package


class CsvView(View):
    """A table for spreadsheets and upload forms, ``selectors.csv``, one row for each selector of each ring.

    A cell that a spreadsheet would run is made plain text by an apostrophe, and what does not show is written as an
    escape. Rings that are taken back have no rows; a selector that a standing ring has no more says so in the
    column ``revoked``.
    """

    name = "csv"

    def files(self, package: Package, ids: Ids) -> Iterator[tuple[str, bytes]]:
        """Write a heading and one row a selector."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(SELECTOR_COLUMNS)
        for row in selector_rows(package, ids):
            writer.writerow(_cell(row[column]) for column in SELECTOR_COLUMNS)
        yield "selectors.csv", out.getvalue().encode()


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return safe_cell(inert(text, limit=10 * len(text)))
