"""Read JSON that strangers wrote, so that no file can exhaust the machine or say two things at once."""

from __future__ import annotations

import json
import math
import re
import stat
from itertools import accumulate
from typing import TYPE_CHECKING

from linkage.errors import DataError
from linkage.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_BYTES = 128 << 20
"""A list of 20,000 accounts has 58 MB in one bundle."""
DEEPEST = 32
"""A bundle has six levels."""
MOST_OBJECTS = 3_000_000
"""Values of all sorts; a bundle of 20,000 accounts has a million."""
LONGEST_TEXT = 1 << 16
"""Bytes of one string."""
MOST_LINES = 250_000
"""A list of forty rings of 20,000 accounts has as many; twice as many would take more than a gigabyte."""
LONGEST_LINE = 16 << 20
"""Bytes of one line of JSON lines: the members of a ring stand in one."""

_LONGEST_NUMBER = 40
_STRING = re.compile(rb'"[^"]*"?')
_LONG_STRING = re.compile(rb'"[^"]{%d}' % (LONGEST_TEXT + 1))
_NOT_STRUCTURE = bytes(set(range(256)) - set(b"[]{},"))
_NOT_BRACKETS = b","
_STEP = {**dict.fromkeys(b"[{", 1), **dict.fromkeys(b"]}", -1)}


def load(
    content: bytes | Path,
    *,
    most_bytes: int = MOST_BYTES,
    deepest: int = DEEPEST,
    most_objects: int = MOST_OBJECTS,
) -> object:
    """Read one JSON document whose size, depth and number of values are bounded before it is parsed.

    Args:
        content: the bytes, or a file; what a file's size is, is asked before it is opened.
        most_bytes: how large it may be.
        deepest: how many brackets may stand open at once.
        most_objects: how many values of any sort it may hold.

    Returns:
        What it says, as ``json.loads`` does. No object in it had the same key twice, and no number is endless.

    Raises:
        DataError: it is none of that, or no JSON; the sentence says which.

    >>> load(b'{"id": "x", "accounts": [1, 2]}')
    {'id': 'x', 'accounts': [1, 2]}
    >>> load(b"[" * 1_000_000)
    Traceback (most recent call last):
    ...
    linkage.errors.DataError: the JSON is nested deeper than 32 levels
    """
    raw = read(content, most_bytes=most_bytes)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"byte {error.start + 1} is not UTF-8; JSON is written in UTF-8") from None
    _measure(raw, deepest, most_objects)
    try:
        return json.loads(
            text,
            object_pairs_hook=_unique,
            parse_int=_whole_number,
            parse_float=_number,
            parse_constant=_no_constant,
        )
    except json.JSONDecodeError as error:
        raise DataError(f"it is not JSON: line {error.lineno}, column {error.colno} cannot be read") from None


def load_lines(  # noqa: PLR0913 - each is a bound
    content: bytes | Path,
    *,
    most_bytes: int = MOST_BYTES,
    most_lines: int = MOST_LINES,
    longest_line: int = LONGEST_LINE,
    deepest: int = DEEPEST,
    most_objects: int = MOST_OBJECTS,
) -> Iterator[object | DataError]:
    r"""Read JSON lines one by one: a line that cannot be read spoils no other.

    Args:
        content: the bytes, or a file.
        most_bytes: how large all of it may be.
        most_lines: how many lines it may have.
        longest_line: how many bytes a line may have.
        deepest: how many brackets may stand open at once.
        most_objects: how many values all its lines may hold together.

    Yields:
        What each line says, or the error that says why it cannot be read. Empty lines are passed over.

    Raises:
        DataError: it is larger than allowed, or holds more lines or values.

    >>> [type(line).__name__ for line in load_lines(b'{"a": 1}\n\n{"a": NaN}\n')]
    ['dict', 'DataError']
    """
    raw = read(content, most_bytes=most_bytes)
    if raw.count(b"\n") > most_lines:
        raise DataError(f"it has more than {most_lines:,} lines; a list is shorter")
    # A comma or an opening bracket goes before each value but the first: no line can hold more than that.
    if sum(map(raw.count, (b",", b"[", b"{"))) > most_objects:
        raise DataError(f"it holds more than {most_objects:,} values; a list holds fewer")
    for line in raw.split(b"\n"):
        if line.strip():
            yield _line(line, longest_line, deepest, most_objects)


def read(content: bytes | Path, *, most_bytes: int = MOST_BYTES) -> bytes:
    """Read a file, unless it is too large or no file.

    Raises:
        DataError: it is not there, is a pipe or a device, cannot be read, or is larger than allowed.

    >>> read(b"{}")
    b'{}'
    """
    if isinstance(content, bytes):
        _no_larger(len(content), most_bytes)
        return content
    name = inert(content.name)
    try:
        about = content.stat()
        if not stat.S_ISREG(about.st_mode):
            raise DataError(f"{name} is no file; name one that is")
        _no_larger(about.st_size, most_bytes)
        with content.open("rb") as file:
            # It may have grown since.
            raw = file.read(most_bytes + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "its name is none"
        raise DataError(f"{name} cannot be read: {reason}") from None
    _no_larger(len(raw), most_bytes)
    return raw


def _no_larger(size: int, most: int) -> None:
    if size > most:
        raise DataError(f"it is larger than {most:,} bytes; ask the partner for a smaller list")


def _line(line: bytes, longest: int, deepest: int, most_objects: int) -> object | DataError:
    if len(line) > longest:
        return DataError(f"a line is longer than {longest:,} bytes")
    try:
        return load(line, most_bytes=longest, deepest=deepest, most_objects=most_objects)
    except DataError as error:
        return error


def _measure(raw: bytes, deepest: int, most_objects: int) -> None:
    """Look at brackets and commas outside strings, without recursion and before anything is built.

    Where a backslash stands outside a string this reads on otherwise than a parser would; but there a parser stops.
    """
    plain = raw.replace(rb"\\", b"__").replace(rb"\"", b"__")
    if _LONG_STRING.search(plain):
        raise DataError(f"a text in the JSON is longer than {LONGEST_TEXT:,} bytes")
    structure = _STRING.sub(b"", plain).translate(None, _NOT_STRUCTURE)
    brackets = structure.translate(None, _NOT_BRACKETS)
    depths = accumulate(map(_STEP.__getitem__, brackets[: 2 * most_objects]))
    if any(depth > deepest for depth in depths):
        raise DataError(f"the JSON is nested deeper than {deepest} levels")
    if sum(map(structure.count, (b",", b"[", b"{"))) > most_objects:
        raise DataError(f"the JSON holds more than {most_objects:,} values")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise DataError(
            "an object in the JSON has the same key twice, so that readers may differ on what it says"
        )
    return found


def _whole_number(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise DataError(f"a number in the JSON has more than {_LONGEST_NUMBER} digits")
    return int(digits)


def _number(digits: str) -> float:
    if len(digits) > _LONGEST_NUMBER or not math.isfinite(float(digits)):
        raise DataError("a number in the JSON is too long or endless")
    return float(digits)


def _no_constant(word: str) -> float:
    raise DataError(f"the JSON holds {word}, which is no number")
