"""The loops behind passages: who holds each shingle, and which text carries how many of a group. Import only to run."""

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
def count_holders(  # noqa: PLR0913, PLR0917 - numba wants plain arrays
    hashes: Hashes, ends: Rows, order: Rows, owners: Rows, scattered: Hashes, known: Hashes, numbers: Numbers,
    keys: Hashes,
) -> Rows:  # fmt: skip
    """Return how many accounts hold each of the known shingles.

    Args:
        hashes: the rows' distinct hashes.
        ends: where each row's hashes end.
        order: the rows, account by account.
        owners: the account of each row.
        scattered: a number for each row's account that looks random.
        known: the shingles, ascending.
        numbers: receives the place in ``known`` of each of ``hashes``, -1 where it is not there.
        keys: receives the sum of the holders' numbers for each of ``known``; zeros before.
    """
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
    holders, latest = np.zeros(len(known), np.int64), np.full(len(known), np.int64(-1))
    for row in order:
        for at in range(ends[row - 1] if row else 0, ends[row]):
            slot = (hashes[at] >> np.uint64(7)) & mask
            while table[slot] != NONE and known[table[slot]] != hashes[at]:
                slot = (slot + np.uint64(1)) & mask
            number = table[slot]
            numbers[at] = number
            if number != NONE and latest[number] != owners[row]:
                latest[number] = owners[row]
                holders[number] += 1
                keys[number] += scattered[row]
    return holders


@compiled
def carry_enough(numbers: Numbers, ends: Rows, group: Rows, least: int) -> tuple[Rows, Rows]:
    """Return which row carries at least so many shingles of which group, by row and group.

    Args:
        numbers: the rows' shingles, by number; -1 for none.
        ends: where each row's end.
        group: the group of each shingle; -1 for none.
        least: how many are enough.
    """
    size = 0
    rows, groups = np.empty(1024, np.int64), np.empty(1024, np.int64)
    found = np.empty(1024, np.int64)
    start = 0
    for row in range(len(ends)):
        if len(found) < ends[row] - start:
            found = np.empty(2 * (ends[row] - start), np.int64)
        count = 0
        for at in range(start, ends[row]):
            if numbers[at] != NONE and group[numbers[at]] >= 0:
                found[count] = group[numbers[at]]
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
