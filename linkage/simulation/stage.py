"""What a scenario is handed: the shared land, its own stream of chances, its own writer, the world's size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from linkage.simulation.land import Land
from linkage.simulation.writer import Writer

if TYPE_CHECKING:
    from linkage.simulation.clock import Counts, Floats

Range = tuple[int, int]


@dataclass(frozen=True)
class Stage:
    """The world as one scenario sees it.

    Args:
        land: networks, banks, programs and templates that all scenarios share.
        rng: this scenario's own stream; another scenario more or less changes nothing in it.
        writer: writes prompts with this scenario's own chances.
        scale: the world's accounts as a multiple of 3,000, for which sizes are declared.
        busy: requests an account, as a multiple of the declared ones.
        room: accounts not yet taken by other scenarios.
    """

    land: Land
    rng: np.random.Generator
    writer: Writer
    scale: float = 1.0
    busy: float = 1.0
    room: int = 0

    @classmethod
    def open(
        cls, land: Land, seed: np.random.SeedSequence, *, scale: float = 1.0, busy: float = 1.0, room: int = 0
    ) -> Stage:
        """Set the stage with two streams of ``seed``, one for numbers and one for texts."""
        numbers, texts = (np.random.Generator(np.random.PCG64(part)) for part in seed.spawn(2))
        return cls(land, numbers, Writer(texts), scale, busy, room)

    def ring_size(self, size: Range) -> int:
        """Draw a ring's size; rings grow with the square root of the world, as the reported ones do."""
        drawn = int(self.rng.integers(size[0], size[1] + 1))
        return max(8, round(drawn * (self.scale**0.5 if self.scale > 1 else self.scale)))

    def crowd_sizes(self, groups: Range, size: Range) -> list[int]:
        """Draw the sizes of a crowd's groups; a larger world has more groups, a smaller one smaller ones."""
        wanted = int(self.rng.integers(groups[0], groups[1] + 1)) * self.scale
        shrink = min(1.0, self.scale**0.5)
        count = max(1, round(wanted / shrink))
        fit = shrink * min(1.0, wanted / shrink / count)
        drawn = self.rng.integers(size[0], size[1] + 1, count)
        return [max(2, round(number * fit)) for number in drawn.tolist()]

    def requests(self, drawn: Floats) -> Counts:
        """Turn declared requests an account into whole ones, at least one each."""
        return np.maximum(1, np.round(drawn * self.busy)).astype(np.int64)
