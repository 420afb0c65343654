"""The loops over sampled shingles: who carries which, how often, in which prompts. Import only where they run."""

# ruff: noqa: PLR0913, PLR0917 - numba wants plain arrays

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from linkage.signatures.compiled import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int32]
    Hashes = npt.NDArray[np.uint64]
    Hashes32 = npt.NDArray[np.uint32]

Number = TypeVar("Number", bound="np.generic")
NOBODY, SEVERAL = np.int32(-1), np.int32(-2)


@compiled
def note_carriers(hashes: Hashes, ends: Rows, accounts: Codes, carriers: Codes, shift: int) -> None:
    """Note in each hash's slot the account that carries it, or that several do.

    Hashes that meet in a slot by chance pass for shared. That costs memory later, and changes nothing.
    """
    start = 0
    for row in range(len(ends)):
        for at in range(start, ends[row]):
            slot = (hashes[at] >> np.uint64(shift)) & np.uint64(len(carriers) - 1)
            if carriers[slot] == NOBODY:
                carriers[slot] = accounts[row]
            elif carriers[slot] != accounts[row]:
                carriers[slot] = SEVERAL
        start = ends[row]


@compiled
def keep_shared(hashes: Hashes, ends: Rows, carriers: Codes, shift: int) -> Hashes:
    """Return the hashes that several accounts carry, and move the rows' ends accordingly."""
    start, size = 0, 0
    kept = np.empty(len(hashes), np.uint64)
    for row in range(len(ends)):
        for at in range(start, ends[row]):
            slot = (hashes[at] >> np.uint64(shift)) & np.uint64(len(carriers) - 1)
            if carriers[slot] == SEVERAL:
                kept[size] = hashes[at]
                size += 1
        start = ends[row]
        ends[row] = size
    return kept[:size].copy()


@compiled
def count_wrappers(
    hashes: Hashes, ends: Rows, order: Rows, borders: Rows, least_prompts: int, least_share: float
) -> tuple[Rows, Hashes, Rows]:
    """Return which account (by its place in ``borders``) carries which hash in how many prompts, where often enough.

    Args:
        hashes: the rows' distinct hashes.
        ends: where each row's hashes end.
        order: the rows, account by account.
        borders: where each account's rows start in ``order``, and the last one's end.
        least_prompts: how many prompts are enough, if they are
        least_share: this share of the account's.
    """
    size = 0
    owners, kept, prompts = np.empty(1024, np.int64), np.empty(1024, np.uint64), np.empty(1024, np.int64)
    gathered = np.empty(1024, np.uint64)
    for owner in range(len(borders) - 1):
        own = borders[owner + 1] - borders[owner]
        count = 0
        for place in range(borders[owner], borders[owner + 1]):
            row = order[place]
            start = ends[row - 1] if row else 0
            gathered = with_room(gathered, count, ends[row] - start)
            for at in range(start, ends[row]):
                gathered[count] = hashes[at]
                count += 1
        gathered[:count].sort()
        least = max(float(least_prompts), least_share * own - 1e-9)
        first = 0
        for at in range(count):
            if at + 1 < count and gathered[at + 1] == gathered[at]:
                continue
            if at + 1 - first >= least:
                kept = with_room(kept, size, 1)
                owners, prompts = with_room(owners, size, 1), with_room(prompts, size, 1)
                owners[size], kept[size], prompts[size] = owner, gathered[at], at + 1 - first
                size += 1
            first = at + 1
    return owners[:size].copy(), kept[:size].copy(), prompts[:size].copy()


@compiled
def find_carried(
    hashes: Hashes, ends: Rows, order: Rows, borders: Rows, starts: Rows, kept: Hashes, numbers: Rows,
    counts: Rows, sent: Rows, carried_ends: Rows,
) -> Codes:  # fmt: skip
    """Return the numbers of the wrapper's shingles in each row, one row of ``order`` after the other.

    Args:
        hashes: the rows' distinct hashes.
        ends: where each row's hashes end.
        order: the rows, account by account.
        borders: where each account's rows start in ``order``, and the last one's end.
        kept: what ``count_wrappers`` found, as far as it is wanted.
        starts: where each account's hashes start in ``kept``, and the last one's end.
        numbers: the number of each of ``kept``.
        counts: how often each row was sent.
        sent: receives how often each of ``kept`` was sent.
        carried_ends: receives where each row's numbers end.
    """
    size = 0
    carried = np.empty(1024, np.int32)
    for owner in range(len(borders) - 1):
        low, high = starts[owner], starts[owner + 1]
        for place in range(borders[owner], borders[owner + 1]):
            row = order[place]
            start = ends[row - 1] if row else 0
            carried = with_room(carried, size, ends[row] - start)
            for at in range(start, ends[row]):
                found = low + np.searchsorted(kept[low:high], hashes[at])
                if found < high and kept[found] == hashes[at]:
                    sent[found] += counts[row]
                    carried[size] = numbers[found]
                    size += 1
            carried_ends[place] = size
    return carried[:size].copy()


@compiled
def with_room(values: npt.NDArray[Number], size: int, more: int) -> npt.NDArray[Number]:
    """Return the values in an array that takes ``more`` of them after ``size``."""
    if size + more <= len(values):
        return values
    larger = np.empty(2 * (size + more), values.dtype)
    larger[:size] = values[:size]
    return larger
