"""A case remembers its rings: what they were, what became of them, and who has looked."""

from __future__ import annotations

from datetime import datetime

import pytest
from cases import INPUTS

from linkage.opening import open_case
from linkage.rings.lineage import Mark, State, Turn
from linkage.rings.lives import Lives, changed
from linkage.rings.ring import Member, Ring

DAY_1, DAY_2, DAY_3 = (datetime(2026, 9, day) for day in (1, 2, 3))  # noqa: DTZ001 - UTC, as the logs say
CARD = Mark("payment", 0, "fp_1", "payment", 9.0, 1.0)


def ring(name, members, score=0.9):
    listed = tuple(Member(account, 0.99, None, "member", 0.9) for account in members)
    return Ring(name, score, 1.0, 0.9, None, len(listed), 0, DAY_1, DAY_1, (), None, "new", None, listed)


@pytest.fixture
def lives(tmp_path):
    with open_case(tmp_path / "case.duckdb", INPUTS) as case:
        yield Lives(case)


def test_what_was_found_is_remembered_with_what_tied_it(lives):
    lives.keep([ring("R-A", "abc")], {"R-A": (CARD,)}, [Turn("R-A", State.new, ("a", "b", "c"))], DAY_1)

    life = lives.all()["R-A"]

    assert (life.members, life.marks, life.born_at, life.ended) == (frozenset("abc"), (CARD,), DAY_1, False)


def test_a_ring_that_ended_keeps_its_members_its_marks_and_its_last_score(lives):
    lives.keep([ring("R-A", "abc")], {"R-A": (CARD,)}, [Turn("R-A", State.new)], DAY_1)
    lives.keep([], {}, [Turn("R-A", State.ended)], DAY_2)

    life = lives.all()["R-A"]

    assert (life.members, life.marks, life.score, life.ended) == (frozenset("abc"), (CARD,), 0.9, True)
    assert (life.born_at, life.seen_at) == (DAY_1, DAY_1)
    assert [(each.ring, each.state, each.accounts) for each in lives.ended()] == [("R-A", "ended", 3)]


def test_who_left_is_remembered_as_a_former_member(lives):
    lives.keep([ring("R-A", "abc")], {}, [Turn("R-A", State.new)], DAY_1)
    lives.keep([ring("R-A", "abd")], {}, [Turn("R-A", State.grew, ("d",), ("c",))], DAY_2)

    assert lives.all()["R-A"].former == frozenset("c")


def test_what_did_not_change_makes_no_line(lives):
    lives.keep([ring("R-A", "abc")], {}, [Turn("R-A", State.new)], DAY_1)
    lives.keep([ring("R-A", "abc")], {}, [Turn("R-A", State.known)], DAY_2)

    assert [(each.as_of, each.turn.state, each.accounts) for each in lives.happenings("R-A")] == [
        (DAY_1, State.new, 3)
    ]


def test_a_look_counts_for_the_one_who_looked_and_never_goes_back(lives):
    lives.look("kim", 4)
    lives.look("kim", 2)

    assert (lives.looked("kim"), lives.looked("lee")) == (4, 0)


def test_of_several_changes_the_most_notable_is_told_with_all_who_joined(lives):
    found = ring("R-A", "abcde")
    lives.keep([found], {}, [Turn("R-A", State.new, ("a", "b", "c"))], DAY_1)
    lives.keep([found], {}, [Turn("R-A", State.returned, ("d",))], DAY_2)
    lives.keep([found], {}, [Turn("R-A", State.grew, ("e",), ("x",))], DAY_3)

    (since_day_1,) = changed([found], [], lives.happenings(after=1))

    assert (since_day_1.state, since_day_1.joined) == ("returned", ("d", "e"))
    assert changed([found], [], lives.happenings(after=3)) == []


def test_a_ring_that_ended_is_among_the_changes(lives):
    lives.keep([ring("R-A", "abc")], {}, [Turn("R-A", State.new)], DAY_1)
    lives.keep([], {}, [Turn("R-A", State.ended)], DAY_2)

    (gone,) = changed([], lives.ended(), lives.happenings(after=1))

    assert (gone.ring, gone.state) == ("R-A", "ended")
