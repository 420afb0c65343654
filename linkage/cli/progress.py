"""A line on the terminal that says where long work is; nothing where there is no terminal."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from linkage import progress
from linkage.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 60
"""Characters of one step, so that the line fits a narrow terminal and can be written over."""


class _Line:
    """One line that is written over, with the seconds since the start."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def step(self, what: str) -> None:
        """Write where the work is."""
        seconds = time.monotonic() - self._start
        sys.stderr.write(f"\r\x1b[2K{seconds:5.1f} s  {inert(what, limit=LONGEST)} …")
        sys.stderr.flush()

    def clear(self) -> None:
        """Leave nothing behind."""
        sys.stderr.write("\r\x1b[2K")
        sys.stderr.flush()


@contextmanager
def shown() -> Iterator[None]:
    """Show progress while the block runs, if stderr is a terminal. Talk only after it."""
    if not sys.stderr.isatty():
        yield
        return
    line = _Line()
    with progress.listening(line):
        try:
            yield
        finally:
            line.clear()
