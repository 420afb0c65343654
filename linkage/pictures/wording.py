"""What prompts of one template have in common, and where they differ."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 1_200
"""Characters of a prompt that are shown: a wrapper begins long before."""
MOST_WORDS = 260
RUN = 2
"""Words that must follow each other to count as the shared part: single ones come by chance."""
MOSTLY = 0.6
"""The part of the other prompts that must say a word, too."""
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


def marked(texts: Sequence[str]) -> list[list[tuple[str, bool]]]:
    """Cut each text into pieces, and say of each piece whether the others have it as well.

    >>> marked(["grade this essay: cats", "grade this essay: dogs"])
    [[('grade this essay: ', True), ('cats', False)], [('grade this essay: ', True), ('dogs', False)]]
    >>> marked(["alone"])
    [[('alone', False)]]
    """
    words = [_WORDS.findall(text[:LONGEST])[:MOST_WORDS] for text in texts]
    return [
        _pieces(mine, _common(mine, [other for place, other in enumerate(words) if place != number]))
        for number, mine in enumerate(words)
    ]


def _common(mine: list[str], others: list[list[str]]) -> list[bool]:
    said = [0] * len(mine)
    for other in others:
        for start, _, length in SequenceMatcher(None, mine, other, autojunk=False).get_matching_blocks():
            telling = sum(not word.isspace() for word in mine[start : start + length])
            for place in range(start, start + length) if telling >= RUN else ():
                said[place] += 1
    return [bool(others) and count >= MOSTLY * len(others) for count in said]


def _pieces(words: list[str], common: list[bool]) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    for word, shared in zip(words, common, strict=True):
        if pieces and pieces[-1][1] == shared:
            pieces[-1] = (pieces[-1][0] + word, shared)
        else:
            pieces.append((word, shared))
    return pieces
