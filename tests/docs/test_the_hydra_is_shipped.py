"""The example world is the one that its command makes."""

from __future__ import annotations

import gzip

import pytest

from linkage.simulation import simulate, write
from pages.running import ROOT

HYDRA = ROOT / "examples" / "hydra"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """Make the world anew."""
    folder = tmp_path_factory.mktemp("hydra")
    write(simulate("hydra", seed=7), folder)
    return folder


def content(path):
    raw = path.read_bytes()
    return gzip.decompress(raw) if path.suffix == ".gz" else raw


@pytest.mark.parametrize(
    "name", ["accounts.csv", "events.csv.gz", "payments.csv", "reference.csv.gz", "truth.csv"]
)
def test_a_table_of_the_hydra_is_what_seed_7_makes(name, fresh):
    assert content(HYDRA / name) == content(fresh / name), "run linkage simulate examples/hydra --seed 7"
