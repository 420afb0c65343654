"""What the rings modelled on published campaigns share, and what they do not."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pytest

from linkage.simulation.clock import DAY, END, HOUR, REFERENCE_START, START
from linkage.simulation.land import DISPOSABLE, Land
from linkage.simulation.ledger import Entry, keep_books
from linkage.simulation.scenarios.classic_hydra import ClassicHydra
from linkage.simulation.scenarios.everyone import Everyone
from linkage.simulation.scenarios.failover import Failover
from linkage.simulation.scenarios.gateway_pool import GatewayPool
from linkage.simulation.scenarios.geo_relay import GeoRelay
from linkage.simulation.scenarios.harness import Harness
from linkage.simulation.scenarios.pool_behind_homes import PoolBehindHomes
from linkage.simulation.scenarios.replay import Replay
from linkage.simulation.scenarios.shared_pool import SharedPool
from linkage.simulation.stage import Stage
from linkage.simulation.writer import LANGUAGES

if TYPE_CHECKING:
    from linkage.simulation.scenario import Scenario

RINGS = (ClassicHydra(), PoolBehindHomes(), Failover(), SharedPool(), GeoRelay(), Replay(), Harness())
ALL = (*RINGS, GatewayPool())
SEEDS = (1, 2, 3)
BEST_ALLOWED = 0.75
"""How well one number may tell members of all these rings from ordinary people."""

each_ring = pytest.mark.parametrize("scenario", RINGS, ids=lambda scenario: scenario.name)
every_scenario = pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
every_seed = pytest.mark.parametrize("seed", SEEDS)


class Play(NamedTuple):
    """One scenario alone: the land it played in, its groups, and its rows before the books blank any."""

    scenario: Scenario
    land: Land
    groups: list
    events: pd.DataFrame
    charges: pd.DataFrame
    created: np.ndarray


@cache
def play(scenario, seed, *, scale=1.0, busy=1.0, room=0):
    land = Land(np.random.Generator(np.random.PCG64(_stream(seed, "land"))), scale=scale)
    stage = Stage.open(land, _stream(seed, scenario.name), scale=scale, busy=busy, room=room)
    groups = list(scenario.groups(stage))
    first = np.cumsum([0, *(len(group.people) for group in groups)])[:-1].tolist()
    events = pd.concat([_events(group, start) for group, start in zip(groups, first, strict=True)])
    charges = pd.concat([_charges(group, start) for group, start in zip(groups, first, strict=True)])
    created = np.concatenate([group.people.created_at for group in groups])
    return Play(scenario, land, groups, events.sort_values("at", kind="stable"), charges, created)


@every_scenario
def test_the_same_seed_makes_the_same_books(scenario):
    first, second = (_books(play.__wrapped__(scenario, 1, scale=0.3)) for _ in range(2))

    assert all(first[name].equals(second[name]) for name in first)


@every_scenario
def test_another_seed_makes_another_group(scenario):
    first, second = (play(scenario, seed) for seed in (1, 2))

    assert not set(first.events["prompt"]) >= set(second.events["prompt"])
    assert not np.array_equal(first.created, second.created)


@every_scenario
@pytest.mark.parametrize(("scale", "busy"), [(1.0, 1.0), (0.2, 1.0), (4.0, 0.5), (0.5, 3.0)])
def test_nobody_asks_or_pays_before_the_account_is_open_or_outside_the_weeks_we_see(scenario, scale, busy):
    for seed in SEEDS if scale == 1.0 else (1,):
        rows = play(scenario, seed, scale=scale, busy=busy)

        assert (rows.events["at"] >= rows.created[rows.events["who"]]).all()
        assert (rows.charges["at"] >= rows.created[rows.charges["who"].astype(int)]).all()
        for moments in (rows.events["at"], rows.charges["at"]):
            assert moments.between(REFERENCE_START, END - 1).all()


@every_scenario
@every_seed
def test_every_request_is_written_and_every_charge_names_card_and_bin(scenario, seed):
    rows = play(scenario, seed)

    assert rows.events["prompt"].str.len().min() > 5
    assert not rows.events["prompt"].str.contains(r"\{[a-z]+\}").any()
    assert rows.charges[["card", "bin"]].notna().all(axis=None)
    assert rows.events["reply"].between(3, 4096).all()


@each_ring
@every_seed
def test_rings_are_small_enough_for_a_world_and_nearly_all_members_ask(scenario, seed):
    rows = play(scenario, seed)
    asked = rows.events.groupby("who").size()

    assert 20 <= len(rows.created) <= 65
    assert len(asked) >= 0.9 * len(rows.created)
    assert 4 <= asked.mean() <= 18


@each_ring
@every_seed
def test_the_earlier_period_is_without_these_rings(scenario, seed):
    assert play(scenario, seed).events["at"].min() >= START


@each_ring
@every_seed
def test_a_ring_as_a_whole_keeps_no_hours(scenario, seed):
    quarter = play(scenario, seed).events["at"] % DAY // (6 * HOUR)

    assert quarter.value_counts(normalize=True).reindex(range(4), fill_value=0).min() > 0.1


@each_ring
def test_the_truth_knows_one_ring_and_no_crowd(scenario):
    truth = _books(play(scenario, 1))["truth"]

    assert truth["ring"].unique().to_pylist() == [f"{scenario.name}-1"]
    assert truth["crowd"].null_count == truth.num_rows


@pytest.mark.parametrize("scenario", [each for each in RINGS if each.hard], ids=lambda each: each.name)
@every_seed
def test_a_hard_ring_shares_neither_card_nor_home(scenario, seed):
    rows = play(scenario, seed)
    pools = {seat for carrier in rows.land.carriers for seat in carrier.seats}
    pools |= {seat for seat, _ in rows.land.exit_homes}
    homes = rows.events[~rows.events["seat"].isin(pools)]

    assert rows.charges.groupby("card")["who"].nunique().max() == 1
    assert homes.groupby("seat")["who"].nunique().max() == 1
    assert len(homes) > 0.7 * len(rows.events)


@each_ring
@every_seed
def test_some_sign_up_well_before_the_others(scenario, seed):
    created = play(scenario, seed).created

    assert np.mean(created < START - 20 * DAY) > 0.05
    assert np.mean(created > START - 20 * DAY) > 0.3


def test_the_classic_ring_opens_most_accounts_within_two_days():
    for seed in SEEDS:
        created = np.sort(play(ClassicHydra(), seed).created)
        within = [np.sum((created >= first) & (created <= first + 2 * DAY)) for first in created]

        assert max(within) >= 0.6 * len(created)


def test_the_classic_ring_gives_a_job_every_forty_seconds_to_the_next_account():
    for seed in SEEDS:
        events = play(ClassicHydra(), seed).events
        gap, same = events["at"].diff(), events["who"].diff() == 0
        inside = gap < 300

        assert gap[inside].median() == pytest.approx(40, abs=5)
        assert inside.mean() > 0.9
        assert same.sum() == 0


def test_the_classic_ring_goes_round_in_a_circle():
    events = play(ClassicHydra(), 1).events
    members = len(play(ClassicHydra(), 1).created)
    ahead = (events["who"].diff().dropna() % members).astype(int)

    assert ahead.median() <= 3


def test_the_classic_ring_has_few_addresses_three_an_account_and_few_cards():
    for seed in SEEDS:
        rows = play(ClassicHydra(), seed)

        assert 8 <= rows.events["seat"].nunique() <= 12
        assert rows.events.groupby("who")["seat"].nunique().max() == 3
        assert set(rows.events["seat"]) <= set(rows.land.hosters[0].seats)
        assert rows.charges["card"].nunique() <= rows.charges["who"].nunique() / 4


def test_the_classic_ring_words_one_template_in_eight_ways():
    prompts = play(ClassicHydra(), 1).events["prompt"]
    halves = Counter(half for prompt in prompts for half in prompt.split("\n\n"))

    assert 4 <= sum(count > 5 for count in halves.values()) <= 8


def test_the_pool_puts_one_preamble_of_sixty_tokens_before_all_jobs_word_for_word():
    for seed in SEEDS:
        prompts = play(PoolBehindHomes(), seed).events["prompt"]
        start, share = _usual_start(prompts)

        assert 0.8 < share < 0.97  # the rest is small talk
        assert 38 <= len(start.split()) <= 54
        assert prompts.is_unique


def test_the_pool_pays_with_one_time_cards_of_two_virtual_issuers():
    for seed in SEEDS:
        rows = play(PoolBehindHomes(), seed)

        assert rows.charges["bin"].nunique() == 2
        assert set(rows.charges["bin"]) <= set(rows.land.virtual_bins)
        assert 0.5 < rows.charges["who"].nunique() / len(rows.created) < 1


def test_the_pool_rents_several_homes_for_each_account_and_has_mail_for_a_day():
    rows = play(PoolBehindHomes(), 1)
    mail = pd.Series(rows.groups[0].people.email_domain)

    assert rows.events.groupby("who")["seat"].nunique().median() >= 3
    assert 0.35 < mail.isin(DISPOSABLE).mean() < 0.8
    assert mail.nunique() >= 10


def test_failover_is_two_groups_of_one_name():
    for seed in SEEDS:
        first, second = play(Failover(), seed).groups

        assert first.name == second.name == "failover-1"
        assert len(second.people) == round(0.7 * len(first.people))


def test_the_second_pool_takes_over_within_a_day_of_the_ban():
    for seed in SEEDS:
        first, second = play(Failover(), seed).groups
        ban, taken_over = first.requests.at.max(), np.sort(second.requests.at)

        assert START + 10 * DAY < ban < START + 14 * DAY
        assert ban < taken_over[0] < ban + DAY
        daily = len(first.requests) / 12
        assert np.sum(taken_over < taken_over[0] + DAY) > 0.3 * daily


def test_most_of_the_second_pool_was_opened_long_before_and_idle():
    for seed in SEEDS:
        first, second = play(Failover(), seed).groups
        ban = first.requests.at.max()
        old = second.people.created_at < ban - 44 * DAY

        assert old.mean() == pytest.approx(0.6, abs=0.05)
        assert second.requests.at.min() > ban
        assert (second.people.created_at[~old] > ban - 5 * DAY).all()


def test_the_second_pool_has_the_first_ones_preamble_lightly_edited():
    for seed in SEEDS:
        first, second = (
            _usual_start(pd.Series(group.requests.prompt)) for group in play(Failover(), seed).groups
        )
        before, after = (set(start.split()) for start, _ in (first, second))

        assert first[0] != second[0]
        assert min(first[1], second[1]) == 1.0
        assert len(before & after) / len(before | after) > 0.4


def test_the_shared_pool_carries_two_clients_on_some_of_its_accounts():
    for seed in SEEDS:
        rows = play(SharedPool(), seed)
        template = rows.events["prompt"].str.split("\n\n").str[0].map(_names_in)
        shares = template.value_counts(normalize=True)
        carrying = rows.events.groupby(template)["who"].nunique().reindex(shares.index) / len(rows.created)

        assert shares.head(3).tolist() == pytest.approx([0.7, 0.2, 0.1], abs=0.06)
        assert carrying.iloc[0] > 0.9
        assert (carrying.iloc[1:3] < 0.65).all()


def test_the_shared_pools_addresses_go_round_and_some_cards_do():
    for seed in SEEDS:
        rows = play(SharedPool(), seed)
        holders = rows.charges.groupby("card")["who"].nunique()

        assert 1.5 < rows.events.groupby("seat")["who"].nunique().mean() < 4
        assert holders.max() <= 3
        assert 0.2 < holders[holders > 1].sum() / holders.sum() < 0.8


def test_the_relay_lives_in_two_countries_and_asks_in_many_languages():
    for seed in SEEDS:
        rows = play(GeoRelay(), seed)
        (group,) = rows.groups
        two = Counter(group.people.country.tolist()).most_common(2)
        networks = {network.asn for country, _ in two for network in rows.land.isps[country]}

        assert sum(count for _, count in two) >= 0.88 * len(group.people)
        assert rows.events["asn"].isin(networks).mean() > 0.8
        assert rows.events["prompt"].str.contains(r"\b(?:ich|eine?|das|der)\b").any()
        assert rows.events["prompt"].str.contains(r"\b(?:para|una?|el)\b").any()


def test_the_relay_uses_one_program_that_others_have_too():
    rows = play(GeoRelay(), 1)
    program, share = rows.events["agent"].mode()[0], rows.events["agent"].value_counts(normalize=True).iloc[0]

    assert 0.75 < share < 0.97
    assert program in rows.land.agents


def test_passages_come_back_in_the_prompts_of_several_members():
    for seed in SEEDS:
        shared = _stretches(play(Replay(), seed).events, 25)
        members = shared.groupby("stretch")["who"].nunique()

        assert (members >= 3).sum() >= 100
        assert 0.3 < shared["row"].nunique() / len(play(Replay(), seed).events) < 0.8


def test_nothing_is_replayed_to_the_member_who_asked_first():
    events = play(Replay(), 1).events
    asked = dict(zip(events["prompt"], events["who"], strict=True))
    replayed = [
        (who, asked[part.strip()])
        for prompt, who in zip(events["prompt"], events["who"], strict=True)
        for part in prompt.replace("\n---\n", "\n\n").split("\n\n")
        if part.strip() in asked and part.strip() != prompt
    ]

    assert len(replayed) >= 15
    assert all(who != first for who, first in replayed)


def test_replay_works_hard_from_a_few_hosted_addresses():
    for seed in SEEDS:
        rows = play(Replay(), seed)
        hosted = rows.events[rows.events["asn"] == rows.land.hosters[2].asn]

        assert 9 < len(rows.events) / len(rows.created) < 18
        assert hosted.groupby("seat")["who"].nunique().mean() > 2.5
        assert 0.55 < len(hosted) / len(rows.events) < 0.85
        assert rows.charges.groupby("card")["who"].nunique().max() == 1


def test_all_of_the_harness_ring_looks_like_the_public_harness():
    for seed in SEEDS:
        rows = play(Harness(), seed)

        assert set(rows.events["system"]) == {rows.land.harness.text}
        assert rows.events["agent"].str.contains("harness").all()
        assert set(rows.events["agent"]) <= set(rows.land.agents)


def test_honest_people_send_the_harness_prompt_too():
    rows = play(Everyone(), 1, room=800)

    assert (rows.events["system"] == rows.land.harness.text).sum() > 50


def test_tasks_are_tried_again_by_other_members_hours_later():
    for seed in SEEDS:
        events = play(Harness(), seed).events
        pasted = events["prompt"].str.split("\n\n", n=1).str[1].dropna()
        tries = events.loc[pasted.index].assign(pasted=pasted).groupby("pasted")
        again = tries["who"].size() > 1

        assert tries["who"].size().max() == 3
        assert again.mean() > 0.3
        assert (tries["who"].nunique()[again] > 1).mean() > 0.8
        assert tries["at"].agg(lambda at: at.max() - at.min())[again].median() > HOUR
        assert events["prompt"].nunique() > 0.9 * len(events)


def test_the_gateway_is_an_honest_crowd_of_about_twenty_subscriptions():
    truth = _books(play(GatewayPool(), 1))["truth"]

    assert truth.num_rows == 22
    assert truth["crowd"].unique().to_pylist() == ["gateway-1"]
    assert truth["ring"].null_count == 22


def test_the_gateway_looks_linked():
    for seed in SEEDS:
        rows = play(GatewayPool(), seed)

        assert rows.events["seat"].value_counts(normalize=True).iloc[0] > 0.85
        assert rows.charges["card"].nunique() <= 11
        assert set(rows.groups[0].people.plan) == {"pro"}


@each_ring
@every_seed
def test_a_ring_asks_for_the_reasoning_in_a_good_part_of_its_prompts_and_never_in_all(scenario, seed):
    share = _reasoning(play(scenario, seed).events)

    assert 0.2 < share < 0.6


def test_the_gateways_friends_ask_for_the_reasoning_no_oftener_than_people_do():
    friends = np.mean([_reasoning(play(GatewayPool(), seed).events) for seed in range(1, 9)])
    people = _reasoning(play(Everyone(), 1, room=800).events)

    assert friends == pytest.approx(people, abs=0.07)


@pytest.mark.parametrize(
    "number",
    ["requests", "words", "shortest", "longest", "reply", "reply_spread", "first", "last", "hour", "created"],
)
def test_no_one_number_gives_the_members_of_all_rings_away(number):
    members = pd.concat([_numbers(play(scenario, 1)) for scenario in RINGS])[number].to_numpy(float)
    others = _numbers(play(Everyone(), 1, room=800))[number].to_numpy(float)

    assert _auc(members, others) <= BEST_ALLOWED


def _events(group, start):
    requests = group.requests
    return pd.DataFrame(
        {
            "who": requests.who + start,
            "at": requests.at,
            "seat": requests.seat,
            "asn": requests.asn,
            "agent": requests.agent,
            "reply": requests.reply,
            "prompt": requests.prompt,
            "system": requests.system,
        }
    )


def _charges(group, start):
    charges = group.charges
    return pd.DataFrame(
        {"who": charges.who + start, "at": charges.at, "card": charges.card, "bin": charges.bin}
    )


def _books(rows):
    """Name the groups as a world does, and write them down."""
    entries = []
    for number, group in enumerate(rows.groups, start=1):
        name = group.name or f"{rows.scenario.name}-{number}"
        ring = rows.scenario.ring if group.ring is None else group.ring
        entries.append(Entry(group, ring=name if ring else None, crowd=None if ring else name))
    return keep_books(entries, np.random.Generator(np.random.PCG64(0)))


def _usual_start(prompts):
    """Find the longest beginning, in words, that four of five prompts have, and how many have it."""
    start, share = "", 1.0
    for count in range(1, 80):
        common, times = Counter(" ".join(prompt.split()[:count]) for prompt in prompts).most_common(1)[0]
        if times <= 0.8 * len(prompts):
            break
        start, share = common, times / len(prompts)
    return start, share


def _names_in(template):
    """Keep the words of a template that are never exchanged: those with capitals."""
    return " ".join(re.findall(r"[A-Z]\w{2,}", template))


def _stretches(events, length):
    """List every stretch of so many words in the prompts that more than one member sent."""
    rows = [
        (" ".join(words[place : place + length]), row, who)
        for row, (prompt, who) in enumerate(zip(events["prompt"], events["who"], strict=True))
        for words in [prompt.split()]
        for place in range(len(words) - length + 1)
    ]
    frame = pd.DataFrame(rows, columns=["stretch", "row", "who"])
    return frame[frame.groupby("stretch")["who"].transform("nunique") > 1]


def _reasoning(events):
    """Measure how many prompts hold one of the grammar's ways to ask for the reasoning."""
    telling = _telling()
    return np.mean([any(part in prompt for part in telling) for prompt in events["prompt"].str.lower()])


