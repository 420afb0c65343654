"""A ring inside a crowd is found by what it shares beside what the whole crowd has in common."""

from __future__ import annotations

import pyarrow as pa
import pytest

from linkage.links import thread_accounts
from linkage.rings.inside import look_inside, set_apart
from linkage.settings import RingSettings
from linkage.tables import from_arrow

CROWD, RING, EVERYBODY = range(60), range(10), 400
PUBLIC = {"kind": "prompt", "family": "prompt", "level": 1, "cap": 14.0, "habit": True, "bits": 5.0}
TASK = PUBLIC | {"level": 0, "bits": 8.0}


def tasks_of(accounts):
    """Let each three neighbours in a circle have been given one task."""
    circle = list(accounts)
    return [
        TASK | {"held": {circle[(place + step) % len(circle)]: 0.5 for step in range(3)}}
        for place in range(len(circle))
    ]


@pytest.fixture
def world(make_evidence):
    def make(*identifiers, groups=(CROWD,), threads=(RING,)):
        evidence = make_evidence(EVERYBODY, {**PUBLIC, "held": list(CROWD)}, *identifiers)
        database = evidence.people.database
        members, found = (
            from_arrow(
                database,
                pa.table(
                    {
                        name: pa.array(
                            [number for number, group in enumerate(given) for _ in group], pa.int64()
                        ),
                        "account": pa.array([account for group in given for account in group], pa.int64()),
                    }
                ),
            )
            for name, given in (("ring", groups), ("community", threads))
        )
        return members, found, evidence

    return make


def inside(members, threads, evidence):
    return look_inside(members, threads, evidence, RingSettings(selection_bits=0.0)).rows("ring, account")


def test_those_who_share_tasks_beside_the_public_words_are_a_ring_inside(world):
    found = inside(*world(*tasks_of(RING)))

    assert found == [(0, 0, account) for account in RING]


def test_what_the_whole_crowd_has_in_common_makes_nobody_a_ring_inside(world):
    common = TASK | {"held": dict.fromkeys(CROWD, 1.0)}

    assert inside(*world(common)) == []


def test_what_is_most_of_a_group_is_not_inside_it(world):
    assert inside(*world(*tasks_of(RING), groups=(range(20),))) == []


def test_what_lies_across_groups_is_inside_none(world):
    assert inside(*world(*tasks_of(RING), groups=(range(5), range(5, 60)))) == []


def test_a_family_is_too_small_to_be_a_ring_inside(world):
    assert inside(*world(*tasks_of(range(6)), threads=(range(6),))) == []


def test_threads_are_what_two_to_eight_hold_and_chance_touches_are_left_out(world):
    _, _, evidence = world(
        TASK | {"held": {0: 1.0, 1: 0.25}},
        TASK | {"held": dict.fromkeys(range(9), 1.0)},
        TASK | {"held": {2: 0.01, 3: 1.0}},
        TASK | {"held": {4: 1.0, 5: 1.0}, "creates": False},
    )

    assert thread_accounts(evidence).rows("account") == [(0, 0, 8.0), (1, 0, 4.0), (3, 1, 8.0)]


@pytest.mark.parametrize(
    ("crowd", "ring", "apart"),
    [(-8.0, 2.0, True), (-8.0, -9.0, False), (3.0, 4.0, False), (None, 2.0, False), (-8.0, None, False)],
)
def test_it_is_set_apart_where_it_looks_like_extraction_and_its_crowd_does_not(world, crowd, ring, apart):
    members, threads, evidence = world(*tasks_of(RING))
    found = look_inside(members, threads, evidence, RingSettings(selection_bits=0.0))

    rows = set_apart(members, found, {0: crowd, -1: ring}).rows("account")

    assert [account for _, account in rows] == list(CROWD)
    assert [number for number, _ in rows] == ([0] * 10 + [1] * 50 if apart else [0] * 60)
