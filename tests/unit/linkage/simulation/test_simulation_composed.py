"""Composed worlds: drawn by the seed, rings rare, every scenario to be had by name, nothing told by one column."""

from __future__ import annotations

import numpy as np
import pytest

from linkage.simulation import WORLDS, simulate
from linkage.simulation.blanks import PLACEHOLDERS
from linkage.simulation.cast import MOST_CROWD, MOST_MEMBERS, by_name
from linkage.simulation.catalogue import ATTACKS, CHECKED, CROWDS, FITTED, RINGS, SCENARIOS, UNSEEN

COMPOSED = sorted(name for name, world in WORLDS.items() if world.company is not None)


def names(labels):
    return {label.rsplit("-", 1)[0] for label in labels.unique().to_pylist() if label}


@pytest.mark.parametrize("world", COMPOSED)
def test_members_are_at_most_one_account_in_twenty_and_most_accounts_are_no_crowd(world):
    truth = simulate(world, seed=2, accounts=2500, events_per_account=0.3)["truth"]

    members = 2500 - truth["ring"].null_count
    assert members <= MOST_MEMBERS * 2500
    assert 2500 - truth["crowd"].null_count <= MOST_CROWD * 2500
    assert (members == 0) == (world == "calm")


def test_types_for_fitting_for_checking_and_unseen_ones_never_meet():
    assert not FITTED & (CHECKED | UNSEEN)
    assert not CHECKED & UNSEEN
    assert {ring.name for ring in RINGS} <= FITTED | CHECKED | UNSEEN
    for world, others in (("fitting", CHECKED | UNSEEN), ("checking", FITTED | UNSEEN)):
        assert not others & {ring.name for ring in WORLDS[world].company.rings}
    assert not (CHECKED | UNSEEN) & {crowd.name for crowd in WORLDS["fitting"].company.crowds}
    assert not UNSEEN & {crowd.name for crowd in WORLDS["checking"].company.crowds}
    assert {ring.name for ring in WORLDS["unseen"].company.rings} <= UNSEEN


def test_every_scenario_of_the_study_is_in_the_catalogue_under_its_number():
    numbers = {scenario.number.rstrip("abcdefghijklmnopqrstuvwxyz") for scenario in SCENARIOS} | {"B6"}

    assert {f"R{n}" for n in range(1, 21)} <= numbers
    assert {f"B{n}" for n in range(1, 18)} <= numbers
    assert {f"A{n}" for n in range(1, 7)} <= numbers
    assert (
        len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS) == len((*RINGS, *CROWDS, *ATTACKS))
    )


def test_a_scenario_can_be_had_by_its_name_or_its_number():
    assert [each.name for each in by_name(SCENARIOS, "r7")] == ["replay"]
    assert [each.name for each in by_name(SCENARIOS, "Replay")] == ["replay"]

    truth = simulate("r7", seed=1, accounts=2000, events_per_account=0.3)["truth"]
    assert names(truth["ring"]) == {"replay"}


def test_the_seed_draws_who_plays():
    casts = [
        frozenset(names(simulate("mixed", seed=seed, accounts=3000, events_per_account=0.2)["truth"]["ring"]))
        for seed in (1, 2, 3)
    ]

    assert len(set(casts)) > 1


def test_accounts_on_the_allowlist_are_given_with_their_reason():
    tables = simulate("research", seed=1, accounts=2000, events_per_account=0.3)

    listed = tables["allowlist"].to_pylist()
    crowd = {
        row["account_id"]
        for row in tables["truth"].to_pylist()
        if (row["crowd"] or "").startswith("research")
    }
    assert {row["value"] for row in listed} == crowd
    assert all(row["kind"] == "account" and "research" in row["reason"] for row in listed)


def test_addresses_are_shared_as_in_the_world():
    """Half of all addresses have one account, a few more than five, and the most shared ones hundreds."""
    events = simulate("mixed", seed=1, accounts=6000)["events"].to_pandas()
    events = events[~events["ip"].isin(PLACEHOLDERS["ip"])].dropna(subset="ip")
    seats = events["ip"].str.split("::").str[0]
    sharers = events.groupby(seats)["account_id"].nunique().to_numpy()

    assert (sharers == 1).mean() > 0.5
    assert 0.005 < (sharers > 5).mean() < 0.12
    assert np.quantile(sharers, 0.9995) > 100
