"""The loops over signatures: banding, verification, union. Import only where they are about to run."""

# ruff: noqa: PLR0913, PLR0917, SIM110 - numba wants plain arrays and plain loops

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linkage.signatures.compiled import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    Bits = npt.NDArray[np.bool_]
    Places = npt.NDArray[np.int32]
    Hashes = npt.NDArray[np.uint64]
    Hashes32 = npt.NDArray[np.uint32]

NOBODY = np.int32(-1)
AHEAD = 64  # rows that are hashed at a time
SPREAD = np.uint64(0x9E3779B97F4A7C15)
HALF = np.uint64(0xFFFFFFFF)
EMPTY = np.uint64(0xFFFFFFFFFFFFFFFF)  # no slot in use: places go up to 2^31
SEVENS = np.uint64(0x7F7F7F7F7F7F7F7F)  # seven bits of each byte
ONES = np.uint64(0x0101010101010101)
PROBES = 1024  # slots tried before a row is left out of a band: never reached unless somebody crafts for it


@compiled
def join_similar(
    signatures: Hashes32, sketches: Hashes, band: Hashes32, rows: Places, begin: int, end: int,
    least: int, least_first: int, looks: int, parent: Places, first: Hashes, latest: Places,
) -> int:  # fmt: skip
    """Join the groups of rows between two places with those of rows before them that are the same in a band.

    A row is compared with the first and the latest row of its bucket only, so a bucket of any size costs two
    comparisons a row. The latest is there because texts come sorted: neighbours are alike.

    Args:
        signatures: the MinHashes.
        sketches: the last byte of each value, eight in a word, by place: what differs too much in these does so in all.
        band: what the rows have in the band, by place.
        rows: which of the signatures, ascending.
        begin: the place of the first row that is looked at, and
        end: the one after the last.
        least: how many values two rows share to be joined.
        least_first: how many values the first rows of two groups share for the groups to become one.
        looks: after so many looks at pairs of signatures it stops, for others to leave memory.
        parent: the groups: the place of an earlier row of the same one.
        first: buckets of the band, all ``EMPTY`` before the first place.
        latest: the latest row of the bucket of each first one; all ``NOBODY`` before the first place.

    Returns:
        The place from which to go on.
    """
    values, held = np.empty(AHEAD, np.uint64), np.empty(AHEAD, np.uint64)
    looked = 0
    for block in range(begin, end, AHEAD):
        if looked >= looks:
            return block
        size = min(AHEAD, end - block)
        hash_band(band, block, values[:size])
        look_ahead(first, values[:size], held)
        for at in range(size):
            place = block + at
            holder = int(first_of_bucket(band, place, values[at], first))
            if holder in (-1, place):
                continue
            looked += join_if_alike(signatures, sketches, rows, parent, place, holder, least, least_first)
            if latest[holder] != NOBODY:
                other = int(latest[holder])
                looked += join_if_alike(signatures, sketches, rows, parent, place, other, least, least_first)
            latest[holder] = place
    return end


@compiled
def roots_of(parent: Places) -> None:
    """Write for each place the first of its group."""
    for place in range(len(parent)):
        parent[place] = root_of(parent, place)


@compiled
def hash_band(band: Hashes32, begin: int, values: Hashes) -> None:
    """Hash what some rows have in a band, from a place on; column by column, so that many are hashed together."""
    values[:] = np.uint64(0)
    for column in range(np.uint64(band.shape[1])):  # unsigned: no look at negative indices
        for at in range(np.uint64(len(values))):
            value = (values[at] ^ np.uint64(band[np.uint64(begin) + at, column])) * SPREAD
            values[at] = value ^ (value >> np.uint64(29))


@compiled
def look_ahead(first: Hashes, values: Hashes, held: Hashes) -> None:
    """Look where buckets will be looked for: many of them are fetched together, and are near when they are asked for."""
    for at in range(np.uint64(len(values))):
        held[at] = first[values[at] & np.uint64(len(first) - 1)]


@compiled
def first_of_bucket(band: Hashes32, place: int, value: np.uint64, first: Hashes) -> np.int64:
    """Find the place of the first row with the same values in a band: the row's own if it is new.

    A slot holds half of the bucket's hash above the place of its first row, so that rows are compared only where they
    are all but sure to be the same.
    """
    slot = value & np.uint64(len(first) - 1)
    for _ in range(PROBES):
        held = first[slot]
        if held == EMPTY:
            first[slot] = (value & ~HALF) | np.uint64(place)
            return np.int64(place)
        if (held ^ value) <= HALF and same_values(band, place, held & HALF):
            return np.int64(held & HALF)
        slot = (slot + np.uint64(1)) & np.uint64(len(first) - 1)
    return np.int64(-1)


@compiled
def same_values(band: Hashes32, one: int, other: int) -> bool:
    """Say whether two rows are the same."""
    for column in range(band.shape[1]):
        if band[one, column] != band[other, column]:
            return False
    return True


@compiled
def join_if_alike(
    signatures: Hashes32, sketches: Hashes, rows: Places, parent: Places, one: int, other: int,
    least: int, least_first: int,
) -> int:  # fmt: skip
    """Join the groups of two alike rows, provided that the first rows of the groups are somewhat alike.

    Returns:
        How many pairs of signatures were looked at.
    """
    if parent[one] == parent[other]:
        return 0
    first, second = root_of(parent, one), root_of(parent, other)
    if first == second or shared_bytes(sketches, one, other) < least:
        return 0
    if shared_values(signatures, rows[one], rows[other]) < least:
        return 1
    if shared_bytes(sketches, first, second) < least_first:
        return 1
    if shared_values(signatures, rows[first], rows[second]) >= least_first:
        parent[max(first, second)] = min(first, second)
    return 2


@compiled
def root_of(parent: Places, place: int) -> int:
    """Find the first of a place's group, shortening the way."""
    while parent[place] != place:
        parent[place] = parent[parent[place]]
        place = parent[place]
    return place


@compiled
def shared_values(signatures: Hashes32, one: int, other: int) -> int:
    """Count the columns in which two rows agree."""
    count = 0
    for column in range(signatures.shape[1]):
        count += signatures[one, column] == signatures[other, column]
    return count


@compiled
def shared_bytes(sketches: Hashes, one: int, other: int) -> np.int64:
    """Count the bytes in which two sketches agree: those of the columns in which the rows do, and a few by chance."""
    count = np.uint64(0)
    for word in range(np.uint64(sketches.shape[1])):
        apart = sketches[np.uint64(one), word] ^ sketches[np.uint64(other), word]
        same = ~(((apart & SEVENS) + SEVENS) | apart | SEVENS)  # the highest bit of each byte that is zero
        count += ((same >> np.uint64(7)) * ONES) >> np.uint64(56)
    return np.int64(count)


@compiled
def unlike_their_first(
    signatures: Hashes32, sketches: Hashes, rows: Places, firsts: Places, begin: int, end: int, least_first: int,
    looks: int, unlike: Bits,
) -> int:  # fmt: skip
    """Say which rows between two places share too few values with the first row of their group.

    After so many ``looks`` at pairs of signatures it stops, and says from which place to go on.
    """
    looked = 0
    for place in range(begin, end):
        if looked >= looks:
            return place
        first = firsts[place]
        if first == place:
            continue
        if shared_bytes(sketches, place, first) < least_first:
            unlike[place] = True
            continue
        unlike[place] = shared_values(signatures, rows[place], rows[first]) < least_first
        looked += 1
    return end
