"""How much a ring's traffic looks like extraction: the ring as one account, and its members against others."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from linkage.scores.behaviour import SIGNALS, measure
from linkage.scores.doors import measure_doors
from linkage.scores.harvest import measure_harvest
from linkage.scores.names import measure_names
from linkage.scores.parts import PARTS, Traffic
from linkage.scores.sharing_out import measure_sharing
from linkage.scores.words import measure_words
from linkage.tables import Table, derive, from_arrow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from linkage.scores.calibration import Calibration
    from linkage.scores.observe import Behaviour

    Values = dict[str, float | None]

NAMES = tuple(signal.name for signal in SIGNALS)
SHRINKAGE = 4
"""So many members are worth half of what a large ring's behaviour is."""


@dataclass(frozen=True)
class Extraction:
    """What behaviour says of rings and accounts.

    Args:
        odds: by number, the log odds of extraction; None where nothing is known.
        parts: by number, the value of each part that something is known of.
        accounts: by number, the mean rank of an account's signals among accounts of like volume, 0 to 1.
    """

    odds: dict[int, float | None]
    parts: dict[int, dict[str, float]]
    accounts: dict[int, float]


def score_extraction(
    behaviour: Behaviour,
    members: Table,
    *,
    smallest_stratum: int,
    calibration: Calibration,
    suspects: Table | None = None,
) -> Extraction:
    """Score each ring as though it were one account, and by how its members rank among comparable accounts.

    Args:
        behaviour: what accounts do.
        members: ring (from 0), account; an account may be in several.
        smallest_stratum: fewest accounts that are compared among themselves.
        calibration: what each part of behaviour weighs.
        suspects: a table with a column account: the accounts that rings are not compared with; the members when None.
    """
    traffic, sittings = behaviour.traffic, behaviour.sittings
    alone = _values(
        measure(traffic, derive("select account, account as sender from traffic", traffic=traffic))
    )
    numbers = alone["sender"].astype(np.int64)
    rows = members.arrow("ring, account")
    ring, at = rows["ring"].to_numpy(), np.searchsorted(numbers, rows["account"].to_numpy())
    strangers = _strangers(numbers, suspects or members, smallest_stratum)
    senders = _senders(traffic, numbers, ring, at, strangers)
    pooled = _joined(
        _pooled(traffic, senders),
        measure_sharing(traffic, sittings, senders),
        measure_harvest(behaviour.lengths, senders),
        measure_doors(behaviour.doors, senders),
        measure_names(behaviour.names, senders),
        measure_words(behaviour.words, senders),
    )
    ranks = _ranks(alone, _pace(alone, sittings), strangers, smallest_stratum)
    typical = {name: _mean(alone[name][strangers]) for name in NAMES}
    sizes = np.bincount(ring)
    means = {name: _means(values[at], ring, len(sizes)) for name, values in ranks.items()}
    parts = {
        number: _parts(
            Traffic(
                pooled[number],
                pooled[-1],
                typical,
                {
                    name: None if np.isnan(values[number]) else float(values[number])
                    for name, values in means.items()
                },
            ),
            int(size),
        )
        for number, size in enumerate(sizes.tolist())
    }
    own = zip(numbers.tolist(), ranks["all"].tolist(), strict=True)
    return Extraction(
        {number: calibration.odds(values) for number, values in parts.items()},
        parts,
        {account: round(rank, 4) for account, rank in own if not math.isnan(rank)},
    )


def _strangers(numbers: NDArray[np.int64], suspects: Table, smallest: int) -> NDArray[np.bool_]:
    """Say who is outside all rings: everybody, where hardly anybody is."""
    found = ~np.isin(numbers, suspects.arrow()["account"].to_numpy())
    return found if found.sum() >= smallest else np.ones_like(found)


def _means(values: NDArray[np.float64], ring: NDArray[np.int64], rings: int) -> NDArray[np.float64]:
    """Average members' values by ring; not a number where none is known."""
    known = ~np.isnan(values)
    counts = np.bincount(ring[known], minlength=rings)
    sums = np.bincount(ring[known], weights=values[known], minlength=rings)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _parts(traffic: Traffic, size: int) -> dict[str, float]:
    """Measure every part, drawn towards 0 for a small ring: few accounts can look like anything."""
    measured = {part.name: part.measure(traffic) for part in PARTS}
    return {
        name: round(float(value) * size / (size + SHRINKAGE), 4)
        for name, value in measured.items()
        if value is not None
    }


def _values(measured: Table) -> dict[str, NDArray[np.float64]]:
    rows = measured.arrow("sender")
    values = {
        name: rows[name].to_numpy(zero_copy_only=False).astype(np.float64) for name in ("events", *NAMES)
    }
    return values | {"sender": rows["sender"].to_numpy()}


def _senders(
    traffic: Table,
    numbers: NDArray[np.int64],
    ring: NDArray[np.int64],
    at: NDArray[np.int64],
    strangers: NDArray[np.bool_],
) -> Table:
    """Let each ring, and all strangers together as -1, be one sender."""
    return from_arrow(
        traffic.database,
        pa.table(
            {
                "account": np.concatenate([numbers[at], numbers[strangers]]),
                "sender": np.concatenate([ring, np.full(int(strangers.sum()), -1)]),
            }
        ),
    )


def _pooled(traffic: Table, senders: Table) -> dict[int, Values]:
    rows = measure(traffic, senders).arrow("sender").to_pylist()
    return {row["sender"]: {name: row[name] for name in NAMES} for row in rows}


def _joined(first: dict[int, Values], *others: Mapping[int, Mapping[str, float | None]]) -> dict[int, Values]:
    return {
        sender: values | {name: value for other in others for name, value in other.get(sender, {}).items()}
        for sender, values in first.items()
    }


def _pace(alone: dict[str, NDArray[np.float64]], sittings: Table) -> NDArray[np.float64]:
    """Say how many requests each account makes in an hour in which it makes any; not a number where it makes none."""
    rows = derive(
        "select account, count(*) as hours from sittings group by account", sittings=sittings
    ).arrow()
    hours = np.full_like(alone["events"], np.nan)
    hours[np.searchsorted(alone["sender"], rows["account"].to_numpy())] = rows["hours"].to_numpy()
    return np.divide(alone["events"], hours)


def _ranks(
    alone: dict[str, NDArray[np.float64]],
    pace: NDArray[np.float64],
    strangers: NDArray[np.bool_],
    smallest: int,
) -> dict[str, NDArray[np.float64]]:
    """Rank each account's signals and pace among strangers of like volume: 0 lowest, 1 highest, ties in the middle.

    ``all`` is the mean over the signals, and ``volume`` the rank of what an account does among all strangers.
    """
    strata = _strata(alone["events"], strangers, smallest)

    def ranked(values: NDArray[np.float64]) -> NDArray[np.float64]:
        ranks = np.full(len(strata), np.nan)
        for stratum in np.unique(strata):
            inside = strata == stratum
            ranks[inside] = _rank(values[inside], values[inside & strangers])
        return ranks

    ranks = {name: ranked(alone[name]) for name in NAMES}
    oriented = np.array([ranks[each.name] if each.rises else 1 - ranks[each.name] for each in SIGNALS])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # an account of which nothing is known has no mean
        own = {"all": np.nanmean(oriented, axis=0)}
    volume = _rank(alone["events"], alone["events"][strangers])
    return ranks | own | {"pace": ranked(pace), "volume": volume}


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
