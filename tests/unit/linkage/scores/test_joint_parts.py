"""What speaks for extraction in how members work together, each part from what it compares."""

from __future__ import annotations

import pytest

from linkage.scores.parts import PARTS, Traffic

BY_NAME = {part.name: part.measure for part in PARTS}
TOGETHER = ("load", "turns", "weekends")

FULL = {
    "load": ({"load": 0.3}, {"load": 0.7}, {}, {}),
    "turns": ({"turns": 0.0, "hours": 0.5}, {}, {"roundness": 0.4}, {}),
    "weekends": ({"weekend": 400.0, "workdays": 400.0}, {"weekend": 500.0, "workdays": 1000.0}, {}, {}),
}
"""What gives each part its full value."""


def part(name, *given, asks=None, others=0.1):
    ring, strangers, typical, members = given or FULL[name]
    asked = {} if asks is None else {"elicitation": asks}
    return BY_NAME[name](
        Traffic(ring | asked, strangers | ({"elicitation": others} if asked else {}), typical, members)
    )


@pytest.mark.parametrize("name", TOGETHER)
def test_divided_work_speaks_in_full_where_reasoning_is_asked_for_as_elsewhere_or_nobody_knows(name):
    assert part(name) == part(name, asks=0.1) == part(name, asks=0.9) == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("name", TOGETHER)
def test_a_service_desk_divides_its_work_as_a_ring_does_and_is_not_suspected_for_it(name):
    """It asks for reasoning in 1 of 100 requests, others in 10."""
    assert part(name, asks=0.01) == 0.0


@pytest.mark.parametrize("name", TOGETHER)
def test_asking_more_never_lowers_a_part(name):
    found = [part(name, asks=asks) for asks in (0.0, 0.03, 0.05, 0.07, 0.09, 0.2)]

    assert found == sorted(found)


def test_what_speaks_against_does_so_whatever_is_asked():
    office = ({"turns": 9.0, "hours": 0.5}, {}, {"roundness": 0.4}, {})

    assert part("turns", *office, asks=0.01) == part("turns", *office) == -1.0


@pytest.mark.parametrize(("spread", "value"), [(0.2, 1.0), (0.5, 1.0), (0.7, 0.0), (1.0, -1.0), (3.0, -1.0)])
def test_loads_are_compared_with_those_of_strangers(spread, value):
    assert part("load", {"load": spread}, {"load": 0.7}, {}, {}) == pytest.approx(value, abs=0.04)


def test_equal_loads_are_as_even_as_can_be():
    assert part("load", {"load": 0.0}, {"load": 0.7}, {}, {}) == 1.0


def test_members_that_never_sleep_take_no_turns():
    assert part("turns", {"turns": 0.0, "hours": 0.0}, {}, {"roundness": 0.4}, {}) == 0.0


def test_where_nobody_keeps_hours_nothing_is_said_of_turns():
    assert part("turns", {"turns": 0.0, "hours": 0.5}, {}, {"roundness": 0.01}, {}) is None


@pytest.mark.parametrize(
    ("weekend", "value"), [(0, -1.0), (500, 0.0), (750, 0.5), (1000, 1.0), (1250, 0.5), (9000, -1.0)]
)
def test_weekends_like_workdays_speak_for_it_and_weekends_above_all_do_not(weekend, value):
    ring = {"weekend": float(weekend), "workdays": 1000.0}

    assert part("weekends", ring, {"weekend": 500.0, "workdays": 1000.0}, {}, {}) == pytest.approx(
        value, abs=0.02
    )


def test_a_few_requests_on_a_weekend_say_little():
    others = {"weekend": 500.0, "workdays": 1000.0}
    few = part("weekends", {"weekend": 1.0, "workdays": 1.0}, others, {}, {})

    assert 0 < few < 0.3


def test_where_strangers_know_no_weekends_they_tell_nothing():
    assert (
        part("weekends", {"weekend": 9.0, "workdays": 9.0}, {"weekend": 95.0, "workdays": 100.0}, {}, {})
        is None
    )


def share(**ring):
    return BY_NAME["share"](Traffic(ring, {"elicitation": 0.1}, {}, {}))


def test_a_third_of_harvest_amid_other_traffic_shows():
    """A third of the requests, half of which ask; two thirds like elsewhere: 0.23 ask, 0.5 are of one length."""
    assert share(elicitation=0.23, fits=0.5, fits_elsewhere=0.35) == pytest.approx(0.69, abs=0.01)


def test_asking_alone_or_one_length_alone_is_no_share():
    assert share(elicitation=0.9, fits=0.35, fits_elsewhere=0.35) == 0.0
    assert share(elicitation=0.1, fits=0.9, fits_elsewhere=0.35) == 0.0


def test_no_share_of_anything_does_not_speak_against():
    assert share(elicitation=0.0, fits=0.0, fits_elsewhere=0.35) == 0.0


def test_an_office_behind_one_door_is_less_suspect_than_one_that_goes_through_many():
    found = [BY_NAME["door"](Traffic({"door": same}, {}, {}, {})) for same in (0.0, 0.2, 0.5, 0.8, 1.0)]

    assert found == sorted(found, reverse=True)
    assert (found[0], found[-1]) == (0.0, -1.0)
