"""Rings by their place in a list, as people write it: 1 is the best."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


def at_place(text: str, listed: Sequence[T]) -> T | None:
    """Take what stands at a place of a list, best first; None where the text is no place of it.

    >>> at_place("2", ["R-AAAAAA", "R-BBBBBB"]), at_place("3", ["R-AAAAAA"]), at_place("R-1", ["R-AAAAAA"])
    ('R-BBBBBB', None, None)
    """
    written = text.strip()
    # More digits than any list has places are no number to try.
    if not (written.isascii() and written.isdigit() and len(written) < 10):
        return None
    place = int(written)
    return listed[place - 1] if 1 <= place <= len(listed) else None
