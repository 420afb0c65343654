"""The loops behind ``coverage``: content words as unit vectors, summed by unit."""

# ruff: noqa: PLR0913, PLR0917 - numba wants plain arrays

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linkage.signatures.compiled import compiled
from linkage.signatures.text_kernels import read_words, room_for_words, sort_distinct

if TYPE_CHECKING:
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Rows = npt.NDArray[np.int64]
    Hashes = npt.NDArray[np.uint64]
    Floats = npt.NDArray[np.float64]


@compiled
def count_texts(text: Bytes, offsets: Rows, first: int, last: int, classes: Bytes, counts: Rows) -> None:
    """Count in how many rows each bucket of words occurs."""
    found = np.empty(room_for_words(offsets, first, last), np.uint64)
    for row in range(first, last):
        size = sort_distinct(found[: read_words(text, offsets[row], offsets[row + 1], classes, found)])
        for word in found[:size]:
            counts[word % np.uint64(len(counts))] += 1


@compiled
def spread_rows(
    text: Bytes, offsets: Rows, first: int, last: int, classes: Bytes, weights: Floats, dimensions: int
) -> float:
    """Say how unlike each other the rows are: 1 less the mean cosine of their pairs, over content words.

    A word of more than half of the rows is their wrapper, not their content.
    """
    count = last - first
    found = np.empty(room_for_words(offsets, first, last), np.uint64)
    held = np.empty(1024, np.uint64)
    ends = np.zeros(count + 1, np.int64)
    for row in range(first, last):
        size = sort_distinct(found[: read_words(text, offsets[row], offsets[row + 1], classes, found)])
        start = ends[row - first]
        if start + size > len(held):
            larger = np.empty(2 * (start + size), np.uint64)
            larger[:start] = held[:start]
            held = larger
        held[start : start + size] = found[:size]
        ends[row - first + 1] = start + size
    common = _common(held[: ends[count]].copy(), count)
    total = np.zeros(dimensions)
    vectors = 0
    for row in range(count):
        vector = np.zeros(dimensions)
        for word in held[ends[row] : ends[row + 1]]:
            place = np.searchsorted(common, word)
            if place < len(common) and common[place] == word:
                continue
            sign = 1.0 if word >> np.uint64(63) else -1.0
            slot = np.int64((word >> np.uint64(32)) % np.uint64(dimensions))
            vector[slot] += sign * weights[word % np.uint64(len(weights))]
        length = np.sqrt((vector * vector).sum())
        if length > 0:
            total += vector / length
            vectors += 1
    if vectors < 2:
        return np.nan
    alike: float = ((total * total).sum() - vectors) / (vectors * (vectors - 1.0))
    return 1.0 - alike


@compiled
def _common(words: Hashes, rows: int) -> Hashes:
    """List the words that more than half of the rows have, if there are rows enough to tell."""
    if rows < 3:
        return words[:0]
    words.sort()
    kept = 0
    start = 0
    for at in range(1, len(words) + 1):
        if at == len(words) or words[at] != words[start]:
            if 2 * (at - start) > rows:
                words[kept] = words[start]
                kept += 1
            start = at
    return words[:kept]
