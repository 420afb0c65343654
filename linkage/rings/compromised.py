"""Members who may be victims: a ring works through their stolen keys for some days, and their own life goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linkage.rings.bridges import TELLING
from linkage.tables import derive

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from linkage.evidence.collect import Evidence
    from linkage.rings.membership import Membership
    from linkage.tables import Logs

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

SHORT = 1 / 3
"""Of an account's life, and of the time that the ring was at work: a key that is stolen is found out some day."""
OWN_LIFE = 0.25
"""Of a ring's own account's requests, so many may have nothing to do with the ring."""
CHANCE = 0.05
"""That a ring's own account, working now and then, would look so much like a victim."""
CHANCE_ALONE = 0.005
"""The same where hardly another member looks like one."""
WIDESPREAD = 0.25
"""Of a ring's members that look like victims: from there on keys are how it works, and less is asked for to doubt the
other members. In 32 simulated worlds between a third and a half of the members look so where keys are stolen, and at most
a fifth, of a handful, where none are."""
FEWEST = 3
"""Members that look like victims, at least, before it is said that keys are how a ring works."""


def compromised(membership: Membership, evidence: Evidence, logs: Logs) -> frozenset[int]:
    """Find the members whose keys the ring may have stolen.

    What ties such an account to its ring, its habits only, lies within a short part of its life and of the ring's,
    and it was active before and is active after without it. Two chances are multiplied: were an account's k
    requests from first to last spread over a life by chance, they would lie within a part p of it with probability k p^(k-1) -
    (k-1) p^k, the distribution of a sample's range (David and Nagaraja 2003, Order Statistics, section 2.3), where
    requests of one day count once, for they come together; and an account of the ring's own would send so many
    requests outside that time with the chance of a binomial tail. A shared card is not stolen with a key.

    In a ring that works through many keys, an account that worked for it for a short part of the ring's time is doubted
    even if only one request of its own is known: such a ring is sure of its own accounts for longer.

    Args:
        membership: who belongs, and by what.
        evidence: who holds what, and when.
        logs: what accounts did, in the window and in the reference.

    Returns:
        Their account numbers.
    """
    from scipy.stats import binom  # noqa: PLC0415 - scipy is slow to load

    rows = derive(
        _LIVES,
        [TELLING],
        members=membership.members,
        shared=membership.shared,
        holdings=evidence.holdings,
        identifiers=evidence.identifiers,
        people=evidence.people,
        events=logs.events,
        reference=logs.reference,
    ).arrow("ring, account")
    if not len(rows):
        return frozenset()
    column = {name: rows[name].to_numpy() for name in rows.column_names}
    span, outside = column["stop"] - column["start"], column["before"] + column["after"]
    campaign = span / np.maximum(_campaigns(column["ring"], column["start"], column["stop"]), 1)
    part = np.minimum(1, np.maximum(span / np.maximum(column["life"], 1), campaign))
    unlike_own = binom.sf(outside - 1, outside + column["during"], OWN_LIFE)
    often = np.minimum(column["during"], np.maximum(2, column["days"]))
    chance = np.where(part <= SHORT, _range_chance(part, often) * unlike_own, 1.0)
    chance[(column["before"] == 0) | (column["after"] == 0) | column["carded"]] = 1.0
    widespread = _widespread(column["ring"], chance <= CHANCE)
    suspects = widespread & (np.minimum(1, campaign) <= SHORT) & (outside > 0)
    victims = chance <= np.where(widespread, CHANCE, CHANCE_ALONE)
    return frozenset(column["account"][(victims | suspects) & ~column["carded"]].tolist())


def _range_chance(part: Floats, often: NDArray[np.int64]) -> Floats:
    """Give the chance that so many moments lie within a part of the time; less than two say nothing."""
    k = np.maximum(often, 2)
    chance: Floats = k * part ** (k - 1) - (k - 1) * part**k
    return chance


def _campaigns(ring: NDArray[np.int64], start: Floats, stop: Floats) -> Floats:
    """Give for each member how long its ring was at work, but for the tenth that began first and that ended last."""
    lengths = np.zeros(int(ring.max()) + 1)
    for number in np.unique(ring):
        there = ring == number
        lengths[number] = np.quantile(stop[there], 0.9) - np.quantile(start[there], 0.1)
    result: Floats = lengths[ring]
    return result


def _widespread(ring: NDArray[np.int64], victims: Flags) -> Flags:
    members, found = np.bincount(ring), np.bincount(ring, weights=victims)
    result: Flags = ((found >= FEWEST) & (found >= WIDESPREAD * members))[ring]
    return result


# Times in days; whole ones would do, but a day is long where a ring is quick.
_LIVES = """
    with work as (
        select ring, account, bool_or(creates and not habit) as carded,
            min(holdings.first_seen) filter (habit) as start, max(holdings.last_seen) filter (habit) as stop
        from members
        join shared using (ring)
        join holdings using (account, identifier)
        join identifiers using (identifier)
        where shared.bits >= ? and family <> 'signup'
        group by all
    ),
    moments as (
        select account_id, happened_at from events
        union all
        select account_id, happened_at from reference
    )
    select ring, account, any_value(carded) as carded,
        epoch(any_value(start)) / 86400 as start, epoch(any_value(stop)) / 86400 as stop,
        epoch(max(happened_at) - min(happened_at)) / 86400 as life,
        count(*) filter (happened_at < start) as before,
        count(*) filter (happened_at > stop) as after,
        count(*) filter (happened_at between start and stop) as during,
        count(distinct happened_at::date) filter (happened_at between start and stop) as days
    from work
    join people using (account)
    join moments using (account_id)
    where start is not null
    group by all
    """
