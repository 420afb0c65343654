"""Quick small choices for the texts: one numpy stream, drawn in blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np

T = TypeVar("T")


class Dice:
    """Draw small choices from a numpy generator at the price of a list look-up.

    Asking numpy for one number costs a microsecond; a prompt needs fifty.

    >>> import numpy as np
    >>> Dice(np.random.Generator(np.random.PCG64(1))).below(1)
    0
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self._numbers = _stream(rng)

    def below(self, count: int) -> int:
        """Draw a number from 0 to ``count`` - 1."""
        return next(self._numbers) % count

    def pick(self, options: Sequence[T]) -> T:
        """Draw one of ``options``."""
        return options[next(self._numbers) % len(options)]

    def chance(self, share: float) -> bool:
        """Say yes in ``share`` of the cases."""
        return next(self._numbers) < share * 2**31


def _stream(rng: np.random.Generator) -> Iterator[int]:
    while True:
        yield from rng.integers(0, 2**31, 16_384).tolist()
