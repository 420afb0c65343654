"""A ring keeps its name from run to run."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that reads like a digit."""


NAMING = 5
"""So many members name a ring: as many as the smallest has, unless the settings say otherwise."""


def name_rings(
    rings: Mapping[int, Sequence[str]],
    *,
    earlier: Mapping[str, frozenset[str]] | None = None,
    ended: frozenset[str] = frozenset(),
    recognised: Mapping[int, Sequence[str]] | None = None,
) -> dict[int, str]:
    """Name each ring after its five oldest members, or as it was called before.

    These stay the oldest when more is logged, so a ring found again without any memory mostly has the same name.
    After one alone it would be named by who holds a list of accounts: a name is shared with partners, and whoever
    has the list could try each. Where earlier rings are known, a ring takes the name of the one it shares most members with, if
    that is more than half of the smaller of the two; a ring that was still found comes before one that had ended.
    Without such members it takes the name of one that it is recognised as.

    Args:
        rings: ring number to account ids, oldest first.
        earlier: names and members of rings found before.
        ended: those of them that had ended.
        recognised: names that a ring may have by what ties it, the likeliest first.

    >>> list(name_rings({0: list("abcdef")}).values()) == list(name_rings({4: list("abcdeg")}).values())
    True
    >>> name_rings({0: ["a", "b", "c"]}, earlier={"R-7K2M9Q": frozenset({"b", "c", "d"})})
    {0: 'R-7K2M9Q'}
    """
    names: dict[int, str] = {}
    taken: set[str] = set()
    candidates = _overlaps(rings, earlier or {}, ended)
    candidates += [(name, number) for number, known in sorted((recognised or {}).items()) for name in known]
    for name, number in candidates:
        if number not in names and name not in taken:
            names[number] = name
            taken.add(name)
    for number, members in sorted(rings.items(), key=lambda item: item[1][0]):
        if number not in names:
            names[number] = _fresh(members[:NAMING], taken | set(earlier or {}))
            taken.add(names[number])
    return dict(sorted(names.items()))


def _overlaps(
    rings: Mapping[int, Sequence[str]], earlier: Mapping[str, frozenset[str]], ended: frozenset[str]
) -> list[tuple[str, int]]:
    """Pair names with the rings that hold more than half of the smaller of the two, most members first."""
    homes = {member: number for number, members in rings.items() for member in members}
    found = []
    for name, before in earlier.items():
        counts: dict[int, int] = {}
        for member in before:
            if member in homes:
                counts[homes[member]] = counts.get(homes[member], 0) + 1
        found += [
            (name in ended, -count, name, number)
            for number, count in counts.items()
            if 2 * count > min(len(before), len(rings[number]))
        ]
    return [(name, number) for _, _, name, number in sorted(found)]


def _fresh(oldest: Sequence[str], taken: set[str]) -> str:
    attempt = 0
    while True:
        digest = int.from_bytes(
            hashlib.sha256(f"{attempt}:{oldest[0]}:{list(oldest[1:])}".encode()).digest()[:4], "big"
        )
        name = "R-" + "".join(_LETTERS[digest >> shift & 31] for shift in range(25, -1, -5))
        if name not in taken:
            return name
        attempt += 1
