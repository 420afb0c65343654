"""CSV and its relations: delimited by comma, semicolon, tab or bar; quoted as RFC 4180 says.

Python's reader takes the rows apart, because it alone knows each row's true line, and because a row that
breaks the rules must not cost its neighbours. A quote that is never closed swallows what follows it up
to the next clash of quotes or the end, as one quarantined row: starting anew inside it would let text
that an account wrote pass for rows.
"""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from linkage.events.formats.scan import Relation, columns_named, refuse_binary, streamed
from linkage.events.reading import UnusableFileError

if TYPE_CHECKING:
    from typing import BinaryIO

    import duckdb

    from linkage.events.formats.contents import Contents

_DELIMITERS = ",;\t|"
# The reader keeps a field in memory at four bytes a character; past this it is no prompt but a lost quote.
_LONGEST_FIELD = 1 << 28
_BATCH_ROWS = 10_000
_BATCH_CHARACTERS = 1 << 24


class DelimitedScan:
    """A CSV file with a header."""

    unit = "line"

    def __init__(self, database: duckdb.DuckDBPyConnection, contents: Contents) -> None:
        self._database = database
        self._contents = contents
        self._delimiter, header = _header(contents)
        self.notices: list[str] = []
        self.columns = columns_named(header)

    @contextlib.contextmanager
    def rows(self) -> Iterator[Relation]:
        """Open the rows, for one select."""
        cells = [(column.cell, pa.string()) for column in self.columns]
        schema = pa.schema([("line", pa.int64()), ("fault", pa.string()), ("size", pa.int64()), *cells])
        with self._contents.open() as stream:
            batches = _batches(stream, self._delimiter, schema)
            with streamed(self._database, schema, batches) as name:
                yield Relation(name)


def _header(contents: Contents) -> tuple[str, list[str]]:
    """Find the delimiter, by what takes the first line apart most, and the names in it."""
    with contents.open() as stream:
        start = stream.read(4096)
        refuse_binary(start)
    if not start.strip():
        raise UnusableFileError("is empty; a CSV file has at least a line of column names")
    found = {delimiter: _first_row(contents, delimiter) for delimiter in _DELIMITERS}
    delimiter = max(found, key=lambda each: (len(found[each]), -_DELIMITERS.index(each)))
    return delimiter, found[delimiter]


def _first_row(contents: Contents, delimiter: str) -> list[str]:
    with contents.open() as stream, _text(stream) as text:
        for row in csv.reader(text, delimiter=delimiter):
            if any(cell.strip() for cell in row):
                return [cell.encode("utf-8", "replace").decode() for cell in row]
    return []


def _text(stream: BinaryIO) -> io.TextIOWrapper:
    # Bytes that are no UTF-8 become lone surrogates, which no valid row can hold: they are found later.
    return io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")


@contextlib.contextmanager
def _long_fields() -> Iterator[None]:
    before = csv.field_size_limit(_LONGEST_FIELD)
    try:
        yield
    finally:
        csv.field_size_limit(before)


# The line it starts on, why it cannot be taken apart, how long it then is, and its cells.
_Row = tuple[int, str | None, int | None, Sequence[str | None]]


class _Counted:
    """Lines of text, counting the characters that went by."""

    def __init__(self, text: Iterable[str]) -> None:
        self._text = text
        self.characters = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._text:
            self.characters += len(line)
            yield line


def _batches(stream: BinaryIO, delimiter: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    waiting: list[_Row] = []
    full = _BATCH_CHARACTERS
    with _text(stream) as lines, _long_fields():
        text = _Counted(lines)
        for row in _rows(text, delimiter, len(schema) - 3):
            waiting.append(row)
            if len(waiting) >= _BATCH_ROWS or text.characters >= full:
                yield _batch(waiting, schema)
                waiting, full = [], text.characters + _BATCH_CHARACTERS
    if waiting:
        yield _batch(waiting, schema)


def _rows(text: _Counted, delimiter: str, width: int) -> Iterator[_Row]:
    """Give each row with the line it starts on; the first row that is not blank is the header."""
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    nothing = [None] * width
    headed = False
    while True:
        line, before = reader.line_num + 1, text.characters
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            row, fault = [], _fault(error, line)
        else:
            if len(row) == width and headed:
                yield line, None, None, row
                continue
            if not "".join(row).strip() and len(row) <= 1:
                continue  # a blank line is no row
            fault = f"has {len(row):,} fields where the header has {width:,}"
        if headed:
            yield line, fault, text.characters - before, nothing
        headed = True


def _fault(error: csv.Error, line: int) -> str:
    if "limit" in str(error):
        raise UnusableFileError(
            f"a quoted value that starts on line {line:,} does not end; close its quote, or write quotes "
            'inside values twice ("")'
        ) from error
    if "end of data" in str(error):
        return "ends inside a quoted value: the file is cut short, or a quote is never closed"
    return 'has a quote in the wrong place; inside a quoted value a quote is written twice ("")'


def _batch(rows: list[_Row], schema: pa.Schema) -> pa.RecordBatch:
    try:
        return _columns(rows, schema)
    except UnicodeEncodeError:
        return _columns([_checked(row) for row in rows], schema)


def _checked(row: _Row) -> _Row:
    line, _, _, cells = row
    text = "".join(filter(None, cells))
    try:
        text.encode()
    except UnicodeEncodeError:
        return line, "has bytes that are not UTF-8; save the file as UTF-8", len(text), [None] * len(cells)
    return row


def _columns(rows: list[_Row], schema: pa.Schema) -> pa.RecordBatch:
    lines, faults, sizes, cells = zip(*rows, strict=True)
    columns = [lines, faults, sizes, *zip(*cells, strict=True)]
    return pa.record_batch(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )
