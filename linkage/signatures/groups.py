"""Groups of near-duplicate prompts: locality-sensitive hashing, verified, joined, and kept from chaining."""

from __future__ import annotations

from math import ceil, sqrt
from typing import TYPE_CHECKING

import numpy as np

from linkage.errors import SettingsError
from linkage.signatures.minhash import without_words
from linkage.signatures.shelf import forget, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

_LOOKS = (
    1 << 9
)  # at pairs anywhere in the signatures: each may bring back sixteen pages of a file, four times
_ROUNDS = 8  # each takes away what a chain tied together wrongly; honest data needs one or two


def group_near_duplicates(
    signatures: npt.NDArray[np.uint32],
    *,
    bands: int = 16,
    similarity: float = 0.6,
    left_out: npt.NDArray[np.bool_] | None = None,
) -> npt.NDArray[np.int64]:
    """Label each text with the first row of its group of near-duplicates, or -1 where it has none.

    Pairs that agree in a whole band are looked at, and joined when their estimated similarity is at most two
    standard errors below ``similarity``: nearly all pairs that deserve it are, and some that almost do.

    Joining pairs alone would let a chain of small changes tie a text to one it has nothing in common with. So no
    text stays in a group unless it resembles the group's first text at least half as much as ``similarity``
    asks. The first text is the measure, rather than every pair, because that costs one comparison a text; half,
    because two variants of one text resemble each other less than either resembles the text.

    The order of rows decides which text is the first: give distinct texts, sorted.

    >>> from linkage.signatures.minhash import sign
    >>> import pyarrow as pa
    >>> texts = ["an entirely other text about cooking rice", "think step by step", "Think step by step!"]
    >>> group_near_duplicates(sign(pa.array(texts))).tolist()
    [-1, 1, 1]

    Args:
        signatures: rows of ``sign``.
        bands: how many bands the columns are cut into; 16 of 4 find 99 in 100 of the pairs as similar as 0.6.
        similarity: the share of common shingles from which two texts are near-duplicates.
        left_out: rows that belong to no group.
    """
    columns = signatures.shape[1]
    if not 0 < bands <= columns:
        raise SettingsError(f"{bands} bands cannot be cut from {columns} permutations; give 1 to {columns}")
    least, least_first = _least_shared(columns, similarity), max(1, ceil(columns * similarity / 2))
    signatures = np.ascontiguousarray(signatures)
    labels = np.full(len(signatures), -1, dtype=np.int64)
    wanted = ~without_words(signatures)
    rows = np.flatnonzero(wanted if left_out is None else wanted & ~left_out).astype(np.int32)
    for _ in range(_ROUNDS):
        sketches = _sketches(signatures, rows)
        firsts = _joined(signatures, sketches, rows, bands, least, least_first)
        unlike = _unlike_their_first(signatures, sketches, rows, firsts, least_first)
        labels[rows[~unlike]] = rows[firsts[~unlike]]
        rows = rows[unlike]
        if not len(rows):
            break
    return _without_loners(labels)


def _sketches(signatures: npt.NDArray[np.uint32], rows: npt.NDArray[np.int32]) -> npt.NDArray[np.uint64]:
    """Take the last byte of each value: a quarter of the room, by which all but a few unlike pairs are told apart."""
    columns = signatures.shape[1]
    sketches = np.empty((len(rows), -(-columns // 8) * 8), np.uint8)
    sketches[:, columns:] = 0  # agrees everywhere: up to seven more than do
    for begin, end in _places(signatures, rows):
        sketches[begin:end, :columns] = signatures[rows[begin:end]]
    return sketches.view(np.uint64)


def _joined(  # noqa: PLR0913, PLR0917 - as its kernel
    signatures: npt.NDArray[np.uint32],
    sketches: npt.NDArray[np.uint64],
    rows: npt.NDArray[np.int32],
    bands: int,
    least: int,
    least_first: int,
) -> npt.NDArray[np.int32]:
    """Give each of the rows the place of the first of its group; one band after the other stands in memory."""
    from linkage.signatures.bucket_kernels import EMPTY, NOBODY, join_similar, roots_of  # noqa: PLC0415 - numba

    parent = np.arange(len(rows), dtype=np.int32)
    first = np.empty(max(2, 1 << (2 * len(rows) - 1).bit_length()), np.uint64)
    latest = np.empty(len(rows), np.int32)
    width = signatures.shape[1] // bands
    band = np.empty((len(rows), width), np.uint32)
    for start in range(0, bands * width, width):
        first.fill(EMPTY)
        latest.fill(NOBODY)
        for begin, end in _places(signatures, rows):
            band[begin:end] = signatures[rows[begin:end], start : start + width]
        begin = 0
        while begin < len(rows):
            begin = join_similar(
                signatures, sketches, band, rows, begin, len(rows), least, least_first, _LOOKS, parent, first, latest
            )  # fmt: skip
            forget(signatures)
    roots_of(parent)
    return parent


def _unlike_their_first(
    signatures: npt.NDArray[np.uint32],
    sketches: npt.NDArray[np.uint64],
    rows: npt.NDArray[np.int32],
    firsts: npt.NDArray[np.int32],
    least_first: int,
) -> npt.NDArray[np.bool_]:
    from linkage.signatures.bucket_kernels import unlike_their_first  # noqa: PLC0415 - numba

    unlike = np.zeros(len(rows), np.bool_)
    begin = 0
    while begin < len(rows):
        begin = unlike_their_first(
            signatures, sketches, rows, firsts, begin, len(rows), least_first, _LOOKS, unlike
        )
        forget(signatures)
    return unlike


def _places(signatures: npt.NDArray[np.uint32], rows: npt.NDArray[np.int32]) -> Iterator[tuple[int, int]]:
    """Say which of the rows lie in each part of the signatures."""
    for part in parts_of(signatures):
        begin, end = np.searchsorted(rows, (part.start, part.stop)).tolist()
        yield begin, end


def _least_shared(columns: int, similarity: float) -> int:
    error = sqrt(similarity * (1 - similarity) / columns)
    return max(1, ceil(columns * (similarity - 2 * error)))


def _without_loners(labels: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    sizes = np.bincount(labels[labels >= 0], minlength=len(labels))
    return np.where((labels >= 0) & (sizes[labels] > 1), labels, -1)
