"""The harvest within mixed traffic: requests whose answers have the length that asking for reasoning gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linkage.tables import Table, derive

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]

STEP = 0.05
"""Lengths are counted in steps of a twentieth of their logarithm."""
REACH = 7
"""So many steps to either side are the same length: a third more or less."""
LEAST_ASKS = 3


def list_lengths(requests: Table) -> Table:
    """Count, for each account, its answers by their length.

    Args:
        requests: as from ``list_requests``.

    Returns:
        account, step (of the logarithm of the length), requests, asks (those that ask for reasoning).
    """
    return derive(
        """
        select account, round(length / ?)::int as step, count(*) as requests, count(*) filter (asks) as asks
        from requests
        where length is not null
        group by all
        """,
        [STEP],
        requests=requests,
    )


def measure_harvest(lengths: Table, senders: Table, strangers: int = -1) -> dict[int, dict[str, float]]:
    """Measure how much of each sender's traffic has answers as long as its requests for reasoning get.

    A reseller's harvest hides amid its customers' requests, but the answers it is after are of one kind. So the
    middle length of the answers to those requests that ask for reasoning is taken, and all answers about as long
    are counted, here and elsewhere.

    Args:
        lengths: as from ``list_lengths``.
        senders: account, sender (a number; several accounts are one).
        strangers: the sender with which the others are compared.

    Returns:
        By sender ``fits``, the share of such answers, and ``fits_elsewhere``, their share among strangers; those are
        left out who did not ask for reasoning three times with a known length.
    """
    rows = derive(
        """
        select sender, step, sum(requests)::bigint as requests, sum(asks)::bigint as asks
        from lengths
        join senders using (account)
        group by all
        """,
        lengths=lengths,
        senders=senders,
    ).arrow("sender, step")
    whose, steps, counts, asks = (rows[name].to_numpy() for name in ("sender", "step", "requests", "asks"))
    elsewhere = whose == strangers
    if not elsewhere.any():
        return {}
    # Of strangers there are as many as of everybody else together: they are added up once, not for every sender.
    theirs = _Added(steps[elsewhere], counts[elsewhere])
    found = {}
    starts = np.flatnonzero(np.diff(whose, prepend=whose[:1] - 1))
    wanted = np.add.reduceat(asks, starts) >= LEAST_ASKS
    for first, last in zip(starts[wanted], np.append(starts, len(whose))[1:][wanted], strict=True):
        own = slice(first, last)
        middle = _middle(steps[own], asks[own])
        found[int(whose[first])] = {
            "fits": _Added(steps[own], counts[own]).near(middle),
            "fits_elsewhere": theirs.near(middle),
        }
    return found


class _Added:
    """How many answers there are up to each length.

    Args:
        steps: lengths, ascending.
        counts: how many answers of each.
    """

    def __init__(self, steps: Counts, counts: Counts) -> None:
        self._steps, self._sums = steps, np.append(0, np.cumsum(counts))

    def near(self, middle: int) -> float:
        """Give the share of answers as long as ``middle``, more or less."""
        first, last = np.searchsorted(self._steps, (middle - REACH, middle + REACH + 1))
        return round(float((self._sums[last] - self._sums[first]) / self._sums[-1]), 6)


def _middle(steps: Counts, counts: Counts) -> int:
    added = np.cumsum(counts)
    return int(steps[np.searchsorted(added, added[-1] / 2)])
