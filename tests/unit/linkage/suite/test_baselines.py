"""What every baseline promises, and what each finds in a small world worked out by hand."""

from __future__ import annotations

import logging
import random
import sys
import warnings
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import pytest
from given import make_logs

from linkage.errors import MissingPartError
from linkage.evidence.collect import collect_evidence
from linkage.evidence.kinds import chosen_kinds
from linkage.settings import EvidenceSettings
from linkage.suite.baselines import BASELINES
from linkage.suite.baselines.idf_pairs import IdfPairs
from linkage.tables import derive

AT = datetime(2026, 9, 1)  # noqa: DTZ001 - UTC, as the checked tables keep it
BY_NAME = {each.name: each for each in BASELINES}

CARD = range(6)
TWO_ADDRESSES = range(6, 10)
SAME_BLOCK = 10
ADDRESS_AND_PROMPT = (11, 12)
ADDRESS = (13, 14)
BURST = range(20, 28)
EVERYBODY = 1000
"""
So many accounts, of whom only these share anything:

0 to 5 one card; 6 to 9 two addresses of one block, and 10 a third address of that block; 11 and 12 an address and a
prompt; 13 and 14 an address; 20 to 27 signed up in one minute, when otherwise one account a day does.
"""


def account(number):
    return f"acct_{number:04}"


def seen(number, ip=None, signature=None, agent=None):
    return {
        "account_id": account(number),
        "happened_at": AT,
        "ip": ip,
        "prompt_signature": signature,
        "user_agent": agent,
    }


def rows():
    days = {number: AT + timedelta(days=number, hours=3) for number in range(100, 160)}
    days |= dict.fromkeys(BURST, AT + timedelta(days=130, hours=9))
    events = [seen(number, ip) for number in TWO_ADDRESSES for ip in ("198.51.100.7", "198.51.100.8")] + [
        seen(SAME_BLOCK, "198.51.100.99"),
        *(seen(number, "203.0.113.5", "harvest") for number in ADDRESS_AND_PROMPT),
        *(seen(number, "192.0.2.9") for number in ADDRESS),
    ]
    return {
        "accounts": [
            {"account_id": account(number), "created_at": days.get(number)} for number in range(EVERYBODY)
        ],
        "events": events,
        "payments": [{"account_id": account(number), "fingerprint": "fp_1"} for number in CARD],
        "reference": [{"account_id": "earlier", "happened_at": AT - timedelta(days=30), "ip": "203.0.113.5"}],
    }


def ring_and_couples():
    """Eight accounts share a card, two addresses, a prompt and a user agent; two hundred couples share a home each."""
    ring = range(8)
    return {
        "accounts": rows()["accounts"],
        "events": [
            *(
                seen(number, f"198.51.100.{last}", "harvest", "batch/1.4")
                for number in ring
                for last in (7, 8)
            ),
            *(seen(number, f"2001:db8:{number // 2:x}::1") for number in range(500, 900)),
        ],
        "payments": [{"account_id": account(number), "fingerprint": "fp_1"} for number in ring],
        "reference": [
            {"account_id": "earlier", "happened_at": AT - timedelta(days=30), "ip": "198.51.100.7"}
        ],
    }


def collected(given, **settings):
    return collect_evidence(make_logs(**given), *chosen_kinds(settings))


@pytest.fixture(scope="module", name="evidence")
def _evidence():
    return collected(rows())


@pytest.fixture(scope="module", name="couples")
def _couples():
    return collected(ring_and_couples())


@pytest.fixture(params=BASELINES, ids=lambda each: each.name)
def baseline(request):
    if request.param.name == "splink":
        pytest.importorskip("splink")
    return request.param


@pytest.fixture(scope="module", name="grouped")
def _grouped(couples):
    """A way to the groups of the couples, made once for each baseline."""
    return cache(lambda baseline: baseline.group(couples))


