"""What the disguised rings share with one another, what they share with honest people, and what they do not share."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from itertools import combinations

import numpy as np
import pytest

from linkage.simulation.blanks import PLACEHOLDERS
from linkage.simulation.clock import DAY, END, HOUR, REFERENCE_START, START
from linkage.simulation.disguise import portions
from linkage.simulation.land import Land
from linkage.simulation.ledger import Entry, keep_books
from linkage.simulation.rubric import Rubric
from linkage.simulation.scenarios.combined_cards import CombinedCards
from linkage.simulation.scenarios.combined_carrier import CombinedCarrier
from linkage.simulation.scenarios.combined_clients import CombinedClients
from linkage.simulation.scenarios.everyone import Everyone
from linkage.simulation.scenarios.infiltration import Infiltration
from linkage.simulation.scenarios.inside_carrier import InsideCarrier
from linkage.simulation.scenarios.one_bin import OneBin
from linkage.simulation.scenarios.paraphrased import Paraphrased
from linkage.simulation.scenarios.pathways import Pathways
from linkage.simulation.scenarios.pivot import NEW_MODEL, ModelPivot
from linkage.simulation.scenarios.sanitised import Sanitised
from linkage.simulation.scenarios.slow_drip import SlowDrip
from linkage.simulation.scenarios.stolen_keys import StolenKeys
from linkage.simulation.stage import Stage
from linkage.simulation.writer import Writer, topics, words

SCENARIOS = (
    OneBin(),
    SlowDrip(),
    InsideCarrier(),
    Infiltration(),
    StolenKeys(),
    Paraphrased(),
    ModelPivot(),
    Sanitised(),
    Pathways(),
    CombinedCarrier(),
    CombinedCards(),
    CombinedClients(),
)

each_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)


@dataclasses.dataclass
class Played:
    """A scenario's groups, the ring's apart from the honest ones'."""

    ring: list
    honest: dict


def play(scenario, *, seed=1, scale=1.0, land=None, room=0):
    land = land or Land(np.random.Generator(np.random.PCG64(seed)), scale=scale)
    stream = np.random.SeedSequence(seed, spawn_key=tuple(scenario.name.encode()))
    groups = list(scenario.groups(Stage.open(land, stream, scale=scale, room=room)))
    is_ring = [scenario.ring if group.ring is None else group.ring for group in groups]
    return Played(
        [group for group, ring in zip(groups, is_ring, strict=True) if ring],
        {group.name: group for group, ring in zip(groups, is_ring, strict=True) if not ring},
    )


@pytest.fixture(scope="module")
def land():
    return Land(np.random.Generator(np.random.PCG64(1)), scale=1.0)


@pytest.fixture(scope="module")
def stage_play(land):
    return {scenario.name: play(scenario, land=land) for scenario in SCENARIOS}


@pytest.fixture(scope="module")
def everyone(land):
    (group,) = play(Everyone(), land=land, room=2000).honest.values()
    return group


# What all of them promise.


@each_scenario
def test_a_ring_is_modest_and_has_one_name(scenario, stage_play):
    ring = stage_play[scenario.name].ring

    assert 20 <= sum(len(group.people) for group in ring) <= 60
    assert {group.name or f"{scenario.name}-1" for group in ring} == {f"{scenario.name}-1"}


@each_scenario
def test_members_ask_about_as_much_as_people_do(scenario, stage_play):
    counts = np.concatenate([np.bincount(g.requests.who) for g in stage_play[scenario.name].ring])

    assert counts.min() >= 1
    assert 4 <= counts.mean() <= 15
    assert counts.max() < 60


@each_scenario
def test_nobody_asks_or_pays_before_signing_up(scenario, stage_play):
    played = stage_play[scenario.name]

    for group in (*played.ring, *played.honest.values()):
        people, requests, charges = group.people, group.requests, group.charges
        assert (requests.at >= people.created_at[requests.who]).all()
        assert (charges.at >= people.created_at[charges.who]).all()
        assert requests.at.min() >= REFERENCE_START
        assert requests.at.max() < END
        assert all(requests.prompt)
        assert all(card and bin_ for card, bin_ in zip(charges.card, charges.bin, strict=True))


