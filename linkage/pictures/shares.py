"""Who shares what: cells, what is their own as counts, and what joins them; placed as lanes and as a network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from graphs import StarGraph, lay_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkage.pictures.cells import Cells
    from linkage.pictures.material import Material, Shared

OWN = 0.9
"""The part of its links from which an identifier belongs to one cell, and is shown there as one of a count."""
MOST_JOINTS = 36
"""Identifiers that are drawn by themselves; those that tie most members, in bits, come first."""
MOST_OF_A_KIND = 14
"""Of them, so many of one kind: thirty cards side by side say no more than fourteen."""
FEW_ACCOUNTS = 40
"""Up to so many members, each has a lane of its own."""
MOST_NODES = 150
"""Up to so many members and identifiers together, a network shows them all."""
ROOM = 0.018
"""Of the side of the picture, what a small node with its label takes."""


@dataclass
class Drawing:
    """Nodes and links of one picture, as plain lists that are short to write.

    Args:
        nodes: what (``account``, ``cell`` or a kind), key, label, size, x, y and, of a count, how many.
        links: places of two nodes, the kind, and how many holdings the link stands for.
        hidden: by kind, how many identifiers that join cells are not drawn.
    """

    nodes: list[list[Any]] = field(default_factory=list)
    links: list[list[Any]] = field(default_factory=list)
    hidden: dict[str, int] = field(default_factory=dict)

    def add(  # noqa: PLR0913 - what a node is
        self, what: str, key: str, label: str, place: tuple[float, float], *, size: int, count: int = 1
    ) -> int:
        """Add a node and give its place among them."""
        self.nodes.append([what, key, label, size, round(place[0], 4), round(place[1], 4), count])
        return len(self.nodes) - 1

    def document(self) -> dict[str, Any]:
        """Write it as plain values."""
        return {"nodes": self.nodes, "links": self.links, "hidden": self.hidden}


@dataclass(frozen=True)
class Sharing:
    """How identifiers lie over groups of members: each cell a group, or each member.

    Args:
        groups: how many groups there are.
        sizes: members by group.
        counts: group, place of the identifier, and how many members of the group hold it.
        owner: of each identifier, the group whose own it is; -1 where it joins groups.
    """

    groups: int
    sizes: tuple[int, ...]
    counts: NDArray[np.int64]
    owner: NDArray[np.int64]

    @classmethod
    def of(cls, material: Material, group_of: NDArray[np.int64], sizes: tuple[int, ...]) -> Sharing:
        """Count holdings by group and identifier."""
        total = len(material.shared)
        pairs, held = np.unique(group_of[material.lefts] * total + material.rights, return_counts=True)
        counts = np.column_stack([pairs // max(total, 1), pairs % max(total, 1), held])
        holders = np.bincount(material.rights, minlength=total)
        owner = np.full(total, -1, np.int64)
        mostly = counts[:, 2] >= OWN * holders[counts[:, 1]]
        owner[counts[mostly, 1]] = counts[mostly, 0]
        return cls(len(sizes), sizes, counts, owner)

    def joints(
        self, material: Material, most: int = MOST_JOINTS, of_a_kind: int = MOST_OF_A_KIND
    ) -> tuple[list[int], dict[str, int]]:
        """Choose the identifiers that join groups, best first within a kind, and count those left out."""
        joining = np.flatnonzero(self.owner < 0).tolist()
        shared = material.shared
        order = {kind: place for place, kind in enumerate(material.kinds)}
        joining.sort(key=lambda place: (-shared[place].here * shared[place].bits, place))
        kept: list[int] = []
        taken: dict[str, int] = {}
        hidden: dict[str, int] = {}
        for place in joining:
            kind = shared[place].kind
            if len(kept) < most and taken.get(kind, 0) < of_a_kind:
                kept.append(place)
                taken[kind] = taken.get(kind, 0) + 1
            else:
                hidden[kind] = hidden.get(kind, 0) + 1
        kept.sort(key=lambda place: (order[shared[place].kind], -shared[place].here, place))
        return kept, hidden

    def own(self, material: Material) -> dict[int, dict[str, int]]:
        """Count by group and kind what is the group's own."""
        found: dict[int, dict[str, int]] = {}
        for place in np.flatnonzero(self.owner >= 0).tolist():
            kinds = found.setdefault(int(self.owner[place]), {})
            kind = material.shared[place].kind
            kinds[kind] = kinds.get(kind, 0) + 1
        return found


