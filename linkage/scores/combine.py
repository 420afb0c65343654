"""Two axes, one score: linked and extracting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.rings.ring import Ring
from linkage.rings.summary import members_by_ring, reasons_by_ring, spans
from linkage.scores.benign import benign_explanations
from linkage.scores.extraction import score_extraction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linkage.evidence.collect import Evidence
    from linkage.evidence.kind import EvidenceKind
    from linkage.rings.membership import Membership
    from linkage.settings import ScoreSettings
    from linkage.tables import Logs

UNKNOWN = 0.5
"""What extraction counts for where nothing is known of behaviour: no such ring reaches the export threshold."""


def score_rings(  # noqa: PLR0913 - all that is known of a ring comes together here
    membership: Membership,
    evidence: Evidence,
    logs: Logs,
    kinds: Sequence[EvidenceKind],
    settings: ScoreSettings,
    *,
    names: Mapping[int, str],
    known: frozenset[str],
) -> tuple[Ring, ...]:
    """Score each ring on both axes and write down all that is known of it, best first.

    ``score`` is the chance that the ring is both one operation and extracting.

    Args:
        membership: who belongs to which ring.
        evidence: what accounts share.
        logs: the checked tables, for behaviour.
        kinds: the kinds of evidence, for their sentences.
        settings: how behaviour is judged.
        names: the name of each ring number.
        known: the names that an earlier run gave.
    """
    extraction = score_extraction(
        logs, evidence.people, membership.members, smallest_stratum=settings.smallest_stratum
    )
    receivable = [kind.name for kind in kinds if kind.receivable]
    members = members_by_ring(membership, evidence, extraction.accounts, receivable)
    reasons = reasons_by_ring(membership, kinds)
    seen = spans(membership, evidence)
    benign = benign_explanations(membership, evidence, logs, extraction)
    rings = []
    for number, name in names.items():
        linked = membership.linked()[number]
        extracting = extraction.rings[number]
        events, first_seen, last_seen = seen[number]
        rings.append(
            Ring(
                ring=name,
                score=combined(linked, extracting),
                linked=linked,
                extraction=extracting,
                q_value=None,
                accounts=len(members[number]),
                events=events,
                first_seen=first_seen,
                last_seen=last_seen,
                evidence=reasons.get(number, ()),
                benign_explanation=benign.get(number),
                state="known" if name in known else "new",
                judgement=None,
                members=members[number],
                signals=extraction.parts[number],
            )
        )
    return tuple(sorted(rings, key=lambda ring: (-ring.score, -ring.linked, -ring.accounts, ring.ring)))


def combined(linked: float, extraction: float | None) -> float:
    """Combine the axes: the chance that both hold, taken as independent.

    >>> combined(0.9, 0.8), combined(1.0, None)
    (0.72, 0.5)
    """
    return round(linked * (UNKNOWN if extraction is None else extraction), 4)
