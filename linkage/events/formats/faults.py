"""What DuckDB says of a file that it cannot read, as a sentence for the file's owner."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import duckdb

from linkage.events.reading import UnusableFileError
from linkage.inert import inert
from linkage.tables import mendable

if TYPE_CHECKING:
    from collections.abc import Iterator


class BrokenTextError(UnusableFileError):
    """A Parquet file holds text that is not UTF-8; it can be opened with ``mend=True``."""


# These tell of our own query, the machine or the user's ctrl-c, never of a file, and must look like it.
_NOT_THE_FILE = (
    duckdb.BinderException,
    duckdb.ConversionException,
    duckdb.InternalException,
    duckdb.InterruptException,
    duckdb.OutOfMemoryException,
    duckdb.ParserException,
)


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Raise DuckDB's account of a file that it cannot read as ``UnusableFileError``."""
    try:
        yield
    except duckdb.Error as error:
        # A full disk, too, is the machine's; it may fill while a file is read.
        if isinstance(error, _NOT_THE_FILE) or mendable(error):
            raise
        message = str(error)
        if "not valid UTF8" in message:
            raise BrokenTextError("has text that is not UTF-8") from error
        first = inert(message.splitlines()[0], 160)
        raise UnusableFileError(
            f"cannot be read: {first}. If it was half-written or cut short, write it again"
        ) from error
