"""A ring as GEXF: for Gephi."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from linkage.takeaway.format import GraphFormat, name_of, shown, types_of, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from linkage.takeaway.graph import RingGraph

SIDE = 1000.0
"""Of the square in which nodes stand; Gephi's own layouts are about as large."""
LEAST_WEIGHT = 0.01
"""Gephi leaves out edges that weigh nothing; the attribute ``bits`` has what an edge is really worth."""
_TYPES = {str: "string", float: "double", int: "long", bool: "boolean"}


class Gexf(GraphFormat):
    """GEXF 1.3 with places, so that Gephi opens on the picture that the page shows."""

    suffix = ".gexf"

    def write(self, graph: RingGraph) -> dict[str, bytes]:
        """Write one file: every attribute under its own name, bits as the weight of edges."""
        nodes, edges = list(graph.nodes()), list(graph.edges())
        node_types = types_of(known for _, known in nodes)
        edge_types = types_of(known for _, _, known in edges)
        said = "; ".join(f"{name} {written(value)}" for name, value in graph.facts().items())
        lines = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">',
            f"<meta><creator>linkage</creator><description>{escape(said)}</description></meta>",
            '<graph defaultedgetype="undirected" mode="static">',
            *_declared("node", node_types),
            *_declared("edge", edge_types),
            "<nodes>",
        ]
        for name, known in nodes:
            label = quoteattr(shown(str(known["label"])))
            spot = f'<viz:position x="{SIDE * known["x"]:.1f}" y="{-SIDE * known["y"]:.1f}" z="0.0"/>'
            lines.append(
                f"<node id={quoteattr(name_of(name))} label={label}>{_values('node', known)}{spot}</node>"
            )
        lines += ["</nodes>", "<edges>"]
        for number, (account, identifier, known) in enumerate(edges):
            ends = f"source={quoteattr(name_of(account))} target={quoteattr(name_of(identifier))}"
            weight = max(known["bits"], LEAST_WEIGHT)
            lines.append(f'<edge id="{number}" {ends} weight="{weight!r}">{_values("edge", known)}</edge>')
        lines += ["</edges>", "</graph>", "</gexf>", ""]
        return {"": "\n".join(lines).encode()}


def _declared(domain: str, types: Mapping[str, type]) -> Iterator[str]:
    yield f'<attributes class="{domain}">'
    for name, kind in types.items():
        yield f'<attribute id="{domain}_{name}" title="{name}" type="{_TYPES[kind]}"/>'
    yield "</attributes>"


def _values(domain: str, known: Mapping[str, object]) -> str:
    values = (f'<attvalue for="{domain}_{name}" value={_quoted(value)}/>' for name, value in known.items())
    return f"<attvalues>{''.join(values)}</attvalues>"


def _quoted(value: object) -> str:
    return quoteattr(written(value)) if isinstance(value, str) else f'"{written(value)}"'
