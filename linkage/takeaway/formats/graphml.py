"""A ring as GraphML: for Cytoscape, yEd, igraph and networkx."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from linkage.takeaway.format import GraphFormat, name_of, shown, types_of, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from linkage.takeaway.graph import RingGraph

_TYPES = {str: "string", float: "double", int: "long", bool: "boolean"}


class GraphMl(GraphFormat):
    """GraphML 1.0, which most programs for graphs read."""

    suffix = ".graphml"

    def write(self, graph: RingGraph) -> dict[str, bytes]:
        """Write one file: every attribute under its own name."""
        nodes, edges, facts = list(graph.nodes()), list(graph.edges()), graph.facts()
        domains = {
            "graph": types_of([facts]),
            "node": types_of(known for _, known in nodes),
            "edge": types_of(known for _, _, known in edges),
        }
        lines = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
            *_keys(domains),
            f'<graph id={quoteattr(shown(graph.ring.ring))} edgedefault="undirected">',
            *_data("graph", facts),
        ]
        for name, known in nodes:
            lines.append(f"<node id={quoteattr(name_of(name))}>{''.join(_data('node', known))}</node>")
        for account, identifier, known in edges:
            ends = f"source={quoteattr(name_of(account))} target={quoteattr(name_of(identifier))}"
            lines.append(f"<edge {ends}>{''.join(_data('edge', known))}</edge>")
        lines += ["</graph>", "</graphml>", ""]
        return {"": "\n".join(lines).encode()}


def _keys(domains: Mapping[str, Mapping[str, type]]) -> Iterator[str]:
    for domain, types in domains.items():
        for name, kind in types.items():
            yield f'<key id="{domain}_{name}" for="{domain}" attr.name="{name}" attr.type="{_TYPES[kind]}"/>'


def _data(domain: str, known: Mapping[str, object]) -> Iterable[str]:
    return (f'<data key="{domain}_{name}">{escape(written(value))}</data>' for name, value in known.items())