@each_scenario
def test_the_same_seed_plays_the_same_and_another_one_does_not(scenario):
    first, again, other = (_books(play(scenario, seed=seed, scale=0.25)) for seed in (3, 3, 4))

    assert all(first[name].equals(again[name]) for name in first)
    assert not first["events"].equals(other["events"])


@each_scenario
def test_a_small_world_has_a_small_ring(scenario):
    played = play(scenario, scale=0.2)

    assert 8 <= sum(len(group.people) for group in played.ring) <= 12


@each_scenario
def test_only_the_slow_ring_and_the_insiders_company_work_fall_into_august(scenario, stage_play):
    early = sum(int((group.requests.at < START).sum()) for group in stage_play[scenario.name].ring)

    assert early == 0 or scenario.name in {"slow_drip", "infiltration"}
    assert early > 0 or scenario.name != "slow_drip"


@each_scenario
def test_a_ring_never_sleeps(scenario, stage_play):
    moments = np.concatenate([group.requests.at for group in stage_play[scenario.name].ring])

    assert len(set((moments % DAY // HOUR).tolist())) >= 20


@each_scenario
def test_hard_is_what_shares_neither_card_nor_address(scenario, stage_play, land):
    ring = stage_play[scenario.name].ring
    public = {seat for seat, _ in land.exit_homes} | {s for c in land.carriers for s in c.seats} | _gaps("ip")
    cards = Counter(card for g in ring for card in _held(g.charges.who, g.charges.card).values())
    homes = Counter(
        seat
        for group in ring
        for who, seat in set(zip(group.requests.who.tolist(), group.requests.seat.tolist(), strict=True))
        if scenario.name not in {"inside_carrier", "combined_carrier"} and seat not in public
    )
    shares = max(cards.values()) > 1 or max(homes.values(), default=3) > 2

    assert scenario.hard != shares


# R12: one issuer.


def test_one_bin_pays_with_cards_of_one_issuer_no_two_the_same(stage_play, everyone):
    (ring,) = stage_play["one_bin"].ring
    (issuer,) = {bin_ for bin_ in ring.people.bin.tolist() if bin_}
    cards = [card for card in ring.people.card.tolist() if card]

    assert len(set(cards)) == len(cards)
    assert 0.55 < len(cards) / len(ring.people) < 0.95
    assert (everyone.people.bin == issuer).sum() >= 15


def test_one_bin_opens_accounts_at_an_even_pace(stage_play):
    (ring,) = stage_play["one_bin"].ring
    gaps = np.diff(np.sort(ring.people.created_at))

    assert gaps.std() / gaps.mean() < 0.6  # by chance alone it would be 1
    assert 6 * HOUR < gaps.mean() < 13 * HOUR


def test_one_bin_keeps_to_a_few_subjects(stage_play, everyone):
    (ring,) = stage_play["one_bin"].ring

    assert _on_few_subjects(ring.requests.prompt) > 0.7
    assert _on_few_subjects(everyone.requests.prompt[:900]) < 0.6


# R13: slow drip.


@pytest.fixture(scope="module")
def plain_drip(land):
    """Play the slow ring with one unvaried wrapper before all it harvests, so that a test can tell the two lives apart."""
    (ring,) = play(SlowDrip(varied=0.0, wrapped=1.0), land=land).ring
    ((wrapper, _),) = Counter(prompt[:80] for prompt in ring.requests.prompt).most_common(1)
    return ring, np.array([prompt.startswith(wrapper) for prompt in ring.requests.prompt])


def test_slow_drip_opens_two_accounts_a_day_for_weeks(plain_drip):
    ring, _ = plain_drip
    days = Counter((ring.people.created_at // DAY).tolist())

    assert max(days.values()) <= 4
    assert len(days) >= 20
    assert len(ring.people) / len(days) == pytest.approx(2, abs=0.4)


def test_slow_drip_wakes_everybody_within_72_hours_after_a_light_ordinary_life(plain_drip):
    ring, harvest = plain_drip
    who, moment = ring.requests.who, ring.requests.at
    woken = np.array([moment[harvest & (who == member)].min() for member in range(len(ring.people))])
    before = np.bincount(who[~harvest], minlength=len(woken))

    assert woken.max() - woken.min() <= 72 * HOUR
    assert moment[~harvest].max() < woken.min() + HOUR
    assert before.min() >= 1
    assert before.mean() < 5
    assert (woken - ring.people.created_at).min() > 3 * DAY


def test_slow_drip_shares_a_few_exits_with_more_honest_customers(stage_play, land):
    played = stage_play["slow_drip"]
    ring, customers = played.ring[0].requests, played.honest["slow_drip-customers"].requests
    exits = set(ring.seat[ring.asn == land.vpns[0].asn].tolist())

    assert 3 <= len(exits) <= 5
    assert exits <= set(customers.seat.tolist())


# R15: inside a carrier.


def test_inside_carrier_signs_up_within_six_hours(stage_play):
    created = stage_play["inside_carrier"].ring[0].people.created_at

    assert created.max() - created.min() <= 6 * HOUR


@pytest.mark.parametrize("name", ["inside_carrier", "combined_carrier"])
def test_each_address_of_the_pool_has_more_honest_phones_than_members(stage_play, name):
    (ring,), neighbours = stage_play[name].ring, stage_play[name].honest[f"{name}-neighbours"]
    honest, ours = (_accounts_by(group.requests.who, group.requests.seat) for group in (neighbours, ring))
    inside = np.isin(ring.requests.seat, list(honest))

    assert inside.mean() > 0.75
    assert all(len(honest[seat]) > len(ours[seat]) for seat in honest)
    assert set(ring.requests.asn[inside].tolist()) == set(neighbours.requests.asn.tolist())


# R16: among honest seats, and through honest keys.


def test_infiltration_is_one_in_twenty_of_the_accounts_behind_the_gate(stage_play):
    played = stage_play["infiltration"]
    host, insiders, others = played.honest["host-enterprise-1"], *played.ring
    gate = _usual(host.requests.asn)

    assert 0.04 < len(insiders.people) / (len(insiders.people) + len(host.people)) < 0.07
    assert all(
        (insiders.requests.asn[insiders.requests.who == k] == gate).any() for k in range(len(insiders.people))
    )
    assert not (others.requests.asn == gate).any()


def test_infiltrators_look_like_staff_and_work_elsewhere_too(stage_play):
    played = stage_play["infiltration"]
    host, insiders, others = played.honest["host-enterprise-1"], *played.ring
    elsewhere = insiders.requests.asn != _usual(host.requests.asn)

    assert set(insiders.people.card.tolist()) <= set(host.people.card.tolist())
    assert set(insiders.people.org.tolist()) == set(host.people.org.tolist())
    assert 0.15 < elsewhere.mean() < 0.5
    assert set(insiders.requests.seat[elsewhere].tolist()) & set(others.requests.seat.tolist())


def test_stolen_keys_carry_the_ring_on_three_days_beside_their_owners_own_work(stage_play, land):
    played = stage_play["stolen_keys"]
    (ring,), victims = played.ring, played.honest["hijacked"]
    theirs = set(ring.requests.seat[ring.requests.asn == land.hosters[0].asn].tolist())
    used = np.isin(victims.requests.seat, list(theirs))
    spans = [
        np.ptp(victims.requests.at[used & (victims.requests.who == k)]) for k in victims.requests.who[used]
    ]

    assert max(spans) <= 3 * DAY
    assert len(set(victims.requests.who[used].tolist())) > 0.85 * len(victims.people)
    assert 0.2 < used.mean() < 0.6
    assert len(victims.people) > len(ring.people)


def test_stolen_keys_ask_in_the_words_of_the_ring(land):
    played = play(StolenKeys(varied=0.0, wrapped=1.0), land=land)
    ((wrapper, _),) = Counter(prompt[:80] for prompt in played.ring[0].requests.prompt).most_common(1)
    victims = played.honest["hijacked"].requests

    assert sum(prompt.startswith(wrapper) for prompt in victims.prompt) > len(victims) / 8


# R17: paraphrased.


def test_rewritings_agree_in_their_skeleton_and_in_few_words():
    writer = Writer(np.random.Generator(np.random.PCG64(5)))
    rubric = Rubric.draw(writer)
    texts = [rubric.word(writer) for _ in range(30)]
    bare = [text.replace(rubric.schema, "") for text in texts]

    assert 0.2 < _alike(texts, 1) < 0.4
    assert _alike(bare, 1) < 0.22
    assert _alike(bare, 5) < 0.03
    for text in texts:
        places = [text.index(part) for part in (*rubric.headings, f"<{rubric.tag}>", rubric.schema)]
        assert places == sorted(places)


def test_paraphrased_rewrites_for_every_account_and_for_half_of_them_every_time(stage_play):
    (ring,) = stage_play["paraphrased"].ring
    templates = defaultdict(list)
    for who, prompt, system in zip(
        ring.requests.who.tolist(), ring.requests.prompt, ring.requests.system, strict=True
    ):
        if '"parameters"' in (text := system or prompt):
            templates[who].append(text[: text.index('"parameters"')])
    kept = [who for who, texts in templates.items() if len(texts) > 1 and len(set(texts)) == 1]
    anew = [who for who, texts in templates.items() if len(texts) > 1 and len(set(texts)) == len(texts)]

    assert sum(map(len, templates.values())) > 0.45 * len(ring.requests)
    assert len({texts[0] for texts in templates.values()}) == len(templates)
    assert min(len(kept), len(anew)) > 0.25 * len(templates)
    assert len(kept) + len(anew) > 0.95 * sum(len(texts) > 1 for texts in templates.values())


def test_honest_people_have_rubrics_of_the_same_kind(stage_play):
    tinkerers = stage_play["paraphrased"].honest["paraphrased-tinkerers"].requests
    texts = [
        (system or "") + prompt for prompt, system in zip(tinkerers.prompt, tinkerers.system, strict=True)
    ]

    assert sum('"parameters"' in text for text in texts) > len(texts) / 2


# R18: pivot.


def test_nearly_half_of_the_traffic_moves_to_the_new_model_within_a_day(stage_play):
    (ring,), adopters = stage_play["pivot"].ring, stage_play["pivot"].honest["pivot-adopters"]
    new = ring.requests.model == NEW_MODEL
    release = min(
        ring.requests.at[new].min(), adopters.requests.at[adopters.requests.model == NEW_MODEL].min()
    )
    later = ring.requests.at > release + 1.2 * DAY

    assert 0.35 < new[later].mean() < 0.55
    assert not new[ring.requests.at < release].any()


def test_honest_people_adopt_the_new_model_too_and_more_of_them(stage_play):
    (ring,), adopters = stage_play["pivot"].ring, stage_play["pivot"].honest["pivot-adopters"]
    honest, ours = (
        len(set(g.requests.who[g.requests.model == NEW_MODEL].tolist())) for g in (adopters, ring)
    )

    assert honest > ours
    assert 0.2 < ours / len(ring.people) < 0.75


@pytest.mark.parametrize(
    ("name", "most"), [("pivot", 8), ("sanitised", 8), ("pathways", 7), ("combined_cards", 5)]
)
def test_few_cards_pay_for_the_ring_and_each_account_has_one(stage_play, name, most):
    group = stage_play[name].ring[0]
    payers = [card for card in group.people.card.tolist() if card]
    accounts = Counter(payers).values()

    assert most / 2 <= max(accounts) <= most
    assert len(payers) < len(group.people) or name == "pathways"


# R19: sanitised.


def test_three_in_ten_values_are_missing_and_look_like_anybodys_gaps(stage_play):
    requests = stage_play["sanitised"].ring[0].requests
    seats, agents = (requests.seat.tolist(), requests.agent.tolist())
    shares = (
        np.mean([seat in _gaps("ip") for seat in seats]),
        np.mean([agent in _gaps("user_agent") for agent in agents]),
        np.mean(requests.asn == 0),
    )

    assert all(0.2 < share < 0.4 for share in shares)
    assert "AS0" in _gaps("asn")


def test_the_books_can_be_kept_with_missing_addresses(stage_play):
    tables = _books(stage_play["sanitised"])

    assert tables["events"].num_rows == len(stage_play["sanitised"].ring[0].requests)


# R20: three roads.


def test_the_ring_comes_two_in_five_directly_two_in_five_by_cloud_and_the_rest_by_an_aggregator(stage_play):
    groups = stage_play["pathways"].ring
    shares = [len(group.people) / sum(len(other.people) for other in groups) for group in groups]

    assert shares == pytest.approx([0.4, 0.4, 0.2], abs=0.03)
    assert [len(group.charges.who) > 0 for group in groups] == [True, False, False]


def test_cloud_and_aggregator_are_full_of_honest_people(stage_play, land):
    played = stage_play["pathways"]
    _, cloud, relayed = played.ring
    developers, customers = (played.honest[f"pathways-{who}"] for who in ("developers", "customers"))
    gate = set(customers.requests.seat[customers.requests.asn == _usual(customers.requests.asn)].tolist())

    assert (developers.requests.asn == land.hosters[0].asn).any()
    assert (cloud.requests.asn == land.hosters[0].asn).mean() > 0.7
    assert 3 <= len(gate) <= 5
    assert np.isin(relayed.requests.seat, list(gate)).mean() > 0.75
    assert len(customers.people) > 3 * len(relayed.people)


# Rings of which only the combination is rare.


def test_combined_carrier_uses_a_template_that_strangers_use(stage_play, everyone, land):
    (ring,) = stage_play["combined_carrier"].ring
    template, ours = _template_of(ring.requests, land)
    honest = _users(everyone.requests, land.templates[template].text)

    assert len(ours) > 0.9 * len(ring.people)
    assert len(honest) > 0.4 * len(ring.people)


def test_only_the_ring_of_the_carrier_has_pool_template_and_day(stage_play, everyone, land):
    (ring,) = stage_play["combined_carrier"].ring
    neighbours = stage_play["combined_carrier"].honest["combined_carrier-neighbours"]
    template, _ = _template_of(ring.requests, land)
    first, last = ring.people.created_at.min(), ring.people.created_at.max()
    pool = set(neighbours.requests.seat.tolist())
    singles = []
    for honest in (neighbours, everyone):
        users = _users(honest.requests, land.templates[template].text)
        there = set(honest.requests.who[np.isin(honest.requests.seat, list(pool))].tolist())
        opened = set(
            np.flatnonzero((honest.people.created_at >= first) & (honest.people.created_at <= last)).tolist()
        )
        singles.append((len(users), len(there), len(opened)))
        assert len(users & there & opened) <= 1

    assert last - first <= DAY
    assert all(sum(counts) >= 8 for counts in zip(*singles, strict=True))


def test_combined_cards_pay_for_three_to_five_accounts_each(stage_play):
    people = stage_play["combined_cards"].ring[0].people
    accounts = Counter(card for card in people.card.tolist() if card)

    assert all(3 <= count <= 5 for count in accounts.values())
    assert len(accounts) >= 5


def test_combined_cards_come_from_a_network_and_with_a_template_of_honest_people(stage_play, everyone, land):
    (ring,) = stage_play["combined_cards"].ring
    developers = stage_play["combined_cards"].honest["combined_cards-developers"]
    template, ours = _template_of(ring.requests, land)
    hosted = (set(g.requests.who[g.requests.asn == land.hosters[0].asn].tolist()) for g in (developers, ring))
    honest, members = (len(each) for each in hosted)

    assert len(ours) > 0.9 * len(ring.people)
    assert len(_users(everyone.requests, land.templates[template].text)) > len(ring.people) / 3
    assert honest > members > 0.9 * len(ring.people)


def test_combined_clients_share_a_day_a_rare_build_and_an_issuer(stage_play, everyone):
    people = stage_play["combined_clients"].ring[0].people
    build, issuer = _usual(people.agent), _usual([bin_ for bin_ in people.bin.tolist() if bin_])
    theirs = everyone.people

    assert np.ptp(people.created_at) <= DAY
    assert (people.agent == build).mean() > 0.7
    assert 5 <= (theirs.agent == build).sum() < 0.025 * len(theirs)
    assert (theirs.bin == issuer).sum() >= 15
    assert ((theirs.agent == build) & (theirs.bin == issuer)).sum() <= 3


@pytest.mark.parametrize("name", ["combined_carrier", "combined_cards", "combined_clients"])
def test_a_combination_leaves_no_text_of_its_own(stage_play, land, name):
    (ring,) = stage_play[name].ring
    public = {template.text for template in land.templates} | {land.harness.text}
    bare = [
        prompt.split("\n\n", 1)[1] if prompt.split("\n\n", 1)[0] in public else prompt
        for prompt in ring.requests.prompt
    ]

    assert {system for system in ring.requests.system if system} <= public
    assert _alike(bare[:40], 5) < 0.01


def test_portions_keep_to_the_range_where_they_can():
    rng = np.random.Generator(np.random.PCG64(2))

    for count in range(12, 60):
        sizes = portions(rng, count, (3, 5))
        assert sum(sizes) == count
        assert all(3 <= size <= 5 for size in sizes)
    assert portions(rng, 2, (3, 5)) == [2]
    assert portions(rng, 11, (6, 9)) == [5, 6]
    assert portions(rng, 0, (3, 5)) == []


def _books(played):
    entries = [Entry(group, "ring-1", None) for group in played.ring]
    entries += [Entry(group, None, name) for name, group in played.honest.items()]
    return keep_books(entries, np.random.Generator(np.random.PCG64(1)))


def _gaps(column):
    return set(PLACEHOLDERS[column])


def _held(who, values):
    return {(account, value): value for account, value in zip(who.tolist(), values.tolist(), strict=True)}


def _accounts_by(who, values):
    accounts = defaultdict(set)
    for account, value in zip(who.tolist(), values.tolist(), strict=True):
        accounts[value].add(account)
    return accounts


def _usual(values):
    ((value, _),) = Counter(list(values)).most_common(1)
    return value


def _users(requests, text):
    rows = zip(requests.who.tolist(), requests.prompt, requests.system, strict=True)
    return {who for who, prompt, system in rows if system == text or prompt.startswith(text)}


def _template_of(requests, land):
    users = [_users(requests, template.text) for template in land.templates]
    template = max(range(3, len(users)), key=lambda place: len(users[place]))
    return template, users[template]


def _on_few_subjects(prompts):
    """Measure the share of prompts that name a noun of the six topics named most."""
    named = [
        {k for k, prompt in enumerate(prompts) if any(noun in prompt for noun in words(topic, "noun"))}
        for topic in topics()
    ]
    six = sorted(named, key=len)[-6:]
    return len(set().union(*six)) / len(prompts)


def _alike(texts, run):
    """Measure how many runs of words two texts have in common, of those in either."""
    shingles = []
    for text in texts:
        split = text.lower().split()
        shingles.append({tuple(split[k : k + run]) for k in range(len(split) - run + 1)})
    return float(np.mean([len(a & b) / max(1, len(a | b)) for a, b in combinations(shingles, 2)]))
