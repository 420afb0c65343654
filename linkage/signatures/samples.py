"""Shingles sampled by hash, of those texts only that could share them with another account's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from linkage.signatures.alphabet import character_classes
from linkage.signatures.buffers import Piece, on_every_core, pieces_of
from linkage.signatures.shelf import Heap, forget
from linkage.signatures.words import shingle_hash, word_hash, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pyarrow as pa

    _Sampler = Callable[
        [Piece, npt.NDArray[np.int64], npt.NDArray[np.uint64]],
        npt.NDArray[np.uint64],
    ]

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
    letters = sum(piece.letters for piece in pieces_of(texts))
    sampling = Sampling(accounts, letters=letters, words=words, scale=scale, public=public)
    sampling.add(texts)
    return sampling.shared()


def all_samples(
    texts: pa.Array | pa.ChunkedArray,
    *,
    words: int = WORDS,
    scale: int = SCALE,
    public: Iterable[str] = (),
) -> Samples:
    """Sample each text's shingles and keep all of them, for whoever does not know yet what others will have.

    >>> import pyarrow as pa
    >>> all_samples(pa.array(["one two three four five six", "one"]), scale=1).ends.tolist()
    [2, 2]

    Args:
        texts: the prompts.
        words: how many words a shingle has; shorter texts have none.
        scale: one shingle in so many is kept, the same ones in every text.
        public: phrases of which no shingle holds a word.
    """
    ends, contents = np.zeros(len(texts), np.int64), np.zeros(len(texts), np.uint64)
    sampler = _sampler(words, scale, public)

    def sample(piece: Piece) -> npt.NDArray[np.uint64]:
        rows = slice(piece.row, piece.row + len(piece))
        return sampler(piece, ends[rows], contents[rows])

    pieces = pieces_of(texts)
    parts = list(on_every_core(sample, pieces))
    size = 0
    for piece, part in zip(pieces, parts, strict=True):
        ends[piece.row : piece.row + len(piece)] += size
        size += len(part)
    return Samples(np.concatenate([np.empty(0, np.uint64), *parts]), ends, contents)


class Sampling:
    """Samples texts that come in parts, so that all of them never stand in memory.

    >>> import pyarrow as pa
    >>> sampling = Sampling(np.array([0, 1], np.int32), letters=40, scale=1)
    >>> for text in ("one two three four five", "one two three four five six"):
    ...     sampling.add(pa.array([text]))
    >>> sampling.shared().ends.tolist()
    [1, 2]
    """

    def __init__(
        self,
        accounts: npt.NDArray[np.int32],
        *,
        letters: int,
        words: int = WORDS,
        scale: int = SCALE,
        public: Iterable[str] = (),
    ) -> None:
        """Make room.

        Args:
            accounts: the code of the account that sent each text.
            letters: how many bytes the texts have together; a guess will do.
            words: how many words a shingle has; shorter texts have none.
            scale: one shingle in so many is kept, the same ones in every text.
            public: phrases of which no shingle holds a word.
        """
        self._accounts, self._row = accounts, 0
        self._ends = np.zeros(len(accounts), dtype=np.int64)
        self._contents = np.zeros(len(accounts), dtype=np.uint64)
        self._sample = _sampler(words, scale, public)
        self._carriers = _room_for_carriers(letters, scale)
        self._heap = Heap()
        self._batches: list[tuple[slice, int]] = []  # rows, and how many hashes they have together

    def add(self, texts: pa.Array | pa.ChunkedArray) -> None:
        """Sample the next texts."""
        from linkage.signatures.wrapper_kernels import note_carriers  # noqa: PLC0415 - numba

        start = self._row

        def sample(piece: Piece) -> tuple[slice, npt.NDArray[np.uint64]]:
            rows = slice(start + piece.row, start + piece.row + len(piece))
            return rows, self._sample(piece, self._ends[rows], self._contents[rows])

        size = 0
        for rows, hashes in on_every_core(sample, pieces_of(texts)):
            note_carriers(hashes, self._ends[rows], self._accounts[rows], self._carriers, _SHIFTS[0])
            self._heap.add(hashes)
            self._ends[rows] += size
            size += len(hashes)
        self._take(len(texts), size)

    def add_ready(self, samples: Samples) -> None:
        """Take the next texts as somebody else sampled them."""
        from linkage.signatures.wrapper_kernels import note_carriers  # noqa: PLC0415 - numba

        rows = slice(self._row, self._row + len(samples.ends))
        self._ends[rows], self._contents[rows] = samples.ends, samples.contents
        note_carriers(samples.hashes, self._ends[rows], self._accounts[rows], self._carriers, _SHIFTS[0])
        self._heap.add(samples.hashes)
        self._take(len(samples.ends), len(samples.hashes))

    def _take(self, rows: int, hashes: int) -> None:
        self._batches.append((slice(self._row, self._row + rows), hashes))
        self._row += rows

    def shared(self) -> Samples:
        """Leave out most shingles that no second account carries, and put together what is left; only once."""
        from linkage.signatures.wrapper_kernels import keep_shared, note_carriers  # noqa: PLC0415 - numba

        hashes, ends, carriers = self._heap.joined(), self._ends, self._carriers
        del self._heap, self._carriers
        for shift, following in zip(_SHIFTS, (*_SHIFTS[1:], None), strict=True):
            batches, self._batches = self._batches, []
            start = size = 0
            for rows, count in batches:
                kept = keep_shared(hashes[start : start + count], ends[rows], carriers, shift)
                hashes[size : size + len(kept)] = kept  # where it was, or before
                self._batches.append((rows, len(kept)))
                start, size = start + count, size + len(kept)
                forget(hashes)
            if following is not None:
                carriers.fill(-1)
                start = 0
                for rows, count in self._batches:
                    own = hashes[start : start + count]
                    note_carriers(own, ends[rows], self._accounts[rows], carriers, following)
                    start += count
                    forget(hashes)
        size = 0
        for rows, count in self._batches:
            ends[rows] += size
            size += count
        return Samples(hashes[:size], ends, self._contents)


def _sampler(words: int, scale: int, public: Iterable[str]) -> _Sampler:
    from linkage.signatures.text_kernels import sample_rows  # noqa: PLC0415 - numba takes its time

    largest = np.uint64(((1 << 64) - 1) // scale)
    lengths, phrases, lasts = _phrases(public)
    classes = character_classes()

    def sample(
        piece: Piece, ends: npt.NDArray[np.int64], contents: npt.NDArray[np.uint64]
    ) -> npt.NDArray[np.uint64]:
        return sample_rows(
            piece.text, piece.offsets, piece.first, piece.last, classes, words, largest,
            lengths, phrases, lasts, ends, contents,
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


def _room_for_carriers(letters: int, scale: int) -> npt.NDArray[np.int32]:
    expected = 2 * letters // (6 * scale)  # six bytes a word; twice the room, so that few meet by chance
    slots = min(1 << max(expected.bit_length(), 10), _LARGEST_TABLE)
    return np.full(slots, -1, dtype=np.int32)