def draw_shares(
    material: Material, cells: Cells, caption: Callable[[Shared], str], *, seed: int
) -> dict[str, Any]:
    """Draw who shares what, twice.

    Lanes have a row for each cell: beside it, what is its own as counts; at the right, what joins cells. A network
    has every member where the ring is small, and cells where it is not.

    Args:
        material: the ring.
        cells: how it falls into cells.
        caption: says an identifier to a person.
        seed: of the network's layout.
    """
    by_cell = Sharing.of(material, cells.of, cells.sizes)
    own = by_cell.own(material)
    few = len(material.people) <= FEW_ACCOUNTS
    whole = len(material.people) + len(material.shared) <= MOST_NODES
    places = np.empty(len(material.people), np.int64)
    places[cells.order] = np.arange(len(places))
    each = Sharing.of(material, places, (1,) * len(places))
    return {
        "cells": [
            {"name": name, "accounts": size, "own": own.get(cell, {})}
            for cell, (name, size) in enumerate(zip(cells.names, cells.sizes, strict=True))
        ],
        "lanes": (
            _lanes(material, cells, each, caption, members=True)
            if few
            else _lanes(material, cells, by_cell, caption, members=False)
        ).document(),
        "network": (
            _network(material, cells, each, caption, seed=seed, members=True)
            if whole
            else _network(material, cells, by_cell, caption, seed=seed, members=False)
        ).document(),
        "first": "network" if whole and not few else "lanes",
    }


def _groups(material: Material, cells: Cells, *, members: bool) -> list[tuple[str, str, str]]:
    """Say of each group what it is, its key and its label."""
    if members:
        return [
            ("account", f"account:{place}", material.people[place].account_id[:64])
            for place in cells.order.tolist()
        ]
    return [
        ("cell", f"cell:{cell}", f"{name} · {size:,}")
        for cell, (name, size) in enumerate(zip(cells.names, cells.sizes, strict=True))
    ]


def _lanes(
    material: Material, cells: Cells, sharing: Sharing, caption: Callable[[Shared], str], *, members: bool
) -> Drawing:
    joints, hidden = sharing.joints(material)
    drawing = Drawing(hidden=hidden)
    columns = {kind: 0.24 + 0.075 * place for place, kind in enumerate(material.kinds[:5])}
    own = {} if members else sharing.own(material)
    nodes = []
    for group, (what, key, label) in enumerate(_groups(material, cells, members=members)):
        y = (group + 0.5) / sharing.groups
        node = drawing.add(what, key, label, (0.16, y), size=sharing.sizes[group])
        nodes.append(node)
        for kind, count in own.get(group, {}).items():
            if kind in columns:
                rolled = drawing.add(
                    kind, f"own:{group}:{kind}", f"{count:,}", (columns[kind], y), size=count, count=count
                )
                drawing.links.append([node, rolled, kind, count])
    rights = {}
    for row, place in enumerate(joints):
        each = material.shared[place]
        y = (row + 0.5) / len(joints)
        rights[place] = drawing.add(
            each.kind, f"id:{each.identifier}", caption(each), (0.76, y), size=each.here
        )
    _link(drawing, material, sharing, nodes, rights)
    return drawing


def _network(  # noqa: PLR0913 - as above, and a seed
    material: Material,
    cells: Cells,
    sharing: Sharing,
    caption: Callable[[Shared], str],
    *,
    seed: int,
    members: bool,
) -> Drawing:
    every = (len(material.shared),) * 2
    joints, hidden = sharing.joints(material, *every) if members else sharing.joints(material)
    drawing = Drawing(hidden=hidden)
    column = {place: number for number, place in enumerate(joints)}
    kept = np.isin(sharing.counts[:, 1], joints)
    groups, places, held = sharing.counts[kept].T
    graph = StarGraph.of(
        groups,
        [column[place] for place in places.tolist()],
        np.log2(1 + held),
        left=sharing.groups,
        right=len(joints),
    )
    largest = max(sharing.sizes, default=1)
    own = {} if members else sharing.own(material)
    radii = np.concatenate(
        [
            [
                ROOM if members else ROOM * (1.5 + 1.5 * (size / largest) ** 0.5 + bool(own.get(group)))
                for group, size in enumerate(sharing.sizes)
            ],
            np.full(len(joints), ROOM),
        ]
    )
    spots = (0.06 + 0.88 * lay_out(graph, radii=radii, seed=seed)).tolist()
    nodes = []
    for group, (what, key, label) in enumerate(_groups(material, cells, members=members)):
        x, y = spots[group]
        nodes.append(drawing.add(what, key, label, (x, y), size=sharing.sizes[group]))
        kinds = own.get(group, {})
        for turn, (kind, count) in enumerate(kinds.items()):
            angle = 2 * np.pi * turn / len(kinds) - np.pi / 2
            reach = 0.02 + radii[group] * 0.8
            spot = (float(x + reach * np.cos(angle)), float(y + reach * np.sin(angle)))
            rolled = drawing.add(kind, f"own:{group}:{kind}", f"{count:,}", spot, size=count, count=count)
            drawing.links.append([nodes[-1], rolled, kind, count])
    rights = {}
    for number, place in enumerate(joints):
        each = material.shared[place]
        x, y = spots[sharing.groups + number]
        rights[place] = drawing.add(each.kind, f"id:{each.identifier}", caption(each), (x, y), size=each.here)
    _link(drawing, material, sharing, nodes, rights)
    return drawing


def _link(
    drawing: Drawing, material: Material, sharing: Sharing, nodes: list[int], rights: dict[int, int]
) -> None:
    for group, place, held in sharing.counts.tolist():
        if place in rights:
            drawing.links.append([nodes[group], rights[place], material.shared[place].kind, held])
