"""A ring as CSV for neo4j-admin, the import of Neo4j."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from linkage.takeaway.format import GraphFormat, name_of, types_of, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linkage.takeaway.graph import RingGraph

_TYPES = {str: "string", float: "double", int: "long", bool: "boolean"}
_TIMES = ("created_at", "first_seen", "last_seen")
_OWN = (":LABEL", ":START_ID", ":END_ID", ":TYPE")


class Neo4j(GraphFormat):
    """A folder with three files: nodes of both labels, and what joins them."""

    suffix = ".neo4j"
    several = True

    def write(self, graph: RingGraph) -> dict[str, bytes]:
        """Write accounts.csv, identifiers.csv and sightings.csv; nodes keep their names, so that rings can meet."""
        sides: dict[str, list[dict[str, Any]]] = {"account": [], "identifier": []}
        for name, known in graph.nodes():
            side = known.pop("side")
            sides[side].append({"node": name_of(name)} | known | {":LABEL": side.capitalize()})
        sightings = [
            {":START_ID": name_of(account), ":END_ID": name_of(identifier)} | known | {":TYPE": "SEEN_WITH"}
            for account, identifier, known in graph.edges()
        ]
        return {
            "accounts.csv": _csv(sides["account"], ("node", ":LABEL")),
            "identifiers.csv": _csv(sides["identifier"], ("node", ":LABEL")),
            "sightings.csv": _csv(sightings, (":START_ID", ":END_ID", ":TYPE")),
        }


def _csv(rows: Sequence[dict[str, Any]], needed: Iterable[str]) -> bytes:
    types = dict.fromkeys(needed, str) | types_of(rows)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_heading(name, kind) for name, kind in types.items())
    writer.writerows(
        [None if row.get(name) is None else written(row[name]) for name in types] for row in rows
    )
    return out.getvalue().encode()


def _heading(name: str, kind: type) -> str:
    if name == "node":
        return "node:ID"
    if name in _OWN:
        return name
    return f"{name}:{'datetime' if name in _TIMES else _TYPES[kind]}"
