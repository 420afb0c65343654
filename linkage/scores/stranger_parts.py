"""What speaks for extraction in who a ring is made of: strangers who say the same, much of it, a little at a time.

A company, a campus and a class say the same as well; but they have a door, a name or a network in common. So each part
counts as far as members are strangers, and nothing is said where it is not known whether they are, or what they say alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.scores import joint_parts

if TYPE_CHECKING:
    from linkage.scores.parts import Traffic


def words(traffic: Traffic) -> float | None:
    """Say how much of what strangers say is in words of their own: 1 where all of it is, and nobody else uses them.

    >>> from linkage.scores.parts import Traffic
    >>> strangers = {"words": 0.8, "door": 0.0, "network": 0.0}
    >>> words(Traffic(strangers, {}, {}, {})), words(Traffic(strangers | {"name": 1.0}, {}, {}, {}))
    (0.8, 0.0)
    """
    own = _own(traffic)
    return None if own is None else round(own, 2)


def volume(traffic: Traffic) -> float | None:
    """Compare how much members do with what others do: 1 where every member does more than anybody outside.

    Many who are busy have nothing to do with a harvest, so it speaks for one as far as strangers have words of their
    own.

    >>> from linkage.scores.parts import Traffic
    >>> volume(Traffic({"words": 0.8, "door": 0.0, "network": 0.0}, {}, {}, {"volume": 0.75}))
    0.4
    """
    rank, own = traffic.members.get("volume"), _own(traffic)
    return None if rank is None or own is None else _as_far_as(own, 2 * rank - 1)


def pace(traffic: Traffic) -> float | None:
    """Compare in what portions members work: 1 where each does fewer requests in an hour than all that do as much.

    Whoever stays under a limit that everybody has deals requests out over time as over accounts. Programs that run
    by the clock do so too, so it speaks for a harvest as far as strangers have words of their own.

    >>> from linkage.scores.parts import Traffic
    >>> pace(Traffic({"words": 0.8, "door": 0.0, "network": 0.0}, {}, {}, {"pace": 0.25}))
    0.4
    """
    rank, own = traffic.members.get("pace"), _own(traffic)
    return None if rank is None or own is None else _as_far_as(own, 1 - 2 * rank)


def _own(traffic: Traffic) -> float | None:
    """Give the share of what members say that is in words of their own, as far as they are strangers.

    Door, name and network together: where they have half of it in common, they are no strangers.
    """
    own, door, network = traffic.ring.get("words"), joint_parts.door(traffic), traffic.ring.get("network")
    if own is None or door is None or network is None:
        return None
    known = door + (joint_parts.name(traffic) or 0.0) - max(0.0, network)
    return own * max(0.0, 1 + 2 * known)


def _as_far_as(own: float, value: float) -> float:
    return round(value * own if value > 0 else value, 2) + 0.0
