"""Partitions are equal exactly when their labels are."""

from __future__ import annotations

import numpy as np

from graphs import Partition


def test_groups_are_numbered_by_their_smallest_member():
    assert Partition.of([9, 4, 4, 9]).labels.tolist() == [0, 1, 1, 0]
    assert Partition.of([9, 4, 4, 9]) == Partition.of([1, 7, 7, 1])
    assert hash(Partition.of([9, 4, 4, 9])) == hash(Partition.of([1, 7, 7, 1]))


def test_a_node_alone_is_in_no_group():
    partition = Partition.of([3, 5, 3, -1, -1])

    assert partition.labels.tolist() == [0, -1, 0, -1, -1]
    assert partition.groups == ((0, 2),)
    assert partition.sizes.tolist() == [2]
    assert len(partition) == 1


def test_a_partition_without_groups_is_a_partition():
    assert Partition.of([]).groups == ()
    assert Partition.of([-1, -1]).sizes.tolist() == []
    assert len(Partition.of([0, 1, 2])) == 0


def test_the_labels_given_stay_the_callers():
    given = np.array([5, 5])

    Partition.of(given)

    assert given.tolist() == [5, 5]
