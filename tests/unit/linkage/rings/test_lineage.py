"""What became of a ring is told by its members, and by what ties it where none of them is left."""

from __future__ import annotations

from datetime import datetime

import pytest

from linkage.rings.lineage import NOTABLE, Doings, Life, Mark, State, follow, recognise
from linkage.rings.ring import Member, Ring

DAY_11, DAY_12, DAY_13 = (datetime(2026, 9, day) for day in (11, 12, 13))  # noqa: DTZ001 - UTC, as the logs say
CARD = Mark("payment", 0, "fp_1", "payment", 9.0, 1.0)
TEMPLATE = Mark("prompt", 1, "template 0a1b2c3d4e", "prompt", 6.0, 0.9)
BLOCK = Mark("ip", 1, "198.51.100.0/24", "network", 3.0, 0.9)


def ring(name, members, score=0.9):
    listed = tuple(Member(account, 0.99, None, "member", 0.9) for account in members)
    return Ring(name, score, 1.0, 0.9, None, len(listed), 0, None, None, (), None, "new", None, listed)


def life(name, members, **rest):
    return Life(name, frozenset(members), score=rest.pop("score", 0.9), seen_at=DAY_12, **rest)


def told(rings, lives, doings=None, marks=None, **rest):
    turns = follow(rings, marks or {}, {each.ring: each for each in lives}, doings or Doings(), **rest)
    return {turn.ring: turn for turn in turns}


def test_a_ring_without_a_past_is_new():
    turn = told([ring("R-A", "abc")], [])["R-A"]

    assert (turn.state, turn.joined, turn.kin) == (State.new, ("a", "b", "c"), ())


def test_an_unchanged_ring_is_known():
    assert told([ring("R-A", "abc")], [life("R-A", "abc")])["R-A"].state is State.known


@pytest.mark.parametrize(
    ("before", "now", "state"),
    [
        ("abc", "abcd", State.grew),
        ("abcd", "abc", State.shrank),
        ("abcd", "abce", State.grew),
        ("abcd", "abe", State.shrank),
    ],
)
def test_members_come_and_go(before, now, state):
    turn = told([ring("R-A", now)], [life("R-A", before)])["R-A"]

    assert turn.state is state
    assert turn.joined == tuple(sorted(set(now) - set(before)))
    assert turn.gone == tuple(sorted(set(before) - set(now)))


def test_two_rings_that_became_one_merged_and_the_other_ended_in_it():
    turns = told([ring("R-A", "abcdxyz")], [life("R-A", "abcd"), life("R-B", "xyz")])

    assert (turns["R-A"].state, turns["R-A"].kin) == (State.merged, ("R-B",))
    assert (turns["R-B"].state, turns["R-B"].kin) == (State.ended, ("R-A",))


def test_a_ring_that_fell_apart_split_and_its_part_says_from_where_it_came():
    turns = told([ring("R-A", "abcd"), ring("R-B", "xyz")], [life("R-A", "abcdxyz")])

    assert (turns["R-A"].state, turns["R-A"].kin) == (State.split, ("R-B",))
    assert (turns["R-B"].state, turns["R-B"].kin) == (State.split, ("R-A",))


def test_a_ring_that_is_gone_ends_once():
    assert told([], [life("R-A", "abc")])["R-A"].state is State.ended
    assert told([], [life("R-A", "abc", ended=True)]) == {}


def acting(fresh, *, old=DAY_12, began=DAY_13, banned=()):
    last = dict.fromkeys("abc", old) | dict.fromkeys(fresh, DAY_13)
    return Doings(dict.fromkeys("abc", DAY_11) | dict.fromkeys(fresh, began), last, frozenset(banned))


def test_a_confirmed_ring_whose_old_members_stopped_and_that_has_new_ones_returned():
    turn = told([ring("R-A", "abcxy")], [life("R-A", "abc")], acting("xy"), confirmed=frozenset({"R-A"}))[
        "R-A"
    ]

    assert (turn.state, turn.joined) == (State.returned, ("x", "y"))


def test_a_ring_whose_members_are_banned_in_the_logs_returned_without_a_judgement():
    turns = told([ring("R-A", "abcxy")], [life("R-A", "abc")], acting("xy", old=DAY_13, banned="ab"))

    assert turns["R-A"].state is State.returned


def test_a_ring_that_ended_and_has_new_members_returned():
    turns = told([ring("R-A", "xyz")], [life("R-A", "abc", ended=True)], acting("xyz"))

    assert turns["R-A"].state is State.returned


@pytest.mark.parametrize(
    ("doings", "confirmed", "past"),
    [
        pytest.param(acting("xy", old=DAY_13), {"R-A"}, {}, id="its members still act"),
        pytest.param(acting("xy", began=DAY_11), {"R-A"}, {}, id="they were there before"),
        pytest.param(acting("xy"), set(), {}, id="nobody stopped it"),
        pytest.param(acting("xy"), {"R-A"}, {"former": frozenset("xy")}, id="they had been members"),
        pytest.param(
            acting("xy"), set(), {"ended": True, "score": 0.1}, id="an honest group came together again"
        ),
    ],
)
def test_a_ring_that_only_grew_did_not_return(doings, confirmed, past):
    turns = told([ring("R-A", "abcxy")], [life("R-A", "abc", **past)], doings, confirmed=frozenset(confirmed))

    assert turns["R-A"].state is State.grew


def test_new_accounts_apart_from_the_old_are_the_return_of_a_ring_that_is_still_found():
    turns = told(
        [ring("R-A", "abc"), ring("R-B", "xyz")],
        [life("R-A", "abc", marks=(CARD,))],
        marks={"R-B": (CARD,)},
        confirmed=frozenset({"R-A"}),
    )

    assert (turns["R-B"].state, turns["R-B"].kin) == (State.returned, ("R-A",))


def test_a_ring_is_recognised_by_the_strongest_mark_of_each_family():
    lives = {"R-A": life("R-A", "abc", marks=(TEMPLATE, BLOCK)), "R-B": life("R-B", "xyz", marks=(CARD,))}

    assert recognise([TEMPLATE, BLOCK], lives) == ["R-A"]
    assert recognise([TEMPLATE], lives) == []
    assert recognise([CARD], lives) == ["R-B"]


def test_what_few_members_hold_recognises_nobody():
    rare = Mark("payment", 0, "fp_1", "payment", 9.0, 0.1)

    assert recognise([CARD], {"R-A": life("R-A", "abc", marks=(rare,))}) == []
    assert recognise([rare], {"R-A": life("R-A", "abc", marks=(CARD,))}) == []


def test_every_state_has_its_place_among_what_is_worth_saying():
    assert set(NOTABLE) == set(State)
