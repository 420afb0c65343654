"""Weights and meanings are learned from groups that are known, and from enough of them."""

from __future__ import annotations

import numpy as np
import pytest

from linkage.errors import DataError
from linkage.scores.learning import (
    HONEST_WEIGHT,
    Example,
    learn_from_judgements,
    learn_meaning,
    learn_weights,
    raw_odds,
)
from linkage.scores.parts import by_hand


def known(count, seed, rings=0.3):
    """Groups whose rings are restless and even, honest ones not, with a little of each in the other."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        ring = bool(rng.random() < rings)
        middle = 0.7 if ring else 0.1
        parts = {
            name: float(np.clip(rng.normal(middle, 0.3), -1, 1))
            for name in ("evenness", "roundness", "coverage")
        }
        parts["elicitation"] = float(rng.normal(1.0 if ring else 0.0, 0.8))
        found.append(Example(0.99, parts, ring))
    return found


@pytest.fixture(scope="module")
def fitted():
    return learn_weights(known(400, seed=1), by_hand())


def test_no_weight_is_below_nothing_even_where_a_part_speaks_against(fitted):
    turned = [
        Example(each.linked, each.parts | {"door": 0.0 if each.ring else 1.0}, each.ring)
        for each in known(400, 1)
    ]

    assert learn_weights(turned, by_hand()).readings[0].weights["door"] == 0.0
    assert min(weight for each in fitted.readings for weight in each.weights.values()) >= 0


def test_a_part_that_was_never_seen_keeps_its_weight(fitted):
    assert fitted.readings[0].weights["upstream"] == by_hand().readings[0].weights["upstream"]


def test_the_prior_stays_below_what_capped_families_can_add(fitted):
    assert all(each.prior <= -sum(each.caps.values()) for each in fitted.readings)


def test_a_reading_of_which_nothing_is_known_stays_as_it_was(fitted):
    """No group here has words of its own, so that nothing is learned of strangers who share them."""
    assert fitted.readings[1] == by_hand().readings[1]


def test_each_reading_is_fitted_by_itself():
    """Where behaviour tells rings alone, what they are made of is still weighed for what it tells by itself."""
    both = [
        Example(each.linked, each.parts | {"words": 0.9 if each.ring else 0.1}, each.ring)
        for each in known(400, seed=1)
    ]

    behaviour, strangers = learn_weights(both, by_hand()).readings

    assert strangers.weights["words"] > by_hand().readings[1].weights["words"]
    assert behaviour == learn_weights(known(400, seed=1), by_hand()).readings[0]


def test_fitted_weights_tell_rings_they_have_not_seen(fitted):
    fresh = known(200, seed=2)
    raw = np.array([raw_odds(each, fitted) for each in fresh])
    truth = np.array([each.ring for each in fresh])

    assert np.median(raw[truth]) > np.quantile(raw[~truth], 0.95)


def test_scores_of_groups_not_seen_are_true_about_as_often_as_they_say(fitted):
    """Where there are more honest groups to a ring than in the worlds, by as much as one of them counts."""
    learned = learn_meaning(known(1500, seed=3), fitted)
    fresh = known(3000, seed=4)
    scores = np.array([learned.probability(raw_odds(each, fitted)) for each in fresh])
    truth = np.array([each.ring for each in fresh])

    for low, high in ((0.0, 0.2), (0.2, 0.8), (0.8, 1.01)):
        inside = (scores >= low) & (scores < high)
        rings, honest = truth[inside].sum(), HONEST_WEIGHT * (~truth[inside]).sum()
        weights = np.where(truth[inside], 1.0, HONEST_WEIGHT)
        assert abs(rings / (rings + honest) - np.average(scores[inside], weights=weights)) < 0.1
    assert learned.honest_groups == sum(not each.ring for each in known(1500, seed=3))


def test_surer_groups_have_higher_scores_without_steps(fitted):
    learned = learn_meaning(known(600, seed=3), fitted)
    scores = [learned.probability(raw) for raw in np.linspace(-8, 8, 60)]

    assert scores == sorted(scores)
    assert len(set(scores)) > 30


def test_a_labs_own_judgements_move_the_weights_and_the_meaning():
    """Here reasoning is asked for by everybody, rings or not, and evenness alone tells."""
    rng = np.random.default_rng(5)
    judged = [
        Example(0.99, {"evenness": float(rng.normal(0.8 if ring else 0.1, 0.2)), "elicitation": 1.0}, ring)
        for ring in (rng.random(120) < 0.5).tolist()
    ]

    learned = learn_from_judgements(judged, by_hand())

    assert learned.readings[0].weights["evenness"] > by_hand().readings[0].weights["evenness"]
    assert len(learned.seen) == 120


@pytest.mark.parametrize(("count", "rings"), [(49, 0.5), (400, 0.0), (400, 1.0)])
def test_too_few_known_groups_are_refused_with_how_many_it_takes(count, rings):
    with pytest.raises(DataError, match="it takes 50"):
        learn_from_judgements(known(count, seed=6, rings=rings), by_hand())
