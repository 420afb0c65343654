"""Worlds that several tests look at, made once."""

from __future__ import annotations

import pytest

from linkage.simulation import simulate


@pytest.fixture(scope="session")
def hydra():
    return simulate("hydra", seed=1)


@pytest.fixture(scope="session")
def other_hydra():
    return simulate("hydra", seed=2)


@pytest.fixture(scope="session")
def quiet():
    return simulate("quiet", seed=1)
