"""What a score means is in a file that can be read, checked and replaced."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.errors import SettingsError
from linkage.scores.calibration import (
    Calibration,
    Reading,
    combine,
    load_calibration,
)
from linkage.scores.parts import PARTS, by_hand

odds = st.floats(-30, 30)


def test_the_shipped_calibration_weighs_every_part_and_says_what_it_was_made_from():
    shipped = load_calibration()

    for reading in shipped.readings:
        assert set(reading.weights) == {part.name for part in PARTS if part.reading == reading.name}
    assert "simulated worlds" in shipped.made_from
    assert shipped.honest_groups > 300
    assert len(shipped.seen) > 300


def test_the_shipped_calibration_never_lets_work_around_the_clock_alone_reach_the_threshold():
    shipped = load_calibration()
    restless = {part.name: 1.0 for part in PARTS if part.family}
    restless |= {part.name: 0.0 for part in PARTS if not part.family}

    assert shipped.probability(combine(1.0, shipped.odds(restless))) < 0.7


@given(odds, odds)
def test_surer_rings_never_have_lower_scores(one, other):
    shipped = load_calibration()
    low, high = sorted((one, other))

    assert 0 <= shipped.probability(low) <= shipped.probability(high) <= 1
    assert shipped.chance(low) >= shipped.chance(high) > 0


@given(st.floats(0, 1), st.floats(0, 1), odds)
def test_both_axes_raise_what_they_say_together(one, other, extraction):
    low, high = sorted((one, other))

    assert combine(low, extraction) <= combine(high, extraction)
    assert combine(one, extraction) <= combine(one, extraction + 1)
    assert combine(one, extraction) <= max(extraction, -12.0) + 1e-9


def test_a_file_comes_back_as_it_was(tmp_path):
    made = replace(by_hand(), seen=((0.2, False), (0.9, True)), honest=(-3.0, 1.5), honest_groups=7)
    (tmp_path / "calibration.json").write_text(made.document())

    assert load_calibration(tmp_path / "calibration.json") == made


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "no calibration file"),
        ("{}", "no calibration file"),
        ('{"format": 99}', "another version"),
        ('{"format": 1, "version": "x"}', "another version"),
        ('{"format": 2, "version": "x"}', "no calibration file"),
        (replace(by_hand(), knots=((0.0, 0.9), (1.0, 0.1))).document(), "do not rise"),
        (replace(by_hand(), readings=(Reading("r", 0.0, {"evenness": -1.0}),)).document(), "below 0"),
        (replace(by_hand(), readings=()).document(), "no reading"),
    ],
)
def test_what_is_no_calibration_is_refused_and_says_how_to_make_one(tmp_path, text, word):
    path = tmp_path / "mine.json"
    path.write_text(text)

    with pytest.raises(SettingsError, match=word):
        load_calibration(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"missing\.json"):
        load_calibration(tmp_path / "missing.json")


def test_a_sentence_says_how_groups_of_that_score_turned_out(plain):
    seen = tuple((0.1, False) for _ in range(80)) + tuple((0.9, n > 3) for n in range(40))

    told = replace(plain, seen=seen)
    assert told.sentence(0.9) == (
        "of 100 groups scored like this one, 90 were extraction rings in calibration (by 40 known groups)"
    )
    assert told.sentence(0.12).startswith("of 100 groups scored like this one, 0 were extraction rings")
    weighed = replace(told, honest_weight=4.0)
    assert weighed.sentence(0.9).startswith("of 100 groups scored like this one, 69 were")
    assert "made without known rings" in plain.sentence(0.9)


def test_honest_groups_of_the_calibration_bound_the_chance_of_an_honest_one():
    made = Calibration("v", "", (), honest=(-2.0, 0.0, 3.0), honest_groups=99)

    assert [made.chance(raw) for raw in (4.0, 3.0, 1.0, -9.0)] == [0.01, 0.02, 0.02, 0.04]


def test_nothing_is_said_to_be_surer_than_was_ever_measured():
    assert combine(1.0, math.inf) < 12.1
    assert combine(0.0, 0.0) <= -11.9
