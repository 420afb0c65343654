"""The loops over UTF-8 bytes that find words and hash them. Import only where they are about to run."""

# ruff: noqa: PLR0913, PLR0917, PLR1714, SIM109, C901 - numba wants plain arrays and plain loops

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np

from linkage.signatures import alphabet, words
from linkage.signatures.blocks import BLOCK, above_ascii_at, count_bits, eight_at, letters_at, lowest_bit
from linkage.signatures.compiled import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Hashes = npt.NDArray[np.uint64]

GAP, LETTER, ALONE = alphabet.GAP, alphabet.LETTER, alphabet.ALONE
WORD_START, WORD_FOLD = np.uint64(words.WORD_START), np.uint64(words.WORD_FOLD)
MIX_FIRST, MIX_SECOND = np.uint64(words.MIX_FIRST), np.uint64(words.MIX_SECOND)
BAD = np.int64(0xFFFD)  # what a byte that is no UTF-8 counts as: a gap
LITTLE = sys.byteorder == "little"  # on other machines each character is looked at
LOWER = np.uint64(0x2020202020202020)  # makes eight ASCII letters lower; digits have this bit anyway
ONE, EIGHT, WIDE = np.uint64(1), np.uint64(8), np.uint64(BLOCK)
ROOM = np.int64(
    512
)  # words that are found before they are hashed: what that takes stays in the nearest cache
EDGES = 8  # places of words that are written at a time
SPACE = 4 * int(ROOM)
"""Places of the array that ``read_words`` works in: where words start and stop, and their first and next letters."""


@compiled
def read_words(text: Bytes, start: int, stop: int, classes: Bytes, found: Hashes, space: Hashes) -> int:
    """Write the hash of each word between two places of the text; return how many.

    ASCII is looked at 64 characters at a time; a word with a character above it, and the end of the array, one by one.
    """
    count, at = np.int64(0), np.int64(start)
    while at < stop:
        end = np.int64(stop)
        if LITTLE and stop + BLOCK <= len(text):
            count, at = read_ascii(text, at, end, found, count, space)
            end = gap_after(text, at, end, classes)
        count += read_each(text, int(at), int(end), classes, found[count:])
        at = end
    return int(count)


@compiled
def read_ascii(
    text: Bytes, start: np.int64, stop: np.int64, found: Hashes, count: np.int64, space: Hashes
) -> tuple[np.int64, np.int64]:
    """Write the hash of each word up to the first with a character above ASCII; return how many there are, and where.

    Letters are marked by bits, so that nothing is decided a character: a bit that differs from its neighbour is where a
    word starts or stops.
    """
    at, end = np.uint64(start), np.uint64(stop)
    marked, before = np.uint64(0), np.uint64(0)
    while at < end:
        letters, above = letters_at(text, at), above_ascii_at(text, at)
        left = min(end - at, WIDE)
        if above:
            left = min(left, lowest_bit(above))
        if left < WIDE:
            letters &= (ONE << left) - ONE
        edges = letters ^ ((letters << ONE) | before)
        before = letters >> np.uint64(BLOCK - 1)
        if left < WIDE:
            edges &= (ONE << left) - ONE
        many = count_bits(edges)
        for _ in range(
            0, many, EDGES
        ):  # a few too many are written, so that there is nothing to decide for each
            for place in range(EDGES):
                space[marked + np.uint64(place)] = at + lowest_bit(edges)
                edges &= edges - ONE
            marked += np.uint64(EDGES)
        marked -= (np.uint64(EDGES) - many) & np.uint64(EDGES - 1)
        at += left
        if left < WIDE:
            break
        if marked > np.uint64(2 * (ROOM - BLOCK)):
            hash_ascii(text, marked >> ONE, found[count:], space)
            count += np.int64(marked >> ONE)
            space[0] = space[marked - ONE]
            marked &= ONE
    if marked & ONE:
        if at == end:
            space[marked] = end
            marked += ONE
        else:
            at = space[marked - ONE]
    hash_ascii(text, marked >> ONE, found[count:], space)
    return count + np.int64(marked >> ONE), np.int64(at)


@compiled
def hash_ascii(text: Bytes, count: np.uint64, found: Hashes, space: Hashes) -> None:
    """Hash the words that lie between marked places.

    What few words need is decided for all at once, without a branch for each word.
    """
    size, longest = np.int64(count), np.uint64(0)
    first, following = space[2 * ROOM : 2 * ROOM + size], space[3 * ROOM : 3 * ROOM + size]
    values = found[:size]
    for at in range(count):
        start = space[at + at]
        length = space[at + at + ONE] - start
        longest = max(longest, length)
        values[at] = length
        first[at] = eight_at(text, start) | LOWER
        following[at] = eight_at(text, start + EIGHT) | LOWER
    for at in range(size):
        long = values[at] >= EIGHT
        value = fold(WORD_START, first[at]) if long else WORD_START
        letters = following[at] if long else first[at]
        kept = EIGHT * (values[at] & np.uint64(7))
        values[at] = mix(fold(value, (letters >> EIGHT) >> (np.uint64(56) - kept)))
    if longest >= np.uint64(16):
        for at in range(count):
            start, stop = space[at + at], space[at + at + ONE]
            if stop - start >= np.uint64(16):
                values[at] = hash_long(text, start, stop)


@compiled
def hash_long(text: Bytes, start: np.uint64, stop: np.uint64) -> np.uint64:
    """Hash a word of ASCII, eight letters after the other."""
    value = WORD_START
    while stop - start >= EIGHT:
        value = fold(value, eight_at(text, start) | LOWER)
        start += EIGHT
    letters = ((eight_at(text, start) | LOWER) >> EIGHT) >> (np.uint64(56) - EIGHT * (stop - start))
    return mix(fold(value, letters))


@compiled
def gap_after(text: Bytes, at: np.int64, stop: np.int64, classes: Bytes) -> np.int64:
    """Find the first gap in ASCII after the next character above ASCII: no word goes over it."""
    above = False
    for place in range(at, stop):
        above |= text[place] >= 128
        if above and text[place] < 128 and classes[text[place]] == GAP:
            return np.int64(place)
    return np.int64(stop)


@compiled
def read_each(text: Bytes, start: int, stop: int, classes: Bytes, found: Hashes) -> int:
    """Write the hash of each word between two places of the text, character by character; return how many.

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
