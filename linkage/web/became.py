"""What became of rings, and what of that nobody has judged yet, as the page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linkage.decisions.history import turned
from linkage.decisions.said import Said
from linkage.rings.lineage import State
from linkage.rings.lives import Lives

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkage.rings.lives import Happening
    from linkage.rings.ring import Ring
    from linkage.store import Case

MOST_STEPS = 30
"""Steps shown of one life, the last ones: a ring that takes in somebody every day has hundreds."""
NOTHING: dict[str, Any] = {
    "state": "new",
    "kin": [],
    "joined": [],
    "since": [],
    "news": [],
    "steps": [],
    "more": 0,
}


def became(case: Case | None, rings: Iterable[Ring]) -> dict[str, dict[str, Any]]:
    """Say of each ring what happened to it in the last run and before, and what is new since a person judged it.

    Args:
        case: an open case; None where logs were read without one.
        rings: as found, with what was said of them.

    Returns:
        By ring: its state, the rings that it has to do with, who joined in the last run, who joined since it was
        judged, the sentences of what is news of a dismissed one, and the last steps of its life, first things first.
    """
    happened: dict[str, list[Happening]] = {}
    for each in Lives(case).happenings() if case else ():
        happened.setdefault(each.turn.ring, []).append(each)
    judged = Said(case).members_when_judged() if case else {}
    return {
        ring.ring: {
            "state": ring.state,
            "kin": list(ring.kin),
            "joined": [] if ring.state == "new" else sorted(ring.joined),
            "since": sorted(
                {member.account_id for member in ring.members} - judged[ring.ring]
                if ring.judgement and ring.ring in judged
                else ()
            ),
            "news": list(ring.news),
            "steps": [turned(each).row() for each in happened.get(ring.ring, [])[-MOST_STEPS:]],
            "more": max(0, len(happened.get(ring.ring, ())) - MOST_STEPS),
        }
        for ring in rings
    }


def asks_again(ring: Ring, told: dict[str, Any]) -> bool:
    """Say whether a judged ring is for a person once more: a dismissed one with news, any other with new members."""
    if ring.state == State.ended.value:
        return False
    return bool(ring.news) if ring.judgement == "dismiss" else bool(told["since"])
