"""Lines of JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.sharing.ascii_json import write_json
from linkage.sharing.rows import ring_rows, selector_rows
from linkage.sharing.view import View

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linkage.sharing.ids import Ids
    from linkage.sharing.model import Package
    from linkage.sharing.rows import Row


class JsonLinesView(View):
    """Lines of JSON for a pipeline of your own: ``selectors.jsonl`` says what to look for, ``rings.jsonl`` of whom.

    A ring that is taken back has one line in ``rings.jsonl`` that says so, and none in ``selectors.jsonl``; a
    selector that a standing ring has no more has its line with ``revoked``.
    """

    name = "jsonl"

    def files(self, package: Package, ids: Ids) -> Iterator[tuple[str, bytes]]:
        """Write a line for each selector, and one for each ring."""
        yield "selectors.jsonl", _lines(map(_without_empty_bands, selector_rows(package, ids)))
        yield "rings.jsonl", _lines(ring_rows(package, ids))


def _without_empty_bands(row: Row) -> Row:
    return {column: value for column, value in row.items() if column != "bands" or value}


def _lines(rows: Iterable[Row]) -> bytes:
    return b"".join(write_json(row) + b"\n" for row in rows)
