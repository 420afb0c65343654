"""Pairs of accounts weighed by the rarity of what they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphs.pairs import find_modules
from linkage.pairs import heavy_pairs
from linkage.suite.baseline import Baseline, every
from linkage.suite.sharing import held, pair_graph
from linkage.tables import derive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphs import Partition
    from linkage.evidence.collect import Evidence


SCALE = 32.0
"""Bits of a pair that count as 1 beside a resolution, which then lies between 0 and 1."""


class IdfPairs(Baseline):
    """Add up the rarity (inverse document frequency) of all that two accounts share; keep heavy pairs; run Leiden.

    Coordination networks are made in this way (Pacheco et al., ICWSM 2021, weigh traces by TF-IDF), and so is
    record linkage with term frequencies, but for its learnt weights. Rarity is in bits and read off the reference
    where there is one; within a family the next best counts half, and no family more than its cap. Leiden by the
    constant Potts model (Traag et al. 2011).
    """

    name = "idf_pairs"
    label = "rarity of pairs, Leiden"
    grid = every(least_bits=(16, 8, 12, 20, 24), resolution=(0.05, 0.005, 0.2), largest=(200, 1000))

    def partition(self, evidence: Evidence, knobs: Mapping[str, float]) -> Partition:
        """Weigh pairs, keep those of ``least_bits`` and more, and find their modules."""
        rare = held(evidence, "bits > 0", largest=knobs["largest"])
        pairs = heavy_pairs(derive("select *, 1.0 as mutual from rare", rare=rare), knobs["least_bits"])
        rare.drop()
        resolution = SCALE * float(knobs["resolution"])
        return find_modules(pair_graph(pairs, evidence), objective="cpm", resolution=resolution)
