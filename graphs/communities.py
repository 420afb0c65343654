"""Find groups of left nodes that share more with each other than with the rest.

**What ``resolution`` means.** Two objectives, after right nodes that join nobody have been left out:

``relative`` (the default) has no scale. Call what the edges of a set of left nodes weigh its mass. Within a
connected region of mass D, two groups of mass A and B stay apart while the weight that ties them is less than
``2 * resolution * A * B / D``. A small group leaves a large one once less than ``2 * resolution`` of its own
mass leads there; two equal halves part once less than ``resolution`` of a half's mass crosses. Each part is
then a region of its own and is examined again, so that small groups are not melted into large ones for being
small beside a large graph. One right node with all its neighbours is never divided below 0.5, be they five or
twenty thousand, nor is a group whose members each touch some of many right nodes.

``cpm`` (the constant Potts model) has an absolute scale: a left node joins k others while its ties weigh more
than ``resolution * k``. So n nodes around one right node hold together up to n = weight / resolution; beyond
that the star falls to pieces. Use it where the largest group is known, at about half its inverse.

``modularity`` is the library's own over both sides, in one pass, for comparison.

On planted graphs with groups of 5 to 20,000 (``planted_stars``: 1 to 10 right nodes a member, 2 % noise edges,
strangers, hubs) ``relative`` did best from 0.2 (groups spread thinly) to 0.3 (noise) at every size at once;
each ``cpm`` resolution lost either the smallest or the largest groups.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

import numpy as np

from graphs.agreement import consensus
from graphs.components import components, connected_pieces
from graphs.engines import load_engine
from graphs.order import by_structure
from graphs.partition import Partition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from graphs.bipartite import StarGraph
    from graphs.engine import Engine, Quality

Objective: TypeAlias = Literal["relative", "cpm", "modularity"]
OBJECTIVES: tuple[Objective, ...] = ("relative", "cpm", "modularity")


def find_communities(  # noqa: PLR0913 - a handful of knobs, each of which callers do turn
    graph: StarGraph,
    *,
    resolution: float = 0.25,
    seeds: Sequence[int] = (0, 1, 2, 3, 4),
    engine: str = "igraph",
    objective: Objective = "relative",
    agreement: float = 0.8,
) -> Partition:
    """Find groups of left nodes joined more heavily inside than outside.

    Every group is connected by itself. The order of edges never matters; names matter only between nodes
    that are alike in all that surrounds them.

    >>> from graphs.bipartite import StarGraph
    >>> two_pairs, names, _ = StarGraph.named(
    ...     [("a", "x", 1.0), ("b", "x", 1.0), ("c", "y", 1.0), ("d", "y", 1.0)]
    ... )
    >>> [names[list(group)].tolist() for group in find_communities(two_pairs).groups]
    [['a', 'b'], ['c', 'd']]

    Args:
        graph: the graph.
        resolution: higher gives more and smaller groups; what it means depends on the objective, see above.
        seeds: one partition is made for each, and what they agree on is kept.
        engine: one of ``graphs.engines.ENGINES``.
        objective: ``relative``, ``cpm`` or ``modularity``.
        agreement: the share of the seeds that must put nodes together.

    Raises:
        UnknownEngineError: there is no such engine.
        ValueError: the objective is unknown, the resolution not above 0, or there are no seeds.
    """
    _check(resolution, seeds, objective)
    chosen = load_engine(engine)
    labels = np.full(graph.left, -1, np.int64)
    telling = graph.shared()
    part = telling.within(telling.left_ends)
    if not part.graph.edges:
        return Partition.of(labels)
    ordered = by_structure(part.graph)
    agreed = partial(_agreed, engine=chosen, seeds=seeds, agreement=agreement)
    if objective == "relative":
        found = _settle(ordered.graph, resolution, agreed)
    else:
        found = agreed(ordered.graph, resolution=resolution, objective=objective)
    labels[part.left_nodes[ordered.left_nodes]] = found.labels
    return Partition.of(labels)


class _Agreed(Protocol):
    def __call__(
        self, graph: StarGraph, *, resolution: float, sizes: NDArray[np.float64] | None = None
    ) -> Partition: ...


def _check(resolution: float, seeds: Sequence[int], objective: str) -> None:
    if objective not in OBJECTIVES:
        raise ValueError(f"there is no objective {objective!r}; choose {', '.join(OBJECTIVES)}")
    if not resolution > 0:
        raise ValueError(f"resolution must be above 0, not {resolution}")
    if not seeds:
        raise ValueError("at least one seed is needed")


def _agreed(  # noqa: PLR0913 - the first three stay the same throughout a run
    graph: StarGraph,
    *,
    engine: Engine,
    seeds: Sequence[int],
    agreement: float,
    resolution: float,
    objective: Quality = "cpm",
    sizes: NDArray[np.float64] | None = None,
) -> Partition:
    """Ask the engine once for each seed, keep what most agree on, and let go of what hangs loose."""
    labellings = engine.partitions(
        graph, resolution=resolution, seeds=seeds, objective=objective, sizes=sizes
    )
    kept = consensus([Partition.of(labels) for labels in labellings], agreement=agreement)
    return connected_pieces(graph, kept)


def _settle(graph: StarGraph, resolution: float, agreed: _Agreed) -> Partition:
    """Divide regions, and the parts they fall into, until each is whole.

    All regions are divided in one call: no edge joins two of them, and the sizes bring each one's own mass in.
    What is whole is not handed over again: in the later of some ten calls, it would be most of the graph.
    """
    regions = components(graph)
    settled = regions.alone_numbered()
    left_nodes = np.arange(graph.left)
    while len(regions):
        part = graph.split(regions.labels).shared().within(np.flatnonzero(regions.labels >= 0))
        graph, left_nodes = part.graph, left_nodes[part.left_nodes]
        within = Partition(regions.labels[part.left_nodes])
        found = agreed(graph, resolution=1.0, sizes=_sizes(graph, within, resolution))
        settled[left_nodes] = settled.max() + 1 + found.alone_numbered()
        regions = _divided(within, found)
    return Partition.of(settled)


def _sizes(graph: StarGraph, regions: Partition, resolution: float) -> NDArray[np.float64]:
    # With these, the price of a and b being together is 2 * resolution * mass(a) * mass(b) / mass(region).
    masses = graph.left_strengths
    totals = np.bincount(regions.labels, masses)[regions.labels]
    return masses * np.sqrt(2 * resolution / totals)


def _divided(regions: Partition, found: Partition) -> Partition:
    """Keep the groups that are less than the region they lie in; the others are settled."""
    grouped = found.labels >= 0
    whole = regions.sizes[regions.labels[grouped]] == found.sizes[found.labels[grouped]]
    again = found.labels.copy()
    again[np.flatnonzero(grouped)[whole]] = -1
    return Partition.of(again)