def found(name, evidence, **knobs):
    """Give the groups as account numbers of the story, in order."""
    if name == "splink":
        pytest.importorskip("splink")
    return named_groups(BY_NAME[name].group(evidence, **knobs), evidence)


def named_groups(grouped, evidence):
    names = {row[0]: row[1] for row in evidence.people.rows("account")}
    groups = {}
    for number, community in grouped.rows("account"):
        groups.setdefault(community, []).append(int(names[number].removeprefix("acct_")))
    return sorted(tuple(sorted(group)) for group in groups.values())


def test_names_are_words_and_no_two_are_the_same():
    names = [each.name for each in BASELINES]

    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and name == name.lower() for name in names)
    assert len({each.label for each in BASELINES}) == len(names)


def test_each_says_what_it_does_and_has_settings_to_try(baseline):
    assert len(baseline.about) > 80
    assert len(baseline.grid) > 1
    assert len({tuple(sorted(settings.items())) for settings in baseline.grid}) == len(baseline.grid)
    assert all(settings.keys() == baseline.grid[0].keys() for settings in baseline.grid)


def test_a_knob_it_does_not_have_is_refused(baseline, evidence):
    with pytest.raises(ValueError, match="no knob 'largets'; it has "):
        baseline.group(evidence, largets=5)


def test_groups_are_disjoint_of_two_and_more_and_of_the_window(baseline, couples, grouped):
    groups = grouped(baseline)

    numbers = [number for number, _ in groups.rows("account")]
    communities = [community for _, community in groups.rows("account")]
    window = {row["account"] for row in couples.people.arrow().to_pylist() if not row["reference"]}
    assert groups.columns == ("account", "community")
    assert len(set(numbers)) == len(numbers) > 0
    assert set(numbers) <= window
    assert all(communities.count(each) >= 2 for each in communities)
    assert list(dict.fromkeys(communities)) == list(range(len(set(communities))))


@pytest.fixture(scope="module", name="shuffled")
def _shuffled():
    """The couples again, every table in another order."""
    dice = random.Random(5)  # noqa: S311 - repeatable, not secret
    return collected({table: dice.sample(given, len(given)) for table, given in ring_and_couples().items()})


def test_the_order_of_rows_never_matters(baseline, couples, grouped, shuffled):
    groups = named_groups(grouped(baseline), couples)

    assert named_groups(baseline.group(shuffled), shuffled) == groups


@pytest.fixture(scope="module", name="listed")
def _listed():
    """The story without prompts and sign-ups, whose card and addresses are all known to be shared."""
    given = rows()
    known = [("payment", "fp_1"), ("ip", "198.51.100.0/24"), ("ip", "203.0.113.0/24"), ("ip", "192.0.2.0/24")]
    return collected(
        {
            "events": [event | {"prompt_signature": None} for event in given["events"]],
            "payments": given["payments"],
            "known_shared": [{"kind": kind, "value": value} for kind, value in known],
        }
    )


def test_what_the_user_lists_as_shared_joins_nobody(baseline, listed):
    assert len(listed.identifiers) > 0
    assert len(baseline.group(listed)) == 0


@pytest.fixture(scope="module", name="nothing")
def _nothing():
    return collected({"accounts": [{"account_id": "a"}, {"account_id": "b"}]})


def test_without_evidence_there_are_no_groups(baseline, nothing):
    assert len(baseline.group(nothing)) == 0


def test_nothing_is_left_behind_in_the_database_but_the_groups(baseline, couples):
    def tables():
        return {name for (name,) in couples.people.database.execute("show tables").fetchall()}

    before = tables()
    grouped = baseline.group(couples)

    assert tables() - before == {grouped.name}


def test_components_join_cards_and_addresses(evidence):
    expected = [tuple(CARD), tuple(TWO_ADDRESSES), ADDRESS_AND_PROMPT, ADDRESS]

    assert found("components", evidence) == expected
    assert found("components", evidence, largest=5) == expected[1:]


