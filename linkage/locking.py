"""Take turns at a file that one program at a time may write to."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from linkage import progress

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import BinaryIO

T = TypeVar("T")
PATIENCE = 1.0
"""Seconds of waiting that are not worth a word."""
SHORTEST, LONGEST = 0.01, 0.25
"""Seconds between two tries: soon at first, for most who write are done in a moment."""
DOOR = threading.RLock()
"""Threads of ours open and close files one after the other."""
_open_here: Counter[Path] = Counter()
_to_close: dict[Path, list[BinaryIO]] = {}


class BusyError(Exception):
    """Somebody else has the file."""


def in_turn(attempt: Callable[[], T], *, wait: float, name: str) -> T:
    """Try until it is our turn.

    Args:
        attempt: what to try; raises ``BusyError`` while somebody else has the file.
        wait: most seconds to wait.
        name: what we wait for, in the words of the one who waits.

    Raises:
        BusyError: it was not our turn in all that time.

    >>> turns = iter([False, True])
    >>> def attempt():
    ...     if not next(turns):
    ...         raise BusyError
    ...     return "ours"
    >>> in_turn(attempt, wait=5, name="the case")
    'ours'
    """
    begun, told, pause = time.monotonic(), False, SHORTEST
    while True:
        try:
            return attempt()
        except BusyError:
            waited = time.monotonic() - begun
            # First the word, then the end: a sleep may last from before the one to after the other.
            if waited >= PATIENCE and not told:
                progress.tell(
                    f"{name} is in use by another program: waiting for it, {wait:g} seconds at most"
                )
                told = True
            if waited >= wait:
                raise
        # Two who wait in step would meet again and again.
        time.sleep(min(pause * random.uniform(0.5, 1.5), max(wait - waited, 0)))  # noqa: S311 - no secret
        pause = min(2 * pause, LONGEST)


def is_held(path: Path) -> bool:
    """Say whether another program has the file open, as far as the system tells.

    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     is_held(pathlib.Path(folder, "absent"))
    False
    """
    try:
        import fcntl  # noqa: PLC0415 - not on Windows, where a file in use cannot be removed anyway
    except ImportError:
        return False
    try:
        number = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.lockf(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(number)
    return False


def is_open_here(path: Path) -> bool:
    """Say whether this very program has the file open: then it must not be opened and closed in passing.

    A process that closes a file loses every lock that it has on it, also those of its other threads (POSIX).
    """
    return path.absolute() in _open_here


def hold(path: Path) -> None:
    """Note that this program has opened the file for long."""
    _open_here[path.absolute()] += 1


def release(path: Path, file: BinaryIO | None = None) -> None:
    """Note that this program has closed it, and close what reads it beside as soon as that ends no lock.

    Args:
        path: the file.
        file: the same file, opened a second time.
    """
    with DOOR:
        key = path.absolute()
        _open_here[key] -= 1
        if not _open_here[key]:
            del _open_here[key]
        let_go(path, file)


def let_go(path: Path, file: BinaryIO | None = None) -> None:
    """Close what reads a file beside it, now or as soon as that ends no lock that this program has on it.

    Args:
        path: the file.
        file: the same file, opened a second time.
    """
    with DOOR:
        waiting = _to_close.setdefault(path.absolute(), [])
        if file is not None:
            waiting.append(file)
        if is_open_here(path):
            return
        for each in _to_close.pop(path.absolute()):
            each.close()
