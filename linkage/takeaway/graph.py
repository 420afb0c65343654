"""A ring as a graph: accounts on one side, what they share on the other, with all that is known of both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from linkage.rings.ring import Ring

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

Attributes = dict[str, Any]


class Frames(NamedTuple):
    """The tables of a ring, for pandas.

    Args:
        accounts: as in ``RingGraph``.
        identifiers: as in ``RingGraph``.
        sightings: as in ``RingGraph``.
    """

    accounts: pd.DataFrame
    identifiers: pd.DataFrame
    sightings: pd.DataFrame


@dataclass(frozen=True, eq=False)
class RingGraph:
    """A ring as a graph; it needs no database any more. ``ring_graph`` makes it.

    A node has the name ``account:`` and the account id, or the number of its kind's level, as in ``payment/0:``, and
    the identifier: the same from run to run. In graphs and files ``side`` tells accounts from identifiers. Text is as
    strangers wrote it; only files make it inert.

    >>> from linkage.rings.ring import Ring
    >>> ring = Ring("R-7K2M9Q", 0.9, 0.9, None, None, 1, 1, None, None, (), None, "new", None, ())
    >>> accounts = pa.table({"node": ["account:a"], "account_id": ["a"], "operator": pa.array([None], pa.string())})
    >>> identifiers = pa.table({"node": ["payment/0:fp"], "label": ["…fp"]})
    >>> graph = RingGraph(ring, accounts, identifiers, pa.table({"account": ["account:a"], "identifier": ["payment/0:fp"]}))
    >>> list(graph.nodes())[0]
    ('account:a', {'side': 'account', 'label': 'a', 'account_id': 'a'})
    >>> graph.networkx().edges
    EdgeView([('account:a', 'payment/0:fp')])

    Args:
        ring: the ring as scored.
        accounts: node, account_id, confidence, least_confidence, extraction_score, role, cell, created_at, first_seen,
            last_seen, events, operator (the network it mostly comes from), x, y.
        identifiers: node, label (said to a person), value, kind, level, bits (for belonging together), held_here (by
            how many members), held_by (by how many accounts), joint (its links lie in several cells), cell (whose own
            it is; nothing of a joint), publicity (0 to 1, how public its holders look), why (it may not create a link),
            x, y.
        sightings: account and identifier (nodes), bits (what it says for this account alone), first_seen, last_seen,
            count, share (of the account's use).
    """

    ring: Ring
    accounts: pa.Table
    identifiers: pa.Table
    sightings: pa.Table

    def nodes(self) -> Iterator[tuple[str, Attributes]]:
        """Give every node and what is known of it, accounts first; what nobody knows is left out."""
        for side, table in (("account", self.accounts), ("identifier", self.identifiers)):
            for known in _rows(table):
                name = known.pop("node")
                label = known.pop("label", known.get("account_id"))
                yield name, {"side": side, "label": label} | known

    def edges(self) -> Iterator[tuple[str, str, Attributes]]:
        """Give every sighting as an edge from an account to an identifier."""
        for known in _rows(self.sightings):
            yield known.pop("account"), known.pop("identifier"), known

    def frames(self) -> Frames:
        """Give the tables as pandas frames."""
        return Frames(*(table.to_pandas() for table in (self.accounts, self.identifiers, self.sightings)))

    def networkx(self) -> Any:  # noqa: ANN401 - this library stays behind the engines
        """Give the graph as a ``networkx.Graph``: times as text, what nobody knows left out."""
        from graphs.engines.networkx import described  # noqa: PLC0415 - only where it is asked for

        return described(self.nodes(), self.edges(), **self.facts())

    def igraph(self) -> Any:  # noqa: ANN401 - as above
        """Give the graph as an ``igraph.Graph``: times as text, None where nobody knows."""
        from graphs.engines.igraph import described  # noqa: PLC0415 - only where it is asked for

        return described(self.nodes(), self.edges(), **self.facts())

    def facts(self) -> Attributes:
        """Say what is known of the ring as a whole, what nobody knows left out."""
        known = replace(self.ring, members=()).document()
        wanted = ("ring", "score", "linked", "extraction", "q_value", "first_seen", "last_seen", "judgement")
        return {name: known[name] for name in wanted if known[name] is not None}


def _rows(table: pa.Table) -> Iterator[Attributes]:
    """Give rows of what is known: nothing of what is not, and times as everybody's log writes them."""
    for place, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            table = table.set_column(place, field.name, _stamped(table.column(place)))
    for row in table.to_pylist():
        yield {name: value for name, value in row.items() if value is not None}


def _stamped(moments: pa.ChunkedArray) -> pa.ChunkedArray:
    seconds = pc.cast(pc.floor_temporal(moments, unit="second"), pa.timestamp("s"))
    return pc.strftime(seconds, "%Y-%m-%dT%H:%M:%SZ")
