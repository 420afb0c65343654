"""Pairs of accounts weigh what the two share together."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from linkage.evidence.collect import Evidence
from linkage.pairs import heavy_pairs, pair_accounts
from linkage.settings import PairSettings
from linkage.tables import derive, from_arrow, open_database

CARD = {"family": "payment", "cap": 22.0, "bits": 9.0, "why": None}
PROMPT = CARD | {"family": "prompt", "cap": 14.0}
ADDRESS = CARD | {"family": "network", "cap": 14.0}


@pytest.fixture
def pairs():
    """Pair 1,024 accounts by identifiers, each a dictionary whose ``held`` lists accounts; give weights by pair."""

    def pairs(*identifiers, **settings):
        database = open_database()
        listed = [
            {"identifier": number, "accounts": len(given["held"])}
            | {name: value for name, value in given.items() if name not in {"held", "mutual"}}
            for number, given in enumerate(identifiers)
        ]
        holdings = [
            {"account": account, "identifier": number, "mutual": given.get("mutual", {}).get(account, 1.0)}
            for number, given in enumerate(identifiers)
            for account in given["held"]
        ]
        kinds = {"why": pa.string(), "family": pa.string(), "cap": pa.float64(), "bits": pa.float64()}
        schema = pa.schema([("identifier", pa.int64()), ("accounts", pa.int64()), *kinds.items()])
        known = from_arrow(database, pa.Table.from_pylist(listed, schema))
        held = from_arrow(database, pa.Table.from_pylist(holdings))
        people = from_arrow(database, pa.table({"account": range(1024), "reference": [False] * 1024}))
        spokes = pair_accounts(Evidence(people, known, held, held, ()), PairSettings(**settings))
        found = {}
        for row in spokes.arrow("centre, account").to_pylist():
            found.setdefault((row["centre"], row["weight"]), []).append(row["account"])
        return {tuple(ends): weight for (_, weight), ends in found.items()}

    return pairs


def test_a_pair_weighs_the_sum_of_what_two_families_say(pairs):
    assert pairs(CARD | {"held": [1, 2, 3]}, PROMPT | {"held": [2, 3, 4]}) == {(2, 3): 18.0}


def test_within_a_family_the_next_counts_half_and_no_family_more_than_its_cap(pairs):
    two = [PROMPT | {"held": [1, 2]}, PROMPT | {"held": [1, 2], "bits": 4.0}]

    assert pairs(*two, least_bits=0) == {(1, 2): 11.0}
    assert pairs(*two, PROMPT | {"held": [1, 2], "bits": 14.0}, least_bits=0) == {(1, 2): 14.0}


def test_a_light_pair_is_left_out(pairs):
    """Ten bits for so many accounts, and five beyond."""
    shared = [CARD | {"held": [1, 2]}, PROMPT | {"held": [1, 2], "bits": 5.9}]

    assert pairs(*shared) == {}
    assert pairs(*shared, least_bits=4.9) == {(1, 2): 14.9}


def test_what_was_only_visited_counts_less(pairs):
    visited = ADDRESS | {"held": [1, 2], "bits": 14.0, "mutual": {2: 0.5}}

    assert pairs(CARD | {"held": [1, 2]}, visited) == {(1, 2): 16.0}


def test_hubs_and_what_is_known_to_be_shared_make_no_pairs(pairs):
    hub = PROMPT | {"held": range(6)}

    assert pairs(CARD | {"held": [1, 2]}, hub, largest=5) == {}
    assert pairs(CARD | {"held": [1, 2]}, hub, largest=6) == {(1, 2): 18.0}
    assert pairs(CARD | {"held": [1, 2], "why": "known to be shared: bank"}, hub) == {}


@pytest.mark.parametrize("seed", range(8))
def test_adding_up_account_by_account_gives_what_joining_all_with_all_gives(seed):
    """With visitors among the holders, two caps in one family, and sums on either side of the threshold."""
    random = np.random.default_rng(seed)
    held = np.unique(random.integers(0, (60, 40), (900, 2)), axis=0)
    worth, cap = random.uniform(0.5, 9, 40).round(6), random.choice([6.0, 14.0], 40)
    rows = pa.table(
        {
            "account": held[:, 0] * 3,
            "identifier": held[:, 1] + 7,
            "family": np.array(["prompt", "network", "payment"])[held[:, 1] % 3],
            "cap": cap[held[:, 1]],
            "bits": worth[held[:, 1]],
            "mutual": np.where(random.random(len(held)) < 0.3, random.random(len(held)), 1.0),
        }
    )
    database = open_database()

    for least in (0.0, 9.0, 14.0):
        expected = derive(JOINED, [least], holdings=from_arrow(database, rows)).rows()
        assert heavy_pairs(from_arrow(database, rows), least).rows() == expected
        assert len(expected) > 10


JOINED = """
    with families as (
        select a.account as first, b.account as second, a.family, max(a.cap) as cap,
            list(a.bits * least(a.mutual, b.mutual) order by a.bits * least(a.mutual, b.mutual) desc) as worths
        from holdings as a
        join holdings as b using (identifier)
        where a.account < b.account
        group by all
    ),
    capped as (
        select first, second, round(least(
            cap, list_sum(list_transform(worths, lambda worth, place: worth * pow(0.5, place - 1)))
        ), 6) as bits
        from families
    )
    select first, second, round(sum(bits), 6) as weight from capped group by all having weight >= ?
    """
