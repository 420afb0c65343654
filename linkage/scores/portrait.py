"""One ring in words, for a person who must decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linkage.scores.combine import combined
from linkage.scores.extraction import probability
from linkage.scores.parts import PARTS

if TYPE_CHECKING:
    from linkage.rings.ring import Ring

SHOWN = 20


@dataclass(frozen=True)
class Portrait:
    """A ring in words.

    Args:
        lines: what it is, how sure that is, an honest reading, what would clear it.
        waterfall: what each kind of evidence and each part of behaviour adds.
        members: the surest members.
    """

    lines: tuple[str, ...]
    waterfall: list[dict[str, Any]]
    members: list[dict[str, Any]]


def portray(ring: Ring, *, threshold: float = 0.7) -> Portrait:
    """Say what is known of a ring.

    Args:
        ring: a scored ring.
        threshold: the score that the ring would have to fall under to be cleared.
    """
    extraction = "unknown" if ring.extraction is None else f"{ring.extraction:.2f}"
    seen = f"{ring.first_seen or '?'} to {ring.last_seen or '?'}"
    lines = [
        f"{ring.ring}  score {ring.score:.2f}  linked {ring.linked:.2f}  extraction {extraction}  {ring.state}",
        f"{ring.accounts:,} accounts, {ring.events:,} events, {seen}",
        f"judgement: {ring.judgement or 'none yet'}",
        f"honest reading: {ring.benign_explanation or 'none found'}",
        *(f"- {reason.sentence}" for reason in ring.evidence),
        *(f"- as a whole it {part.sentence}" for part in PARTS if ring.signals.get(part.name, 0.0) >= 0.3),
        f"what would clear it: {_clearing(ring, threshold)}",
    ]
    evidence = [
        {"part": reason.kind, "axis": "linked", "adds": f"{reason.bits:.2f} bits", "by": reason.sentence}
        for reason in ring.evidence
    ]
    behaviour = [
        {
            "part": part.name,
            "axis": "extraction",
            "adds": f"{part.weight * value:+.2f} log odds",
            "by": part.sentence,
        }
        for part in PARTS
        if (value := ring.signals.get(part.name)) is not None
    ]
    members = [
        {
            "account": member.account_id,
            "confidence": member.confidence,
            "extraction": member.extraction_score,
            "role": member.role,
        }
        for member in ring.members[:SHOWN]
    ]
    return Portrait(tuple(lines), evidence + behaviour, members)


def _clearing(ring: Ring, threshold: float) -> str:
    """Find the fewest parts of behaviour that, found to be ordinary, would drop the score under the threshold."""
    if ring.score < threshold:
        return f"nothing is needed, it is under {threshold:g}"
    left = dict(ring.signals)
    cleared: list[str] = []
    for part in sorted(PARTS, key=lambda part: -part.weight * left.get(part.name, 0.0)):
        if left.get(part.name, 0.0) <= 0:
            break
        left[part.name] = 0.0
        cleared.append(f"it {part.sentence}")
        if combined(ring.linked, probability(left)) < threshold:
            return f"an honest reason why {' and why '.join(cleared)}"
    return "only proof that its members are not one operation"
