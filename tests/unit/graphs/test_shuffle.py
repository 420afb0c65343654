"""Things are dealt out anew inside strata, each once, the same way for the same seed."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graphs.shuffle import shuffle_inside

strata = st.lists(st.integers(0, 4), max_size=60).map(lambda values: np.array(values, dtype=np.int64))


@given(strata, st.integers(0, 9))
def test_everything_is_given_once_and_stays_in_its_stratum(groups, seed):
    given_ = shuffle_inside(groups, seed=seed)

    assert sorted(given_.tolist()) == list(range(len(groups)))
    assert (groups[given_] == groups).all()


def test_the_seed_decides():
    one = np.zeros(100, dtype=np.int64)

    assert shuffle_inside(one, seed=1).tolist() == shuffle_inside(one, seed=1).tolist()
    assert shuffle_inside(one, seed=1).tolist() != shuffle_inside(one, seed=2).tolist()


def test_hardly_anything_stays_where_it_was():
    stayed = shuffle_inside(np.zeros(10_000, dtype=np.int64), seed=3) == np.arange(10_000)

    assert stayed.sum() < 10
