"""Rings to draw, from a few words: who they are and who holds what."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from linkage.pictures.material import Material, Person, Shared
from linkage.rings.ring import Member, Reason, Ring

SEPTEMBER = 1_788_220_800
"""1 September 2026, in seconds since 1970."""


def a_material(held, *, created=None, operators=None, people=None, **ring):
    """Make the material of a ring.

    Args:
        held: kind and value to the places of the members that hold it.
        created: when members signed up, in seconds since 1970.
        operators: the network of each.
        people: how many members there are; as many as hold something when None.
        ring: what else is known of the ring.
    """
    size = people or 1 + max(max(places) for places in held.values())
    names = [f"a{place}" for place in range(size)]
    things = [
        Shared(number, kind, 0, value, 8.0, len(places), len(places), None, 0.0)
        for number, ((kind, value), places) in enumerate(held.items())
    ]
    pairs = sorted((left, right) for right, places in enumerate(held.values()) for left in places)
    lefts, rights = np.array(pairs, np.int64).reshape(-1, 2).T
    return Material(
        0,
        a_ring(names, held, **ring),
        tuple(
            Person(place, name, (created or {}).get(place, SEPTEMBER), 3, (operators or {}).get(place))
            for place, name in enumerate(names)
        ),
        tuple(things),
        lefts,
        rights,
        4.0,
    )


def a_ring(names, held, **known):
    """Make a scored ring whose members hold what is said."""
    kinds = dict.fromkeys(kind for kind, _ in held)
    moment = datetime(2026, 9, 1)  # noqa: DTZ001 - UTC, as the tables keep it
    facts = {
        "ring": "R-000001", "score": 0.9, "linked": 0.99, "extraction": 0.9, "q_value": 0.01, "accounts": len(names),
        "events": 3 * len(names), "first_seen": moment, "last_seen": moment,
        "evidence": tuple(Reason(kind, 8.0, 1, len(names), f"1 {kind} ties {len(names)} accounts") for kind in kinds),
        "benign_explanation": None, "state": "new", "judgement": None,
        "members": tuple(Member(name, 0.99, 0.8, "member", 0.9) for name in names), "signals": {"evenness": 1.0},
    }  # fmt: skip
    return Ring(**(facts | known))


def two_parts(each=4):
    """Two parts with a card and an address each, and one template across them."""
    left, right = list(range(each)), list(range(each, 2 * each))
    return {
        ("payment", "fp_left"): left,
        ("payment", "fp_right"): right,
        ("ip", "198.51.100.1"): left,
        ("ip", "198.51.100.2"): right,
        ("prompt", "template 1"): left + right,
    }
