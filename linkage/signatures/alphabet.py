"""Which characters make words, part them, stand alone, or do not count at all."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

GAP, LETTER, ALONE, IGNORED = 0, 1, 2, 3

# Everything above ASCII that is not listed is a letter: scripts that part their words with spaces.
GAPS = (
    (0x00, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0xA9), (0xAB, 0xB4), (0xB6, 0xB9), (0xBB, 0xBF),
    (0xD7, 0xD7), (0xF7, 0xF7), (0x060C, 0x060C), (0x061B, 0x061B), (0x061F, 0x061F), (0x06D4, 0x06D4),
    (0x0964, 0x0965), (0x1680, 0x1680), (0x2000, 0x206F), (0x2190, 0x25FF), (0x2E00, 0x2E7F),
    (0x3000, 0x3004), (0x3008, 0x3020), (0x3030, 0x3030), (0x30FB, 0x30FB), (0xFE10, 0xFE1F),
    (0xFE30, 0xFE6F), (0xFF00, 0xFF0F), (0xFF1A, 0xFF20), (0xFF3B, 0xFF40), (0xFF5B, 0xFF65), (0xFFFD, 0xFFFF),
)  # fmt: skip
# Written without spaces (Thai, Lao, Tibetan, Burmese, Khmer, Chinese, Japanese), and pictures: each character
# counts as a word, so that shingles of words become shingles of characters.
ALONES = (
    (0x0E00, 0x0FFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2600, 0x27BF), (0x2B00, 0x2BFF), (0x2E80, 0x2FDF),
    (0x3005, 0x3007), (0x3021, 0x302F), (0x3031, 0x30FA), (0x30FC, 0x312F), (0x31A0, 0x31BF), (0x31F0, 0x31FF),
    (0x3200, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9F), (0x1F000, 0x1FAFF), (0x20000, 0x3FFFF),
)  # fmt: skip
# Invisible: soft hyphen, joiners, direction marks, variation selectors, tags. Strewing them about changes nothing.
IGNOREDS = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E),
    (0x2060, 0x206F), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xE0000, 0xE0FFF),
)  # fmt: skip


@cache
def character_classes() -> npt.NDArray[np.uint8]:
    """Give the class of every code point, as the kernels read it.

    >>> [int(character_classes()[ord(letter)]) for letter in "aé 文"]
    [1, 1, 0, 2]
    """
    classes = np.full(0x110000, LETTER, dtype=np.uint8)
    for kind, ranges in ((GAP, GAPS), (ALONE, ALONES), (IGNORED, IGNOREDS)):
        for first, last in ranges:
            classes[first : last + 1] = kind
    classes.flags.writeable = False
    return classes
