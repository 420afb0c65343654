"""What a graph library must do for us."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from graphs.bipartite import StarGraph

Quality: TypeAlias = Literal["cpm", "modularity"]


class Engine(Protocol):
    """A graph library that can group the left nodes of a star graph."""

    @property
    def name(self) -> str:
        """The word that chooses this engine."""

    def partitions(
        self,
        graph: StarGraph,
        *,
        resolution: float,
        seeds: Sequence[int],
        objective: Quality = "cpm",
        sizes: NDArray[np.float64] | None = None,
    ) -> list[NDArray[np.int64]]:
        """Group the nodes once for each seed; all seeds share the cost of handing over the graph.

        The same graph, seeds and settings give the same labels in every process.

        Args:
            graph: the graph, at least one edge.
            resolution: what a group pays for being large, see ``objective``.
            seeds: one labelling is made for each.
            objective: ``cpm``: weight inside groups, minus ``resolution`` times half the square of each
                group's size, where right nodes have size 0; ``modularity``: weight inside groups, minus
                ``resolution`` times what the ends' strengths let expect.
            sizes: the size of each left node for ``cpm``; 1 each when None.

        Returns:
            One label of 0 or more for each left node, for each seed; equal labels are one group.
        """
