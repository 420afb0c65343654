"""The loops over words of texts: shingles, samples, signatures. Import only where they are about to run."""

# ruff: noqa: PLR0913, PLR0917 - numba wants plain arrays and plain loops

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linkage.signatures import words
from linkage.signatures.compiled import compiled
from linkage.signatures.word_kernels import SPACE, WORD_FOLD, mix, read_words

if TYPE_CHECKING:
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Rows = npt.NDArray[np.int64]
    Hashes = npt.NDArray[np.uint64]
    Hashes32 = npt.NDArray[np.uint32]
    Bits = npt.NDArray[np.bool_]

WORD_STEP = np.uint64(words.WORD_STEP)
NOTHING = np.uint32(0xFFFFFFFF)  # datasketch's value of a signature nothing was added to
TOGETHER = 8  # hashes that every permutation takes at a time: its minimum is then read and written an eighth as often


@compiled
def sign_rows(
    text: Bytes, offsets: Rows, first: int, last: int, classes: Bytes, run: int,
    multipliers: Hashes32, increments: Hashes32, signatures: Hashes32,
) -> None:  # fmt: skip
    """Write the MinHash of the shingles of ``run`` words of rows ``first`` to ``last``."""
    room = room_for_words(offsets, first, last)
    found, hashes, space = (
        np.empty(room, np.uint64),
        np.empty(room + TOGETHER, np.uint32),
        np.empty(SPACE, np.uint64),
    )
    for row in range(first, last):
        count = read_words(text, offsets[row], offsets[row + 1], classes, found, space)
        count = hash_runs(found, count, run, hashes, space)
        write_minima(hashes, count, multipliers, increments, signatures[row])


@compiled
def sample_rows(
    text: Bytes, offsets: Rows, first: int, last: int, classes: Bytes, run: int, largest: np.uint64,
    lengths: Rows, phrases: Hashes, lasts: Bits, ends: Rows, contents: Hashes,
) -> Hashes:  # fmt: skip
    """Return each row's distinct sorted shingle hashes up to ``largest``, all rows' one after the other.

    Args:
        text: the bytes of all rows.
        offsets: where each row starts, and the last one stops.
        first: the first row wanted, and
        last: the one after the last.
        classes: the class of every code point.
        run: how many words a shingle has.
        largest: the largest hash that is kept.
        lengths: the different numbers of words of the public phrases.
        phrases: their sorted hashes; no shingle holds a word of one.
        lasts: at the places that the hashes of their last words name, true.
        ends: receives where each row's hashes end in what is returned.
        contents: receives a hash of each whole text.
    """
    room = room_for_words(offsets, first, last)
    found, public = np.empty(room, np.uint64), np.zeros(room, np.bool_)
    kept, space = np.empty(1024, np.uint64), np.empty(SPACE, np.uint64)
    size = 0
    for row in range(first, last):
        count = read_words(text, offsets[row], offsets[row + 1], classes, found, space)
        if len(lengths):
            mark_phrases(found, count, lengths, phrases, lasts, public)
        if size + count > len(kept):
            larger = np.empty(2 * (size + count), np.uint64)
            larger[:size] = kept[:size]
            kept = larger
        added, contents[row - first] = sample_runs(found, public, count, run, largest, kept[size:])
        size += sort_distinct(kept[size : size + added])
        ends[row - first] = size
    return kept[:size].copy()


@compiled
def room_for_words(offsets: Rows, first: int, last: int) -> np.int64:
    """Say how many words the longest row can have: a letter and a gap, or one character of two bytes, a word."""
    longest = np.int64(0)
    for row in range(first, last):
        longest = max(longest, offsets[row + 1] - offsets[row])
    return longest // 2 + 1


