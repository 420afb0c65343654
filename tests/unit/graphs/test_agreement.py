"""How far partitions agree."""

from __future__ import annotations

import numpy as np
import pytest

from graphs import Partition, adjusted_rand, consensus, wholeness


def test_adjusted_rand_of_a_case_worked_out_by_hand():
    """Pairs together in both 1, in the first 2, in the second 3, of 6: (1 - 1) / (2.5 - 1) = 0."""
    assert adjusted_rand(Partition.of([0, 0, 1, 1]), Partition.of([0, 0, 0, 1])) == pytest.approx(0.0)


def test_adjusted_rand_is_one_for_equals_and_the_same_both_ways():
    one, other = Partition.of([0, 0, 0, 1, 1, 2]), Partition.of([0, 0, 1, 1, 1, 1])

    assert adjusted_rand(one, one) == 1.0
    assert adjusted_rand(one, other) == adjusted_rand(other, one) < 1.0
    assert adjusted_rand(Partition.of([0, 1]), Partition.of([0, 1])) == 1.0


def test_wholeness_is_the_share_of_the_largest_piece():
    truth = Partition.of([0, 0, 0, 0, 1, 1, -1])
    found = Partition.of([7, 7, 7, 8, 8, 9, 7])

    assert wholeness(truth, found).tolist() == [0.75, 0.5]


def test_consensus_keeps_what_enough_partitions_say():
    """Nodes 0 and 1 are together in 4 of 5, nodes 2 and 3 in 3 of 5."""
    labels = [[0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 1, 2], [0, 3, 1, 2]]
    partitions = [Partition.of(row) for row in labels]

    assert consensus(partitions, agreement=0.8).groups == ((0, 1),)
    assert consensus(partitions, agreement=0.6).groups == ((0, 1), (2, 3))
    assert consensus(partitions, agreement=1.0).groups == ()


def test_a_chain_of_wanderers_does_not_melt_what_every_partition_separates():
    """Five nodes step from one pair to the other, one partition at a time, each 4 of 5 with the next."""
    steps = [[0, 0] + [int(wanderer < step) * 9 for wanderer in range(4)] + [9, 9] for step in range(5)]

    found = consensus([Partition.of(row) for row in steps], agreement=0.75)

    assert found.labels[0] == found.labels[1] >= 0
    assert found.labels[0] != found.labels[-1] >= 0


def test_one_partition_agrees_with_itself():
    partition = Partition.of([0, 0, 1, 1, 2])

    assert consensus([partition]) == partition


def test_consensus_never_looks_at_pairs():
    """Two hundred thousand nodes in one group would be twenty billion pairs."""
    everybody = Partition.of(np.zeros(200_000, np.int64))

    assert consensus([everybody] * 5).sizes.tolist() == [200_000]
