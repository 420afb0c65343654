"""Arrays too large for memory: they lie in a file, and stand in memory as far as somebody looks at them."""

from __future__ import annotations

import mmap
import os
import tempfile
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

LEAST_BYTES = 1 << 29
"""A smaller array is kept in memory."""
_AT_ONCE = 1 << 25
"""Bytes that are looked at before they leave memory, with what they are held against."""


def shelved(rows: int, columns: int, *, least_bytes: int = LEAST_BYTES) -> npt.NDArray[np.uint32]:
    """Make an array of numbers of 32 bits, in a file without a name where it is large; the values are any.

    The file lies where temporary files do. Where the disk has no room for it, the array is in memory after all.

    >>> table = shelved(1000, 64, least_bytes=0)
    >>> table[:] = 7
    >>> forget(table)
    >>> table.shape, int(table.sum())
    ((1000, 64), 448000)

    Args:
        rows: how many rows it has.
        columns: how many values a row has.
        least_bytes: how large it is at least when it is put into a file.
    """
    size = 4 * rows * columns
    if size >= max(least_bytes, 1):
        with suppress(OSError), tempfile.TemporaryFile() as file:
            _take_room(file.fileno(), size)
            mapped = mmap.mmap(file.fileno(), size)
            return np.frombuffer(mapped, np.uint32).reshape(rows, columns)
    return np.empty((rows, columns), np.uint32)


class Heap:
    """Hashes that come in parts, nobody knows how many: where they are many, in a file without a name.

    >>> heap = Heap(least_bytes=0)
    >>> heap.add(np.array([1, 2], np.uint64))
    >>> heap.add(np.array([3], np.uint64))
    >>> heap.joined().tolist()
    [1, 2, 3]
    """

    def __init__(self, *, least_bytes: int = LEAST_BYTES) -> None:
        """Begin with none.

        Args:
            least_bytes: how large they are together at least when they are put into a file.
        """
        self._least_bytes, self._size = least_bytes, 0
        self._parts: list[npt.NDArray[np.uint64]] = []
        self._file: IO[bytes] | None = None

    def add(self, hashes: npt.NDArray[np.uint64]) -> None:
        """Put some more behind those that are there."""
        self._size += hashes.nbytes
        self._parts.append(hashes)
        if self._size >= self._least_bytes:
            self._file = self._file or tempfile.TemporaryFile()  # noqa: SIM115 - it is gone when nobody looks at it
            for part in self._parts:
                part.tofile(self._file)
            self._parts.clear()

    def joined(self) -> npt.NDArray[np.uint64]:
        """Give all of them as one array, which may be changed; only once."""
        if self._file is None or not self._size:
            return np.concatenate([np.empty(0, np.uint64), *self._parts])
        with self._file as file:
            file.flush()
            return np.frombuffer(mmap.mmap(file.fileno(), self._size), np.uint64)


def _take_room(file: int, size: int) -> None:
    """Make a file so large, and sure that the disk has the room: who wrote later on where it is full would be killed."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, size)
    else:
        os.truncate(file, size)


def forget(rows: npt.NDArray[Any]) -> None:
    """Let an array leave memory until somebody looks at it again; does nothing to one that is no file's."""
    base: Any = rows
    while isinstance(base, np.ndarray | memoryview):
        base = base.base if isinstance(base, np.ndarray) else base.obj
    if isinstance(base, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        base.madvise(mmap.MADV_DONTNEED)


def parts_of(rows: npt.NDArray[Any]) -> Iterator[slice]:
    """Go through an array in parts, and let each leave memory before the next is looked at.

    >>> [(part.start, part.stop) for part in parts_of(np.zeros((200_000, 64), np.uint32))]
    [(0, 131072), (131072, 200000)]
    """
    step = max(1, _AT_ONCE // max(1, rows.nbytes // max(1, len(rows))))
    for first in range(0, len(rows), step):
        yield slice(first, min(first + step, len(rows)))
        forget(rows)
