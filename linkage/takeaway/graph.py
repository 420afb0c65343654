"""A ring as a graph: accounts on one side, what they share on the other, with all that is known of both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

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
            for row in table.to_pylist():
                known = _known(row)
                name = known.pop("node")
                label = known.pop("label", known.get("account_id"))
                yield name, {"side": side, "label": label} | known

    def edges(self) -> Iterator[tuple[str, str, Attributes]]:
        """Give every sighting as an edge from an account to an identifier."""
        for row in self.sightings.to_pylist():
            known = _known(row)
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
        known = self.ring.document()
        wanted = ("ring", "score", "linked", "extraction", "q_value", "first_seen", "last_seen", "judgement")
        return {name: known[name] for name in wanted if known[name] is not None}


def _known(row: Attributes) -> Attributes:
    """Leave out what nobody knows, and write times as everybody's log does."""
    return {
        name: stamp(value) if isinstance(value, datetime) else value
        for name, value in row.items()
        if value is not None
    }


def stamp(moment: datetime) -> str:
    """Write a time in UTC.

    >>> from datetime import datetime
    >>> stamp(datetime(2026, 9, 3, 1, 12, 9, 250_000))
    '2026-09-03T01:12:09Z'
    """
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
