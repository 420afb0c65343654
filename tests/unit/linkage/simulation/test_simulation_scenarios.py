"""What every scenario promises, and the parts scenarios are made of."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from linkage.simulation.catalogue import HYDRA as RINGS
from linkage.simulation.catalogue import TOWN as CROWDS
from linkage.simulation.clock import DAY, HOUR, START, Rhythm, human_moments, machine_moments
from linkage.simulation.land import Land
from linkage.simulation.scenarios.everyone import Everyone
from linkage.simulation.stage import Stage
from linkage.simulation.writer import LANGUAGES, Writer, synonyms, topics

SCENARIOS = (*RINGS, *CROWDS, Everyone())


def test_scenarios_have_names_of_their_own():
    names = [scenario.name for scenario in SCENARIOS]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_scenario_is_frozen_and_says_who_its_people_are(scenario):
    assert dataclasses.is_dataclass(scenario)
    assert type(scenario).__dataclass_params__.frozen
    assert len(type(scenario).__doc__.split()) > 8


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_scenario_writes_every_prompt_and_pays_with_cards_that_have_a_bin(scenario):
    land = Land(_rng(1), scale=0.2)
    stage = Stage.open(land, np.random.SeedSequence(1), scale=0.2, room=30)

    for group in scenario.groups(stage):
        assert len(group.requests) >= 1
        assert all(group.requests.prompt)
        assert set(group.requests.who.tolist()) <= set(range(len(group.people)))
        assert all(card and bin_ for card, bin_ in zip(group.charges.card, group.charges.bin, strict=True))


def test_rings_grow_with_the_root_of_the_world():
    sizes = [
        Stage.open(None, np.random.SeedSequence(1), scale=scale).ring_size((100, 100))
        for scale in (0.5, 1, 4)
    ]

    assert sizes == [50, 100, 200]


def test_crowds_multiply_in_larger_worlds_and_shrink_in_smaller_ones():
    sizes = [
        Stage.open(None, np.random.SeedSequence(1), scale=scale).crowd_sizes((2, 2), (100, 100))
        for scale in (0.25, 1, 3)
    ]

    assert sizes == [[50], [100, 100], [100] * 6]


def test_people_at_work_are_awake_by_their_own_clock():
    count = 4000
    since = np.full(count, START)
    rhythm = Rhythm(offset=np.full(count, 7.0), working=np.ones(count))
    local = (human_moments(_rng(1), since, since + 28 * DAY, rhythm) + 7 * HOUR) % DAY / HOUR

    assert ((local > 8) & (local < 19)).mean() > 0.9


def test_people_at_work_rest_at_weekends():
    count = 4000
    since = np.full(count, START)
    rhythm = Rhythm(offset=np.zeros(count), working=np.ones(count))
    day = human_moments(_rng(1), since, since + 28 * DAY, rhythm) // DAY

    assert ((day + 3) % 7 >= 5).mean() < 0.2  # two days of seven would be 0.29


def test_machines_never_pause():
    moments = machine_moments(_rng(1), 240, START, START + DAY)

    assert np.diff(moments).max() < 2 * DAY / 240


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("word", ["ask", "detail", "form", "follow", "reason"])
def test_every_language_can_say_everything(language, word):
    writer = Writer(_rng(1))

    for topic in topics():
        text = writer.say(word, topic, language)
        assert text
        assert "{" not in text


def test_varying_a_template_exchanges_only_words_that_have_synonyms():
    before = "Act as a careful tutor who explains things plainly."
    after = Writer(_rng(1)).vary(before, 1.0)

    changed = [(old, new) for old, new in zip(before.split(), after.split(), strict=False) if old != new]
    assert changed[0][1] in synonyms()["careful"]
    assert Writer(_rng(1)).vary(before, 0.0) == before


def _rng(seed):
    return np.random.Generator(np.random.PCG64(seed))
