"""The file formats that we read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.events.formats.contents import Contents, fetch
from linkage.events.formats.delimited import DelimitedScan
from linkage.events.formats.faults import BrokenTextError
from linkage.events.formats.json_lines import JsonScan
from linkage.events.formats.native import scan_parquet

if TYPE_CHECKING:
    import duckdb

    from linkage.events.formats.scan import Scan
    from linkage.events.sources import SourceFile

__all__ = ["FORMATS", "BrokenTextError", "digest_of", "open_scan"]

# File name endings, without .gz and .zst, and the format that each means.
FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".parquet": "parquet",
}


def open_scan(database: duckdb.DuckDBPyConnection, file: SourceFile, *, mend: bool = False) -> Scan:
    """Open a file in its format; raises when its first bytes show that it cannot be used."""
    if file.format == "parquet":
        return scan_parquet(database, file.address, mend=mend)
    contents = Contents(file.path) if file.path else fetch(database, file.address)
    if file.format == "csv":
        return DelimitedScan(database, contents)
    return JsonScan(database, contents, document=file.format == "json")


def digest_of(file: SourceFile) -> str | None:
    """Give the SHA-256 of a local file's bytes; None for what is not a local file."""
    return Contents(file.path).digest() if file.path else None
