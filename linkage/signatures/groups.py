"""Groups of near-duplicate prompts: locality-sensitive hashing, verified, joined, and kept from chaining."""

from __future__ import annotations

from math import ceil, sqrt
from typing import TYPE_CHECKING

import numpy as np

from linkage.errors import SettingsError
from linkage.signatures.minhash import without_words

if TYPE_CHECKING:
    import numpy.typing as npt

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
    from linkage.signatures.bucket_kernels import join_similar, unlike_their_first  # noqa: PLC0415 - numba

    columns = signatures.shape[1]
    if not 0 < bands <= columns:
        raise SettingsError(f"{bands} bands cannot be cut from {columns} permutations; give 1 to {columns}")
    least, least_first = _least_shared(columns, similarity), max(1, ceil(columns * similarity / 2))
    signatures = np.ascontiguousarray(signatures)
    labels = np.full(len(signatures), -1, dtype=np.int64)
    wanted = ~without_words(signatures)
    rows = np.flatnonzero(wanted if left_out is None else wanted & ~left_out)
    for _ in range(_ROUNDS):
        firsts = join_similar(signatures, rows, bands, least, least_first)
        unlike = unlike_their_first(signatures, rows, firsts, least_first)
        labels[rows[~unlike]] = rows[firsts[~unlike]]
        rows = rows[unlike]
        if not len(rows):
            break
    return _without_loners(labels)


def _least_shared(columns: int, similarity: float) -> int:
    error = sqrt(similarity * (1 - similarity) / columns)
    return max(1, ceil(columns * (similarity - 2 * error)))


def _without_loners(labels: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    sizes = np.bincount(labels[labels >= 0], minlength=len(labels))
    return np.where((labels >= 0) & (sizes[labels] > 1), labels, -1)
