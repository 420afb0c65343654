"""How much a ring's traffic looks like extraction: the ring as one account, and its members against others."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from linkage import progress
from linkage.scores.behaviour import SIGNALS, count_traffic, measure
from linkage.scores.parts import PARTS, Traffic
from linkage.tables import Table, derive, from_arrow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from linkage.tables import Logs

    Values = dict[str, float | None]

NAMES = tuple(signal.name for signal in SIGNALS)
PRIOR = -6.5
"""Log odds that a linked group extracts, before its behaviour is looked at: most groups are offices and classes."""
SHRINKAGE = 4
"""So many members are worth half of what a large ring's behaviour is."""


@dataclass(frozen=True)
class Extraction:
    """What behaviour says of rings and accounts.

    Args:
        rings: by number, the probability of extraction; None where nothing is known.
        parts: by number, the value of each part that something is known of.
        accounts: by number, the mean rank of an account's signals among accounts of like volume, 0 to 1.
    """

    rings: dict[int, float | None]
    parts: dict[int, dict[str, float]]
    accounts: dict[int, float]


def score_extraction(logs: Logs, people: Table, members: Table, *, smallest_stratum: int) -> Extraction:
    """Score each ring as though it were one account, and by how its members rank among comparable accounts.

    Rings are compared with the accounts that are in no ring; where those are too few, with everybody.

    Args:
        logs: the checked tables.
        people: every account, numbered.
        members: ring, account.
        smallest_stratum: fewest accounts that are compared among themselves.
    """
    progress.at("measuring behaviour")
    traffic = count_traffic(logs, people)
    alone = _values(
        measure(traffic, derive("select account, account as sender from traffic", traffic=traffic))
    )
    numbers = alone["sender"].astype(np.int64)
    homes = np.full(len(numbers), -1)
    rows = members.arrow("ring, account")
    homes[np.searchsorted(numbers, rows["account"].to_numpy())] = rows["ring"].to_numpy()
    strangers = homes < 0
    if strangers.sum() < smallest_stratum:
        strangers = np.ones_like(strangers)
    pooled = _pooled(traffic, numbers, homes, strangers)
    ranks = _ranks(alone, strangers, smallest_stratum)
    typical = {name: _mean(alone[name][strangers]) for name in NAMES}
    parts = {
        ring: _parts(
            Traffic(
                pooled[ring], pooled[-1], typical, {name: _mean(ranks[name][homes == ring]) for name in ranks}
            ),
            int((homes == ring).sum()),
        )
        for ring in range(homes.max(initial=-1) + 1)
    }
    own = zip(numbers.tolist(), ranks["all"].tolist(), strict=True)
    return Extraction(
        {ring: probability(values) for ring, values in parts.items()},
        parts,
        {account: round(rank, 4) for account, rank in own if not math.isnan(rank)},
    )


def _parts(traffic: Traffic, size: int) -> dict[str, float]:
    """Measure every part, drawn towards 0 for a small ring: few accounts can look like anything."""
    measured = {part.name: part.measure(traffic) for part in PARTS}
    return {
        name: round(value * size / (size + SHRINKAGE), 4)
        for name, value in measured.items()
        if value is not None
    }


def probability(parts: Mapping[str, float]) -> float | None:
    """Turn parts into a probability; None where nothing is known.

    >>> probability({}) is None, probability({"evenness": 1.0}) > probability({"evenness": 0.0}) > 0
    (True, True)
    """
    if not parts:
        return None
    odds = PRIOR + sum(part.weight * parts[part.name] if part.name in parts else part.doubt for part in PARTS)
    return round(1 / (1 + math.exp(-odds)), 4)


def _values(measured: Table) -> dict[str, NDArray[np.float64]]:
    rows = measured.arrow("sender")
    values = {
        name: rows[name].to_numpy(zero_copy_only=False).astype(np.float64) for name in ("events", *NAMES)
    }
    return values | {"sender": rows["sender"].to_numpy()}


def _pooled(
    traffic: Table, numbers: NDArray[np.int64], homes: NDArray[np.int64], strangers: NDArray[np.bool_]
) -> dict[int, Values]:
    """Measure each ring, and all strangers together as -1, as though each were one account."""
    grouped = pa.table(
        {
            "account": np.concatenate([numbers[homes >= 0], numbers[strangers]]),
            "sender": np.concatenate([homes[homes >= 0], np.full(int(strangers.sum()), -1)]),
        }
    )
    rows = measure(traffic, from_arrow(traffic.database, grouped)).arrow("sender").to_pylist()
    return {row["sender"]: {name: row[name] for name in NAMES} for row in rows}


def _ranks(
    alone: dict[str, NDArray[np.float64]], strangers: NDArray[np.bool_], smallest: int
) -> dict[str, NDArray[np.float64]]:
    """Rank each account's signals among strangers of like volume: 0 lowest, 1 highest, ties in the middle."""
    strata = _strata(alone["events"], strangers, smallest)
    ranks = {name: np.full(len(strata), np.nan) for name in NAMES}
    for name in NAMES:
        for stratum in np.unique(strata):
            inside = strata == stratum
            ranks[name][inside] = _rank(alone[name][inside], alone[name][inside & strangers])
    oriented = np.array([ranks[each.name] if each.rises else 1 - ranks[each.name] for each in SIGNALS])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # an account of which nothing is known has no mean
        return ranks | {"all": np.nanmean(oriented, axis=0)}


def _strata(events: NDArray[np.float64], strangers: NDArray[np.bool_], smallest: int) -> NDArray[np.int64]:
    """Put accounts of like volume together: powers of two, the small ones joined to the next larger."""
    powers = np.floor(np.log2(events + 1)).astype(np.int64)
    strata = np.zeros(len(powers), np.int64)
    start = 0
    for power in range(int(powers.max(initial=0)) + 1):
        if (strangers & (powers >= start) & (powers <= power)).sum() >= smallest:
            strata[powers > power] += 1
            start = power + 1
    last = strata == strata.max(initial=0)
    if (strangers & last).sum() < smallest:
        strata[last] = max(0, int(strata.max(initial=0)) - 1)
    return strata


def _rank(values: NDArray[np.float64], among: NDArray[np.float64]) -> NDArray[np.float64]:
    known = np.sort(among[~np.isnan(among)])
    if not len(known):
        return np.full(len(values), np.nan)
    below = np.searchsorted(known, values, side="left")
    upto = np.searchsorted(known, values, side="right")
    return np.where(np.isnan(values), np.nan, (below + upto) / 2 / len(known))


def _mean(values: NDArray[np.float64]) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else None
