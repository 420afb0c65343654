"""Why a ring has its score: both axes apart, part by part, with what speaks against it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from linkage.decisions.policy import DOUBTFUL, SURE_ENOUGH
from linkage.scores.parts import PARTS
from linkage.scores.portrait import clearing, meaning

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linkage.evidence.kind import EvidenceKind
    from linkage.pictures.material import Material
    from linkage.rings.ring import Ring
    from linkage.scores.calibration import Calibration

PUBLIC = 0.5
"""From this publicity on, an identifier looks like everybody's."""
MOSTLY = 0.8
LITTLE = 0.05
"""Log odds that are not worth a word."""


def say_why(material: Material, calibration: Calibration, *, threshold: float = 0.7) -> dict[str, Any]:
    """Say what the score is made of.

    Returns:
        ``meaning``, ``honest`` and ``clearing`` in words; ``linked``: what each kind adds in bits for the average
        member, and the bits against; ``extraction``: what each part of behaviour adds in log odds, and the doubt.
    """
    ring = material.ring
    reading = calibration.reading(ring.signals)
    extraction: list[dict[str, Any]] = [
        {"part": part.name, "adds": round(reading.weights[part.name] * value, 2), "says": part.sentence}
        for part in PARTS
        if part.name in reading.weights and (value := ring.signals.get(part.name)) is not None
    ]
    extraction += [
        {
            "part": f"{family}, counted twice",
            "adds": round(-excess, 2),
            "says": "says much the same as another part",
        }
        for family, excess in reading.excess(ring.signals).items()
    ]
    odds = calibration.odds(ring.signals)
    added = sum(each["adds"] for each in extraction)
    return {
        "meaning": meaning(ring, calibration),
        "honest": ring.benign_explanation,
        "clearing": clearing(ring, calibration, threshold),
        "linked": [
            {"kind": reason.kind, "bits": reason.bits, "says": reason.sentence} for reason in ring.evidence
        ],
        "chance": round(material.against, 2),
        "extraction": extraction,
        "doubt": None if odds is None else round(odds - added, 2),
    }


def say_against(material: Material, calibration: Calibration, kinds: Mapping[str, EvidenceKind]) -> list[str]:
    """List what speaks against banning the ring, or some of its members, each in a sentence."""
    ring = material.ring
    said = [f"An honest reading: {ring.benign_explanation}."] if ring.benign_explanation else []
    if ring.extraction is None:
        said.append("Nothing is known of its behaviour: that accounts belong together is no harm.")
    weights = calibration.reading(ring.signals).weights
    for part in PARTS:
        adds = weights.get(part.name, 0.0) * ring.signals.get(part.name, 0.0)
        if adds < -LITTLE:
            said.append(f"Less than other groups, it {part.sentence} ({adds:+.1f} log odds).")
    said += _shared_by_everybody(material, kinds)
    roles = Counter(member.role for member in ring.members)
    said += [
        f"{roles[role]:,} of {ring.accounts:,} members: {why}."
        for role, why in DOUBTFUL.items()
        if roles[role]
    ]
    if roles["allowed"]:
        said.append(f"{roles['allowed']:,} of {ring.accounts:,} members are on the allowlist.")
    unsure = sum(member.confidence < SURE_ENOUGH for member in ring.members)
    if unsure:
        said.append(
            f"{unsure:,} of {ring.accounts:,} members belong with less than {SURE_ENOUGH:g} confidence."
        )
    return said


def say_whole(ring: Ring) -> str:
    """Say a ring in one sentence."""
    told = "; ".join(reason.sentence for reason in ring.evidence[:3]) or "nothing that is left ties them"
    return f"{ring.accounts:,} accounts, {ring.events:,} requests: {told}."


def _shared_by_everybody(material: Material, kinds: Mapping[str, EvidenceKind]) -> list[str]:
    listed = Counter(each.kind for each in material.shared if each.why)
    public = Counter(each.kind for each in material.shared if each.publicity >= PUBLIC and not each.why)
    whole = Counter(each.kind for each in material.shared)
    said = [
        f"{count:,} of {whole[kind]:,} identifiers of the kind {kinds[kind].label} may not link by themselves: "
        "many unrelated accounts share them."
        for kind, count in listed.items()
    ]
    said += [
        f"{count:,} of {whole[kind]:,} identifiers of the kind {kinds[kind].label} look public: "
        "their holders could be anybody."
        for kind, count in public.items()
    ]
    operators = Counter(person.operator for person in material.people if person.operator)
    for operator, count in operators.most_common(1):
        if count >= MOSTLY * len(material.people):
            said.append(
                f"{count:,} of {len(material.people):,} members come from one network ({operator}), "
                "as an office or a campus does."
            )
    return said
