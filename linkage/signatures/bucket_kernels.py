"""The loops over signatures: banding, verification, union. Import only where they are about to run."""

# ruff: noqa: PLR0913, PLR0917, SIM110 - numba wants plain arrays and plain loops

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linkage.signatures.compiled import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]
    Hashes32 = npt.NDArray[np.uint32]

NONE = np.int64(-1)
PROBES = 1024  # slots tried before a row is left out of a band: never reached unless somebody crafts for it


@compiled
def join_similar(signatures: Hashes32, rows: Rows, bands: int, least: int, least_first: int) -> Rows:
    """Return, for each of ``rows``, the place in ``rows`` of the first of its group.

    In each band a row is compared with the first and the latest row of its bucket only, so a bucket of any size
    costs two comparisons a row. The latest is there because texts come sorted: neighbours are alike.

    Args:
        signatures: the MinHashes.
        rows: which of them, ascending.
        bands: how many bands the columns are cut into.
        least: how many values two rows share to be joined.
        least_first: how many values the first rows of two groups share for the groups to become one.
    """
    size = len(rows)
    parent = np.arange(size)
    slots = 2
    while slots < 2 * size:
        slots *= 2
    width = signatures.shape[1] // bands
    for band in range(bands):
        start, stop = band * width, (band + 1) * width
        first = np.full(slots, NONE)
        latest = np.full(slots, NONE)
        for place in range(size):
            slot = find_bucket(signatures, rows, place, start, stop, first)
            if slot == NONE:
                continue
            if first[slot] == NONE:
                first[slot] = place
            else:
                join_if_alike(signatures, rows, parent, place, first[slot], least, least_first)
                join_if_alike(signatures, rows, parent, place, latest[slot], least, least_first)
            latest[slot] = place
    for place in range(size):
        parent[place] = root_of(parent, place)
    return parent


@compiled
def find_bucket(signatures: Hashes32, rows: Rows, place: int, start: int, stop: int, first: Rows) -> np.int64:
    """Find the slot of the bucket with the row's values between two columns, or an empty one."""
    row = rows[place]
    value = np.uint64(0)
    for column in range(start, stop):
        value = (value ^ np.uint64(signatures[row, column])) * np.uint64(0x9E3779B97F4A7C15)
        value ^= value >> np.uint64(29)
    slot = np.int64(value & np.uint64(len(first) - 1))
    for _ in range(PROBES):
        holder = first[slot]
        if holder == NONE or same_between(signatures, row, rows[holder], start, stop):
            return slot
        slot = (slot + 1) & (len(first) - 1)
    return NONE


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
    signatures: Hashes32, rows: Rows, firsts: Rows, least_first: int
) -> npt.NDArray[np.bool_]:
    """Say which rows share too few values with the first row of their group."""
    unlike = np.zeros(len(rows), np.bool_)
    for place in range(len(rows)):
        first = firsts[place]
        unlike[place] = first != place and shared_values(signatures, rows[place], rows[first]) < least_first
    return unlike
