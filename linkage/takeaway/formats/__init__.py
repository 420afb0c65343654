"""The file formats of graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.takeaway.formats.gexf import Gexf
from linkage.takeaway.formats.graphml import GraphMl
from linkage.takeaway.formats.neo4j import Neo4j

if TYPE_CHECKING:
    from linkage.takeaway.format import GraphFormat

GRAPH_FORMATS: tuple[GraphFormat, ...] = (GraphMl(), Gexf(), Neo4j())


def graph_format(suffix: str) -> GraphFormat | None:
    """Find a format by what its files end with; None where there is none.

    >>> type(graph_format(".gexf")).__name__
    'Gexf'
    """
    return next((each for each in GRAPH_FORMATS if each.suffix == suffix.lower()), None)
