"""MinHash signatures of whole prompts: a million a second, and the same as datasketch's bit for bit."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from datasketch import LeanMinHash, MinHash

from linkage.signatures.alphabet import character_classes
from linkage.signatures.buffers import Piece, on_every_core, pieces_of
from linkage.signatures.shelf import parts_of

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

SEED = 1  # datasketch's own default; with another one signatures of two runs could not be compared
SCHEME = "affine32"


def sign(
    texts: pa.Array | pa.ChunkedArray, *, permutations: int = 64, words: int = 3
) -> npt.NDArray[np.uint32]:
    """Sign every text: two texts share about as many values of their rows as they share shingles.

    A text without words, or no text, gets a row that resembles nothing (see ``without_words``).

    >>> import pyarrow as pa
    >>> twice = sign(pa.array(["Think step by step!", "think  step, by STEP", ""]))
    >>> bool((twice[0] == twice[1]).all()), without_words(twice).tolist()
    (True, [False, False, True])

    Args:
        texts: Arrow strings of any width.
        permutations: how many values a signature has.
        words: how many words a shingle has; a shorter text is one shingle.
    """
    from linkage.signatures.text_kernels import sign_rows  # noqa: PLC0415 - numba takes its time

    signatures = np.empty((len(texts), permutations), dtype=np.uint32)
    multipliers, increments = permutation_parameters(permutations)
    classes = character_classes()

    def sign_piece(piece: Piece) -> None:
        own = signatures[piece.row - piece.first :]
        sign_rows(
            piece.text, piece.offsets, piece.first, piece.last, classes, words, multipliers, increments, own
        )

    for _ in on_every_core(sign_piece, pieces_of(texts)):
        pass
    return signatures


def without_words(signatures: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Say which signatures are of texts without a single word; these resemble nothing, not even each other.

    >>> import pyarrow as pa
    >>> without_words(sign(pa.array(["...", None, "word"]))).tolist()
    [True, True, False]
    """
    nothing = np.uint32(0xFFFFFFFF)
    empty = np.zeros(len(signatures), np.bool_)
    for part in parts_of(signatures):
        # Hardly any other has it in the first column: all columns are looked at of few.
        found = signatures[part, 0] == nothing
        found[found] = (signatures[part][found] == nothing).all(axis=1)
        empty[part] = found
    return empty


def lean_minhash(row: npt.NDArray[np.uint32]) -> LeanMinHash:
    """Make one row of ``sign`` into datasketch's own object, for its indexes and for exchange.

    >>> import pyarrow as pa
    >>> first, second = sign(pa.array(["one two three", "One, two: three."]))
    >>> lean_minhash(first).jaccard(lean_minhash(second))
    1.0
    """
    return LeanMinHash(seed=SEED, hashvalues=row, scheme=SCHEME)


@cache
def permutation_parameters(
    permutations: int,
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Ask datasketch for the multipliers and increments of its permutations."""
    multipliers, increments = MinHash(num_perm=permutations, seed=SEED, scheme=SCHEME).permutations
    return np.ascontiguousarray(multipliers), np.ascontiguousarray(increments)
