"""Draw rings: one plain document for each, which a page or a report shows as it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from linkage.pictures.cells import find_cells
from linkage.pictures.material import gather
from linkage.pictures.matrix import draw_matrix
from linkage.pictures.rhythm import count_hours, draw_rhythm
from linkage.pictures.shares import draw_shares
from linkage.pictures.sightings import find_sightings, listed
from linkage.pictures.signups import draw_signups
from linkage.pictures.why import say_against, say_whole, say_why
from linkage.pictures.wording import marked
from linkage.tables import derive, from_arrow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from linkage.evidence.collect import Evidence
    from linkage.evidence.kind import EvidenceKind
    from linkage.explain import Sighted
    from linkage.pictures.cells import Cells
    from linkage.pictures.material import Material, Shared
    from linkage.pictures.sightings import Sightings
    from linkage.rings.membership import Membership
    from linkage.rings.ring import Ring
    from linkage.scores.calibration import Calibration
    from linkage.tables import Logs

VERSION = 1
"""Of the document's shape: one of another version is drawn anew."""
MOST_TEMPLATES = 6
SEEN = 160
"""Characters shown of an event in a table; templates show more."""
PLACES = 10
COUNTRIES = ("country", "country_code", "billing_country", "signup_country", "ip_country")
"""Further columns of accounts that are taken to name a country."""


def draw_rings(  # noqa: PLR0913, PLR0917 - all that is known of a ring comes together here
    chosen: Mapping[int, Ring],
    logs: Logs,
    kinds: Sequence[EvidenceKind],
    evidence: Evidence,
    membership: Membership,
    calibration: Calibration,
    *,
    seed: int,
) -> dict[str, dict[str, Any]]:
    """Draw some rings of a run.

    Args:
        chosen: the rings, by number.
        logs: the checked tables.
        kinds: the kinds of evidence.
        evidence: what accounts share.
        membership: who belongs to which ring, and why.
        calibration: what scores mean.
        seed: of cells and layouts.

    Returns:
        The document of each ring, by name: plain values, which JSON can hold.
    """
    if not chosen:
        return {}
    materials = gather(chosen, evidence, membership)
    drawn = [(material, find_cells(material, seed=seed)) for material in materials]
    hours = count_hours(drawn, logs)
    sightings = find_sightings(materials, evidence, kinds, logs)
    countries = _countries(materials, logs)
    by_name = {kind.name: kind for kind in kinds}
    return {
        material.ring.ring: {
            "version": VERSION,
            "ring": replace(material.ring, members=()).document(),
            "sentence": say_whole(material.ring),
            "kinds": {name: by_name[name].label for name in material.kinds},
            "why": say_why(material, calibration),
            "against": say_against(material, calibration, by_name),
            "shares": draw_shares(material, cells, _captions(by_name), seed=seed),
            "matrix": draw_matrix(material, cells),
            "rhythm": draw_rhythm(material, cells, counted),
            "signups": draw_signups(material, _captions(by_name)),
            "templates": _templates(material, by_name, sightings),
            "places": _places(material, countries.get(material.number, {})),
            "evidence": _evidence(material, cells, by_name, sightings),
            "members": _members(material, cells),
        }
        for (material, cells), counted in zip(drawn, hours, strict=True)
    }


def _captions(kinds: Mapping[str, EvidenceKind]) -> Callable[[Shared], str]:
    return lambda each: kinds[each.kind].caption(each.value)[:SEEN]


def _evidence(
    material: Material, cells: Cells, kinds: Mapping[str, EvidenceKind], sightings: Sightings
) -> dict[str, Any]:
    """List what is shared, the most telling first, each down to a few events."""
    spread: dict[int, Counter[int]] = {}
    for left, right in zip(cells.of[material.lefts].tolist(), material.rights.tolist(), strict=True):
        spread.setdefault(right, Counter())[left] += 1
    caption = _captions(kinds)
    rows = [
        {
            "key": f"id:{each.identifier}",
            "kind": each.kind,
            "level": kinds[each.kind].levels[each.level].name,
            "identifier": caption(each),
            "bits": round(each.bits, 1),
            "here": each.here,
            "everywhere": each.everywhere,
            "cells": [[cell, count] for cell, count in sorted(spread[place].items())],
            "note": each.why or ("looks public" if each.publicity >= 0.5 else None),
            "events": [_event(sighted) for sighted in sightings.get((material.number, each.identifier), ())],
        }
        for place in listed(material)
        for each in [material.shared[place]]
    ]
    return {"rows": rows, "all": len(material.shared)}


