"""Arrays that lie in a file are like any other."""

from __future__ import annotations

import numpy as np
import pytest

from linkage.signatures.groups import group_near_duplicates
from linkage.signatures.shelf import Heap, forget, parts_of, shelved


@pytest.mark.parametrize("least_bytes", [0, 1 << 30])
def test_what_was_written_is_there_when_memory_has_forgotten_it(least_bytes):
    values = np.random.default_rng(5).integers(0, 1 << 32, (3_000, 64), dtype=np.uint32)
    table = shelved(*values.shape, least_bytes=least_bytes)
    table[:2_000] = values[:2_000]
    forget(table)
    table[2_000:] = values[2_000:]
    forget(table[5:7])

    assert np.array_equal(table, values)


def test_an_array_without_rows_can_be_had():
    assert shelved(0, 64, least_bytes=0).shape == (0, 64)


def test_parts_are_the_whole_in_order():
    places = np.arange(1_200_000)

    assert np.array_equal(np.concatenate([places[part] for part in parts_of(places)]), places)


@pytest.mark.parametrize("least_bytes", [0, 1 << 30])
def test_groups_reach_over_parts(least_bytes):
    table = shelved(600_000, 64, least_bytes=least_bytes)
    table[:] = np.random.default_rng(5).integers(0, 1 << 32, table.shape, dtype=np.uint32)
    table[599_999] = table[3]
    table[550_000, :48] = table[4, :48]

    labels = group_near_duplicates(table)

    assert np.flatnonzero(labels >= 0).tolist() == [3, 4, 550_000, 599_999]
    assert (labels[599_999], labels[550_000]) == (3, 4)


def test_without_a_place_for_files_the_array_is_in_memory(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))

    assert shelved(10, 64, least_bytes=0).shape == (10, 64)


@pytest.mark.parametrize("least_bytes", [0, 100, 1 << 30])
def test_a_heap_gives_back_what_was_put_on_it(least_bytes):
    heap, parts = Heap(least_bytes=least_bytes), [np.arange(size, dtype=np.uint64) for size in (5, 0, 30, 7)]
    for part in parts:
        heap.add(part)
    joined = heap.joined()
    forget(joined)

    assert np.array_equal(joined, np.concatenate(parts))


@pytest.mark.parametrize("least_bytes", [0, 1 << 30])
def test_an_empty_heap_is_an_empty_array(least_bytes):
    assert Heap(least_bytes=least_bytes).joined().tolist() == []
