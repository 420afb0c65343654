"""What baselines have in common: who holds what, who shares it, and stars and pairs made of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphs import StarGraph
from graphs.pairs import PairGraph
from linkage.tables import Table, derive

if TYPE_CHECKING:
    from linkage.evidence.collect import Evidence

CARDS = "kind = 'payment' and level = 0"
ADDRESSES = "kind = 'ip' and level = 0"
BLOCKS = "kind = 'ip' and level = 1"
PROMPTS = "kind = 'prompt'"
SIGNUPS = "kind = 'signup'"
AGENTS = "kind = 'agent'"
DECLARED = "kind not in ('ip', 'asn', 'payment', 'prompt', 'signup', 'agent')"
COARSE = "(kind in ('ip', 'payment') and level > 0 or kind = 'asn')"
"""What comes with something finer: an address has its block and its operator, a card its bank."""


def held(evidence: Evidence, which: str, *, largest: float) -> Table:
    """Say who holds which shared identifiers, hubs and those known to be shared left out.

    Args:
        evidence: what accounts share.
        which: one of the conditions above, or several joined by ``or``.
        largest: most holders of an identifier that still counts.

    Returns:
        account, identifier, kind, level, family, holders, bits, cap, share (of its use that carries it, for a habit).
    """
    return derive(
        f"""
        select account, identifier, kind, level, family, identifiers.accounts as holders, bits, cap,
            case when habit then share else 1.0 end as share
        from holdings
        join identifiers using (identifier)
        where ({which}) and identifiers.accounts between 2 and ? and coalesce(why, '') not like 'known%'
        """,
        [int(largest)],
        holdings=evidence.holdings,
        identifiers=evidence.identifiers,
    )


def stars(holdings: Table, evidence: Evidence, *, weighed: bool = False) -> StarGraph:
    """Make a star of each identifier; its spokes weigh 1, or its bits by the account's share of use."""
    weight = "bits * share" if weighed else "1.0"
    spokes = derive(
        f"select account, identifier, {weight} as weight from holdings where {weight} > 0", holdings=holdings
    )
    rows = spokes.arrow("account, identifier")
    spokes.drop()
    return StarGraph.of(
        rows["account"].to_numpy(),
        rows["identifier"].to_numpy(),
        rows["weight"].to_numpy(),
        left=len(evidence.people),
    )


def pair_graph(pairs: Table, evidence: Evidence) -> PairGraph:
    """Make a graph of a table of pairs: first, second, weight. The table is dropped."""
    rows = pairs.arrow("first, second")
    pairs.drop()
    return PairGraph.of(
        rows["first"].to_numpy(),
        rows["second"].to_numpy(),
        rows["weight"].to_numpy(),
        nodes=len(evidence.people),
    )
