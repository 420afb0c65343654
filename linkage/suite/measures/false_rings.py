"""False rings: how many there are, and whether as many as was promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linkage.suite.measures.values import Flags, Floats, share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

LEAST_SHARE = 0.5
"""A reported ring is a true one when at least this share of its accounts are members of planted rings."""


def true_rings(rings: Mapping[str, str], reported: Sequence[AbstractSet[str]]) -> Flags:
    """Say which reported rings are true: at least half of their accounts are members of planted rings.

    >>> true_rings({"a": "pool-1"}, [{"a", "x"}, {"a", "x", "y"}]).tolist()
    [True, False]
    """
    members = rings.keys()
    return np.array(
        [bool(ring) and len(ring & members) >= LEAST_SHARE * len(ring) for ring in reported], bool
    )


def poisson_upper(count: int, *, level: float = 0.95) -> float:
    """Give the largest mean under which so few events would not yet surprise: the exact one-sided upper limit.

    The mean m with P(Poisson(m) <= count) = 1 - level (Garwood 1936), found through the gamma distribution.

    >>> round(poisson_upper(0), 3), round(poisson_upper(1), 3)
    (2.996, 4.744)
    """
    from scipy.special import gammaincinv  # noqa: PLC0415 - scipy is slow to load

    return float(gammaincinv(count + 1, level))


def false_per_million(false: int, accounts: int, *, level: float = 0.95) -> tuple[float, float]:
    """Give false rings per million accounts looked at, and the exact upper limit of that.

    >>> [round(rate, 2) for rate in false_per_million(0, 3_000_000)]
    [0.0, 1.0]
    """
    if not accounts:
        return float("nan"), float("nan")
    return false * 1e6 / accounts, poisson_upper(false, level=level) * 1e6 / accounts


def false_share(q_values: Floats, true: Flags, *, at: float = 0.05) -> tuple[float, int]:
    """Give the share of false rings among those with a q-value of ``at`` or less, and how many those are.

    Where the q-values keep their promise the share is ``at`` or less (Storey 2002). NaN stands for no q-value.

    >>> false_share(np.array([0.01, 0.05, 0.2, np.nan]), np.array([True, False, False, False]))
    (0.5, 2)
    """
    chosen = q_values <= at
    return share(int((chosen & ~true).sum()), int(chosen.sum())), int(chosen.sum())
