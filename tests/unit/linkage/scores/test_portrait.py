"""One ring in words: what it is, and what would clear it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from linkage.rings.ring import Member
from linkage.scores.calibration import combine
from linkage.scores.parts import PARTS
from linkage.scores.portrait import SHOWN, portray

STRONG = {part.name: 0.0 if part.name == "door" else 0.8 for part in PARTS if part.name != "upstream"}


@pytest.fixture
def scored(make_ring, plain):
    """A ring scored by its signals."""

    def scored(signals, linked=0.99, **facts):
        odds = plain.odds(signals)
        score = 0.5 * linked if odds is None else plain.probability(combine(linked, odds))
        return make_ring(
            signals=signals,
            linked=linked,
            extraction=None if odds is None else plain.probability(odds),
            score=score,
            **facts,
        )

    return scored


def test_it_says_the_axes_apart_the_evidence_and_the_behaviour(scored, plain):
    lines = portray(scored(STRONG), plain).lines

    assert lines[0].startswith("R-7K2M9Q  score 0.9")
    assert "linked 0.99" in lines[0]
    assert "extraction " in lines[0]
    assert "8 accounts, 160 events, ? to ?" in lines
    assert "- 1 card pays for 8 accounts" in lines
    assert "- as a whole it works around the clock" in lines
    assert "honest reading: none found" in lines


def test_a_part_that_hardly_counts_is_not_told(scored, plain):
    assert not any("topics" in line for line in portray(scored({"coverage": 0.29}), plain).lines)


def test_what_would_clear_it_is_the_fewest_parts_found_to_be_ordinary(scored, plain):
    ring = scored({"evenness": 1.0, "roundness": 0.6, "elicitation": 0.1})
    assert ring.score > 0.7

    line = portray(ring, plain).lines[-1]

    assert line == "what would clear it: an honest reason why it gets answers of even length"


def test_taking_those_parts_away_drops_the_score_under_the_threshold(scored, plain):
    ring = scored(STRONG | {"upstream": 0.3})
    line = portray(ring, plain).lines[-1]
    left = {part.name: 0.0 if part.sentence in line else ring.signals[part.name] for part in PARTS}

    assert "honest reason" in line
    assert plain.probability(combine(ring.linked, plain.odds(left))) < 0.7 <= ring.score


def test_a_ring_under_the_threshold_needs_no_clearing(scored, plain):
    assert (
        portray(scored({"evenness": 0.0}), plain).lines[-1]
        == "what would clear it: nothing is needed, it is under 0.7"
    )
    assert "it is under 0.95" in portray(scored(STRONG, linked=0.8), plain, threshold=0.95).lines[-1]


def test_where_nothing_is_known_of_behaviour_it_says_so(scored, plain):
    assert "extraction unknown" in portray(scored({}), plain).lines[0]


def test_the_waterfall_adds_up_on_both_axes(scored, plain):
    ring = scored(STRONG)
    rows = portray(ring, plain).waterfall
    odds = sum(float(row["adds"].split()[0]) for row in rows if row["axis"] == "extraction")

    assert [row["adds"] for row in rows if row["axis"] == "linked"] == ["9.10 bits"]
    assert odds == pytest.approx(plain.odds(STRONG) - plain.reading(STRONG).prior, abs=0.05)


def test_the_waterfall_is_of_the_reading_by_which_a_ring_is_judged(scored, plain):
    """Behaviour like everybody's, and words of their own: -4 + 5 + 3 + 3 is more than -6.5."""
    strangers = {"evenness": 0.0, "roundness": 0.0, "words": 1.0, "volume": 1.0, "pace": 1.0}
    ring = scored(strangers)

    told = portray(ring, plain)

    assert plain.odds(strangers) == 7.0
    assert [row["part"] for row in told.waterfall if row["axis"] == "extraction"] == [
        *("words", "volume", "pace"),
    ]
    assert told.lines[-1].startswith(
        "what would clear it: an honest reason why it is made of strangers who say"
    )


def test_only_the_surest_members_are_shown(scored, plain):
    members = tuple(Member(f"acct_{n}", 0.9, None, "member", 0.8) for n in range(SHOWN + 5))

    found = portray(scored(STRONG, members=members), plain).members

    assert [member["account"] for member in found] == [f"acct_{n}" for n in range(SHOWN)]


def test_it_says_what_the_score_means_and_how_many_of_such_rings_should_be_false(scored, plain):
    told = replace(plain, seen=tuple((score / 100, score > 50) for score in range(100)))
    lines = portray(scored(STRONG, q_value=0.012), told).lines

    assert any("were extraction rings" in line and "1.2% or fewer should be false" in line for line in lines)


def test_what_a_family_adds_beyond_its_cap_is_told_as_taken_away(scored, plain):
    restless = {name: value for name, value in STRONG.items() if name not in ("words", "volume", "pace")}
    rows = portray(scored(restless | {"turns": 1.0}), plain).waterfall

    assert [row["adds"][0] for row in rows if row["part"].startswith("hours, beyond")] == ["-"]
