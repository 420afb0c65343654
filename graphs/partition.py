"""Who is with whom: groups of nodes, numbered so that equal partitions are equal arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False)
class Partition:
    """One label for each node: the number of its group, or -1 where it is alone.

    Groups have at least two members and are numbered from 0 by their smallest member, so that
    two partitions are the same exactly when their labels are. Build it with ``of``.

    Args:
        labels: the group of each node, or -1; read-only.
    """

    labels: NDArray[np.int64]

    @classmethod
    def of(cls, labels: ArrayLike) -> Self:
        """Number the groups of any labelling canonically; negative labels stand alone.

        >>> Partition.of([7, 3, 7, 9, -1, 3]).labels.tolist()
        [0, 1, 0, -1, -1, 1]
        """
        given = np.asarray(labels, np.int64)
        values, first, inverse, counts = np.unique(
            given, return_index=True, return_inverse=True, return_counts=True
        )
        grouped = np.flatnonzero((counts > 1) & (values >= 0))
        numbers = np.full(len(values), -1, np.int64)
        numbers[grouped[np.argsort(first[grouped])]] = np.arange(len(grouped))
        canonical = numbers[inverse]
        canonical.flags.writeable = False
        return cls(canonical)

    @property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """The members of each group, in order.

        >>> Partition.of([5, 2, 5, 2]).groups
        ((0, 2), (1, 3))
        """
        members = np.argsort(self.labels, kind="stable")
        lone = len(members) - int(self.sizes.sum())
        return (
            tuple(tuple(group.tolist()) for group in np.split(members[lone:], np.cumsum(self.sizes)[:-1]))
            if len(self.sizes)
            else ()
        )

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How many members each group has."""
        return np.bincount(self.labels[self.labels >= 0])

    def __len__(self) -> int:
        return int(self.labels.max(initial=-1)) + 1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Partition) and np.array_equal(self.labels, other.labels)

    def __hash__(self) -> int:
        return hash(self.labels.tobytes())

    def alone_numbered(self) -> NDArray[np.int64]:
        """Give every node a label of 0 or more, those alone each one of their own.

        >>> Partition.of([4, 4, -1]).alone_numbered().tolist()
        [0, 0, 1]
        """
        labels = self.labels.copy()
        alone = labels < 0
        labels[alone] = len(self) + np.arange(int(alone.sum()))
        return labels


def meet(labellings: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Number the cells of nodes to which all the labellings give the same label.

    >>> meet([np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 1])]).tolist()
    [0, 0, 1, 2, 2]
    """
    cells = labellings[0]
    for labels in labellings[1:]:
        pairs = cells * (int(labels.max(initial=0)) + 1) + labels
        cells = np.unique(pairs, return_inverse=True)[1]
    return cells
