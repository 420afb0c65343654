"""The bytes of a file, unpacked: plain, gzip or zstd, local or fetched by DuckDB."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import zlib
from typing import TYPE_CHECKING, BinaryIO, cast

import pyarrow as pa

from linkage.events.formats.faults import explained
from linkage.events.reading import UnusableFileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"


class Contents:
    """A file's bytes; read as often as needed, unpacked by what they are rather than by their name."""

    def __init__(self, source: Path | bytes) -> None:
        self._source = source

    @contextlib.contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open the unpacked bytes; a file cut short raises while it is read."""
        try:
            with self._raw() as raw:
                start = raw.read(4)
                raw.seek(0)
                with _unpacked(raw, start) as stream:
                    yield stream
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise UnusableFileError(_CUT) from error
        except OSError as error:
            # Arrow tells of damaged zstd by a plain OSError; the system's own errors carry a number.
            reason = f"cannot be read ({error.strerror}); check that it is there and yours to read"
            raise UnusableFileError(reason if error.errno else _CUT) from error

    def digest(self) -> str:
        """Give the SHA-256 of the bytes as they lie on disk."""
        with self._raw() as raw:
            return hashlib.file_digest(cast("io.BytesIO", raw), "sha256").hexdigest()

    def _raw(self) -> BinaryIO:
        return io.BytesIO(self._source) if isinstance(self._source, bytes) else self._source.open("rb")


def fetch(database: duckdb.DuckDBPyConnection, url: str) -> Contents:
    """Fetch a remote file through DuckDB, which knows the protocol and the credentials."""
    query = "select content from read_blob($url) order by filename"
    with explained():
        parts = database.execute(query, {"url": url}).fetchall()
    return Contents(b"".join(part for (part,) in parts))


_CUT = "its packed bytes end too early or are damaged; copy or write the file again"


@contextlib.contextmanager
def _unpacked(raw: BinaryIO, start: bytes) -> Iterator[BinaryIO]:
    if start.startswith(_GZIP):
        with gzip.GzipFile(fileobj=raw) as stream:
            yield cast("BinaryIO", stream)
    elif start.startswith(_ZSTD):
        with pa.CompressedInputStream(raw, "zstd") as packed, io.BufferedReader(packed, 1 << 20) as stream:
            yield cast("BinaryIO", stream)
    else:
        yield raw
