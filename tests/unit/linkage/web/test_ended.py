"""A ring that is no longer found is still there to be read, and to be judged."""

from __future__ import annotations

from datetime import datetime

import pytest

from linkage import runs
from linkage.opening import open_case
from linkage.settings import load_settings
from linkage.web.desk import Desk
from linkage.web.ended import MOST_MEMBERS

AT = datetime(2026, 10, 5)  # noqa: DTZ001 - UTC


@pytest.fixture
def desk(case):
    """The page over a case whose ring was found, and is no longer: only larger ones are looked for."""
    settings = load_settings(environment={}, flags={"rings.smallest_ring": 50}).settings
    with open_case(case) as opened:
        runs.find_in_case(opened, settings)
    return Desk(case, settings, "kim", lambda: AT)


def test_a_ring_that_ended_is_listed_with_what_is_kept_of_it(desk, world):
    (queued,) = desk.queue()["rings"]
    told = desk.ring(queued["ring"])

    assert (queued["state"], queued["again"], queued["verdict"]) == ("ended", False, None)
    assert {each["account"] for each in told["ended"]} == set(world.ring)
    assert [step["what"] for step in told["became"]["steps"]] == ["new", "ended"]
    assert told["picture"]["ring"]["evidence"]
    assert told["commands"][0][1].startswith(f"linkage history {queued['ring']} ")
    assert len(told["ended"]) <= MOST_MEMBERS


def test_it_can_be_judged_and_found_by_its_members(desk, world):
    (queued,) = desk.queue()["rings"]

    desk.judge([queued["ring"]], "confirm", "it was banned", desk.ring(queued["ring"])["run"])

    (judged,) = desk.queue()["rings"]
    assert (judged["verdict"], judged["again"]) == ("confirm", False)
    assert desk.ring(queued["ring"])["last"]["reason"] == "it was banned"
    assert desk.find(world.ring[3]) == [queued["ring"]]


def test_while_the_case_has_newer_rows_it_stays_listed(desk):
    (queued,) = desk.queue()["rings"]
    with open_case(desk.path) as case, case.changing():
        case.note("data", "99")

    assert [each["ring"] for each in desk.queue()["rings"]] == [queued["ring"]]
    assert desk.queue()["stale"]
