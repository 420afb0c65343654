"""The loops over UTF-8 bytes: words, shingles, signatures. Import only where they are about to run."""

# ruff: noqa: PLR0913, PLR0917, PLR1714, SIM109, C901 - numba wants plain arrays and plain loops

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linkage.signatures import alphabet, words
from linkage.signatures.compiled import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Rows = npt.NDArray[np.int64]
    Hashes = npt.NDArray[np.uint64]
    Hashes32 = npt.NDArray[np.uint32]
    Bits = npt.NDArray[np.bool_]

GAP, LETTER, ALONE, IGNORED = alphabet.GAP, alphabet.LETTER, alphabet.ALONE, alphabet.IGNORED
WORD_START, WORD_FOLD = np.uint64(words.WORD_START), np.uint64(words.WORD_FOLD)
MIX_FIRST, MIX_SECOND = np.uint64(words.MIX_FIRST), np.uint64(words.MIX_SECOND)
WORD_STEP = np.uint64(words.WORD_STEP)
BAD = np.int64(0xFFFD)  # what a byte that is no UTF-8 counts as: a gap
NOTHING = np.uint32(0xFFFFFFFF)  # datasketch's value of a signature nothing was added to


@compiled
def sign_rows(
    text: Bytes, offsets: Rows, first: int, last: int, classes: Bytes, run: int,
    multipliers: Hashes32, increments: Hashes32, signatures: Hashes32,
) -> None:  # fmt: skip
    """Write the MinHash of the shingles of ``run`` words of rows ``first`` to ``last``."""
    room = room_for_words(offsets, first, last)
    found, hashes = np.empty(room, np.uint64), np.empty(room + 4, np.uint32)
    for row in range(first, last):
        count = read_words(text, offsets[row], offsets[row + 1], classes, found)
        count = hash_runs(found, count, run, hashes)
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
    kept = np.empty(1024, np.uint64)
    size = 0
    for row in range(first, last):
        count = read_words(text, offsets[row], offsets[row + 1], classes, found)
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
def read_words(text: Bytes, start: int, stop: int, classes: Bytes, found: Hashes) -> int:
    """Write the hash of each word between two places of the text; return how many.

    The inner loop is for ASCII; whatever ends it is a gap, a character above ASCII, or the end.
    """
    count = 0
    value, letters, held = (
        WORD_START,
        np.uint64(0),
        np.uint64(0),
    )  # up to eight bytes are held, then folded in
    inside = False
    at = np.uint64(start)  # unsigned: numba then leaves out its look at negative indices
    end = np.uint64(stop)
    while at < end:
        byte = text[at]
        while byte < 128 and classes[byte] == LETTER:
            letters = (letters << np.uint64(8)) | np.uint64(
                byte | np.uint8(0x20)
            )  # digits have this bit anyway
            held += np.uint64(1)
            if held == 8:
                value, letters, held = fold(value, letters), np.uint64(0), np.uint64(0)
            inside = True
            at += np.uint64(1)
            if at == end:
                break
            byte = text[at]
        if at == end:
            break
        kind, width = np.int64(GAP), np.uint64(1)
        if byte >= 128:
            kind, width = look_up(text, at, end, classes)
        if inside and (kind == GAP or kind == ALONE):
            found[count] = mix(fold(value, letters))
            count += 1
            value, letters, held, inside = WORD_START, np.uint64(0), np.uint64(0), False
        if kind == LETTER or kind == ALONE:
            for each in range(at, at + width):
                letters = (letters << np.uint64(8)) | np.uint64(text[each])
                held += np.uint64(1)
                if held == 8:
                    value, letters, held = fold(value, letters), np.uint64(0), np.uint64(0)
            inside = True
        if kind == ALONE:
            found[count] = mix(fold(value, letters))
            count += 1
            value, letters, held, inside = WORD_START, np.uint64(0), np.uint64(0), False
        at += width
    if inside:
        found[count] = mix(fold(value, letters))
        count += 1
    return count


