"""A lab's own judgements say what scores mean, once there are fifty."""

from __future__ import annotations

import json

import pytest

from linkage.errors import DataError
from linkage.rings.ring import Ring
from linkage.scores.calibration import Calibration, load_calibration
from linkage.suite.calibrate import calibrate_on_judgements


def judged(number, judgement, *, even):
    return Ring(
        ring=f"R-{number:06}", score=0.5, linked=0.99, extraction=0.5, q_value=None, accounts=9, events=90,
        first_seen=None, last_seen=None, evidence=(), benign_explanation=None, state="known", judgement=judgement,
        members=(), signals={"evenness": even, "roundness": 0.1},
    )  # fmt: skip


RINGS = [
    *(judged(n, "confirm", even=0.6 + n / 100) for n in range(30)),
    *(judged(100 + n, "dismiss", even=0.1 + n / 100) for n in range(30)),
    *(judged(200 + n, "watch", even=0.5) for n in range(30)),
    *(judged(300 + n, None, even=0.5) for n in range(30)),
]


def test_what_was_confirmed_and_dismissed_counts_and_what_is_watched_does_not():
    made = calibrate_on_judgements(RINGS, load_calibration())

    assert made.groups == 60
    assert made.calibration.version.startswith("judgements-")
    assert "60 groups, 30 of them extraction rings" in made.calibration.made_from
    assert made.error < 0.2


def test_the_same_judgements_give_the_same_version_and_others_another():
    once, again = (calibrate_on_judgements(RINGS, load_calibration()).calibration for _ in range(2))
    other = calibrate_on_judgements(RINGS[3:], load_calibration()).calibration

    assert once == again
    assert once.version != other.version


def test_forty_nine_decided_rings_are_too_few():
    with pytest.raises(DataError, match="it takes 50"):
        calibrate_on_judgements([*RINGS[:25], *RINGS[30:54]], load_calibration())


def test_the_file_is_read_back_by_the_settings(tmp_path):
    made = calibrate_on_judgements(RINGS, load_calibration()).calibration
    path = tmp_path / "mine.json"
    path.write_text(made.document())

    assert load_calibration(path) == made
    assert isinstance(load_calibration(path), Calibration)
    assert json.loads(path.read_text())["format"] == 2
