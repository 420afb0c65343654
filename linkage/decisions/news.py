"""What is new of a ring since a person dismissed it: only that is worth another look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linkage.rings.ring import Ring

GROWN = 0.2
"""The part by which a dismissed ring must have grown: a class or a company takes in one or two a week."""
FEWEST = 3
"""Newcomers that are worth a look at all."""
TELLING = 2.0
"""Bits, for the average member, from which a kind of evidence that was not there before is news."""
MORE = 4.0
"""Bits more than then, for the average member: evidence sixteen times as strong."""


def news_of(ring: Ring, before: Mapping[str, Any]) -> tuple[str, ...]:
    """Say what is new of a ring, in sentences; nothing where it is what it was.

    Args:
        ring: as it is now.
        before: its document, members among it, as it was when it was judged.
    """
    found = []
    old = {member["account_id"] for member in before["members"]}
    fresh = sum(member.account_id not in old for member in ring.members)
    if fresh >= max(FEWEST, GROWN * len(old)):
        found.append(f"{fresh:,} members are new since it was dismissed")
    kinds = {reason["kind"] for reason in before["evidence"]}
    found += [
        f"evidence of the kind {kind} is new since it was dismissed"
        for kind in dict.fromkeys(reason.kind for reason in ring.evidence if reason.bits >= TELLING)
        if kind not in kinds
    ]
    more = sum(reason.bits for reason in ring.evidence) - sum(reason["bits"] for reason in before["evidence"])
    if more >= MORE:
        found.append(f"its evidence is {more:.1f} bits stronger than when it was dismissed")
    return tuple(found)
