"""The loops over signatures: banding, verification, union. Import only where they are about to run."""

# ruff: noqa: PLR0913, PLR0917, SIM110 - numba wants plain arrays and plain loops

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linkage.signatures.compiled import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]
    Bits = npt.NDArray[np.bool_]
    Places = npt.NDArray[np.int32]
    Hashes = npt.NDArray[np.uint64]
    Hashes32 = npt.NDArray[np.uint32]

NOBODY = np.int32(-1)
AHEAD = 64  # rows that are hashed at a time
SPREAD = np.uint64(0x9E3779B97F4A7C15)
HALF = np.uint64(0xFFFFFFFF)
EMPTY = np.uint64(0xFFFFFFFFFFFFFFFF)  # no slot in use: places go up to 2^31
PROBES = 1024  # slots tried before a row is left out of a band: never reached unless somebody crafts for it


@compiled
def join_similar(
    signatures: Hashes32, band: Hashes32, rows: Rows, begin: int, end: int, start: int, stop: int,
    least: int, least_first: int, parent: Rows, first: Hashes, latest: Places,
) -> None:  # fmt: skip
    """Join the groups of rows between two places with those of rows before them that are the same in a band.

    A row is compared with the first and the latest row of its bucket only, so a bucket of any size costs two
    comparisons a row. The latest is there because texts come sorted: neighbours are alike.

    Args:
        signatures: the MinHashes.
        band: the same once more. Where one argument serves the inner loop and the verification, numba counts
            references to it at each row, and takes twice as long; in ``first_of_bucket`` even a name decides. So
            measure (``tests/bench/bench_signatures.py``) what is renamed here.
        rows: which of them, ascending.
        begin: the place of the first row that is looked at, and
        end: the one after the last.
        start: the first column of the band, and
        stop: the one after the last.
        least: how many values two rows share to be joined.
        least_first: how many values the first rows of two groups share for the groups to become one.
        parent: the groups: the place of an earlier row of the same one.
        first: buckets of the band, all ``EMPTY`` before the first place.
        latest: the latest row of the bucket of each first one; all ``NOBODY`` before the first place.
    """
    values = np.empty(AHEAD, np.uint64)
    for block in range(begin, end, AHEAD):
        size = min(AHEAD, end - block)
        hash_band(band, rows[block : block + size], start, stop, values)
        for at in range(size):
            place = block + at
            holder = int(first_of_bucket(band, rows, place, values[at], start, stop, first))
            if holder in (-1, place):
                continue
            join_if_alike(signatures, rows, parent, place, holder, least, least_first)
            if latest[holder] != NOBODY:
                join_if_alike(signatures, rows, parent, place, int(latest[holder]), least, least_first)
            latest[holder] = place


@compiled
def roots_of(parent: Rows) -> None:
    """Write for each place the first of its group."""
    for place in range(len(parent)):
        parent[place] = root_of(parent, place)


@compiled
def hash_band(signatures: Hashes32, rows: Rows, start: int, stop: int, values: Hashes) -> None:
    """Hash what some rows have in a band; column by column, so that many rows are fetched together."""
    own = values[: len(rows)]
    own[:] = np.uint64(0)
    for column in range(np.uint64(start), np.uint64(stop)):  # unsigned: no look at negative indices
        for at in range(len(rows)):
            value = (own[at] ^ np.uint64(signatures[np.uint64(rows[at]), column])) * SPREAD
            own[at] = value ^ (value >> np.uint64(29))


@compiled
def first_of_bucket(
    signatures: Hashes32, rows: Rows, place: int, value: np.uint64, start: int, stop: int, first: Hashes
) -> np.int64:
    """Find the place of the first row with the same values between two columns: the row's own if it is new.

    A slot holds half of the bucket's hash above the place of its first row, so that rows are compared only where they
    are all but sure to be the same.
    """
    slot = value & np.uint64(len(first) - 1)
    for _ in range(PROBES):
        held = first[slot]
        if held == EMPTY:
            first[slot] = (value & ~HALF) | np.uint64(place)
            return np.int64(place)
        if (held ^ value) <= HALF and same_between(signatures, rows[place], rows[held & HALF], start, stop):
            return np.int64(held & HALF)
        slot = (slot + np.uint64(1)) & np.uint64(len(first) - 1)
    return np.int64(-1)


@compiled
def same_between(signatures: Hashes32, one: int, other: int, start: int, stop: int) -> bool:
    """Say whether two rows have the same values between two columns."""
    for column in range(start, stop):
        if signatures[one, column] != signatures[other, column]:
            return False
    return True


@compiled
def join_if_alike(
    signatures: Hashes32, rows: Rows, parent: Rows, one: int, other: int, least: int, least_first: int
) -> None:
    """Join the groups of two alike rows, provided that the first rows of the groups are somewhat alike."""
    if parent[one] == parent[other]:
        return
    first, second = root_of(parent, one), root_of(parent, other)
    if first == second or shared_values(signatures, rows[one], rows[other]) < least:
        return
    if shared_values(signatures, rows[first], rows[second]) >= least_first:
        parent[max(first, second)] = min(first, second)


@compiled
def root_of(parent: Rows, place: int) -> int:
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
def unlike_their_first(
    signatures: Hashes32, rows: Rows, firsts: Rows, begin: int, end: int, least_first: int, unlike: Bits
) -> None:
    """Say which rows between two places share too few values with the first row of their group."""
    for place in range(begin, end):
        first = firsts[place]
        unlike[place] = first != place and shared_values(signatures, rows[place], rows[first]) < least_first
