"""Worlds for tuning and worlds for figures stay apart; every method sees the same world and gets the same test."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from linkage.errors import MissingPartError
from linkage.pipeline import find
from linkage.scores.calibration import load_calibration
from linkage.scores.parts import PARTS
from linkage.suite.ablation import ABLATIONS, Ablation
from linkage.suite.baselines import BASELINES
from linkage.suite.plan import CHECKING, FITTING, PLANS, WorldPlan
from linkage.suite.results import Reported, WorldTruth
from linkage.suite.run import Outcome, _attempt, _name, _results, tune
from linkage.suite.trial import Found, baseline, bench, ours


@pytest.fixture(scope="module")
def world():
    with bench(WorldPlan("fitting", 3, 1500)) as at:
        yield at


def test_no_world_is_for_two_things():
    uses = [
        {(world.world, world.seed) for world in worlds}
        for worlds in (FITTING, CHECKING, *(plan.evaluated for plan in PLANS.values()))
    ]

    assert sum(map(len, uses)) == len(set.union(*uses))
    assert all(
        world.world not in {"fitting", "checking"} for plan in PLANS.values() for world in plan.evaluated
    )
    assert all(set(plan.development) <= set(FITTING) for plan in PLANS.values())


def test_at_least_half_of_the_worlds_have_no_ring_and_fifty_of_the_full_plan():
    for plan in PLANS.values():
        assert 2 * len(plan.calm) >= len(plan.evaluated)
    assert len(PLANS["full"].calm) == 50


def test_our_row_is_what_the_pipeline_finds(world):
    found = {ring.score for ring in find(world.logs, world.settings).rings}

    assert {ring.score for ring in ours(world).rings} == found


def test_every_group_is_an_example_and_knows_what_it_is(world):
    found = ours(world, significance=False)

    assert len(found.examples) == len(found.rings) > 5
    for ring, example in zip(found.rings, found.examples, strict=True):
        members = sum(account in world.truth.rings for account in ring.accounts)
        assert example.ring == (2 * members >= len(ring.accounts))
        assert ring.q_value is None


@pytest.mark.parametrize(
    "method", [each for each in BASELINES if each.name != "splink"], ids=lambda each: each.name
)
def test_a_baseline_reports_groups_of_five_and_more_with_the_score_of_their_behaviour(world, method):
    found = baseline(world, method, method.grid[0])

    assert all(len(ring.accounts) >= 5 and 0 <= ring.score <= 1 for ring in found.rings)
    assert found.seconds > 0


def test_every_part_of_the_score_and_every_kind_of_evidence_has_its_ablation():
    assert {each.part for each in ABLATIONS} - {None} == {part.name for part in PARTS}
    assert {each.kind for each in ABLATIONS} - {None} == {"ip", "asn", "payment", "prompt", "signup", "agent"}
    assert {each.reading for each in ABLATIONS} - {None} == {
        each.name for each in load_calibration().readings
    }
    assert len({each.name for each in ABLATIONS}) == len(ABLATIONS)


def test_an_ablation_leaves_out_what_it_says_and_nothing_else(world):
    without = Ablation("cards", kind="payment").of(world)
    kinds = {row[1] for row in without.evidence.identifiers.rows()}

    assert kinds == {row[1] for row in world.evidence.identifiers.rows()} - {"payment"}
    assert len(without.evidence.holdings) < len(world.evidence.holdings)
    shipped = load_calibration().readings
    assert "load" not in Ablation("load", part="load").calibration().readings[0].weights
    assert Ablation("load", part="load").calibration().readings[1:] == shipped[1:]
    assert Ablation("strangers", reading="strangers").calibration().readings == shipped[:1]
    assert Ablation("pairs", {"links": {"pairs": False}}).of(world).settings.links.pairs is False


def test_each_baseline_is_tuned_to_what_does_best_on_the_development_worlds():
    """One setting finds the ring and rates it .6, all others find nothing."""
    truth = WorldTruth("fitting 1", dict.fromkeys("abcde", "pool-1"), {}, accounts=9)
    hit = Found((Reported("fitting 1", 0.6, None, frozenset("abcde")),))
    best = BASELINES[0].grid[-1]
    outcome = Outcome(truth, {_name(0, best): hit})

    tuned = tune([outcome])

    assert len(tuned) == len(BASELINES)
    assert dict(tuned[0].knobs) == dict(best)
    assert tuned[0].threshold <= 0.6


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MissingPartError("the extra 'peers' is missing"), "the extra 'peers' is missing"),
        (ValueError("no graph"), r"ValueError at test_suite_run\.py:\d+: no graph"),
    ],
)
def test_a_method_that_comes_to_no_end_is_a_result(error, reason):
    found, failures = {}, {}

    def broken():
        raise error

    _attempt("Splink", broken, found, failures)

    assert not found
    assert re.fullmatch(reason, failures["Splink"])


def test_results_keep_who_ran_where(world):
    tuned = tune([Outcome(world.truth)])
    one = Outcome(
        replace(world.truth, part="calm"), {"linkage": ours(world, significance=False)}, {"Splink": "no"}
    )

    results = _results([one], tuned, "a test")

    assert [method.group for method in results.methods] == ["ours", "baseline"]
    assert results.methods[1].failures == {world.truth.world: "no"}
    assert results.scenarios["replay"].held_out
    assert not results.scenarios["classic_hydra"].held_out
