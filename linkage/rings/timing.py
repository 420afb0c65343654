"""Did members sign up close to those they share something with? It speaks for them, and against them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from linkage.tables import Table, derive, from_arrow, leaving_room

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from linkage.evidence.collect import Evidence

    Floats = NDArray[np.float64]

LEAST_CHANCE = 1e-5
"""No coincidence counts as rarer than this: clocks are coarse, and scripts sign up by the second."""
FEWEST = 50
"""From so many members on it can be told how much sign-up times say in this data."""

BESIDE = 120
"""Bytes that stand in memory of each holding while its chance is worked out."""


def weigh_timing(members: Table, evidence: Evidence) -> Table:
    """Weigh, for each member, how near in time the nearest of those signed up with whom it shares something.

    For each identifier of a member that others of its ring hold: the share of all accounts that signed up within
    the gap to the nearest of them is the chance that one stranger is as near, corrected for how many there are
    (Sidak 1967); and over the member's identifiers likewise. How much such chances say is learned from all rings
    together as the shape a of a beta-uniform mixture (Pounds and Morris 2003, by expectation maximisation): the
    bits are log2(a) + (a - 1) log2(p). They are negative for members that signed up like strangers, and nothing
    at all where timing tells nothing (a = 1).

    Args:
        members: ring, account.
        evidence: what accounts share.

    Returns:
        ring, account, bits; no row where the sign-up time is not known.
    """
    rows = derive(
        """
        select ring, identifier, account, epoch(created_at) as moment
        from holdings
        join members using (account)
        join identifiers using (identifier)
        join people using (account)
        where created_at is not null and kind <> 'signup' and not reference
        """,
        members=members,
        holdings=evidence.holdings,
        identifiers=evidence.identifiers,
        people=evidence.people,
    ).arrow("ring, identifier, moment, account")
    everybody = derive(
        "select epoch(created_at) as moment from people where created_at is not null and not reference",
        people=evidence.people,
    ).arrow("moment")
    ring, identifier, account, moment = (
        rows[name].to_numpy() for name in ("ring", "identifier", "account", "moment")
    )
    with leaving_room(members.database, BESIDE * len(ring)):
        chances = _chances(ring, identifier, account, moment, everybody["moment"].to_numpy())
    bits = _bits(chances["chance"].to_numpy())
    return from_arrow(members.database, chances.drop_columns("chance").append_column("bits", pa.array(bits)))


def _chances(
    rings: NDArray[np.int64],
    identifiers: NDArray[np.int64],
    accounts: NDArray[np.int64],
    moments: Floats,
    everybody: Floats,
) -> pa.Table:
    """Give each member the chance that those it shares with signed up as near by accident.

    Rows are sorted by ring, identifier and moment.
    """
    starts = np.ones(len(rings), dtype=bool)
    starts[1:] = (np.diff(rings) != 0) | (np.diff(identifiers) != 0)
    group = np.cumsum(starts) - 1
    others = np.bincount(group, minlength=1)[group] - 1 if len(group) else group
    before = np.full(len(rings), np.inf)
    before[1:] = np.where(starts[1:], np.inf, np.diff(moments))
    after = np.append(before[1:], np.inf)
    gap = np.minimum(before, after)
    kept = others > 0
    rings, accounts, moments, gap, others = (
        rings[kept],
        accounts[kept],
        moments[kept],
        gap[kept],
        others[kept],
    )
    total = max(len(everybody) - 1, 1)
    near = (
        np.searchsorted(everybody, moments + gap, "right")
        - np.searchsorted(everybody, moments - gap, "left")
        - 1
    )
    chance = _of_several(np.clip(near / total, 1 / total, 1.0), others)
    # An account is in one ring at most, so that its number is place enough to gather by; sorting took half of the time.
    size = int(accounts.max(initial=-1)) + 1
    least, ring_of = np.ones(size), np.full(size, -1, np.int64)
    np.minimum.at(least, accounts, chance)
    ring_of[accounts] = rings
    tries = np.bincount(accounts, minlength=size)
    members = np.flatnonzero(ring_of >= 0)
    members = members[np.argsort(ring_of[members], kind="stable")]
    best = np.maximum(_of_several(least[members], tries[members]), LEAST_CHANCE)
    return pa.table({"ring": ring_of[members], "account": members, "chance": best})


def _of_several(chance: Floats, tries: NDArray[np.int64]) -> Floats:
    """Turn the chance of one try into that of the best of several."""
    several: Floats = -np.expm1(tries * np.log1p(-np.minimum(chance, 1 - 1e-12)))
    return several


def _bits(chances: Floats) -> Floats:
    if len(chances) < FEWEST:
        return np.zeros(len(chances))
    shape = _shape(chances)
    bits: Floats = np.round(np.log2(shape) + (shape - 1) * np.log2(chances), 6)
    return bits


def _shape(chances: Floats) -> float:
    """Fit the shape of the beta part of a beta-uniform mixture."""
    uniform, shape, logs = 0.5, 0.3, np.log(chances)
    for _ in range(300):
        beta = (1 - uniform) * shape * np.exp((shape - 1) * logs)
        share = beta / (beta + uniform)
        uniform = 1 - share.mean()
        shape = min(0.999, float(-share.sum() / (share * logs).sum()))
    return shape