def test_components_join_those_who_are_joined_through_others():
    """0 and 1 share a card, 1 and 2 an address."""
    given = rows() | {"accounts": []}
    given["payments"] = [{"account_id": account(number), "fingerprint": "fp_1"} for number in (0, 1)]
    given["events"] = [seen(1, "192.0.2.9"), seen(2, "192.0.2.9")]

    assert found("components", collected(given)) == [(0, 1, 2)]
    assert found("two_shared", collected(given)) == []


def test_two_shared_takes_two_things_but_not_an_address_and_its_own_block(evidence):
    assert found("two_shared", evidence) == [tuple(TWO_ADDRESSES), ADDRESS_AND_PROMPT]
    assert found("two_shared", evidence, shared=3) == []


def test_three_things_shared_are_three_of_the_same_two_accounts():
    """0 and 1 share three addresses; 2 shares two with 0 and another two with 1, but no three with either."""
    held = {
        0: ("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"),
        1: ("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.5", "192.0.2.6"),
        2: ("192.0.2.3", "192.0.2.4", "192.0.2.5"),
    }
    evidence = collected({"events": [seen(number, ip) for number, ips in held.items() for ip in ips]})

    assert found("two_shared", evidence) == [(0, 1, 2)]
    assert found("two_shared", evidence, shared=3) == [(0, 1)]


def test_rules_merge_by_card_and_block_and_report_five_and_more(evidence):
    """6 to 9 are four, but five with their neighbour in the block; 11 to 14 are pairs."""
    assert found("rules", evidence) == [tuple(CARD), (*TWO_ADDRESSES, SAME_BLOCK)]
    assert found("rules", evidence, largest=5) == [(*TWO_ADDRESSES, SAME_BLOCK)]
    assert found("rules", evidence, smallest=6) == [tuple(CARD)]


def test_rules_merge_by_a_declared_column():
    events = [{**seen(number), "extra": [("ja3", "client")]} for number in range(5)]

    evidence = collected({"events": events}, ja3=EvidenceSettings(column="ja3"))

    assert found("rules", evidence) == [(0, 1, 2, 3, 4)]
    assert found("components", evidence) == []


@pytest.mark.parametrize("resolution", [0, 0.25])
def test_one_family_alone_sees_nothing_else(evidence, resolution):
    by_addresses = [tuple(TWO_ADDRESSES), ADDRESS_AND_PROMPT, ADDRESS]

    assert found("cards_alone", evidence, resolution=resolution) == [tuple(CARD)]
    assert found("addresses_alone", evidence, resolution=resolution) == by_addresses
    assert found("prompts_alone", evidence, resolution=resolution) == [ADDRESS_AND_PROMPT]
    assert found("signups_alone", evidence, resolution=resolution) == [tuple(BURST)]


def test_louvain_drops_pairs_that_share_too_few_addresses(evidence):
    assert found("louvain_addresses", evidence) == [tuple(TWO_ADDRESSES), ADDRESS_AND_PROMPT, ADDRESS]
    assert found("louvain_addresses", evidence, least=2) == [tuple(TWO_ADDRESSES)]


def test_louvain_cuts_a_chain_of_offices_where_components_join_it():
    """Two offices of five, each with two addresses, and one traveller between them."""
    offices = [
        seen(number, f"192.0.2.{2 * (number // 5) + which}") for number in range(10) for which in (0, 1)
    ]

    evidence = collected({"events": [*offices, seen(4, "192.0.2.2")]})

    assert found("components", evidence) == [tuple(range(10))]
    assert found("louvain_addresses", evidence) == [(0, 1, 2, 3, 4), (5, 6, 7, 8, 9)]


BITS = {("payment", 0): 9.0, ("ip", 0): 6.0, ("ip", 1): 4.0, ("prompt", 0): 10.0, ("signup", 0): 2.0}


def weighed(evidence):
    """The same evidence, each identifier worth what ``BITS`` says of its kind and level."""
    worth = " ".join(f"when ('{kind}', {level}) then {bits}" for (kind, level), bits in BITS.items())
    identifiers = derive(
        f"select * replace (case (kind, level) {worth} end::double as bits) from identifiers",
        identifiers=evidence.identifiers,
    )
    return replace(evidence, identifiers=identifiers)


