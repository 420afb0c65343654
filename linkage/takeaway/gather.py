"""Take a ring out of what was found, whole, as a graph."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa

from linkage.errors import DataError
from linkage.evidence.kinds import chosen_kinds
from linkage.pictures import material as drawn
from linkage.pictures.cells import find_cells
from linkage.pictures.shares import Sharing, draw_shares
from linkage.tables import derive
from linkage.takeaway.graph import RingGraph
from linkage.takeaway.places import place_nodes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from linkage.evidence.collect import Evidence
    from linkage.evidence.kind import EvidenceKind
    from linkage.pictures.cells import Cells
    from linkage.pictures.material import Material
    from linkage.rings.membership import Membership
    from linkage.rings.ring import Ring
    from linkage.settings import Settings


class FindingLike(Protocol):
    """What is needed of a ``linkage.Finding``."""

    @property
    def rings(self) -> tuple[Ring, ...]:
        """The rings."""

    @property
    def evidence(self) -> Evidence:
        """What accounts share."""

    @property
    def membership(self) -> Membership:
        """Who belongs to which ring, by number."""

    @property
    def names(self) -> Mapping[int, str]:
        """The name of each number."""


def ring_graph(finding: FindingLike, ring: str, settings: Settings) -> RingGraph:
    """Take a ring as a graph: its accounts, and every identifier that two of them share and that says something.

    A picture leaves out what repeats itself; here an address and its block are both there, told apart by ``level``.
    Cells and places are those of the picture.

    Args:
        finding: what ``find`` gave, while its tables are open.
        ring: the name of the ring.
        settings: every knob, as when the ring was found.

    Raises:
        DataError: nothing of that name was found.
    """
    number = next((number for number, name in finding.names.items() if name == ring), None)
    chosen = next((each for each in finding.rings if each.ring == ring), None)
    if number is None or chosen is None:
        raise DataError("there is no such ring among those that were found")
    kinds = {kind.name: kind for kind in chosen_kinds(settings.evidence)[0]}
    (material,) = drawn.gather({number: chosen}, finding.evidence, finding.membership)
    cells = find_cells(material, seed=settings.seed)
    network = draw_shares(material, cells, lambda each: each.value, seed=settings.seed)["network"]
    sightings = _sightings(number, finding.evidence, finding.membership)
    whole = _with_all(material, sightings, _identifiers(number, finding.evidence, finding.membership))
    people, things = place_nodes(whole, cells, network)
    accounts = _account_table(chosen, whole, cells, _seen(number, finding), people)
    identifiers = _identifier_table(whole, cells, kinds, things)
    edges = sightings.drop_columns(["account", "identifier"])
    for column, (table, rows) in enumerate(((accounts, whole.lefts), (identifiers, whole.rights))):
        edges = edges.add_column(
            column, ("account", "identifier")[column], table["node"].take(pa.array(rows))
        )
    return RingGraph(chosen, accounts, identifiers, edges)


def _identifiers(number: int, evidence: Evidence, membership: Membership) -> list[tuple[Any, ...]]:
    table = derive(
        """
        select identifier, shared.kind, shared.level, value, shared.bits, holders, accounts, why, publicity
        from shared
        join identifiers using (identifier)
        where ring = ? and shared.bits > 0
        """,
        [number],
        shared=membership.shared,
        identifiers=evidence.identifiers,
    )
    rows = table.rows("identifier")
    table.drop()
    return rows


def _sightings(number: int, evidence: Evidence, membership: Membership) -> pa.Table:
    table = derive(
        """
        select account, identifier, round(shared.bits * mutual, 6) as bits, first_seen, last_seen,
            count, round(share, 6) as share
        from members
        join holdings using (account)
        join shared using (ring, identifier)
        where ring = ? and shared.bits > 0
        """,
        [number],
        members=membership.members,
        holdings=evidence.holdings,
        shared=membership.shared,
    )
    rows = table.arrow("account, identifier")
    table.drop()
    return rows


def _seen(number: int, finding: FindingLike) -> pa.Table:
    """Say of each member when it was made and at work, in the order of their numbers."""
    table = derive(
        """
        select account, created_at, first_seen, last_seen
        from members
        join people using (account)
        where ring = ?
        """,
        [number],
        members=finding.membership.members,
        people=finding.evidence.people,
    )
    rows = table.arrow("account")
    table.drop()
    return rows


def _with_all(material: Material, sightings: pa.Table, identifiers: list[tuple[Any, ...]]) -> Material:
    """Put all identifiers and holdings in place of those that are drawn."""
    shared = tuple(drawn.Shared(*row) for row in identifiers)
    accounts = np.array([person.account for person in material.people], np.int64)
    numbers = np.array([each.identifier for each in shared], np.int64)
    return replace(
        material,
        shared=shared,
        lefts=np.searchsorted(accounts, sightings["account"].to_numpy()),
        rights=np.searchsorted(numbers, sightings["identifier"].to_numpy()),
    )


def _account_table(
    ring: Ring, material: Material, cells: Cells, seen: pa.Table, places: NDArray[np.float64]
) -> pa.Table:
    known = {member.account_id: member for member in ring.members}
    members = [known[person.account_id] for person in material.people]
    names = np.array(cells.names)
    return pa.table(
        {
            "node": [f"account:{member.account_id}" for member in members],
            "account_id": [member.account_id for member in members],
            "confidence": [member.confidence for member in members],
            "least_confidence": [member.least_confidence for member in members],
            "extraction_score": pa.array([member.extraction_score for member in members], pa.float64()),
            "role": [member.role for member in members],
            "cell": names[cells.of].tolist(),
            "created_at": seen["created_at"],
            "first_seen": seen["first_seen"],
            "last_seen": seen["last_seen"],
            "events": [person.events for person in material.people],
            "operator": pa.array([person.operator for person in material.people], pa.string()),
            "x": places[:, 0],
            "y": places[:, 1],
        }
    )


def _identifier_table(
    material: Material, cells: Cells, kinds: Mapping[str, EvidenceKind], places: NDArray[np.float64]
) -> pa.Table:
    shared = material.shared
    owners = Sharing.of(material, cells.of, cells.sizes).owner.tolist()
    names = cells.names
    text, number = pa.string(), pa.float64()
    columns: dict[str, Any] = {
        "node": pa.array([f"{each.kind}/{each.level}:{each.value}" for each in shared], text),
        "label": pa.array([kinds[each.kind].caption(each.value) for each in shared], text),
        "value": pa.array([each.value for each in shared], text),
        "kind": pa.array([each.kind for each in shared], text),
        "level": pa.array([kinds[each.kind].levels[each.level].name for each in shared], text),
        "bits": pa.array([each.bits for each in shared], number),
        "held_here": pa.array([each.here for each in shared], pa.int64()),
        "held_by": pa.array([each.everywhere for each in shared], pa.int64()),
        "joint": pa.array([owner < 0 for owner in owners], pa.bool_()),
        "cell": pa.array([names[owner] if owner >= 0 else None for owner in owners], text),
        "publicity": pa.array([each.publicity for each in shared], number),
        "why": pa.array([each.why for each in shared], text),
        "x": pa.array(places[:, 0], number),
        "y": pa.array(places[:, 1], number),
    }
    return pa.table(columns)
