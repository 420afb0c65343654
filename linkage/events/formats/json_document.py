"""JSON written over several lines: a list of objects, or one object after the other.

The whole text stands in memory while it is read; large logs come as one object a line.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from linkage.events.reading import UnusableFileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from linkage.events.formats.contents import Contents

BLANK = b" \t\r\n"
BOM = b"\xef\xbb\xbf"


def is_document(contents: Contents) -> bool:
    """Tell a list, or objects written over several lines, from one object a line."""
    with contents.open() as stream:
        first = next((line for line in stream if line.strip(BLANK + BOM)), b"").removeprefix(BOM)
    if first.lstrip().startswith(b"["):
        return True
    try:
        json.loads(first)
    except ValueError:
        return True
    except RecursionError:
        return False  # one deep object a line; DuckDB takes it, at any depth
    return False


def items(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Give each object of a list, or of objects one after the other, with the line it starts on."""
    try:
        text = stream.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnusableFileError("has bytes that are not UTF-8; save it as UTF-8") from error
    decoder = json.JSONDecoder()
    line = 1
    place = _skip(text, 0)
    listed = text[place : place + 1] == "["
    counted, place = 0, place + listed
    while True:
        place = _skip(text, place)
        if place == len(text) and not listed:
            return
        if listed and text[place : place + 1] == "]":
            if text[place + 1 :].strip():
                raise UnusableFileError("has something after the end of its list; write one object a line")
            return
        line += text.count("\n", counted, place)
        counted = place
        try:
            _, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            reason = f"is no valid JSON from line {line:,} on; write one object a line, or mend it there"
            raise UnusableFileError(reason) from error
        yield line, text[place:end].encode("utf-8", "surrogatepass")
        place = _skip(text, end)
        if listed and text[place : place + 1] == ",":
            place += 1


_SPACE = re.compile(r"[ \t\r\n]*")


def _skip(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place
