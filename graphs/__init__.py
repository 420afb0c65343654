"""What we know about graphs: two-sided graphs, their communities, and how far partitions agree."""

from __future__ import annotations

from graphs.agreement import adjusted_rand, consensus, wholeness
from graphs.bipartite import StarGraph
from graphs.bridges import bridging
from graphs.communities import find_communities
from graphs.components import components, connected_pieces
from graphs.engines import ENGINES, UnknownEngineError, load_engine
from graphs.layout import lay_out
from graphs.partition import Partition
from graphs.planted import Planted, planted_stars

__all__ = [
    "ENGINES",
    "Partition",
    "Planted",
    "StarGraph",
    "UnknownEngineError",
    "adjusted_rand",
    "bridging",
    "components",
    "connected_pieces",
    "consensus",
    "find_communities",
    "lay_out",
    "load_engine",
    "planted_stars",
    "wholeness",
]
