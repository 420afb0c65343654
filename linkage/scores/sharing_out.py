"""How a ring shares its work out: over its members, over the hours of the day, over the week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linkage.tables import Table, derive

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Sharing = dict[int, dict[str, float | None]]

LEAST_MEMBERS = 3
"""Fewest members that did something of which it can be said whether they did equally much."""
LEAST_DAYS = 5
"""Fewest workdays of which it can be said whether weekends are like them."""


def list_sittings(requests: Table) -> Table:
    """Count, for each account, the hours in which it did something.

    People ask a few things in a row; counting hours rather than requests leaves out how much goes on in one sitting.

    Returns:
        account, hour (since 1970).
    """
    return derive(
        """
        select distinct account, epoch(happened_at)::bigint // 3600 as hour from requests
        """,
        requests=requests,
    )


def measure_sharing(traffic: Table, sittings: Table, senders: Table) -> Sharing:
    """Measure how each sender's work is shared out.

    ``load`` is the mean distance of the logarithm of the accounts' requests from their median; ``turns`` the length
    of the sum of the accounts' days as arrows on the clock face, squared, over that of arrows in any direction (1
    where accounts keep hours that have nothing to do with each other, 0 where they fill each other's gaps, up to
    their number where all keep the same); ``hours`` the mean cosine between two requests of one account; ``weekend``
    the sittings on Saturdays and Sundays, ``workdays`` those that there would be on them at the pace of the other
    days.

    Args:
        traffic: as from ``count_traffic``.
        sittings: as from ``list_sittings``.
        senders: account, sender (a number; several accounts are one).

    Returns:
        By sender the values; None where nothing can be said.
    """
    found: Sharing = {
        sender: {"load": load, "turns": turns, "hours": hours} | _by_day(_NONE, _NONE)
        for sender, load, turns, hours in _by_account(traffic, senders).rows("sender")
    }
    rows = derive(
        "select sender, hour // 24 as day, count(*) as n from sittings join senders using (account) group by all",
        sittings=sittings,
        senders=senders,
    ).arrow("sender, day")
    whose, days, counts = (rows[name].to_numpy() for name in ("sender", "day", "n"))
    starts = np.flatnonzero(np.diff(whose, prepend=whose[:1] - 1))
    for first, last in zip(starts, np.append(starts, len(whose))[1:], strict=True):
        found[int(whose[first])] |= _by_day(days[first:last], counts[first:last])
    return found


_NONE = np.empty(0, np.int64)


def _by_account(traffic: Table, senders: Table) -> Table:
    return derive(
        """
        with active as (
            select sender, events, east * east + north * north as square, east, north, ln(events) as load,
                median(ln(events)) over (partition by sender) as middle
            from traffic
            join senders using (account)
            where events > 0
        ),
        added as (
            select sender, count(*) as members, fsum(abs(load - middle)) as load, fsum(square) as squares,
                fsum(east) as east, fsum(north) as north, sum(events) as events,
                sum(events * (events - 1)) as pairs
            from active
            group by sender
        )
        select sender,
            round(case when members >= ? then load / sqrt(members * (members - 1)) end, 6) as load,
            round(case when members >= ? then (east * east + north * north) / nullif(squares, 0) end, 6) as turns,
            round((squares - events) / nullif(pairs, 0), 6) as hours
        from added
        """,
        [LEAST_MEMBERS, LEAST_MEMBERS],
        traffic=traffic,
        senders=senders,
    )


def _by_day(days: Numbers, counts: Numbers) -> dict[str, float | None]:
    """Compare a sender's weekends with its workdays."""
    values: dict[str, float | None] = dict.fromkeys(("weekend", "workdays"))
    if not len(days) or days[-1] - days[0] < LEAST_DAYS + 1:
        return values
    done = np.zeros(days[-1] - days[0] + 1)
    done[days - days[0]] = counts
    resting = (np.arange(days[0], days[-1] + 1) + 3) % 7 >= 5  # day 0, in 1970, was a Thursday
    if resting.sum() >= 2 and (~resting).sum() >= LEAST_DAYS:
        values |= {
            "weekend": float(done[resting].sum()),
            "workdays": round(float(done[~resting].mean() * resting.sum()), 6),
        }
    return values
