"""Leiden by leidenalg: slower, but home to further quality functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import igraph
import leidenalg
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from graphs.bipartite import StarGraph
    from graphs.engine import Quality

ROUNDS = 2  # passes of Leiden; more change little and cost as much each


class LeidenalgEngine:
    """Leiden of leidenalg, over both sides, right nodes without size."""

    name = "leidenalg"

    def partitions(
        self,
        graph: StarGraph,
        *,
        resolution: float,
        seeds: Sequence[int],
        objective: Quality = "cpm",
        sizes: NDArray[np.float64] | None = None,
    ) -> list[NDArray[np.int64]]:
        """Group the nodes once for each seed, as ``Engine`` promises."""
        ends = np.column_stack([graph.left_ends, graph.right_ends + graph.left])
        handed = igraph.Graph(graph.left + graph.right, ends)
        settings: dict[str, Any] = {"weights": graph.weights.tolist(), "resolution_parameter": resolution}
        quality = leidenalg.RBConfigurationVertexPartition
        if objective == "cpm":
            quality = leidenalg.CPMVertexPartition
            lefts = np.ones(graph.left) if sizes is None else sizes
            settings["node_sizes"] = [*lefts.tolist(), *[0.0] * graph.right]
        found = []
        for seed in seeds:
            partition = leidenalg.find_partition(handed, quality, n_iterations=ROUNDS, seed=seed, **settings)
            found.append(np.array(partition.membership[: graph.left], np.int64))
        return found


ENGINE = LeidenalgEngine()
