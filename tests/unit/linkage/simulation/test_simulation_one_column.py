"""No column gives the rings away: the best rule on one column, or on one value, stays weak."""

from __future__ import annotations

import pandas as pd
import pytest
from columns import auc, best_rules

from linkage.simulation import simulate

IN_A_SMALL_WORLD = 0.75
"""Five rings in three thousand accounts: each weighs much."""
OVER_MIXED_WORLDS = 0.65
IN_ANY_MIXED_WORLD = 0.72


@pytest.mark.parametrize("name", ["hydra", "other_hydra"])
def test_no_rule_on_one_column_finds_the_rings_of_a_small_world(name, request):
    rules = best_rules(request.getfixturevalue(name))

    assert {rule: area for rule, area in rules.items() if area > IN_A_SMALL_WORLD} == {}


@pytest.mark.slow
def test_no_rule_on_one_column_finds_the_rings_of_mixed_worlds():
    """Ten types of rings and more among any crowds: over worlds no rule is worth more than a weak hint."""
    worlds = pd.DataFrame([best_rules(simulate("mixed", seed=seed, accounts=20_000)) for seed in (1, 2, 3)])

    assert worlds.mean().max() <= OVER_MIXED_WORLDS
    assert worlds.max().max() <= IN_ANY_MIXED_WORLD


def test_the_rule_would_catch_a_column_that_does():
    member = pd.Series([True, True, False, False])

    assert auc(member.astype(float), member) == 1.0
