"""What speaks for extraction in how members work together: parts that one account alone could not have.

Dividing work is no harvest: a service desk has equal loads and shifts, never closes, and no case comes twice. What it
does not do is ask for reasoning; so how work is divided counts only where reasoning is asked for as often as elsewhere.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkage.scores.parts import Traffic


def door(traffic: Traffic) -> float | None:
    """Say how much of it goes through the same address: 0 in a pool of seven addresses, -1 where there are three doors.

    An office has so few, and a pool of rented addresses more.

    It speaks against extraction only. Hiding behind one address costs more than it helps: the whole load is then one
    address's, which every limit by address sees.

    >>> from linkage.scores.parts import Traffic
    >>> door(Traffic({"door": 0.1}, {}, {}, {})), door(Traffic({"door": 0.5}, {}, {}, {}))
    (-0.0, -1.0)
    """
    same = traffic.ring.get("door")
    return None if same is None else -round(min(1.0, max(0.0, (same - 1 / 7) / (1 / 3 - 1 / 7))), 2)


def name(traffic: Traffic) -> float | None:
    """Say how openly accounts stand under one name: 0 where as few do as elsewhere, -1 where all give one of their own.

    A company, a campus or a contractor says who it is, in every account; whoever spreads work over accounts so as not to
    be noticed does not. It speaks against extraction only: names can be invented.

    >>> from linkage.scores.parts import Traffic
    >>> [name(Traffic({"name": share}, {}, {}, {})) for share in (0.2, 0.75, 1.0)]
    [-0.2, -0.75, -1.0]
    """
    one = traffic.ring.get("name")
    return None if one is None else -round(min(1.0, max(0.0, one)), 2) + 0.0


def load(traffic: Traffic) -> float | None:
    """Compare how unequally much members do: 1 at seven tenths of the spread of strangers, as under a common limit.

    >>> from linkage.scores.parts import Traffic
    >>> load(Traffic({"load": 0.4}, {"load": 0.8}, {}, {})), load(Traffic({"load": 0.8}, {"load": 0.8}, {}, {}))
    (1.0, 0.0)
    """
    ring, others = traffic.ring.get("load"), traffic.others.get("load")
    if ring is None or not others:
        return None
    return _of_harvests(traffic, _clip(2 * math.log2(others / max(ring, 0.01))))


def turns(traffic: Traffic) -> float | None:
    """Say whether members that keep hours fill each other's gaps: 1 where they tile the day, -1 where all keep the same.

    Accounts from all over the world, whose hours have nothing to do with each other, are at 0 on average; so are
    members without hours of their own.

    >>> from linkage.scores.parts import Traffic
    >>> [turns(Traffic({"turns": spread, "hours": 0.5}, {}, {"roundness": 0.5}, {})) for spread in (0.0, 1.0, 9.0)]
    [1.0, 0.0, -1.0]
    """
    ring, own, person = (
        traffic.ring.get("turns"),
        traffic.ring.get("hours"),
        traffic.typical.get("roundness"),
    )
    if ring is None or own is None or person is None or person < 0.05:
        return None
    return _of_harvests(traffic, _clip(1 - ring) * max(0.0, min(1.0, own / person)))


def weekends(traffic: Traffic) -> float | None:
    """Compare the ring's weekends with its workdays: 1 where they are alike, 0 where they differ as with strangers.

    Worth nothing where strangers work as much on weekends.

    >>> from linkage.scores.parts import Traffic
    >>> others = {"weekend": 500, "workdays": 1000}
    >>> [weekends(Traffic({"weekend": n, "workdays": 96}, others, {}, {})) for n in (98, 48, 23)]
    [1.0, 0.0, -0.5]
    """
    ring, ring_days = traffic.ring.get("weekend"), traffic.ring.get("workdays")
    others, days = traffic.others.get("weekend"), traffic.others.get("workdays")
    if ring is None or ring_days is None or others is None or not days or others / days > 0.9:
        return None
    habit = others / days
    found = (ring + 4 * habit) / (ring_days + 4)  # few days are drawn to the habit
    return _of_harvests(traffic, _clip(1 - abs(1 - found) / (1 - habit)))


def share(traffic: Traffic) -> float | None:
    """Say how large a part of the traffic is of the kind that is harvested, beyond what there is of it elsewhere.

    Two things must come together: requests ask for reasoning, and answers are as long as those that they get. 1 from
    a sixth and a third of all requests on, so that a harvest amid the requests of honest customers shows too.

    >>> from linkage.scores.parts import Traffic
    >>> ring = {"elicitation": 0.2, "fits": 0.5, "fits_elsewhere": 0.4}
    >>> share(Traffic(ring, {"elicitation": 0.1}, {}, {}))
    0.5
    """
    asks, others = traffic.ring.get("elicitation"), traffic.others.get("elicitation")
    fits, elsewhere = traffic.ring.get("fits"), traffic.ring.get("fits_elsewhere")
    if asks is None or others is None or fits is None or elsewhere is None:
        return None
    return max(0.0, _clip(min(6 * _beyond(asks, others), 3 * _beyond(fits, elsewhere))))


def _of_harvests(traffic: Traffic, value: float) -> float:
    """Let a value speak for extraction in full where reasoning is asked for as often as elsewhere, not at all at half."""
    asks, others = traffic.ring.get("elicitation"), traffic.others.get("elicitation")
    if value <= 0 or asks is None or others is None:
        return _clip(value)
    return _clip(value * max(0.0, min(1.0, 1 + math.log2((asks + 0.01) / (others + 0.01)))))


def _beyond(found: float, expected: float) -> float:
    return (found - expected) / max(1 - expected, 0.01)


def _clip(value: float) -> float:
    return round(max(-1.0, min(1.0, value)), 2) + 0.0  # no negative zero
