"""A blocklist for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from linkage.exports.format import Entry, Format

if TYPE_CHECKING:
    from collections.abc import Sequence


class JsonLinesBlocklist(Format):
    """One JSON object a line, in ASCII, so that nothing in it can move a terminal's cursor; ids are kept exactly."""

    name = "jsonl"
    suffix = ".jsonl"

    def write(self, entries: Sequence[Entry]) -> bytes:
        """Write one line an entry."""
        return "".join(json.dumps(entry.document()) + "\n" for entry in entries).encode("ascii")
