"""What further honest crowds share, and that they share it honestly."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from functools import cache

import numpy as np
import pytest

from linkage.simulation.clock import DAY, END, HOUR, REFERENCE_START, START
from linkage.simulation.crowds import choose, together
from linkage.simulation.land import COUNTRIES, RELAYS, Land
from linkage.simulation.ledger import Entry, keep_books
from linkage.simulation.requests import temporary_seats
from linkage.simulation.scenarios.aggregator import Aggregators
from linkage.simulation.scenarios.backfill import Backfills
from linkage.simulation.scenarios.campus import Campuses
from linkage.simulation.scenarios.coworking import Coworking
from linkage.simulation.scenarios.evaluation_team import EvaluationTeams
from linkage.simulation.scenarios.exit_homes import ExitHomes
from linkage.simulation.scenarios.harness_users import HarnessUsers
from linkage.simulation.scenarios.honest_reseller import HonestResellers
from linkage.simulation.scenarios.mail_relays import MailRelays
from linkage.simulation.scenarios.prepaid import PrepaidPayers
from linkage.simulation.scenarios.research import LicensedResearch
from linkage.simulation.scenarios.runners import Runners
from linkage.simulation.scenarios.service_desk import ServiceDesks
from linkage.simulation.scenarios.tutors import CramSchools
from linkage.simulation.scenarios.twin_offices import TwinOffices
from linkage.simulation.stage import Stage

CROWDS = (
    *(Campuses(), HarnessUsers(), PrepaidPayers(), Aggregators(), Runners(), Backfills()),
    *(LicensedResearch(), ExitHomes(), MailRelays(), Coworking()),
    *(TwinOffices(), ServiceDesks(), EvaluationTeams(), HonestResellers(), CramSchools()),
)

every_crowd = pytest.mark.parametrize("scenario", CROWDS, ids=lambda scenario: scenario.name)


@every_crowd
def test_a_crowd_is_frozen_is_no_ring_and_says_who_its_people_are(scenario):
    assert type(scenario).__dataclass_params__.frozen
    assert dataclasses.is_dataclass(scenario)
    assert scenario.name
    assert scenario.number.startswith("B")
    assert not scenario.ring
    assert not any(group.ring for group in play(scenario))
    assert len(type(scenario).__doc__.split()) > 15


@every_crowd
def test_nobody_asks_or_pays_before_signing_up_or_outside_the_weeks_we_see(scenario):
    for group in play(scenario):
        people, requests, charges = group.people, group.requests, group.charges
        assert (requests.at >= people.created_at[requests.who]).all()
        assert (charges.at >= people.created_at[charges.who]).all()
        for moments in (requests.at, charges.at):
            assert ((moments >= REFERENCE_START) & (moments < END)).all()


@every_crowd
def test_every_prompt_is_written_and_every_card_has_a_bin(scenario):
    for group in play(scenario):
        assert all(group.requests.prompt)
        assert all(
            (card is None) == (issuer is None)
            for card, issuer in zip(group.people.card, group.people.bin, strict=True)
        )


@every_crowd
def test_at_3000_accounts_a_crowd_is_modest_and_no_account_absurd(scenario):
    groups = play(scenario)

    assert 2 <= sum(len(group.people) for group in groups) <= 250
    for group in groups:
        assert np.bincount(group.requests.who).max() <= 140
        assert group.requests.reply.max() <= 4096
        assert max(len(prompt) for prompt in group.requests.prompt) < 4000


@every_crowd
def test_the_same_seed_gives_the_same_tables_and_another_seed_others(scenario):
    once, again, other = (_tables(_play(scenario, seed=seed, scale=0.2)) for seed in (1, 1, 2))

    assert all(once[name].equals(again[name]) for name in once)
    assert not once["events"].equals(other["events"])


def test_a_campus_leaves_by_two_addresses():
    (campus,) = play(Campuses())

    assert len(campus.people) >= 190
    assert _most(campus.requests.seat, 2) > 0.6


def test_a_campus_signs_up_class_by_class():
    created = np.sort(play(Campuses())[0].people.created_at)
    in_wave = np.searchsorted(created, created + 3 * HOUR) - np.searchsorted(created, created - 3 * HOUR) > 12

    assert in_wave.mean() > 0.55
    assert np.count_nonzero(np.diff(created[in_wave]) > 6 * HOUR) >= 1  # more than one wave


def test_each_class_of_a_campus_has_assignments_of_its_own():
    (campus,) = play(Campuses())
    holders = defaultdict(set)
    for who, prompt in zip(campus.requests.who.tolist(), campus.requests.prompt, strict=True):
        for line in prompt.splitlines():
            holders[line.lstrip("12345. ")].add(who)
    shared = [accounts for accounts in holders.values() if len(accounts) >= 10]
    apart = [(a, b) for a in shared for b in shared if not a & b]

    assert len(shared) >= 10
    assert apart


def test_harness_users_share_a_long_system_prompt_and_nothing_else():
    (users,) = play(HarnessUsers())
    text = _land().harness.text
    coders = {
        who for who, system in zip(users.requests.who, users.requests.system, strict=True) if system == text
    }

    assert 0.35 < len(coders) / len(users.people) < 0.65
    assert len(set(users.people.country.tolist())) >= 6
    assert _accounts_a_card(users).max() == 1
    assert np.median(list(_accounts_a_seat(users).values())) == 1


def test_prepaid_payers_have_cards_of_their_own_and_one_bin():
    groups = play(PrepaidPayers())

    assert {group.name for group in groups} == {"prepaid-1"}
    assert len({issuer for group in groups for issuer in group.people.bin}) == 1
    assert groups[0].people.bin[0] in _land().virtual_bins
    assert all(_accounts_a_card(group).max() == 1 for group in groups)


def test_half_of_prepaid_payers_live_in_two_countries():
    countries = Counter(country for group in play(PrepaidPayers()) for country in group.people.country)

    assert sum(count for _, count in countries.most_common(2)) >= 0.5 * countries.total()


def test_an_aggregator_sends_many_accounts_through_few_addresses_day_and_night():
    (gateway,) = play(Aggregators())

    assert len(gateway.people) >= 170
    assert len(set(gateway.requests.seat)) <= 14
    assert len(set(gateway.requests.agent)) == len(set(gateway.people.card)) == 4
    assert set(gateway.requests.at // HOUR % 24) == set(range(24))
    assert {COUNTRIES[country].language for country in gateway.people.country} == {
        country.language for country in COUNTRIES
    }


def test_a_runner_works_anywhere_at_any_hour_under_many_agents():
    runners, _ = play(Runners())

    for who in range(len(runners.people)):
        mine = runners.requests.who == who
        assert mine.sum() >= 60
        assert len(set(runners.requests.seat[mine])) > 0.7 * mine.sum()
        assert len(set(runners.requests.agent[mine])) >= 3
        assert len(set(runners.requests.at[mine] // HOUR % 24)) >= 16


def test_developers_meet_runners_on_the_same_machines():
    runners, developers = play(Runners())

    assert set(runners.requests.seat) & set(developers.requests.seat)


def test_a_backfill_is_one_account_that_goes_to_full_speed_at_once():
    groups = play(Backfills())

    assert len(groups) >= 3
    for group in groups:
        moments = np.sort(group.requests.at)
        assert len(group.people) == 1
        assert moments[0] - group.people.created_at[0] < 2 * HOUR
        assert moments[-1] - moments[0] < 50 * HOUR
        assert np.diff(moments).max() < 3 * np.diff(moments).mean()
        assert len(set(group.requests.seat)) == 1


def test_licensed_research_looks_like_a_ring_and_is_allowed_with_its_project():
    (institute,) = play(LicensedResearch())

    assert institute.allowed.startswith("licensed research, project ")
    assert 36 <= len(institute.people) <= 44
    assert len(set(institute.people.card)) == len(set(institute.people.email_domain)) == 1
    assert institute.people.email_domain[0].startswith("institute-")
    assert _most(institute.requests.seat, 3) > 0.8
    assert set(institute.requests.at // HOUR % 24) == set(range(24))
    assert 0.3 < _asking_for_reasoning(institute.requests.prompt) < 0.75


def test_nobody_else_is_on_the_allowlist():
    others = [scenario for scenario in CROWDS if scenario.name != "research"]

    assert not any(group.allowed for scenario in others for group in play(scenario))


def test_exit_homes_are_homes_that_proxies_rent_out():
    scenario = ExitHomes()
    stage = _stage(scenario, seed=1, scale=1.0)
    homes = [(group.people.home[0], int(group.people.asn[0])) for group in scenario.groups(stage)]
    rented, _ = temporary_seats(stage, 600, tuple(range(8)))

    assert len(set(homes)) == len(homes) >= 20
    assert set(homes) <= set(stage.land.exit_homes)
    assert set(rented) & {seat for seat, _ in homes}


def test_people_of_an_exit_home_live_where_its_address_is():
    scenario = ExitHomes()
    stage = _stage(scenario, seed=1, scale=1.0)

    for group in scenario.groups(stage):
        (country,) = set(group.people.country.tolist())
        assert group.people.asn[0] in {network.asn for network in stage.land.isps[country]}


def test_mail_relays_share_a_domain_and_no_card():
    (people,) = play(MailRelays())

    assert set(people.people.email_domain) == set(RELAYS)
    assert _accounts_a_card(people).max() == 1


def test_a_coworking_space_has_one_address_and_many_small_firms():
    (space,) = play(Coworking())
    firms = Counter(org for org in space.people.org if org)

    assert 54 <= len(space.people) <= 66
    assert _most(space.requests.seat, 1) > 0.55
    assert len(firms) >= 8
    assert max(firms.values()) <= 4


def test_twin_offices_share_address_card_text_and_week():
    offices = play(TwinOffices())

    assert len(offices) >= 5
    for office in offices:
        assert _most(office.requests.seat, 1) > 0.75
        assert len(set(office.people.card)) == 1
        assert np.ptp(office.people.created_at) < 6 * DAY
        texts = office.requests.system, [prompt.split("\n\n")[0] for prompt in office.requests.prompt]
        assert max(_most([text for text in part if text], 1, of=len(office.requests)) for part in texts) > 0.7


def test_twin_offices_work_by_day_and_some_use_private_mail():
    offices = play(TwinOffices())

    assert {bool(office.people.org[0]) for office in offices} == {True, False}
    for office in offices:
        assert ((_local(office) > 6) & (_local(office) < 20)).mean() > 0.85


def test_a_service_desk_never_closes_although_nobody_works_more_than_a_shift():
    for desk in play(ServiceDesks()):
        local = _local(desk)
        shifts = defaultdict(set)
        for who, week, shift in zip(
            desk.requests.who.tolist(), desk.requests.at // DAY // 7, local // 8, strict=True
        ):
            shifts[who, week].add(shift)
        assert len(set(local.astype(int))) == 24
        # A week of the clock in UTC may begin in the middle of a local day.
        assert np.mean([len(worked) for worked in shifts.values()]) < 1.35


def test_a_service_desk_answers_evenly_and_asks_for_no_reasoning():
    for desk in play(ServiceDesks()):
        assert desk.requests.reply.std() / desk.requests.reply.mean() < 0.4
        assert _asking_for_reasoning(desk.requests.prompt) < 0.02
        assert _most(desk.requests.seat, 2) > 0.9
        assert len(set(desk.people.card)) == 1


def test_an_evaluation_team_asks_the_same_questions_each_working_night():
    for team in play(EvaluationTeams()):
        nights = defaultdict(set)
        accounts = defaultdict(set)
        for who, at, prompt in zip(
            team.requests.who.tolist(), team.requests.at.tolist(), team.requests.prompt, strict=True
        ):
            if "\nQuestion " in prompt:
                nights[prompt].add(at // DAY)
                accounts[prompt].add(who)
        assert 8 <= len(nights) <= 20
        assert len({len(days) for days in nights.values()}) == 1
        assert min(len(days) for days in nights.values()) >= 15
        assert min(len(asked) for asked in accounts.values()) >= 5
        assert _asking_for_reasoning(nights) > 0.4


def test_an_evaluation_team_shares_a_card_and_few_cloud_addresses():
    for team in play(EvaluationTeams()):
        benchmark = np.array(["\nQuestion " in prompt for prompt in team.requests.prompt])
        assert 15 <= len(team.people) <= 30
        assert len(set(team.people.card)) == 1
        assert len(set(team.requests.seat[benchmark])) <= 5
        assert ((_local(team)[benchmark] >= 2) & (_local(team)[benchmark] < 4)).all()


def test_an_honest_reseller_shares_cards_and_addresses_and_everybody_asks_their_own():
    (reseller,) = play(HonestResellers())

    assert len(set(reseller.people.card)) <= len(reseller.people) / 4
    assert len(set(reseller.requests.seat)) <= 8
    assert set(reseller.requests.at // HOUR % 24) == set(range(24))
    assert len(set(reseller.requests.prompt)) > 0.97 * len(reseller.requests)


def test_a_cram_school_sits_in_neighbouring_networks_at_human_hours():
    (school,) = play(CramSchools())
    common = [seat for seat, _ in Counter(school.requests.seat).most_common(8)]
    numbers = sorted(int(seat.rpartition(":")[2], 16) for seat in common)

    assert 60 <= len(school.people) <= 80
    assert _most(school.requests.seat, 8) > 0.6
    assert len({seat.rpartition(":")[0] for seat in common}) == 1
    assert numbers[-1] - numbers[0] == 7
    assert ((_local(school) > 1) & (_local(school) < 6)).mean() < 0.1


def test_a_cram_school_pastes_one_template_round_exercises_of_ones_own():
    (school,) = play(CramSchools())
    first, rest = zip(*(prompt.partition("\n\n")[::2] for prompt in school.requests.prompt), strict=True)
    template, count = Counter(first).most_common(1)[0]

    assert count > 0.65 * len(first)
    exercises = [text for head, text in zip(first, rest, strict=True) if head == template]
    assert len(set(exercises)) > 0.95 * len(exercises)


def test_lots_of_requests_are_put_together_and_chosen_from_row_by_row():
    requests = play(Coworking())[0].requests
    early = requests.at < START

    again = together(choose(requests, early), choose(requests, ~early))
    order = np.concatenate((np.flatnonzero(early), np.flatnonzero(~early)))
    for field in dataclasses.fields(requests):
        before = np.array(getattr(requests, field.name), dtype=object)[order]
        assert list(getattr(again, field.name)) == list(before)


@cache
def play(scenario):
    return _play(scenario, seed=1, scale=1.0)


def _play(scenario, *, seed, scale):
    return tuple(scenario.groups(_stage(scenario, seed=seed, scale=scale)))


def _stage(scenario, *, seed, scale):
    stream = np.random.SeedSequence(seed, spawn_key=tuple(scenario.name.encode()))
    return Stage.open(_land(seed=seed, scale=scale), stream, scale=scale, room=30)


def _land(*, seed=1, scale=1.0):
    return Land(np.random.Generator(np.random.PCG64(seed)), scale=scale)


def _tables(groups):
    entries = [Entry(group, ring=None, crowd=group.name or f"{n}") for n, group in enumerate(groups)]
    return keep_books(entries, np.random.Generator(np.random.PCG64(1)))


def _most(values, places, *, of=None):
    """Measure the share of the commonest values."""
    return sum(count for _, count in Counter(values).most_common(places)) / (of or len(values))


def _accounts_a_card(group):
    return np.array(list(Counter(card for card in group.people.card if card).values()))


def _accounts_a_seat(group):
    accounts = defaultdict(set)
    for seat, who in zip(group.requests.seat, group.requests.who.tolist(), strict=True):
        if ":" in seat:
            accounts[seat].add(who)
    return {seat: len(held) for seat, held in accounts.items()}


def _local(group):
    offsets = np.array([country.offset for country in COUNTRIES])[group.people.country]
    return (group.requests.at / HOUR + offsets[group.requests.who]) % 24


def _asking_for_reasoning(prompts):
    """Measure the share of English prompts that use words in which the grammar asks for reasoning."""
    words = (
        *("step by step", "reasoning", "train of thought", "intermediate step", "all considerations"),
        *("your working", "full derivation", "how you decide", "every inference", "what you considered"),
        *("the thinking behind it", "first principles", "Show working", "Reason aloud", "dead ends"),
        *("Number every step", "why you reject", "why at every turn"),
    )
    return np.mean([any(word in prompt for word in words) for prompt in prompts])
