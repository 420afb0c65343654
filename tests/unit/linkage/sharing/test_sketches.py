"""A sketch says how alike two templates are, to whoever has the key, and keeps what customers wrote out."""

# ruff: noqa: S311 - draws that are no secrets

from __future__ import annotations

import os
import random
import subprocess
import sys
from statistics import fmean

import pytest

from linkage.errors import DataError
from linkage.sharing.sketches import Sketch, likeness, sketch, words5
from linkage.sharing.tokens import PairKey

KEY = PairKey(b"\x01" * 32, "2026q4")
WORDS = [f"word{number}" for number in range(5_000)]


def template(chosen, length=125):
    return chosen.choices(WORDS, k=length)


def edited(chosen, words, places):
    """Other words at so many places, apart from each other."""
    step = len(words) // places
    changed = list(words)
    for place in range(places):
        changed[place * step + step // 2] = f"new{chosen.random()}"
    return changed


def runs(words):
    return {" ".join(words[start : start + 5]) for start in range(len(words) - 4)}


def jaccard(one, other):
    return len(one & other) / len(one | other)


def pairs(places, count=40, length=125):
    chosen = random.Random(places)
    for _ in range(count):
        words = template(chosen, length)
        yield runs(words), runs(edited(chosen, words, places))


@pytest.mark.parametrize(("places", "share"), [(1, 0.921), (5, 0.657), (9, 0.458)])
def test_likeness_estimates_the_share_of_common_runs(places, share):
    true = [jaccard(one, other) for one, other in pairs(places)]
    estimates = [likeness(sketch(one, KEY), sketch(other, KEY)) for one, other in pairs(places)]

    assert fmean(true) == pytest.approx(share, abs=0.005)
    assert fmean(estimates) == pytest.approx(share, abs=0.02)
    assert all(abs(guess - right) < 0.13 for guess, right in zip(estimates, true, strict=True))


def test_strangers_are_not_alike():
    chosen = random.Random(3)
    sketches = [sketch(runs(template(chosen)), KEY) for _ in range(60)]
    found = [likeness(one, other) for number, one in enumerate(sketches) for other in sketches[:number]]

    assert fmean(found) == pytest.approx(0, abs=0.005)
    assert max(found) < 0.2


def test_under_another_key_or_quarter_a_sketch_is_a_stranger():
    shingles = runs(template(random.Random(4)))
    ours = sketch(shingles, KEY)

    for other in (PairKey(b"\x02" * 32, "2026q4"), PairKey(KEY.secret, "2027q1")):
        assert abs(likeness(ours, sketch(shingles, other))) < 0.15
        assert not set(ours.bands(KEY)) & set(ours.bands(other))


def meeting(places, width):
    """How many pairs of edited templates have a band in common."""
    made = [(sketch(one, KEY), sketch(other, KEY)) for one, other in pairs(places, count=60)]
    return fmean(
        bool(set(one.bands(KEY, width=width)) & set(other.bands(KEY, width=width))) for one, other in made
    )


def test_near_copies_meet_in_a_band():
    assert meeting(1, width=32) >= 0.95  # 92 % of runs in common


def test_at_two_thirds_in_common_only_narrow_bands_find_nearly_all():
    assert meeting(4, width=16) >= 0.95  # 71 %
    assert meeting(4, width=32) <= 0.5


def test_strangers_do_not_meet_in_wide_bands():
    chosen = random.Random(5)
    bands = [band for _ in range(200) for band in sketch(runs(template(chosen)), KEY).bands(KEY, width=32)]

    assert len(bands) == len(set(bands)) == 200 * 32
    assert {len(band) for band in bands} == {16}


def test_equal_bits_in_different_bands_or_widths_are_different_tokens():
    empty = Sketch(bytes(128))

    assert (
        len({*empty.bands(KEY, width=32), *empty.bands(KEY, width=16), *empty.bands(KEY, width=8)})
        == 32 + 64 + 128
    )
    with pytest.raises(DataError):
        empty.bands(KEY, width=12)


def test_what_customers_wrote_is_not_part_of_a_template():
    frame = "you are a careful tutor who solves each task step by step and shows the final answer"
    texts = {
        "a": [f"{frame} task: my own secret plan for the northern harbour"],
        "b": [f"{frame.upper()}! Task: how many apples has Ada in her basket"],
    }

    found = words5(texts)

    assert "you are a careful tutor" in found
    assert "shows the final answer task" in found
    assert not any("secret" in run or "apples" in run for run in found)


def test_a_template_of_one_account_gives_nothing():
    frame = "you are a careful tutor who solves each task step by step and shows the final answer"

    assert words5({"a": [frame, frame, frame]}) == frozenset()
    assert words5({"a": [frame], "b": [], "c": ["too few words"], "d": ["too few words"]}) == frozenset()
    assert words5({"a": [frame], "b": [frame]}, least_accounts=3) == frozenset()
    with pytest.raises(DataError):
        words5({"a": [frame]}, least_accounts=1)


def test_too_few_runs_give_no_sketch():
    assert sketch({f"run {number}" for number in range(7)}, KEY) is None
    assert sketch(["run"] * 20, KEY) is None
    assert sketch({f"run {number}" for number in range(8)}, KEY) is not None


def test_a_sketch_survives_being_written():
    made = sketch(runs(template(random.Random(6))), KEY)

    assert Sketch.of_text(made.text()) == made


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "",
        lambda text: text[:-1],
        lambda text: text + "a",
        lambda text: text.upper(),
        lambda text: "0" + text[1:],
        lambda text: text[:-1] + chr(ord(text[-1]) + 1),  # the bit to spare
        lambda text: "\u0661" + text[1:],
    ],
)
def test_what_is_no_sketch_is_refused(spoil):
    with pytest.raises(DataError, match="205 letters"):
        Sketch.of_text(spoil(Sketch(bytes(128)).text()))


def test_a_sketch_of_another_length_is_refused():
    with pytest.raises(DataError):
        Sketch(bytes(127))


def test_the_order_of_runs_and_the_seed_of_the_interpreter_do_not_matter():
    program = (
        "from linkage.sharing.sketches import sketch, words5\n"
        "from linkage.sharing.tokens import PairKey\n"
        "text = ' '.join(f'w{n}' for n in range(90))\n"
        "print(sketch(words5({'a': [text], 'b': [text]}), PairKey(bytes(32), '2026q4')).text())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    text = [f"w{number}" for number in range(90)]

    assert told == {f"{sketch(sorted(runs(text)), PairKey(bytes(32), '2026q4')).text()}\n".encode()}
