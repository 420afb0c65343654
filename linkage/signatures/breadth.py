"""How widely the prompts of one sender range, whatever is wrapped around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from linkage.signatures.alphabet import character_classes
from linkage.signatures.buffers import bytes_and_offsets, on_every_core, pieces_of

if TYPE_CHECKING:
    import numpy.typing as npt

BUCKETS = 1 << 16
DIMENSIONS = 128


def word_weights(texts: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.float64]:
    """Weigh words by rarity, log((n + 1) / (texts with it + 1)); words are numbered by hash into buckets.

    >>> weights = word_weights(pa.array(["the cat", "the dog"]))
    >>> len(weights), sorted(set(weights.round(2).tolist()))
    (65536, [0.0, 0.41, 1.1])
    """
    from linkage.signatures.breadth_kernels import count_texts  # noqa: PLC0415 - numba takes its time

    counts = np.zeros(BUCKETS, np.int64)
    for piece in pieces_of(texts):
        count_texts(piece.text, piece.offsets, piece.first, piece.last, character_classes(), counts)
    weights: npt.NDArray[np.float64] = np.log((len(texts) + 1) / (counts + 1))
    return weights


def coverage(
    texts: pa.Array | pa.ChunkedArray, starts: npt.NDArray[np.int64], weights: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Say of each sender how unlike each other its prompts are, from 0 (all on one thing) to 1.

    It is one less the mean cosine between two of its prompts, so that few and many prompts compare. Words that
    more than half of a sender's prompts have are its wrapper and do not count.

    >>> texts = pa.chunked_array([["bake bread", "bake cake", "prove lemmas", "sail boats"]])
    >>> even, wide = coverage(texts, np.array([0, 2, 4]), np.ones(BUCKETS))
    >>> round(float(even), 2), round(float(wide), 2)
    (0.5, 1.0)

    Args:
        texts: the prompts, those of one sender together.
        starts: where each sender's begin, and where the last one's end.
        weights: as from ``word_weights``.
    """
    from linkage.signatures.breadth_kernels import spread_rows  # noqa: PLC0415 - numba takes its time

    whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    text, offsets = bytes_and_offsets(whole)
    classes = character_classes()

    def measure(sender: int) -> float:
        first, last = int(starts[sender]), int(starts[sender + 1])
        return float(spread_rows(text, offsets, first, last, classes, weights, DIMENSIONS))

    blocks = [range(at, min(at + 256, len(starts) - 1)) for at in range(0, len(starts) - 1, 256)]
    return np.array(
        [value for block in on_every_core(lambda block: [*map(measure, block)], blocks) for value in block]
    )
