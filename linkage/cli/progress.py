"""A line on the terminal that says where long work is; nothing where there is no terminal."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from linkage import progress
from linkage.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST = 60
"""Characters of one step, so that the line fits a narrow terminal and can be written over."""
WORTH_SAYING = 1.0
"""Seconds left that are worth a word."""


class _Line:
    """One line that is written over: the seconds since the start, the step and, where it was done before, what is left."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._expected: dict[str, float] = {}
        self._took: dict[str, float] = {}
        self._step: tuple[str, float] | None = None

    def step(self, what: str) -> None:
        """Write where the work is."""
        now = time.monotonic()
        self._finish(now)
        self._step = (what, now)
        left = self._left(what)
        more = f", about {_said(left)} left" if left >= WORTH_SAYING else ""
        sys.stderr.write(f"\r\x1b[2K{now - self._start:5.1f} s  {inert(what, limit=LONGEST)} …{more}")
        sys.stderr.flush()

    def expect(self, seconds: Mapping[str, float]) -> None:
        """Hear how long each step took when the same was done before."""
        self._expected, self._took = dict(seconds), {}

    def took(self) -> dict[str, float]:
        """Say how long each step took, in seconds."""
        self._finish(time.monotonic())
        return dict(self._took)

    def clear(self) -> None:
        """Leave nothing behind."""
        sys.stderr.write("\r\x1b[2K")
        sys.stderr.flush()

    def _finish(self, now: float) -> None:
        """Count the time of the step that ends; one that comes several times counts once for all."""
        if self._step is not None:
            what, since = self._step
            self._took[what] = round(self._took.get(what, 0.0) + now - since, 2)
            self._step = (what, now)

    def _left(self, what: str) -> float:
        """Say how many seconds are left, by how long the steps took before that are still to come."""
        if what not in self._expected:
            return 0.0
        spent = self._took.get(what, 0.0)
        to_come = [
            seconds for step, seconds in self._expected.items() if step not in self._took and step != what
        ]
        return max(self._expected[what] - spent, 0.0) + sum(to_come)


def _said(seconds: float) -> str:
    """Write a stretch of time as people say it.

    >>> _said(42.4), _said(180)
    ('42 s', '3 min')
    """
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


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
