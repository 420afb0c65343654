"""How numbers are said in a report."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NOTHING = "-"
"""What stands where nothing can be measured."""


def known(value: float) -> float:
    """Give 0 for what cannot be measured, where something must be drawn or put in order.

    >>> known(0.25), known(math.nan)
    (0.25, 0.0)
    """
    return 0.0 if math.isnan(value) else value


def fraction(value: float) -> str:
    """Write a share to three places, without a 0 before the point.

    >>> fraction(0.5), fraction(-0.25), fraction(-0.0001), fraction(1), fraction(math.nan)
    ('.500', '-.250', '.000', '1.000', '-')
    """
    if math.isnan(value):
        return NOTHING
    shown = f"{abs(value):.3f}"
    return ("-" if value < 0 and float(shown) else "") + shown.removeprefix("0")


def count(value: float) -> str:
    """Write a whole number.

    >>> count(12_000), count(math.nan)
    ('12,000', '-')
    """
    return NOTHING if math.isnan(value) else f"{value:,.0f}"


def many(number: int, noun: str) -> str:
    """Write how many there are of something.

    >>> many(1, "world"), many(2_000, "world")
    ('1 world', '2,000 worlds')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def tenths(value: float) -> str:
    """Write a number to one place.

    >>> tenths(1_234.56), tenths(math.nan)
    ('1,234.6', '-')
    """
    return NOTHING if math.isnan(value) else f"{value:,.1f}"


def signed(value: float, *, show: Callable[[float], str] = fraction) -> str:
    """Write a difference with its sign; what is shown as nothing has none.

    >>> signed(0.5), signed(-0.5), signed(-0.0001), signed(3, show=count)
    ('+.500', '-.500', '.000', '+3')
    """
    shown = show(abs(value))
    return shown if shown == show(0.0) else f"{'-' if value < 0 else '+'}{shown}"


def ranges(numbers: Sequence[int]) -> str:
    """Write sorted numbers shortly.

    >>> ranges([1, 2, 3, 7])
    '1 to 3, 7'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