@compiled
def hash_runs(found: Hashes, count: int, run: int, hashes: Hashes32, space: Hashes) -> int:
    """Write the upper half of the hash of each run of words, as ``datasketch`` premixes it; return how many."""
    if count == 0:
        return 0
    run = min(run, count)
    runs = count - run + 1
    for first in range(0, runs, len(space)):
        size = min(len(space), runs - first)
        totals, written = space[:size], hashes[first : first + size]
        totals[:] = found[first : first + size]
        for later in range(1, run):
            following = found[first + later : first + later + size]
            for at in range(size):
                totals[at] = totals[at] * WORD_STEP + following[at]
        for at in range(size):
            written[at] = mix32(np.uint32(mix(totals[at]) >> np.uint64(32)))
    return runs


@compiled
def write_minima(
    hashes: Hashes32, count: int, multipliers: Hashes32, increments: Hashes32, signature: Hashes32
) -> None:
    """Write the least value of every permutation over the hashes."""
    signature[:] = NOTHING
    if count == 0:
        return
    while count % TOGETHER:  # the last hash repeated: the inner loop then has no rest
        hashes[count] = hashes[count - 1]
        count += 1
    for at in range(0, count, TOGETHER):
        a, b, c, d = hashes[at], hashes[at + 1], hashes[at + 2], hashes[at + 3]
        e, f, g, h = hashes[at + 4], hashes[at + 5], hashes[at + 6], hashes[at + 7]
        for slot in range(len(signature)):
            times, plus = multipliers[slot], increments[slot]
            one = min(np.uint32(times * a + plus), np.uint32(times * b + plus))
            two = min(np.uint32(times * c + plus), np.uint32(times * d + plus))
            three = min(np.uint32(times * e + plus), np.uint32(times * f + plus))
            four = min(np.uint32(times * g + plus), np.uint32(times * h + plus))
            signature[slot] = min(signature[slot], one, two, three, four)


@compiled
def mark_phrases(
    found: Hashes, count: int, lengths: Rows, phrases: Hashes, lasts: Bits, public: Bits
) -> None:
    """Mark the words that belong to one of the phrases; only where a word may end one are its runs looked at."""
    public[:count] = False
    for at in range(count):
        if not lasts[found[at] & np.uint64(len(lasts) - 1)]:
            continue
        for length in lengths:
            if length > at + 1:
                break
            total = np.uint64(0)
            for word in found[at - length + 1 : at + 1]:
                total = total * WORD_STEP + word
            value = mix(total)
            place = np.searchsorted(phrases, value)
            if place < len(phrases) and phrases[place] == value:
                public[at - length + 1 : at + 1] = True


@compiled
def sample_runs(
    found: Hashes, public: Bits, count: int, run: int, largest: np.uint64, kept: Hashes
) -> tuple[int, np.uint64]:
    """Keep the hashes up to ``largest`` of all full runs without a public word; return how many, and a hash of all."""
    leaving = np.uint64(1)
    for _ in range(run):
        leaving *= WORD_STEP
    total, whole = np.uint64(0), np.uint64(0)
    size, private = 0, 0
    for at in range(count):
        whole = (whole ^ found[at]) * WORD_FOLD
        total = total * WORD_STEP + found[at]
        if at >= run:
            total -= found[at - run] * leaving
        private = 0 if public[at] else private + 1
        if private >= run:
            value = mix(total)
            if value <= largest:
                kept[size] = value
                size += 1
    return size, mix(whole)


@compiled
def sort_distinct(values: Hashes) -> int:
    """Sort the values in place, the distinct ones first; return how many these are."""
    values.sort()
    size = 0
    for at in range(len(values)):
        if at == 0 or values[at] != values[at - 1]:
            values[size] = values[at]
            size += 1
    return size


@compiled
def mix32(value: np.uint32) -> np.uint32:
    """Spread 32 bits, as datasketch does with every hash before it permutes."""
    value = np.uint32((value ^ (value >> np.uint32(16))) * np.uint32(0x85EBCA6B))
    value = np.uint32((value ^ (value >> np.uint32(13))) * np.uint32(0xC2B2AE35))
    return np.uint32(value ^ (value >> np.uint32(16)))
