"""What attacks on the tool itself do, to whom, and what they leave as it was."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest

from linkage.simulation.clock import END, REFERENCE_START, START
from linkage.simulation.files import write
from linkage.simulation.land import Land
from linkage.simulation.ledger import Entry, keep_books
from linkage.simulation.scenarios.abuse import FORMULAS, Abuse
from linkage.simulation.scenarios.bait import Bait
from linkage.simulation.scenarios.flooding import Flooding
from linkage.simulation.scenarios.framing import Framing
from linkage.simulation.scenarios.poisoned import Poisoned
from linkage.simulation.scenarios.spraying import Spraying
from linkage.simulation.stage import Stage

ATTACKS = (Framing(), Flooding(), Bait(), Poisoned(), Abuse(), Spraying())

every_attack = pytest.mark.parametrize("scenario", ATTACKS, ids=lambda scenario: scenario.name)


def test_attacks_are_numbered_in_order():
    assert [scenario.number for scenario in ATTACKS] == ["A1", "A2", "A3", "A4", "A5", "A6"]


@every_attack
def test_an_attack_is_frozen_and_says_what_it_does(scenario):
    assert type(scenario).__dataclass_params__.frozen
    assert len(type(scenario).__doc__.split()) > 15


@every_attack
def test_nobody_asks_or_pays_before_signing_up_or_outside_the_weeks_we_see(scenario):
    for group in play(scenario):
        people, requests, charges = group.people, group.requests, group.charges
        assert all(requests.prompt)
        assert (requests.at >= people.created_at[requests.who]).all()
        assert (charges.at >= people.created_at[charges.who]).all()
        assert all(card and issuer for card, issuer in zip(charges.card, charges.bin, strict=True))
        for moments in (requests.at, charges.at):
            assert ((moments >= REFERENCE_START) & (moments < END)).all()


@every_attack
def test_the_same_seed_gives_the_same_tables_and_another_seed_others(scenario):
    once, again, other = (_tables(scenario, seed=seed) for seed in (1, 1, 2))

    assert all(once[name].equals(again[name]) for name in once)
    assert not once["events"].equals(other["events"])


@every_attack
def test_victims_and_bystanders_are_no_ring(scenario):
    rings, honest = _sides(scenario)

    assert bool(rings) == scenario.ring
    for group in honest:
        assert group.name.startswith(("victim-", "hostile", "tinkerers"))


def test_framing_spends_five_accounts_on_each_victims_home_and_prompt():
    (ring,), victims = _sides(Framing())

    assert len(victims) == 16
    for victim in victims:
        (home,) = victim.people.home
        text, at_home = _usual_text(victim), ring.requests.seat == home
        visits = [row for row in np.flatnonzero(at_home).tolist() if _carries(ring.requests, row, text)]
        assert len(victim.people) == 1
        assert len({ring.requests.who[row] for row in visits}) == 5
        assert 10 <= len(visits) <= 15


def test_framing_leaves_most_of_what_members_do_to_the_private_template():
    (ring,), victims = _sides(Framing())
    words = Counter(word for prompt in ring.requests.prompt for word in set(prompt.split()))
    wrapper = {word for word, count in words.items() if count > 0.5 * len(ring.requests)}

    assert len(wrapper) >= 12
    for victim in victims:
        assert not any(wrapper <= set(prompt.split()) for prompt in victim.requests.prompt)


def test_framing_has_up_to_forty_victims_in_large_worlds():
    victims = [group for group in _play(Framing(), seed=1, scale=8.0) if group.ring is False]

    assert len(victims) == 40


def test_flooding_visits_exits_and_popular_templates_now_and_then():
    (ring,), (neighbours,) = _sides(Flooding())
    land = _land(1, 1.0)
    exits = {seat for vpn in land.vpns for seat in vpn.seats}
    there = np.isin(ring.requests.seat.astype(str), list(exits))
    popular = [template.text for template in land.templates[:30]]
    visits = np.flatnonzero(there).tolist()

    assert 0.1 < there.mean() < 0.4
    assert len(set(ring.requests.who[there].tolist())) > 0.5 * len(ring.people)
    assert all(any(_carries(ring.requests, row, text) for text in popular) for row in visits)
    assert exits & set(neighbours.requests.seat)


def test_flooding_can_be_compared_with_the_same_ring_without_it():
    plain = next(iter(_play(Flooding(dilution=0.0), seed=1, scale=1.0)))
    diluted = next(iter(play(Flooding())))
    exits = {seat for vpn in _land(1, 1.0).vpns for seat in vpn.seats}

    assert not exits & set(plain.requests.seat)
    assert list(plain.people.card) == list(diluted.people.card)
    assert plain.requests.at.tolist() == diluted.requests.at.tolist()


def test_bait_lays_chains_of_single_links_from_ring_to_campus_to_ring():
    groups = play(Bait())
    partners = _partners(groups)
    rings = {number: group.name for number, group in enumerate(groups)}
    reached = [
        {rings[other[0]] for other in others}
        for account, others in partners.items()
        if rings[account[0]] == "victim-campus"
    ]

    assert 2 <= sum({"bait-1", "bait-2"} <= names for names in reached) <= 3
    for number in (1, 2):
        bait = [who for who in range(len(groups[number].people)) if _is_bait(groups[number], who)]
        assert 6 <= len(bait) <= 9
        # a link before and a link behind; at the student's home the other ring's bait is met too
        assert all(2 <= len(partners[number, who]) <= 3 for who in bait)


def test_bait_rings_share_nothing_with_each_other():
    _, first, second = play(Bait())

    assert not {card for card in first.people.card if card} & {card for card in second.people.card if card}
    members = [who for who in range(len(first.people)) if not _is_bait(first, who)]
    seats = {
        seat for seat, who in zip(first.requests.seat, first.requests.who, strict=True) if who in members
    }
    assert not {seat for seat in seats if seat.startswith("203.0.113.")}


def test_a_poisoned_reference_holds_the_ring_as_it_is_now():
    (ring,) = play(Poisoned())
    before = ring.requests.at < START

    assert 0.2 < before.mean() < 0.6
    for field in ("seat", "agent"):
        values = getattr(ring.requests, field)
        assert len(set(values[before]) & set(values[~before])) > 5


def test_a_poisoned_ring_can_be_compared_with_itself_unseen_before():
    (poisoned,) = play(Poisoned())
    (fresh,) = _play(Poisoned(before=False), seed=1, scale=1.0)
    now = poisoned.requests.at >= START

    assert (fresh.requests.at >= START).all()
    assert fresh.requests.at.tolist() == poisoned.requests.at[now].tolist()
    assert fresh.requests.prompt == [
        prompt for prompt, kept in zip(poisoned.requests.prompt, now, strict=True) if kept
    ]


def test_abuse_has_huge_prompts_formulas_and_one_value_on_all_accounts():
    (crowd,) = play(Abuse())

    assert crowd.name == "hostile"
    assert sum(len(prompt.encode()) >= 100_000 for prompt in crowd.requests.prompt) == 3
    assert set(FORMULAS) <= set(crowd.requests.agent)
    assert len(set(crowd.requests.seat)) == len(set(crowd.requests.system)) == 1


def test_abuse_writes_a_known_text_so_that_it_only_looks_the_same():
    (crowd,) = play(Abuse())
    known = _land(1, 1.0).templates[3].text
    heads = {prompt.split("\n\n")[0] for prompt in crowd.requests.prompt} - {known}
    invisible = {head for head in heads if head.replace("\u200b", "") == known}
    wide = {head for head in heads if unicodedata.normalize("NFKC", head) == known and head not in invisible}
    cyrillic = {head for head in heads if len(head) == len(known) and "\u0430" in head}

    assert invisible
    assert wide
    assert cyrillic


def test_abuse_survives_being_written_and_read_back(tmp_path):
    tables = _tables(Abuse(), seed=1)
    file = next(file for file in write(tables, tmp_path) if file.name.startswith("events"))
    back = pa.csv.read_csv(
        file,
        parse_options=pa.csv.ParseOptions(newlines_in_values=True),
        read_options=pa.csv.ReadOptions(block_size=1 << 24),
    )

    assert back.num_rows == tables["events"].num_rows
    assert sorted(back["prompt"].to_pylist()) == sorted(tables["events"]["prompt"].to_pylist())


def test_spraying_gives_each_member_an_agent_of_its_own_and_so_do_tinkerers():
    (ring,), (tinkerers,) = _sides(Spraying())
    agents = [*ring.people.agent, *tinkerers.people.agent]

    assert len(set(agents)) == len(agents)
    assert len(set(ring.requests.agent)) == len(set(ring.requests.who.tolist()))
    assert 0.6 < len(ring.people) / len(tinkerers.people) < 1.7


def test_every_attack_stays_as_small_as_its_fields_say():
    for scenario in ATTACKS:
        (low, high) = scenario.size
        members = [len(group.people) for group in play(scenario) if group.ring is not False]
        assert all(low <= count <= high + 9 for count in members)  # bait accounts come on top


@cache
def play(scenario):
    return tuple(_play(scenario, seed=1, scale=1.0))


def _play(scenario, *, seed, scale):
    stream = np.random.SeedSequence(seed, spawn_key=tuple(scenario.name.encode()))
    return list(scenario.groups(Stage.open(_land(seed, scale), stream, scale=scale, room=30)))


def _land(seed, scale):
    return Land(np.random.Generator(np.random.PCG64(seed)), scale=scale)


def _tables(scenario, *, seed):
    entries = [Entry(group, ring=None, crowd=group.name) for group in _play(scenario, seed=seed, scale=0.2)]
    return keep_books(entries, np.random.Generator(np.random.PCG64(1)))


def _sides(scenario):
    """Part an attack's groups into rings and honest ones."""
    groups = play(scenario)
    is_ring = [scenario.ring if group.ring is None else group.ring for group in groups]
    return tuple(
        [group for group, ring in zip(groups, is_ring, strict=True) if ring is side] for side in (True, False)
    )


