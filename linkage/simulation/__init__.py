"""Invented worlds whose rings are known, to learn on, to test with and to measure by."""

from __future__ import annotations

from linkage.simulation.files import write
from linkage.simulation.world import WORLDS, World, simulate

__all__ = ["WORLDS", "World", "simulate", "write"]
