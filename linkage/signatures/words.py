"""Words, shingles and their hashes, one text at a time in plain Python: what the kernels must agree with."""

from __future__ import annotations

import re
import string
from functools import cache, reduce

import numpy as np
import numpy.typing as npt

from linkage.signatures.alphabet import ALONES, GAPS, IGNOREDS

# A word's bytes are folded in by eights and spread by MurmurHash3's finalizer; a run of words is a polynomial of
# theirs, spread again. Changing a number changes every signature ever stored.
WORD_START, WORD_FOLD = 0xCBF29CE484222325, 0xD6E8FEB86659FD93
MIX_FIRST, MIX_SECOND = 0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53
WORD_STEP = 0x9E3779B97F4A7C15
_WHOLE = (1 << 64) - 1
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def words_of(text: str) -> list[str]:
    """Split a text into words: ASCII in lower case, without punctuation or invisible characters.

    Scripts written without spaces give one word a character.

    >>> words_of("Let's THINK,  step\u200bwise: 你好")
    ['let', 's', 'think', 'stepwise', '你', '好']
    """
    ignored = _patterns()[1]
    return [ignored.sub("", text[start:stop]).translate(_LOWER) for start, stop in word_spans(text)]


def word_spans(text: str) -> list[tuple[int, int]]:
    """Say where each word of a text starts and stops.

    >>> word_spans("Hi, you!")
    [(0, 2), (4, 7)]
    """
    return [found.span() for found in _patterns()[0].finditer(text)]


def shingle_texts(text: str, words: int = 3) -> list[str]:
    """List every run of so many words; a shorter text is one run, an empty one none.

    >>> shingle_texts("Think step by step!", words=3)
    ['think step by', 'step by step']
    """
    split = words_of(text)
    runs = max(len(split) - words + 1, min(len(split), 1))
    return [" ".join(split[start : start + words]) for start in range(runs)]


def shingle_hash(shingle: str) -> int:
    """Hash a run of words, given with single spaces between them, to 64 bits.

    >>> hex(shingle_hash("think step by"))
    '0xbdbda823d90b85b4'
    """
    total = reduce(lambda sum_, word: (sum_ * WORD_STEP + word_hash(word)) & _WHOLE, shingle.split(" "), 0)
    return _mix(total)


def shingle_hash32(shingle: str) -> int:
    """Hash a run of words to 32 bits: the ``hashfunc`` that makes datasketch agree with our signatures.

    >>> shingle_hash32("think step by") == shingle_hash("think step by") >> 32
    True
    """
    return shingle_hash(shingle) >> 32


def shingle_hashes(text: str, words: int = 3) -> npt.NDArray[np.uint64]:
    """Hash every shingle of a text: distinct and sorted.

    >>> len(shingle_hashes("a b c d e", words=3))
    3
    """
    hashes = sorted({shingle_hash(shingle) for shingle in shingle_texts(text, words)})
    return np.array(hashes, dtype=np.uint64)


@cache
def word_hash(word: str) -> int:
    """Hash one word's UTF-8 bytes to 64 bits."""
    letters = word.encode("utf-8", "surrogatepass")
    value = WORD_START
    for start in range(0, len(letters) + 1, 8):
        value = ((value ^ int.from_bytes(letters[start : start + 8], "big")) * WORD_FOLD) & _WHOLE
        value ^= value >> 32
    return _mix(value)


def _mix(value: int) -> int:
    value = ((value ^ (value >> 33)) * MIX_FIRST) & _WHOLE
    value = ((value ^ (value >> 33)) * MIX_SECOND) & _WHOLE
    return value ^ (value >> 33)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    gaps, alones, ignored = (_members(ranges) for ranges in (GAPS, ALONES, IGNOREDS))
    word = f"(?![{ignored}])(?:[{alones}]|[^{gaps}{alones}](?:[^{gaps}{alones}]|[{ignored}])*)"
    return re.compile(word), re.compile(f"[{ignored}]+")


def _members(ranges: tuple[tuple[int, int], ...]) -> str:
    return "".join(rf"\U{first:08x}-\U{last:08x}" for first, last in ranges)