def _event(sighted: Sighted) -> list[str | None]:
    at = None if sighted.at is None else f"{sighted.at:%Y-%m-%d %H:%M:%S}"
    return [sighted.account_id, at, sighted.seen[:SEEN]]


def _templates(material: Material, kinds: Mapping[str, EvidenceKind], sightings: Sightings) -> dict[str, Any]:
    """Show texts of what ties members by words, the shared part told from the rest."""
    told = [place for place in listed(material) if kinds[material.shared[place].kind].copyable]
    told.sort(key=lambda place: (-material.shared[place].here, place))
    shown = []
    for place in told[:MOST_TEMPLATES]:
        each = material.shared[place]
        samples = sightings.get((material.number, each.identifier), [])
        pieces = marked([sample.seen for sample in samples])
        shown.append(
            {
                "key": f"id:{each.identifier}",
                "kind": each.kind,
                "level": kinds[each.kind].levels[each.level].name,
                "label": kinds[each.kind].caption(each.value)[:SEEN],
                "accounts": each.here,
                "samples": [
                    [sample.account_id, list(map(list, cut))]
                    for sample, cut in zip(samples, pieces, strict=True)
                ],
            }
        )
    return {"shown": shown, "all": sum(kinds[each.kind].copyable for each in material.shared)}


def _members(material: Material, cells: Cells) -> dict[str, Any]:
    """List members column by column, which is short for twenty thousand."""
    known = {member.account_id: member for member in material.ring.members}
    members = [known[person.account_id] for person in material.people]
    roles = sorted({member.role for member in members})
    return {
        "account": [person.account_id for person in material.people],
        "created": [person.created for person in material.people],
        "events": [person.events for person in material.people],
        "cell": cells.of.tolist(),
        "confidence": [round(member.confidence, 3) for member in members],
        "extraction": [
            None if member.extraction_score is None else round(member.extraction_score, 2)
            for member in members
        ],
        "role": [roles.index(member.role) for member in members],
        "roles": roles,
    }


def _places(material: Material, countries: Mapping[str, int]) -> dict[str, Any]:
    """Count the networks that members mostly come from, and the countries that accounts name."""
    networks = Counter(person.operator for person in material.people if person.operator)
    return {
        "networks": list(map(list, networks.most_common(PLACES))),
        "all_networks": len(networks),
        "countries": list(map(list, Counter(countries).most_common(PLACES))),
        "all_countries": len(countries),
    }


def _countries(materials: Sequence[Material], logs: Logs) -> dict[int, dict[str, int]]:
    import pyarrow as pa  # noqa: PLC0415 - only here

    asked = from_arrow(
        logs.accounts.database,
        pa.table(
            {
                "ring": pa.array([m.number for m in materials for _ in m.people], pa.int64()),
                "account_id": pa.array([p.account_id for m in materials for p in m.people], pa.string()),
            }
        ),
    )
    if "extra" not in logs.accounts.columns:
        return {}
    named = ", ".join(f"nullif(trim(extra['{name}']), '')" for name in COUNTRIES)
    rows = derive(
        f"""
        select ring, left(coalesce({named}), 40) as country, count(*) as accounts
        from accounts
        join asked using (account_id)
        group by all
        having country is not null
        """,
        accounts=logs.accounts,
        asked=asked,
    )
    found: dict[int, dict[str, int]] = {}
    for ring, country, accounts in rows.rows("ring, accounts desc, country"):
        found.setdefault(ring, {})[country] = accounts
    return found
