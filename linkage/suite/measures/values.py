"""Numbers that the measures are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]


def share(part: float, whole: float) -> float:
    """Give a part of a whole; of nothing it is NaN.

    >>> share(1, 4), share(0, 0)
    (0.25, nan)
    """
    return part / whole if whole else float("nan")


def mean(values: Sequence[float]) -> float:
    """Average some values; of none it is NaN."""
    return share(sum(values), len(values))