def _usual_text(victim):
    """Find the text that the victim uses most, but for what a harness sends by itself."""
    harness = _land(1, 1.0).harness.text
    texts = [system for system in victim.requests.system if system and system != harness]
    texts += [prompt.split("\n\n")[0] for prompt in victim.requests.prompt]
    return Counter(texts).most_common(1)[0][0]


def _carries(requests, row, text):
    return requests.system[row] == text or requests.prompt[row].startswith(f"{text}\n\n")


def _is_bait(group, who):
    """Bait accounts are the last of their ring; they ask nothing through it and so sit at their own home."""
    mine = group.requests.seat[group.requests.who == who]
    return group.people.home[who] in mine


def _partners(groups):
    """Find, for each account, those with whom it shares a home, a card or a whole long prompt."""
    holders = defaultdict(set)
    for number, group in enumerate(groups):
        for place, who in enumerate(group.requests.who.tolist()):
            seat, prompt = group.requests.seat[place], group.requests.prompt[place]
            if seat.startswith("2001:db8:"):
                holders[seat].add((number, who))
            if len(prompt.split()) > 40:
                holders[prompt].add((number, who))
        for who, card in enumerate(group.people.card):
            if card:
                holders[card].add((number, who))
    partners = defaultdict(set)
    for accounts in holders.values():
        for account in accounts:
            partners[account] |= accounts - {account}
    return partners
