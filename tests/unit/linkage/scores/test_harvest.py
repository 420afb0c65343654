"""A harvest amid other traffic: answers as long as those that asking for reasoning gets."""

from __future__ import annotations

from datetime import datetime

import pytest

from linkage.scores.behaviour import list_requests
from linkage.scores.harvest import list_lengths, measure_harvest

DAY = datetime(2026, 9, 1)  # noqa: DTZ001 - UTC, as the checked tables keep it


@pytest.fixture
def harvest(make_logs, grouped):
    """Measure a ring and strangers, each given as pairs of whether it asks for reasoning and the answer's tokens."""

    def harvest(ring, strangers):
        rows = [
            {
                "account_id": name,
                "happened_at": DAY,
                "prompt": "think step by step" if asks else "hello",
                "response_tokens": tokens,
            }
            for name, said in (("r", ring), ("s", strangers))
            for asks, tokens in said
        ]
        logs = make_logs(events=rows)
        people, senders = grouped(logs, {0: "r" if ring else [], -1: "s" if strangers else []}, word="sender")
        return measure_harvest(list_lengths(list_requests(logs, people)), senders)

    return harvest


def test_answers_about_as_long_as_those_to_asking_are_counted_here_and_elsewhere(harvest):
    """Askings get 600; so do two of the five others. Among strangers one of four answers is as long."""
    ring = [(True, 600)] * 3 + [(False, tokens) for tokens in (600, 660, 60, 90, 4000)]
    strangers = [(False, tokens) for tokens in (620, 50, 5000, 200)]

    assert harvest(ring, strangers)[0] == {"fits": 5 / 8, "fits_elsewhere": 0.25}


def test_the_middle_of_the_askings_counts_not_their_mean(harvest):
    ring = [(True, 600)] * 3 + [(True, 4000)] * 2

    assert harvest(ring, [(False, 600)])[0] == {"fits": 0.6, "fits_elsewhere": 1.0}


def test_a_third_more_or_less_is_the_same_length_and_half_as_much_again_is_not(harvest):
    ring = [(True, 600)] * 3 + [(False, tokens) for tokens in (450, 820, 900, 400)]

    assert harvest(ring, [(False, 1)])[0]["fits"] == pytest.approx(5 / 7, abs=1e-6)


def test_a_ring_that_hardly_asks_has_no_middle(harvest):
    assert 0 not in harvest([(True, 600)] * 2 + [(False, 600)] * 9, [(False, 600)])


def test_without_lengths_or_strangers_nothing_is_said(harvest):
    assert harvest([(True, None)] * 5, [(False, 600)]) == {}
    assert harvest([(True, 600)] * 5, []) == {}
