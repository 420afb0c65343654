"""A line on the terminal that says where long work is; nothing where there is no terminal."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from linkage import progress

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Line:
    """One line that is written over, with the seconds since the start."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def step(self, what: str) -> None:
        """Write where the work is."""
        sys.stderr.write(f"\r\x1b[2K{time.monotonic() - self._start:5.1f} s  {what} …")
        sys.stderr.flush()

    def clear(self) -> None:
        """Leave nothing behind."""
        sys.stderr.write("\r\x1b[2K")
        sys.stderr.flush()


@contextmanager
def shown() -> Iterator[None]:
    """Show progress while the block runs, if stderr is a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    line = _Line()
    with progress.listening(line):
        try:
            yield
        finally:
            line.clear()
