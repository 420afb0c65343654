"""What speaks for extraction in a ring: one small function a part, most of them from -1 or 0 to 1.

Parts are read in two ways. *Behaviour* is what a ring does: when, how much, with what answers. *Strangers* is who it is
made of: accounts with no name, door or network in common that say the same in words nobody else uses. A harvest may
behave as everybody does, and then only the second shows it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from linkage.scores import joint_parts, stranger_parts
from linkage.scores.calibration import Calibration, Reading

BEHAVIOUR = "behaviour"
STRANGERS = "strangers"


@dataclass(frozen=True)
class Traffic:
    """What is compared.

    Args:
        ring: the ring's signals, measured as though it were one account, and how it shares its work out.
        others: the same of everybody outside the ring.
        typical: the mean of each signal over single accounts outside the ring.
        members: for each signal the chance that a member's value exceeds that of a comparable account outside.
    """

    ring: Mapping[str, float | None]
    others: Mapping[str, float | None]
    typical: Mapping[str, float | None]
    members: Mapping[str, float | None]


@dataclass(frozen=True)
class Part:
    """One part of the extraction score.

    Args:
        name: the word for it.
        weight: what it adds to the log odds at its full value, before anything is fitted.
        measure: its value for a ring; None where nothing can be said.
        sentence: what a ring that has it does.
        family: what it says much the same as; the parts of a family have a cap together.
        doubt: the log odds of the prior doubt that are about this part; they are lifted where nothing can be said
            of it, or logs without lengths or times could never show a ring.
        reading: the way of reading a ring that it is a part of.
    """

    name: str
    weight: float
    measure: Callable[[Traffic], float | None]
    sentence: str
    family: str = ""
    doubt: float = 0.0
    reading: str = BEHAVIOUR


def elicitation(traffic: Traffic) -> float | None:
    """Compare how often reasoning is asked for: 1 at twice as often as others, 3 at sixteen times, -1 at half.

    Between twice and four times it says no more: a public template for tutors asks for it in every prompt. A group
    that hardly asks is no harvest of reasoning, though it may harvest something else.

    >>> [elicitation(Traffic({"elicitation": share}, {"elicitation": 0.04}, {}, {})) for share in (0.09, 0.19, 0.39)]
    [1.0, 1.0, 2.0]
    """
    ring, others = traffic.ring.get("elicitation"), traffic.others.get("elicitation")
    if ring is None or others is None:
        return None
    doublings = math.log2((ring + 0.01) / (others + 0.01))
    if doublings < 0:
        return round(max(-1.0, doublings), 2)
    return round(min(1.0, doublings) + min(2.0, max(0.0, doublings - 2)), 2)


def evenness(traffic: Traffic) -> float | None:
    """Compare how much answers differ in length: 1 at half the spread of others.

    >>> evenness(Traffic({"evenness": 0.4}, {"evenness": 0.8}, {}, {}))
    1.0
    """
    ring, others = traffic.ring.get("evenness"), traffic.others.get("evenness")
    if ring is None or not others:
        return None
    return _clip(math.log2(others / max(ring, 0.01)))


def roundness(traffic: Traffic) -> float | None:
    """Compare the ring's day with a person's: 1 where it works around the clock as a whole, 0 where it keeps hours.

    Worth nothing where single accounts have no rhythm either.

    >>> roundness(Traffic({"roundness": 0.0}, {}, {"roundness": 0.5}, {}))
    1.0
    """
    ring, person = traffic.ring.get("roundness"), traffic.typical.get("roundness")
    if ring is None or person is None or person < 0.05:
        return None
    return _clip((1 - ring / person) * min(1.0, person / 0.3))


def coverage(traffic: Traffic) -> float | None:
    """Compare how widely the members' prompts range, each for itself: 1 where every member ranges wider.

    Drilling one narrow capability is harvesting too, so a narrow range does not speak against it.

    >>> coverage(Traffic({}, {}, {}, {"coverage": 0.75}))
    0.5
    """
    members = traffic.members.get("coverage")
    return None if members is None else max(0.0, _clip(2 * members - 1))


def upstream(traffic: Traffic) -> float | None:
    """Compare the upstream detector's scores: 1 where nearly every member is rated above comparable accounts.

    By its square: a small shift is what chance makes of a group of strangers, and a large one it never makes.

    >>> upstream(Traffic({}, {}, {}, {"upstream": 0.75})), upstream(Traffic({}, {}, {}, {"upstream": 0.25}))
    (0.25, -0.25)
    """
    members = traffic.members.get("upstream")
    shift = None if members is None else 2 * members - 1
    return None if shift is None else _clip(shift * abs(shift))


PARTS = (
    Part("elicitation", 1.0, elicitation, "asks for reasoning more often than others do"),
    Part("evenness", 5.5, evenness, "gets answers of even length", doubt=2.0),
    Part("roundness", 5.0, roundness, "works around the clock", family="hours", doubt=2.0),
    Part("coverage", 3.0, coverage, "ranges evenly over topics"),
    Part("upstream", 9.0, upstream, "is rated as extraction by the upstream detector"),
    Part(
        "share",
        1.0,
        joint_parts.share,
        "asks for reasoning, and gets answers of one length, in a part of it",
    ),
    Part("door", 2.0, joint_parts.door, "goes through many addresses"),
    Part("name", 2.0, joint_parts.name, "stands under many names"),
    Part("load", 0.5, joint_parts.load, "gives its members equal loads", family="sharing"),
    Part(
        "turns",
        0.5,
        joint_parts.turns,
        "has members that take turns over the day",
        family="hours",
    ),
    Part(
        "weekends",
        0.5,
        joint_parts.weekends,
        "works on weekends as on other days",
        family="hours",
    ),
    Part(
        "words",
        5.0,
        stranger_parts.words,
        "is made of strangers who say the same in words hardly anybody else uses",
        reading=STRANGERS,
    ),
    Part(
        "volume",
        3.0,
        stranger_parts.volume,
        "does more, account by account, than others do",
        reading=STRANGERS,
    ),
    Part(
        "pace",
        3.0,
        stranger_parts.pace,
        "works in smaller portions than others that do as much",
        reading=STRANGERS,
    ),
)

PRIORS = {BEHAVIOUR: -6.5, STRANGERS: -4.0}
"""Log odds that a linked group extracts, before it is looked at: most groups are offices and classes."""
CAPS = {"hours": 4.0, "sharing": 2.5}
"""The most that a family adds: work around the clock, however evenly dealt out, is not extraction by itself."""


def by_hand() -> Calibration:
    """Give the weights as they were set by hand: what fitting begins with, and is held near."""
    return Calibration(
        version="by hand",
        made_from="weights set by hand; nothing was fitted",
        readings=tuple(_read(name, [part for part in PARTS if part.reading == name]) for name in PRIORS),
    )


def _read(name: str, parts: Sequence[Part]) -> Reading:
    families = {part.name: part.family for part in parts if part.family}
    return Reading(
        name,
        prior=PRIORS[name],
        weights={part.name: part.weight for part in parts},
        doubts={part.name: part.doubt for part in parts if part.doubt},
        families=families,
        caps={family: cap for family, cap in CAPS.items() if family in families.values()},
    )


def _clip(value: float) -> float:
    return round(max(-1.0, min(1.0, value)), 2)
