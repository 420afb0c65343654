"""What a prompt template looks like, without a word of it: two labs can say how alike theirs are.

A sketch is a one-bit MinHash over runs of five words under the key of the pair. Without the key it is noise; with the
key it says of a template one already has whether this is it, which is what it is for.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from linkage.errors import DataError
from linkage.sharing.tokens import base32
from linkage.signatures.words import shingle_texts, words_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import numpy.typing as npt

    from linkage.sharing.tokens import PairKey

WORDS = 5
"""How many words a run has: of five, nobody who has much English can guess the ones that are in a template."""
BITS = 1024
BAND_BITS = 16
"""How many bits must all be equal for two sketches to meet in a band: both labs must use the same."""
LEAST_SHINGLES = 8
"""With fewer runs of words, a sketch would be nearly the words themselves."""
_BAND_LETTERS = 16
_LENGTH = len(base32(bytes(BITS // 8)))
_TEXT = re.compile(rf"[a-z2-7]{{{_LENGTH}}}")
_PIECE = 64  # runs of words hashed at a time: 1,024 x 64 numbers stay in the cache of a core
_SPREAD = np.uint64(0xFF51AFD7ED558CCD)  # MurmurHash3's finalizer, as in linkage/signatures/words.py


@dataclass(frozen=True)
class Sketch:
    """One bit of each of 1,024 hidden permutations.

    Args:
        bits: 128 bytes.

    Raises:
        DataError: it is not 128 bytes.
    """

    bits: bytes

    def __post_init__(self) -> None:
        if len(self.bits) != BITS // 8:
            raise DataError(f"a sketch has {BITS // 8} bytes, this one {len(self.bits)}")

    def text(self) -> str:
        """Write it as tokens are written: base32 in lower case without padding."""
        return base32(self.bits)

    @classmethod
    def of_text(cls, text: str) -> Sketch:
        """Read what ``text`` wrote.

        >>> sketch = Sketch(bytes(range(128)))
        >>> Sketch.of_text(sketch.text()) == sketch
        True

        Raises:
            DataError: it is no sketch.
        """
        try:
            bits = _of_base32(text)
        except binascii.Error:
            bits = b""
        # The last letter has a bit to spare: one sketch must not have two ways to be written.
        if len(bits) != BITS // 8 or base32(bits) != text:
            raise DataError(f"a sketch is {_LENGTH} letters of base32 in lower case; this is something else")
        return cls(bits)

    def bands(self, key: PairKey, *, width: int = BAND_BITS) -> tuple[str, ...]:
        """Make a token of each band of bits: two sketches with one in common are worth comparing.

        Of two templates with 95 % of their runs in common nearly all meet at 32 bits, with 70 % one pair in six.
        At 16 bits nearly all of the latter meet too, and one unrelated pair in a thousand.

        >>> from linkage.sharing.tokens import PairKey
        >>> bands = Sketch(bytes(128)).bands(PairKey(bytes(32), "2026q4"))
        >>> len(bands), len(set(bands)), len(bands[0])
        (64, 64, 16)

        Args:
            key: of the pair.
            width: how many bits a band has: 8, 16 or 32.

        Raises:
            DataError: there are no bands of that width.
        """
        if width not in {8, 16, 32}:
            raise DataError(f"a band has 8, 16 or 32 bits, not {width}")
        size = width // 8
        # The width is part of the token: bands of different widths must never meet.
        return tuple(
            base32(key.digest(b"band", f"{width}.{start // size}".encode(), self.bits[start : start + size]))[
                :_BAND_LETTERS
            ]
            for start in range(0, len(self.bits), size)
        )


def words5(texts_by_account: Mapping[object, Sequence[str]], *, least_accounts: int = 2) -> frozenset[str]:
    """Take the runs of five words that the prompts of several accounts have in common.

    What only one account sent is its user's content and never becomes part of a sketch.

    >>> sorted(words5({"a": ["Solve this step by step: 1+1"], "b": ["solve this step by step! Cats?"]}))
    ['solve this step by step']

    Args:
        texts_by_account: the prompts of each account.
        least_accounts: how many accounts must share a run of words.

    Raises:
        DataError: one account would be enough.
    """
    if least_accounts < 2:
        raise DataError("what one account alone wrote is not shared; least_accounts must be 2 or more")
    seen = Counter(
        shingle
        for texts in texts_by_account.values()
        for shingle in {run for text in texts for run in _runs(text)}
    )
    return frozenset(shingle for shingle, accounts in seen.items() if accounts >= least_accounts)


def sketch(shingles: Collection[str], key: PairKey) -> Sketch | None:
    """Sketch one template.

    >>> from linkage.sharing.tokens import PairKey
    >>> sketch({"only a few words here"}, PairKey(bytes(32), "2026q4")) is None
    True

    Args:
        shingles: as ``words5`` gives them.
        key: of the pair.

    Returns:
        None where there are fewer than 8 runs of words.
    """
    distinct = set(shingles)
    if len(distinct) < LEAST_SHINGLES:
        return None
    door, multipliers, increments = _permutations(key)
    values = _hidden(distinct, door)
    least = np.full(BITS, np.iinfo(np.uint64).max, np.uint64)
    for start in range(0, len(values), _PIECE):
        permuted = values[start : start + _PIECE] * multipliers[:, None] + increments[:, None]
        permuted ^= permuted >> np.uint64(32)
        permuted *= _SPREAD
        permuted ^= permuted >> np.uint64(32)
        np.minimum(least, permuted.min(axis=1), out=least)
    return Sketch(np.packbits((least & np.uint64(1)).astype(np.uint8)).tobytes())


def likeness(one: Sketch, other: Sketch) -> float:
    """Estimate which share of their runs of words two templates have in common; about 0 for strangers.

    The error is about 0.03. Sketches under different keys always look like strangers.

    >>> likeness(Sketch(bytes(128)), Sketch(bytes(128)))
    1.0
    """
    different = (int.from_bytes(one.bits, "big") ^ int.from_bytes(other.bits, "big")).bit_count()
    return 1.0 - 2.0 * different / BITS


def _runs(text: str) -> list[str]:
    # A text of fewer words would be one run of its own.
    return shingle_texts(text, WORDS) if len(words_of(text)) >= WORDS else []


def _of_base32(text: str) -> bytes:
    if _TEXT.fullmatch(text) is None:
        return b""
    return base64.b32decode(text.upper() + "=" * (-len(text) % 8))


def _hidden(shingles: Iterable[str], door: bytes) -> npt.NDArray[np.uint64]:
    # Nothing that can be computed without the key goes any further, so no guess can be tried without it.
    digests = (
        hashlib.blake2b(shingle.encode("utf-8", "surrogatepass"), digest_size=8, key=door).digest()
        for shingle in shingles
    )
    return np.frombuffer(b"".join(digests), ">u8").astype(np.uint64)


@lru_cache(maxsize=8)
def _permutations(key: PairKey) -> tuple[bytes, npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    door = _stream(key, b"door", 64)
    numbers = np.frombuffer(_stream(key, b"permutations", 16 * BITS), ">u8").astype(np.uint64)
    return door, numbers[:BITS] | np.uint64(1), numbers[BITS:]


def _stream(key: PairKey, purpose: bytes, length: int) -> bytes:
    blocks = (
        hashlib.blake2b(
            key.epoch.encode() + purpose + number.to_bytes(8, "big"),
            key=key.secret,
            person=b"linkage sketch 1",
        ).digest()
        for number in range(-(-length // 64))
    )
    return b"".join(blocks)[:length]
