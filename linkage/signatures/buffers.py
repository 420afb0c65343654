"""Arrow strings as the bytes and offsets that kernels read, and kernels on every core."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


Given = TypeVar("Given")
Made = TypeVar("Made")
_PIECE = (
    1 << 20
)  # bytes of text a thread takes at a time: long enough to be worth handing over, short to balance


@dataclass(frozen=True)
class Piece:
    """Some consecutive texts, where they lie in memory.

    Args:
        text: the UTF-8 bytes of all texts of an Arrow chunk.
        offsets: where each text of the chunk starts, and the last one stops.
        first: the piece's first text within the chunk.
        last: the text after its last.
        row: the number of its first text in the whole column.
    """

    text: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]
    first: int
    last: int
    row: int

    def __len__(self) -> int:
        return self.last - self.first

    @property
    def letters(self) -> int:
        """How many bytes its texts have."""
        return int(self.offsets[self.last] - self.offsets[self.first])


def pieces_of(texts: pa.Array | pa.ChunkedArray) -> list[Piece]:
    """Cut a column of strings into pieces of about a megabyte, without copying the strings.

    >>> [len(piece) for piece in pieces_of(pa.chunked_array([["a", None], ["b"]]))]
    [2, 1]
    """
    chunks = texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]
    rows = np.cumsum([0] + [len(chunk) for chunk in chunks])
    return [piece for chunk, row in zip(chunks, rows, strict=False) for piece in _cut(chunk, int(row))]


def on_every_core(work: Callable[[Given], Made], given: Sequence[Given]) -> Iterator[Made]:
    """Do the work on all cores and give the results in order, never far ahead of whoever takes them.

    Threads, not numba's own parallel loops: those abort the process when it forks or when two threads use them.

    >>> list(on_every_core(len, ["one", "three"]))
    [3, 5]
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if cores == 1 or len(given) < 2:
        yield from map(work, given)
        return
    with ThreadPoolExecutor(cores) as threads:
        waiting = deque(threads.submit(work, each) for each in given[: 2 * cores])
        for each in given[2 * cores :]:
            yield waiting.popleft().result()
            waiting.append(threads.submit(work, each))
        while waiting:
            yield waiting.popleft().result()


def _cut(chunk: pa.Array, row: int) -> Iterator[Piece]:
    text, offsets = bytes_and_offsets(chunk)
    first = 0
    while first < len(chunk):
        last = int(np.searchsorted(offsets, offsets[first] + _PIECE, side="right")) - 1
        last = min(max(last, first + 1), len(chunk))
        yield Piece(text, offsets, first, last, row + first)
        first = last


def bytes_and_offsets(chunk: pa.Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Give the UTF-8 bytes of an Arrow chunk, and where each of its strings starts and the last one stops.

    >>> text, offsets = bytes_and_offsets(pa.array(["ab", None, "c"]))
    >>> bytes(text), offsets.tolist()
    (b'abc', [0, 2, 2, 3])
    """
    if not (pa.types.is_string(chunk.type) or pa.types.is_large_string(chunk.type)):
        chunk = chunk.cast(pa.large_string())
    if chunk.null_count:
        chunk = chunk.fill_null("")
    width = np.int64 if pa.types.is_large_string(chunk.type) else np.int32
    _, places, content = chunk.buffers()
    offsets = np.zeros(1, np.int64)
    if len(chunk):
        offsets = np.frombuffer(places, dtype=width)[chunk.offset : chunk.offset + len(chunk) + 1].astype(
            np.int64
        )
    text = (
        np.frombuffer(content, dtype=np.uint8)
        if content is not None and content.size
        else np.zeros(0, np.uint8)
    )
    text.flags.writeable = False  # numba compiles anew for arrays that may be written
    return text, offsets
