"""One ring in words, for a person who must decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linkage.scores.calibration import combine
from linkage.scores.parts import PARTS

if TYPE_CHECKING:
    from linkage.rings.ring import Ring
    from linkage.scores.calibration import Calibration

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


def portray(ring: Ring, calibration: Calibration, *, threshold: float = 0.7) -> Portrait:
    """Say what is known of a ring.

    Args:
        ring: a scored ring.
        calibration: what its score means.
        threshold: the score that the ring would have to fall under to be cleared.
    """
    extraction = "unknown" if ring.extraction is None else f"{ring.extraction:.2f}"
    seen = f"{ring.first_seen or '?'} to {ring.last_seen or '?'}"
    lines = [
        f"{ring.ring}  score {ring.score:.2f}  linked {ring.linked:.2f}  extraction {extraction}  {ring.state}",
        f"{ring.accounts:,} accounts, {ring.events:,} events, {seen}",
        f"judgement: {ring.judgement or 'none yet'}",
        f"what the score means: {meaning(ring, calibration)}",
        f"honest reading: {ring.benign_explanation or 'none found'}",
        *(f"- {reason.sentence}" for reason in ring.evidence),
        *(f"- as a whole it {part.sentence}" for part in PARTS if ring.signals.get(part.name, 0.0) >= 0.3),
        f"what would clear it: {clearing(ring, calibration, threshold)}",
    ]
    evidence = [
        {"part": reason.kind, "axis": "linked", "adds": f"{reason.bits:.2f} bits", "by": reason.sentence}
        for reason in ring.evidence
    ]
    reading = calibration.reading(ring.signals)
    behaviour = [
        {
            "part": part.name,
            "axis": "extraction",
            "adds": f"{reading.weights[part.name] * value:+.2f} log odds",
            "by": part.sentence,
        }
        for part in PARTS
        if part.name in reading.weights and (value := ring.signals.get(part.name)) is not None
    ]
    behaviour += [
        {
            "part": f"{family}, beyond {reading.caps[family]:g}",
            "axis": "extraction",
            "adds": f"{-excess:+.2f} log odds",
            "by": "says much the same as what is counted already",
        }
        for family, excess in reading.excess(ring.signals).items()
    ]
    members = [
        {
            "account": member.account_id,
            "confidence": member.confidence,
            "least": member.least_confidence,
            "extraction": member.extraction_score,
            "role": member.role,
        }
        for member in ring.members[:SHOWN]
    ]
    return Portrait(tuple(lines), evidence + behaviour, members)


def meaning(ring: Ring, calibration: Calibration) -> str:
    """Say what the score of a ring means."""
    if ring.extraction is None:
        return "nothing is known of behaviour, so that it cannot rise over one half"
    expected = (
        ""
        if ring.q_value is None
        else f"; among rings this strong {ring.q_value:.1%} or fewer should be false"
    )
    return f"{calibration.sentence(ring.score)}{expected}"


def clearing(ring: Ring, calibration: Calibration, threshold: float) -> str:
    """Find the fewest parts of behaviour that, found to be ordinary, would drop the score under the threshold."""
    if ring.score < threshold:
        return f"nothing is needed, it is under {threshold:g}"
    left = dict(ring.signals)
    cleared: list[str] = []
    while True:
        # Anew each time: where one reading is cleared, the ring is judged by the other.
        weights = calibration.reading(left).weights
        adds = {part.name: weights.get(part.name, 0.0) * left.get(part.name, 0.0) for part in PARTS}
        part = max(PARTS, key=lambda part: adds[part.name])
        if adds[part.name] <= 0:
            return "only proof that its members are not one operation"
        left[part.name] = 0.0
        cleared.append(f"it {part.sentence}")
        odds = calibration.odds(left)
        if odds is None or calibration.probability(combine(ring.linked, odds)) < threshold:
            return f"an honest reason why {' and why '.join(cleared)}"