@pytest.mark.parametrize(
    ("least_bits", "expected"),
    [
        (8, [tuple(CARD), tuple(TWO_ADDRESSES), ADDRESS_AND_PROMPT, ADDRESS]),
        (9, [tuple(CARD), tuple(TWO_ADDRESSES), ADDRESS_AND_PROMPT]),
        (10, [tuple(TWO_ADDRESSES), ADDRESS_AND_PROMPT]),
        (18, [ADDRESS_AND_PROMPT]),
        (18.1, []),
    ],
)
def test_rarity_adds_up_and_counts_half_for_the_next_of_a_family(evidence, least_bits, expected):
    """The card: 9. Two addresses and their block: 6 + 6/2 + 4/4. An address and its block: 6 + 4/2; the prompt: 10."""
    assert found("idf_pairs", weighed(evidence), least_bits=least_bits) == expected


def test_no_family_is_worth_more_than_its_cap():
    """Twelve addresses are worth 6 + 3 + 1.5 + ..., nearly 12; the cap of 5 holds."""
    events = [seen(number, f"192.0.2.{last}") for number in (0, 1) for last in range(12)]
    free, capped = (
        weighed(collected({"events": events}, ip=EvidenceSettings(cap=cap))) for cap in (50.0, 5.0)
    )

    assert found("idf_pairs", free, least_bits=11.9) == [(0, 1)]
    assert found("idf_pairs", capped, least_bits=5) == [(0, 1)]
    assert found("idf_pairs", capped, least_bits=5.1) == []


def test_the_grid_of_rarity_sweeps_the_threshold():
    assert {settings["least_bits"] for settings in IdfPairs.grid} == {8, 12, 16, 20, 24}


@pytest.mark.parametrize("rarity", [0, 1])
def test_cliques_without_hubs_join_whoever_shares_anything(evidence, rarity):
    everything = [tuple(CARD), (*TWO_ADDRESSES, SAME_BLOCK), ADDRESS_AND_PROMPT, ADDRESS, tuple(BURST)]

    assert found("capped_cliques", evidence, rarity=rarity) == everything
    assert found("capped_cliques", evidence, rarity=rarity, largest=5) == everything[1:4]


@pytest.mark.parametrize("unknown", [0, 1])
def test_splink_joins_a_ring_that_agrees_in_everything_and_leaves_couples_alone(couples, unknown):
    assert found("splink", couples, probability=0.9, unknown=unknown) == [tuple(range(8))]


def test_splink_keeps_its_log_and_its_warnings_to_itself(couples, caplog, capfd):
    pytest.importorskip("splink")

    with warnings.catch_warnings(record=True) as caught, caplog.at_level(logging.DEBUG):
        warnings.simplefilter("always")
        BY_NAME["splink"].group(couples)

    assert (caught, caplog.messages, capfd.readouterr()) == ([], [], ("", ""))


def test_splink_goes_on_with_its_own_values_where_nothing_can_be_learnt():
    """Pairs of one card cannot teach what cards are worth; so agreement stays at Splink's initial 0.95.

    Two of the 499,500 pairs are taken for one operator's, and 6 of 1,000 accounts hold the card, so the odds are
    2 / 499,498 * 0.95 / (6 / 1,000) = 0.000634.
    """
    evidence = collected({"accounts": rows()["accounts"], "payments": rows()["payments"]})

    assert found("splink", evidence, probability=0.00063) == [tuple(CARD)]
    assert found("splink", evidence, probability=0.00064) == []


def test_splink_that_is_not_installed_is_named_with_its_extra(evidence, monkeypatch):
    monkeypatch.setitem(sys.modules, "splink", None)

    with pytest.raises(MissingPartError, match=r"linkage-rings\[peers\]"):
        BY_NAME["splink"].group(evidence)
