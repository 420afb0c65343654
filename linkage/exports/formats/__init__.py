"""The export formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.exports.formats.csv import CsvBlocklist
from linkage.exports.formats.jsonl import JsonLinesBlocklist

if TYPE_CHECKING:
    from linkage.exports.format import Format

FORMATS: tuple[Format, ...] = (CsvBlocklist(), JsonLinesBlocklist())
