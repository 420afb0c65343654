"""The loops behind passages: who holds each shingle, and which text carries how many of a group. Import only to run."""

# ruff: noqa: PLR0913, PLR0917 - numba wants plain arrays

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linkage.signatures.compiled import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]
    Numbers = npt.NDArray[np.int32]
    Hashes = npt.NDArray[np.uint64]

NONE = np.int32(-1)


@compiled
def table_of(known: Hashes) -> Numbers:
    """Make a table by which the place of a hash among the known ones is found."""
    slots = 2
    while slots < 2 * len(known):
        slots *= 2
    table = np.full(slots, NONE)
    mask = np.uint64(slots - 1)
    for number in range(len(known)):
        slot = (known[number] >> np.uint64(7)) & mask
        while table[slot] != NONE:
            slot = (slot + np.uint64(1)) & mask
        table[slot] = number
    return table


@compiled
def place_of(value: np.uint64, known: Hashes, table: Numbers) -> np.int32:
    """Find the place of a hash among the known ones; -1 where it is none of them."""
    mask = np.uint64(len(table) - 1)
    slot = (value >> np.uint64(7)) & mask
    while table[slot] != NONE and known[table[slot]] != value:
        slot = (slot + np.uint64(1)) & mask
    return np.int32(table[slot])


@compiled
def count_holders(
    hashes: Hashes, ends: Rows, order: Rows, owners: Rows, scattered: Hashes, known: Hashes, table: Numbers,
    holders: Rows, latest: Rows, keys: Hashes,
) -> None:  # fmt: skip
    """Add up which accounts hold each of the known shingles, in some rows.

    Args:
        hashes: the rows' distinct hashes.
        ends: where each row's hashes end.
        order: some of the rows, account by account.
        owners: the account of each row.
        scattered: a number for each row's account that looks random.
        known: the shingles, ascending.
        table: as from ``table_of``.
        holders: how many accounts hold each of ``known``, in the rows before.
        latest: the latest of them, -1 for none.
        keys: the sum of their numbers.
    """
    least, most = known[0], known[-1]
    for row in order:
        for at in range(ends[row - 1] if row else 0, ends[row]):
            if hashes[at] < least or hashes[at] > most:
                continue
            number = place_of(hashes[at], known, table)
            if number != NONE and latest[number] != owners[row]:
                latest[number] = owners[row]
                holders[number] += 1
                keys[number] += scattered[row]


@compiled
def carry_enough(
    hashes: Hashes, ends: Rows, begin: int, end: int, known: Hashes, table: Numbers, group: Rows, least: int
) -> tuple[Rows, Rows]:
    """Return which row between two carries at least so many shingles of which group, by row and group.

    Args:
        hashes: the rows' distinct hashes.
        ends: where each row's end.
        begin: the first row that is looked at, and
        end: the one after the last.
        known: the shingles of all groups, ascending.
        table: as from ``table_of``.
        group: the group of each of ``known``.
        least: how many are enough.
    """
    size = 0
    rows, groups = np.empty(1024, np.int64), np.empty(1024, np.int64)
    found = np.empty(1024, np.int64)
    start = ends[begin - 1] if begin else 0
    for row in range(begin, end):
        if len(found) < ends[row] - start:
            found = np.empty(2 * (ends[row] - start), np.int64)
        count = 0
        for at in range(start, ends[row]):
            number = place_of(hashes[at], known, table)
            if number != NONE:
                found[count] = group[number]
                count += 1
        start = ends[row]
        if count < least:
            continue
        found[:count].sort()
        first = 0
        for at in range(1, count + 1):
            if at < count and found[at] == found[first]:
                continue
            if at - first >= least:
                if size == len(rows):
                    rows, groups = np.append(rows, rows), np.append(groups, groups)
                rows[size], groups[size] = row, found[first]
                size += 1
            first = at
    return rows[:size].copy(), groups[:size].copy()
