"""Two axes, one score: linked and extracting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from linkage.rings.bridges import bridges
from linkage.rings.compromised import compromised
from linkage.rings.ring import Ring
from linkage.rings.summary import members_by_ring, reasons_by_ring, spans
from linkage.scores.benign import allowed_reading, benign_explanations, with_allowed
from linkage.scores.calibration import load_calibration
from linkage.scores.extraction import score_extraction
from linkage.scores.significance import decoy_odds, q_values, ring_odds
from linkage.tables import derive

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linkage.evidence.collect import Evidence
    from linkage.evidence.kind import EvidenceKind
    from linkage.rings.membership import Membership
    from linkage.scores.calibration import Calibration
    from linkage.scores.observe import Behaviour
    from linkage.settings import ScoreSettings
    from linkage.tables import Table

UNKNOWN = 0.5
"""What extraction counts for where nothing is known of behaviour: no such ring reaches the export threshold."""


def score_rings(  # noqa: PLR0913 - all that is known of a ring comes together here
    membership: Membership,
    evidence: Evidence,
    behaviour: Behaviour,
    kinds: Sequence[EvidenceKind],
    settings: ScoreSettings,
    *,
    names: Mapping[int, str],
    known: frozenset[str],
    decoys: Sequence[Membership] = (),
    allowed: Mapping[str, str] | None = None,
    seed: int = 1,
) -> tuple[Ring, ...]:
    """Score each ring on both axes and write down all that is known of it, best first.

    ``score`` is the calibrated chance that the ring is both one operation and extracting.

    Args:
        membership: who belongs to which ring.
        evidence: what accounts share.
        behaviour: what accounts do.
        kinds: the kinds of evidence, for their sentences.
        settings: how behaviour is judged, and what a score means.
        names: the name of each ring number.
        known: the names that an earlier run gave.
        decoys: the groups of worlds in which only chance links accounts.
        allowed: accounts on the allowlist, and why.
        seed: of the shuffles behind ``q_value``.
    """
    calibration = calibration_of(settings)
    extraction = score_extraction(
        behaviour,
        membership.members,
        smallest_stratum=settings.smallest_stratum,
        calibration=calibration,
    )
    linked = membership.linked()
    odds = ring_odds(linked, extraction.odds)
    chance_alone = decoy_odds(membership, decoys, behaviour, settings, calibration, seed=seed) if odds else []
    q_value = q_values(odds, chance_alone, calibration)
    roles = dict.fromkeys(bridges(membership, evidence), "bridge")
    if settings.victims:
        roles |= dict.fromkeys(compromised(membership, evidence, behaviour.logs), "compromised")
    members = members_by_ring(membership, evidence, extraction.accounts, kinds, roles)
    reasons = reasons_by_ring(membership, kinds)
    seen = spans(membership, evidence)
    likely = {
        number: None if value is None else calibration.probability(value)
        for number, value in extraction.odds.items()
    }
    benign = benign_explanations(membership, evidence, behaviour.logs, extraction, likely)
    rings = []
    for number, name in names.items():
        events, first_seen, last_seen = seen[number]
        listed = allowed_reading(members[number], allowed or {})
        score = (
            calibration.probability(odds[number]) if number in odds else round(UNKNOWN * linked[number], 4)
        )
        rings.append(
            Ring(
                ring=name,
                score=0.0 if listed else score,
                linked=linked[number],
                extraction=likely[number],
                q_value=q_value.get(number),
                accounts=len(members[number]),
                events=events,
                first_seen=first_seen,
                last_seen=last_seen,
                evidence=reasons.get(number, ()),
                benign_explanation=listed or benign.get(number),
                state="known" if name in known else "new",
                judgement=None,
                members=with_allowed(members[number], allowed or {}),
                signals=extraction.parts[number],
            )
        )
    return tuple(sorted(rings, key=lambda ring: (-ring.score, -ring.linked, -ring.accounts, ring.ring)))


def odds_inside(
    behaviour: Behaviour, members: Table, inside: Table, settings: ScoreSettings
) -> dict[int, float | None]:
    """Say how much groups, and rings that may be inside them, look like extraction.

    Args:
        behaviour: what accounts do.
        members: ring, account.
        inside: crowd, ring, account, as from ``linkage.rings.inside``.
        settings: how behaviour is judged.

    Returns:
        Log odds by the number of the group, and of the rings inside by theirs as -1, -2 and so on; None where nothing
        is known.
    """
    groups = derive(
        """
        with looked_at as (
            select ring as group_, account from members where ring in (select crowd from inside)
            union all
            select -1 - ring, account from inside
        )
        select dense_rank() over (order by group_) - 1 as ring, group_, account from looked_at
        """,
        members=members,
        inside=inside,
    )
    extraction = score_extraction(
        behaviour,
        groups,
        smallest_stratum=settings.smallest_stratum,
        calibration=calibration_of(settings),
        suspects=members,
    )
    names = dict(derive("select distinct ring, group_ from groups", groups=groups).rows())
    return {names[ring]: odds for ring, odds in extraction.odds.items()}


def calibration_of(settings: ScoreSettings) -> Calibration:
    """Load what scores mean: the file that the settings name, or the shipped one."""
    return load_calibration(Path(settings.calibration) if settings.calibration else None)
