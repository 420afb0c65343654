"""The loops behind ``coverage``: content words as unit vectors, summed by unit."""

# ruff: noqa: PLR0913, PLR0917 - numba wants plain arrays

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linkage.signatures.compiled import compiled
from linkage.signatures.text_kernels import room_for_words, sort_distinct
from linkage.signatures.word_kernels import SPACE, read_words

if TYPE_CHECKING:
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Rows = npt.NDArray[np.int64]
    Hashes = npt.NDArray[np.uint64]
    Floats = npt.NDArray[np.float64]


@compiled
def count_texts(text: Bytes, offsets: Rows, first: int, last: int, classes: Bytes, counts: Rows) -> None:
    """Count in how many rows each bucket of words occurs."""
    found, space = np.empty(room_for_words(offsets, first, last), np.uint64), np.empty(SPACE, np.uint64)
    for row in range(first, last):
        size = sort_distinct(found[: read_words(text, offsets[row], offsets[row + 1], classes, found, space)])
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
    found, space = np.empty(room_for_words(offsets, first, last), np.uint64), np.empty(SPACE, np.uint64)
    held = np.empty(1024, np.uint64)
    ends = np.zeros(count + 1, np.int64)
    for row in range(first, last):
        size = sort_distinct(found[: read_words(text, offsets[row], offsets[row + 1], classes, found, space)])
        start = ends[row - first]
        if start + size > len(held):
            larger = np.empty(2 * (start + size), np.uint64)
            larger[:start] = held[:start]
            held = larger
        held[start : start + size] = found[:size]
        ends[row - first + 1] = start + size
    rows = _rows_with(held[: ends[count]])
    total = np.zeros(dimensions)
    vectors = 0
    for row in range(count):
        vector = np.zeros(dimensions)
        for at in range(ends[row], ends[row + 1]):
            if count >= 3 and 2 * rows[at] > count:  # of fewer rows it cannot be told
                continue
            word = held[at]
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
def _rows_with(words: Hashes) -> Rows:
    """Say of each word how often it is among the words: in how many rows, where each row has it once."""
    slots = 2
    while slots < 2 * len(words):
        slots *= 2
    mask = np.uint64(slots - 1)
    first, counts = np.full(slots, np.int64(-1)), np.zeros(slots, np.int64)
    places = np.empty(len(words), np.int64)
    for at in range(len(words)):
        slot = (words[at] >> np.uint64(7)) & mask
        while first[slot] != -1 and words[first[slot]] != words[at]:
            slot = (slot + np.uint64(1)) & mask
        if first[slot] == -1:
            first[slot] = at
        counts[slot] += 1
        places[at] = slot
    for at in range(len(words)):
        places[at] = counts[places[at]]
    return places
