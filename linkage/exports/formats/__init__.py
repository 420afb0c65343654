"""The export formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.errors import SettingsError
from linkage.exports.formats.csv import CsvBlocklist
from linkage.exports.formats.jsonl import JsonLinesBlocklist

if TYPE_CHECKING:
    from linkage.exports.format import Format

FORMATS: tuple[Format, ...] = (CsvBlocklist(), JsonLinesBlocklist())


def format_named(name: str) -> Format:
    """Find a format by its name.

    Raises:
        SettingsError: there is none of that name; says which there are.

    >>> format_named("csv").suffix
    '.csv'
    """
    for format_ in FORMATS:
        if format_.name == name:
            return format_
    raise SettingsError(
        f"there is no format of that name; choose one of {', '.join(each.name for each in FORMATS)}"
    )