@cache
def _telling():
    """List the longest fixed part of each of those ways."""
    folder = resources.files("linkage.simulation").joinpath("texts")
    return tuple(
        max(re.split(r"\{\w+\}", option), key=len).lower()
        for language in LANGUAGES
        for option in tomllib.loads(folder.joinpath(f"{language}.toml").read_text("utf-8"))["rules"]["reason"]
    )


def _numbers(rows):
    events = rows.events[rows.events["at"] >= START]
    words = events["prompt"].str.count(" ") + events["system"].fillna("").str.count(" ") + 1
    words, replies, moments = (
        column.groupby(events["who"]) for column in (words, events["reply"], events["at"])
    )
    frame = pd.DataFrame(
        {
            "requests": words.size(),
            "words": words.mean(),
            "shortest": words.min(),
            "longest": words.max(),
            "reply": replies.mean(),
            "reply_spread": replies.std(),
            "first": moments.min(),
            "last": moments.max(),
            "hour": (events["at"] % DAY // HOUR).groupby(events["who"]).std(),
        }
    ).fillna(-1)
    return frame.assign(created=rows.created[frame.index])


def _auc(members, others):
    """Measure how well a number orders members before others, or after them."""
    ranks = pd.Series(np.concatenate((members, others))).rank().to_numpy()[: len(members)]
    area = (ranks.sum() - len(members) * (len(members) + 1) / 2) / (len(members) * len(others))
    return max(area, 1 - area)


def _stream(seed, name):
    return np.random.SeedSequence(seed, spawn_key=tuple(name.encode()))
