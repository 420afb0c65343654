"""A score is told apart into its parts, and what speaks against is said beside it."""

from __future__ import annotations

import pytest
from drawn import a_material, a_ring, two_parts

from linkage.evidence.kinds import KINDS
from linkage.pictures.why import say_against, say_why
from linkage.rings.ring import Member
from linkage.scores.calibration import Calibration, Reading

CALIBRATION = Calibration(
    "v",
    "made up",
    (
        Reading("behaviour", -3.0, {"evenness": 5.0, "coverage": 2.0}),
        Reading("strangers", -4.0, {"words": 6.0}),
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}


def against(**ring):
    return "\n".join(say_against(a_material(two_parts(), **ring), CALIBRATION, BY_NAME))


def test_parts_and_doubt_add_up_to_the_odds():
    signals = {"evenness": 1.0, "coverage": 0.5}

    told = say_why(a_material(two_parts(), signals=signals), CALIBRATION)

    assert {each["part"]: each["adds"] for each in told["extraction"]} == {"evenness": 5.0, "coverage": 1.0}
    assert told["doubt"] + 6.0 == pytest.approx(CALIBRATION.odds(signals))


def test_bits_stand_beside_what_chance_asks_for():
    told = say_why(a_material(two_parts()), CALIBRATION)

    assert [each["kind"] for each in told["linked"]] == ["payment", "ip", "prompt"]
    assert told["chance"] == 4.0


def test_nothing_known_of_behaviour_is_said():
    told = say_why(a_material(two_parts(), extraction=None, signals={}), CALIBRATION)

    assert told["doubt"] is None
    assert "no harm" in against(extraction=None, signals={})


def test_an_honest_reading_and_what_it_does_less_than_others_speak_against():
    assert against(benign_explanation="one organisation").startswith("An honest reading: one organisation.")
    assert "Less than other groups, it gets answers of even length (-2.5 log odds)." in against(
        signals={"evenness": -0.5}
    )
    assert "even length" not in against(signals={"evenness": 0.5})


def test_doubtful_and_unsure_members_are_counted():
    names = [f"a{place}" for place in range(8)]
    members = (
        Member("a0", 0.4, None, "neighbour", 0.1),
        *(Member(name, 0.99, None, "member", 0.9) for name in names[1:]),
    )

    told = against(members=members, accounts=len(names))

    assert "1 of 8 members: all that ties it" in told
    assert "1 of 8 members belong with less than 0.9 confidence" in told
    assert a_ring(names, two_parts()).accounts == 8


def test_one_network_for_most_members_is_said():
    material = a_material(two_parts(), operators=dict.fromkeys(range(8), "AS64500"))

    assert "8 of 8 members come from one network (AS64500)" in "\n".join(
        say_against(material, CALIBRATION, BY_NAME)
    )
