"""Accounts: which of them are flagged, by the scenario of their ring and the type of their crowd."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from linkage.suite.measures.values import share

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from linkage.suite.results import WorldTruth

NOBODY = "nobody in particular"
"""The crowd of honest accounts that are in none."""


def scenario_of(name: str) -> str:
    """Say of which scenario a ring or a crowd is: its name without the number at its end.

    >>> scenario_of("slow_drip-12"), scenario_of("office"), scenario_of("two-pools")
    ('slow_drip', 'office', 'two-pools')
    """
    start, dash, end = name.rpartition("-")
    return start if dash and end.isdecimal() else name


def groups_of(names: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Turn account to group into group to accounts, by name.

    >>> groups_of({"a": "pool-1", "b": "pool-1"}) == {"pool-1": frozenset("ab")}
    True
    """
    groups = defaultdict(set)
    for account, name in names.items():
        groups[name].add(account)
    return {name: frozenset(groups[name]) for name in sorted(groups)}


def member_precision_recall(members: AbstractSet[str], flagged: AbstractSet[str]) -> tuple[float, float]:
    """Give the share of the flagged accounts that are members, and the share of members that are flagged.

    >>> member_precision_recall({"a", "b", "c", "d"}, {"a", "b", "x"})
    (0.6666666666666666, 0.5)
    """
    right = len(members & flagged)
    return share(right, len(flagged)), share(right, len(members))


def honest_by_crowd(truth: WorldTruth, flagged: AbstractSet[str]) -> dict[str, int]:
    """Count the flagged accounts that are members of no planted ring, by the type of their crowd.

    >>> from linkage.suite.results import WorldTruth
    >>> truth = WorldTruth("w", {"a": "pool-1"}, {"b": "office-3", "c": "office-4"}, accounts=4)
    >>> honest_by_crowd(truth, {"a", "b", "c", "d"})
    {'nobody in particular': 1, 'office': 2}
    """
    honest = flagged - truth.rings.keys()
    crowds = Counter(
        scenario_of(truth.crowds[account]) if account in truth.crowds else NOBODY for account in honest
    )
    return dict(sorted(crowds.items()))


def recall_by_scenario(rings: Mapping[str, str], flagged: AbstractSet[str]) -> dict[str, tuple[int, int]]:
    """Count the flagged members and all members of each scenario.

    >>> recall_by_scenario({"a": "pool-1", "b": "pool-2", "c": "drip-1"}, {"a"})
    {'drip': (0, 1), 'pool': (1, 2)}
    """
    members = Counter(scenario_of(name) for name in rings.values())
    found = Counter(scenario_of(name) for account, name in rings.items() if account in flagged)
    return {name: (found[name], members[name]) for name in sorted(members)}
