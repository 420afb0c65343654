"""What a baseline promises: to group accounts by the evidence that ours gets, in its own way."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from linkage import progress
from linkage.tables import Table, from_arrow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphs import Partition
    from linkage.evidence.collect import Evidence


class Baseline(ABC):
    """A way to group accounts that others use or have published.

    The class docstring says what it does and whose idea it is. What all of them share: they see the evidence that
    our own way sees, leave out what the user listed as known to be shared, and give groups of two and more.
    """

    name: str
    """The word in tables and on the command line."""
    label: str
    """The words on screen."""
    grid: tuple[Mapping[str, float], ...]
    """The settings tried when it is tuned; the first is what it does unless told otherwise."""

    @property
    def about(self) -> str:
        """What it does and whose idea it is, in one paragraph."""
        return " ".join((inspect.getdoc(type(self)) or "").split())

    def group(self, evidence: Evidence, **knobs: float) -> Table:
        """Group the accounts; knobs left out are as in the first settings of the grid.

        Returns:
            account, community (from 0, by the smallest account in it); each account at most once, and only groups
            of two and more.

        Raises:
            ValueError: it has no such knob.
        """
        unknown = sorted(knobs.keys() - self.grid[0].keys())
        if unknown:
            raise ValueError(f"{self.name} has no knob {unknown[0]!r}; it has {', '.join(self.grid[0])}")
        progress.at(f"grouping by {self.label}")
        labels = self.partition(evidence, {**self.grid[0], **knobs}).labels
        accounts = np.flatnonzero(labels >= 0)
        return from_arrow(
            evidence.people.database, pa.table({"account": accounts, "community": labels[accounts]})
        )

    @abstractmethod
    def partition(self, evidence: Evidence, knobs: Mapping[str, float]) -> Partition:
        """Label every account of ``evidence.people``, whose numbers are the nodes; every knob is given."""


def every(**values: tuple[float, ...]) -> tuple[dict[str, float], ...]:
    """Combine values of knobs into a grid, the last knob turning fastest.

    >>> every(largest=(20, 50), least=(1, 2))
    ({'largest': 20, 'least': 1}, {'largest': 20, 'least': 2}, {'largest': 50, 'least': 1}, {'largest': 50, 'least': 2})
    """
    grid: list[dict[str, float]] = [{}]
    for name, choices in values.items():
        grid = [{**settings, name: value} for settings in grid for value in choices]
    return tuple(grid)
