"""An upstream detector rates accounts one by one, as well as it is told to, and changes nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from linkage.simulation import simulate
from linkage.simulation.catalogue import SCENARIOS
from linkage.simulation.detector import ALIKE
from linkage.suite.measures import auc

WORLD = {"world": "mixed", "seed": 31, "accounts": 4000}


def test_everything_but_the_score_is_as_without_a_detector():
    plain, rated = simulate(**WORLD), simulate(**WORLD, detector=1.0)

    assert rated["accounts"].drop(["extraction_score"]).equals(plain["accounts"])
    for name in plain.keys() - {"accounts"}:
        assert rated[name].equals(plain[name])


@pytest.mark.parametrize(
    ("quality", "least", "most"), [(0.0, 0.4, 0.6), (0.5, 0.55, 0.72), (2.4, 0.88, 0.99)]
)
def test_a_better_detector_puts_more_members_above_ordinary_people(quality, least, most):
    tables = simulate(**WORLD, detector=quality)
    accounts = tables["accounts"].to_pandas().set_index("account_id")["extraction_score"]
    truth = tables["truth"].to_pandas().set_index("account_id").join(accounts)
    rated = truth[truth["crowd"].isna() & truth["extraction_score"].notna()]
    members = rated["ring"].notna().to_numpy()

    assert members.sum() > 50
    assert least < auc(rated["extraction_score"].to_numpy(), members) < most


def test_scores_are_shares_and_some_accounts_have_none():
    scores = simulate(**WORLD, detector=1.0)["accounts"]["extraction_score"].to_pandas()

    assert scores.dropna().between(0, 1).all()
    assert 0.07 < scores.isna().mean() < 0.13
    assert np.isclose(scores.median(), 0.1, atol=0.03)


def test_the_crowds_that_are_rated_higher_are_crowds_of_the_catalogue():
    assert ALIKE.keys() <= {scenario.name for scenario in SCENARIOS} | {"hijacked"}
