"""Rings that are no longer found, as the page shows them: what they were, and what became of them."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from linkage.decisions.said import judged
from linkage.pictures.why import say_whole
from linkage.rings.lives import Lives
from linkage.web.verdicts import in_force, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linkage.rings.ring import Ring
    from linkage.store import Case
    from linkage.web.verdicts import Line

MOST_ENDED = 200
"""Rings that are listed, those seen last: a case of years has thousands."""
MOST_MEMBERS = 200
"""Members that are named, the surest first."""


def ended_rings(case: Case) -> tuple[Ring, ...]:
    """List the rings that ended, those seen last first, with what was said of them."""
    every = sorted(Lives(case).ended(), key=lambda ring: ring.ring)
    every.sort(key=lambda ring: ring.last_seen.isoformat() if ring.last_seen else "", reverse=True)
    return judged(every[:MOST_ENDED], case)


def tell_ended(
    ring: Ring, became: Mapping[str, Any], lines: Sequence[Line], *, case: str, snapshot: str
) -> dict[str, Any]:
    """Tell of a ring that ended what is kept of it; there is nothing to draw.

    Args:
        ring: as it was found last.
        became: what happened to it.
        lines: all judgements.
        case: the case file, for the command.
        snapshot: which rows and which run is shown beside it.
    """
    subjects = {ring.ring, *(member.account_id for member in ring.members)}
    history = [line for line in lines if line.subject in subjects]
    verdicts = in_force(history)
    last = verdicts.get(ring.ring)
    surest = sorted(ring.members, key=lambda member: (-member.confidence, member.account_id))
    return {
        "picture": {"ring": ring.document(), "sentence": say_whole(ring)},
        "ended": [
            {"account": member.account_id, "confidence": member.confidence, "role": member.role}
            for member in surest[:MOST_MEMBERS]
        ],
        # Nobody joins what is over.
        "became": {**became, "joined": [], "since": []},
        "history": [line.document() for line in history],
        "verdict": last and last.judgement,
        "last": last and last.document(),
        "verdicts": words_of(verdicts, sorted(subjects)),
        "snapshot": snapshot,
        "commands": [("Its whole life:", f"linkage history {ring.ring} --case {shlex.quote(case)}")],
    }
