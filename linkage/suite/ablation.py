"""Our method with one part left out: what the part is worth is the difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from linkage.scores.calibration import load_calibration
from linkage.scores.parts import PARTS, PRIORS
from linkage.tables import derive

if TYPE_CHECKING:
    from linkage.scores.calibration import Calibration
    from linkage.settings import Settings
    from linkage.suite.trial import Bench


@dataclass(frozen=True)
class Ablation:
    """Something left out.

    Args:
        name: what is left out, in the report's words.
        settings: settings changed, by section and name.
        kind: a kind of evidence left out.
        part: a part of the extraction score left out.
        reading: a reading of the extraction score left out, with all its parts.
        visits: whether telling visits from use is left out.
    """

    name: str
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    kind: str | None = None
    part: str | None = None
    reading: str | None = None
    visits: bool = False

    def of(self, world: Bench) -> Bench:
        """Prepare a world without what is left out."""
        changed = replace(world, settings=_changed(world.settings, self.settings))
        if self.visits:
            return _visits_as_use(changed)
        return changed if self.kind is None else _without(changed, self.kind)

    def calibration(self) -> Calibration:
        """Give the meaning of scores without the part left out; nothing is fitted anew."""
        shipped = load_calibration()
        return replace(
            shipped,
            readings=tuple(
                replace(each, weights={name: w for name, w in each.weights.items() if name != self.part})
                for each in shipped.readings
                if each.name != self.reading
            ),
        )


ABLATIONS = (
    Ablation("evidence: addresses", kind="ip"),
    Ablation("evidence: networks", kind="asn"),
    Ablation("evidence: cards", kind="payment"),
    Ablation("evidence: prompts", kind="prompt"),
    Ablation("evidence: sign-up bursts", kind="signup"),
    Ablation("evidence: user agents", kind="agent"),
    Ablation("evidence: visits told from use", visits=True),
    Ablation("links: pairs of identifiers", {"links": {"pairs": False}}),
    Ablation("links: surprise inside networks", {"links": {"networks": False}}),
    Ablation("links: pairs of accounts", {"pairs": {"on": False}}),
    Ablation("rings: cards as a guide", {"rings": {"guide": False}}),
    Ablation("rings: joining fragments", {"rings": {"join": False}}),
    Ablation("rings: sign-up timing of members", {"rings": {"timing": False}}),
    Ablation("rings: bits that members must earn", {"rings": {"selection_bits": 0.0}}),
    Ablation("rings: leaving out unsure members", {"rings": {"least_confidence": 0.0, "least_part": 0.0}}),
    Ablation("rings: rings inside crowds", {"rings": {"inside": False}}),
    Ablation("rings: taking in who was left out", {"rings": {"take_in": False}}),
    Ablation("rings: victims told from members", {"scores": {"victims": False}}),
    *(Ablation(f"extraction, as a whole: {name}", reading=name) for name in PRIORS),
    *(Ablation(f"extraction: {part.name}", part=part.name) for part in PARTS),
)


def _changed(settings: Settings, sections: Mapping[str, Mapping[str, Any]]) -> Settings:
    return settings.model_copy(
        update={
            name: getattr(settings, name).model_copy(update=dict(values)) for name, values in sections.items()
        }
    )


def _visits_as_use(world: Bench) -> Bench:
    """Count what others only visited as though they used it."""
    holdings = derive(
        "select * replace (1.0::double as mutual) from holdings", holdings=world.evidence.holdings
    )
    return world.with_evidence(replace(world.evidence, holdings=holdings))


def _without(world: Bench, kind: str) -> Bench:
    """Leave a kind's identifiers out, and who holds them."""
    evidence = world.evidence
    identifiers = derive(
        "select * from identifiers where kind <> ?", [kind], identifiers=evidence.identifiers
    )
    holdings, earlier = (
        derive(
            "select held.* from held semi join identifiers using (identifier)",
            held=held,
            identifiers=identifiers,
        )
        for held in (evidence.holdings, evidence.earlier_holdings)
    )
    left = replace(evidence, identifiers=identifiers, holdings=holdings, earlier_holdings=earlier)
    return replace(world, evidence=left)
