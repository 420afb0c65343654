"""JSON: one object a line, or a document of objects."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

import pyarrow as pa

from linkage.events.formats.json_document import BLANK, BOM, is_document, items
from linkage.events.formats.scan import Relation, Seen, refuse_binary, streamed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    import duckdb

    from linkage.events.formats.contents import Contents

_SCHEMA = pa.schema(
    [("line", pa.int64()), ("fault", pa.string()), ("size", pa.int64()), ("object", pa.string())]
)
_BATCH_ROWS = 10_000
_BATCH_BYTES = 1 << 24
# Every escape in turn, so that an escaped backslash is never taken for the start of the next one.
_ESCAPES = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


class JsonScan:
    """A file of JSON objects.

    The objects stay text until DuckDB takes them apart: it judges what is valid, and it keeps numbers as
    they are written. Half a surrogate pair cannot be kept as text; it is replaced by U+FFFD rather than
    set aside, or one odd character in a prompt would hide its request from us.
    """

    unit = "line"

    def __init__(self, database: duckdb.DuckDBPyConnection, contents: Contents, *, document: bool) -> None:
        self._database = database
        self._contents = contents
        self._document = document and is_document(contents)
        self.notices: list[str] = []
        self._repaired = 0
        with contents.open() as stream:
            refuse_binary(stream.read(4096))
        self.columns = tuple(Seen(name, f"cells[{i}]") for i, name in enumerate(self._names(), 1))
        if self._repaired:
            half = "half a surrogate pair, replaced by U+FFFD"
            self.notices.append(f"{self._repaired:,} lines hold {half}")

    @contextlib.contextmanager
    def rows(self) -> Iterator[Relation]:
        """Open the rows, for one select."""
        pointers = [_pointer(column.name) for column in self.columns]
        with self._objects() as name:
            yield Relation(
                f"""(
                    select line, object_fault as fault, size,
                        case when object_fault is null then json_extract_string(object, $pointers::varchar[]) end
                            as cells
                    from (select line, {_FAULT} as object_fault, coalesce(size, length(object)) as size, object
                        from {name})
                )""",
                {"pointers": pointers},
            )

    def _names(self) -> list[str]:
        """Find every key there is: rows need not have the same."""
        with self._objects() as name:
            keys = self._database.execute(
                f"""
                select distinct unnest(case when {_FAULT} is null then json_keys(object) end) as key
                from {name}
                order by key
                """
            ).fetchall()
        return [key for (key,) in keys]

    @contextlib.contextmanager
    def _objects(self) -> Iterator[str]:
        with self._contents.open() as stream:
            lines = items(stream) if self._document else _lines(stream)
            with streamed(self._database, _SCHEMA, self._batches(lines)) as name:
                yield name

    def _batches(self, lines: Iterable[tuple[int, bytes]]) -> Iterator[pa.RecordBatch]:
        self._repaired = 0
        waiting: list[tuple[int, bytes]] = []
        weight = 0
        for number, line in lines:
            waiting.append((number, self._whole(line) if b"\\u" in line else line))
            weight += len(line)
            if len(waiting) >= _BATCH_ROWS or weight >= _BATCH_BYTES:
                yield _batch(waiting)
                waiting, weight = [], 0
        if waiting:
            yield _batch(waiting)

    def _whole(self, line: bytes) -> bytes:
        whole = _ESCAPES.sub(lambda found: rb"\ufffd" if found["lone"] else found[0], line)
        self._repaired += whole != line
        return whole


# The order matters: nothing may be asked of text that is no JSON.
_FAULT = """case
    when fault is not null then fault
    when not json_valid(object) then 'is no valid JSON'
    when json_type(object) <> 'OBJECT' then 'is no JSON object; write one {"name": value, …} a line'
end"""


def _pointer(key: str) -> str:
    return "/" + key.replace("~", "~0").replace("/", "~1")


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(stream, 1):
        text = (line.removeprefix(BOM) if number == 1 else line).strip(BLANK)
        if text:
            yield number, text


def _batch(lines: list[tuple[int, bytes]]) -> pa.RecordBatch:
    numbers, texts = zip(*lines, strict=True)
    try:
        objects = pa.array(texts, pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:
        return _batch_with_faults(lines)
    nothing = pa.nulls(len(numbers))
    return pa.record_batch(
        [pa.array(numbers, pa.int64()), nothing.cast(pa.string()), nothing.cast(pa.int64()), objects],
        schema=_SCHEMA,
    )


def _batch_with_faults(lines: list[tuple[int, bytes]]) -> pa.RecordBatch:
    rows: list[tuple[int, str | None, int | None, str | None]] = []
    for number, text in lines:
        try:
            rows.append((number, None, None, text.decode()))
        except UnicodeDecodeError:
            rows.append((number, "has bytes that are not UTF-8; save the file as UTF-8", len(text), None))
    columns = zip(*rows, strict=True)
    return pa.record_batch(
        [pa.array(column, field.type) for column, field in zip(columns, _SCHEMA, strict=True)], schema=_SCHEMA
    )
