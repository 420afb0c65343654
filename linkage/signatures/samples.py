"""Shingles sampled by hash, of those texts only that could share them with another account's."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from linkage.signatures.alphabet import character_classes
from linkage.signatures.buffers import Piece, on_every_core, pieces_of
from linkage.signatures.words import shingle_hash, word_hash, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pyarrow as pa

WORDS = 5  # three words are language; five in a row that return in other people's prompts are a text
SCALE = 3  # of 25 words in a row 99.8 % leave two shingles at least, of 40 words 99.99 % leave three
_LARGEST_TABLE = (
    1 << 25
)  # slots of four bytes; when more shingles than that come, more pass for shared by chance
_LAST_WORDS = 1 << 14  # places for the last words of public phrases: few others meet one by chance
_SHIFTS = (0, 19, 38)  # which bits of a hash name its slot: three looks let few pass by chance


@dataclass(frozen=True)
class Samples:
    """The sampled shingles of every text.

    Args:
        hashes: each text's distinct shingle hashes, ascending, one text after the other.
        ends: where each text's hashes end.
        contents: a hash of each text's words.
    """

    hashes: npt.NDArray[np.uint64]
    ends: npt.NDArray[np.int64]
    contents: npt.NDArray[np.uint64]


def shared_samples(
    texts: pa.Array | pa.ChunkedArray,
    accounts: npt.NDArray[np.int32],
    *,
    words: int = WORDS,
    scale: int = SCALE,
    public: Iterable[str] = (),
) -> Samples:
    """Sample each text's shingles, leaving out most that no second account carries.

    >>> import pyarrow as pa
    >>> texts = pa.array(["one two three four five", "one two three four five six", "alone with five other words"])
    >>> shared_samples(texts, np.array([0, 1, 2], np.int32), scale=1).ends.tolist()
    [1, 2, 2]

    Args:
        texts: the prompts.
        accounts: the code of the account that sent each.
        words: how many words a shingle has; shorter texts have none.
        scale: one shingle in so many is kept, the same ones in every text.
        public: phrases of which no shingle holds a word.
    """
    from linkage.signatures.wrapper_kernels import keep_shared, note_carriers  # noqa: PLC0415 - numba

    ends, contents = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=np.uint64)
    sample = _sampler(words, scale, public, ends, contents)
    pieces = pieces_of(texts)
    carriers = _room_for_carriers(pieces, scale)
    waiting: deque[tuple[slice, npt.NDArray[np.uint64]]] = deque()
    for rows, hashes in on_every_core(sample, pieces):
        note_carriers(hashes, ends[rows], accounts[rows], carriers, _SHIFTS[0])
        waiting.append((rows, hashes))
    for shift, following in zip(_SHIFTS, (*_SHIFTS[1:], None), strict=True):
        for _ in range(
            len(waiting)
        ):  # letting go of each piece at once: they are the largest thing in memory
            rows, hashes = waiting.popleft()
            waiting.append((rows, keep_shared(hashes, ends[rows], carriers, shift)))
        if following is not None:
            carriers.fill(-1)
            for rows, hashes in waiting:
                note_carriers(hashes, ends[rows], accounts[rows], carriers, following)
    del carriers
    size = 0
    for rows, hashes in waiting:
        ends[rows] += size
        size += len(hashes)
    return Samples(
        np.concatenate([np.empty(0, dtype=np.uint64), *(hashes for _, hashes in waiting)]), ends, contents
    )


def _sampler(
    words: int,
    scale: int,
    public: Iterable[str],
    ends: npt.NDArray[np.int64],
    contents: npt.NDArray[np.uint64],
) -> Callable[[Piece], tuple[slice, npt.NDArray[np.uint64]]]:
    from linkage.signatures.text_kernels import sample_rows  # noqa: PLC0415 - numba takes its time

    largest = np.uint64(((1 << 64) - 1) // scale)
    lengths, phrases, lasts = _phrases(public)
    classes = character_classes()

    def sample(piece: Piece) -> tuple[slice, npt.NDArray[np.uint64]]:
        rows = slice(piece.row, piece.row + len(piece))
        return rows, sample_rows(
            piece.text, piece.offsets, piece.first, piece.last, classes, words, largest,
            lengths, phrases, lasts, ends[rows], contents[rows],
        )  # fmt: skip

    return sample


def _phrases(
    public: Iterable[str],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64], npt.NDArray[np.bool_]]:
    """Give the lengths of phrases in words, their hashes, and marks where the hashes of their last words point."""
    split = [found for phrase in public if (found := words_of(phrase))]
    lengths = sorted({len(phrase) for phrase in split})
    hashes = sorted({shingle_hash(" ".join(phrase)) for phrase in split})
    lasts = np.zeros(_LAST_WORDS, np.bool_)
    lasts[[word_hash(phrase[-1]) % _LAST_WORDS for phrase in split]] = True
    return np.array(lengths, dtype=np.int64), np.array(hashes, dtype=np.uint64), lasts


def _room_for_carriers(pieces: list[Piece], scale: int) -> npt.NDArray[np.int32]:
    letters = sum(int(piece.offsets[piece.last] - piece.offsets[piece.first]) for piece in pieces)
    expected = 2 * letters // (6 * scale)  # six bytes a word; twice the room, so that few meet by chance
    slots = min(1 << max(expected.bit_length(), 10), _LARGEST_TABLE)
    return np.full(slots, -1, dtype=np.int32)