@compiled
def look_up(text: Bytes, at: np.uint64, end: np.uint64, classes: Bytes) -> tuple[np.int64, np.uint64]:
    """Give the class and the width of a character above ASCII."""
    point, width = code_point(text, np.int64(at), np.int64(end))
    return np.int64(classes[point]), np.uint64(width)


@compiled
def code_point(text: Bytes, at: np.int64, stop: np.int64) -> tuple[np.int64, np.int64]:
    """Decode one character above ASCII and its width; a byte that is no UTF-8 counts as U+FFFD."""
    lead = np.int64(text[at])
    width = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
    if lead < 0xC2 or lead > 0xF4 or at + width > stop:
        return BAD, np.int64(1)
    point = lead & (0x7F >> width)
    for later in range(at + 1, at + width):
        byte = np.int64(text[later])
        if byte & 0xC0 != 0x80:
            return BAD, np.int64(1)
        point = (point << 6) | (byte & 0x3F)
    overlong = (width == 3 and point < 0x800) or (width == 4 and point < 0x10000)
    if overlong or 0xD800 <= point <= 0xDFFF or point > 0x10FFFF:
        return BAD, np.int64(1)
    return point, np.int64(width)


@compiled
def hash_runs(found: Hashes, count: int, run: int, hashes: Hashes32) -> int:
    """Write the upper half of the hash of each run of words, as ``datasketch`` premixes it; return how many."""
    if count == 0:
        return 0
    run = min(run, count)
    leaving = np.uint64(1)
    for _ in range(run):
        leaving *= WORD_STEP
    total = np.uint64(0)
    for at in range(run):
        total = total * WORD_STEP + found[at]
    hashes[0] = mix32(np.uint32(mix(total) >> np.uint64(32)))
    for at in range(run, count):
        total = total * WORD_STEP + found[at] - found[at - run] * leaving
        hashes[at - run + 1] = mix32(np.uint32(mix(total) >> np.uint64(32)))
    return count - run + 1


@compiled
def write_minima(
    hashes: Hashes32, count: int, multipliers: Hashes32, increments: Hashes32, signature: Hashes32
) -> None:
    """Write the least value of every permutation over the hashes."""
    signature[:] = NOTHING
    if count == 0:
        return
    while count % 4:  # in fours, the last hash repeated: the inner loop then has no rest
        hashes[count] = hashes[count - 1]
        count += 1
    for at in range(0, count, 4):
        one, two, three, four = hashes[at], hashes[at + 1], hashes[at + 2], hashes[at + 3]
        for slot in range(len(signature)):
            times, plus = multipliers[slot], increments[slot]
            left = min(np.uint32(times * one + plus), np.uint32(times * two + plus))
            right = min(np.uint32(times * three + plus), np.uint32(times * four + plus))
            signature[slot] = min(signature[slot], left, right)


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
def fold(value: np.uint64, letters: np.uint64) -> np.uint64:
    """Take up to eight more bytes into the hash of a word."""
    value = (value ^ letters) * WORD_FOLD
    return value ^ (value >> np.uint64(32))


@compiled
def mix(value: np.uint64) -> np.uint64:
    """Spread 64 bits: MurmurHash3's finalizer."""
    value = (value ^ (value >> np.uint64(33))) * MIX_FIRST
    value = (value ^ (value >> np.uint64(33))) * MIX_SECOND
    return value ^ (value >> np.uint64(33))


@compiled
def mix32(value: np.uint32) -> np.uint32:
    """Spread 32 bits, as datasketch does with every hash before it permutes."""
    value = np.uint32((value ^ (value >> np.uint32(16))) * np.uint32(0x85EBCA6B))
    value = np.uint32((value ^ (value >> np.uint32(13))) * np.uint32(0xC2B2AE35))
    return np.uint32(value ^ (value >> np.uint32(16)))
