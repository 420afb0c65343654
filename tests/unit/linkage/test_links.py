"""Evidence becomes links: stars around what can link by itself, and around pairs that chance cannot explain."""

from __future__ import annotations

from math import log, log2

import pyarrow as pa
import pytest

from linkage.evidence.collect import Evidence
from linkage.links import IN_FULL, LEAST_OPERATOR_LIFT, MOST_LIFT, RAREST, link_accounts
from linkage.settings import LinkSettings
from linkage.tables import from_arrow, open_database

CARD = {
    "kind": "payment",
    "family": "payment",
    "level": 0,
    "habit": False,
    "creates": True,
    "why": None,
    "bits": 8.0,
}
ADDRESS = CARD | {"kind": "ip", "family": "network", "habit": True, "creates": False}
DEVICE = ADDRESS | {"kind": "device", "family": "device"}
COLUMNS = {
    "people": {"account": pa.int64(), "reference": pa.bool_(), "operator": pa.string()},
    "identifiers": {
        "identifier": pa.int64(),
        "kind": pa.string(),
        "family": pa.string(),
        "level": pa.int32(),
        "accounts": pa.int64(),
        "habit": pa.bool_(),
        "creates": pa.bool_(),
        "why": pa.string(),
        "bits": pa.float64(),
    },
    "holdings": {
        "account": pa.int64(),
        "identifier": pa.int64(),
        "share": pa.float64(),
        "mutual": pa.float64(),
    },
}


def link(*identifiers, size=300, operators=None, **settings):
    """Link by identifiers, each a dictionary whose ``held`` lists accounts; give centres and spokes as rows."""
    networks = operators or {}
    rows = {
        "people": [{"account": n, "reference": False, "operator": networks.get(n)} for n in range(size)],
        "identifiers": [
            {"identifier": number, "accounts": len(given["held"])} | given
            for number, given in enumerate(identifiers)
        ],
        "holdings": [
            {"account": account, "identifier": number, "share": given.get("share", 1.0)}
            | {"mutual": given.get("mutual", 1.0)}
            for number, given in enumerate(identifiers)
            for account in given["held"]
        ],
    }
    database = open_database()
    database.execute("set threads = 1")
    tables = {
        name: from_arrow(database, pa.Table.from_pylist(rows[name], pa.schema(columns)))
        for name, columns in COLUMNS.items()
    }
    links = link_accounts(Evidence(**tables, earlier_holdings=None, skipped=()), LinkSettings(**settings))
    return links.centres.arrow("centre").to_pylist(), links.spokes.arrow("centre, account").to_pylist(), links


def surprise(found, expected):
    return found * log2(found / expected) - (found - expected) / log(2)


def test_a_card_is_a_star_with_a_spoke_for_each_holder():
    centres, spokes, _ = link(CARD | {"held": range(8)})

    assert [(row["first"], row["second"], row["accounts"]) for row in centres] == [(0, None, 8)]
    assert [(row["account"], row["weight"]) for row in spokes] == [(account, 8.0) for account in range(8)]


def test_what_many_hold_is_worth_too_little_to_link():
    assert link(CARD | {"held": range(8), "bits": 3.9})[0] == []
    assert len(link(CARD | {"held": range(8), "bits": 3.9}, least_worth=3.0)[0]) == 1


def test_an_address_alone_links_nobody():
    assert link(ADDRESS | {"held": range(8)})[0] == []


def test_a_habit_weighs_by_the_share_of_use_that_carries_it():
    template = CARD | {
        "kind": "prompt",
        "family": "prompt",
        "habit": True,
        "held": range(IN_FULL),
        "share": 0.25,
    }

    _, spokes, _ = link(template)

    assert [row["weight"] for row in spokes] == [2.0] * IN_FULL


def test_what_few_share_weighs_less_so_that_it_does_not_hold_them_apart_from_what_they_share_with_many():
    weights = [link(CARD | {"held": range(count)})[1][0]["weight"] for count in (2, 4, IN_FULL, 20)]

    assert weights == [2.0, 4.0, 8.0, 8.0]


def test_a_spoke_of_less_than_a_bit_is_left_out():
    template = CARD | {"kind": "prompt", "family": "prompt", "habit": True, "held": range(IN_FULL)}

    assert len(link(template | {"share": 0.125})[1]) == IN_FULL
    assert link(template | {"share": 0.12})[1] == []


def test_two_things_that_the_same_eight_hold_are_a_pair_that_chance_cannot_explain():
    """By chance 8 x 8 / 300 = 0.21 of 300 would hold both: eight are 37.5 times as many, or 5.2 bits."""
    bits = surprise(8, 8 * 8 / 300)

    centres, spokes, _ = link(ADDRESS | {"held": range(8)}, DEVICE | {"held": range(8)})

    assert [(row["first"], row["second"], row["accounts"]) for row in centres] == [(0, 1, 8)]
    assert centres[0]["bits"] == pytest.approx(bits, abs=1e-6)
    assert [row["weight"] for row in spokes] == pytest.approx([log2(8 / (8 * 8 / 300))] * 8, abs=1e-6)


def test_a_pair_adds_no_more_than_its_most():
    """Eight of three thousand hold both; by chance 0.02 would."""
    _, spokes, _ = link(ADDRESS | {"held": range(8)}, DEVICE | {"held": range(8)}, size=3000)

    assert [row["weight"] for row in spokes] == [MOST_LIFT] * 8


def test_a_pair_ties_only_those_who_hold_both():
    _, spokes, _ = link(ADDRESS | {"held": range(12)}, DEVICE | {"held": range(4, 20)})

    assert [row["account"] for row in spokes] == list(range(4, 12))


def test_as_many_holders_of_both_as_chance_gives_are_no_pair():
    """Of 100 and 90 holders among 300, thirty hold both by chance."""
    assert link(ADDRESS | {"held": range(100)}, DEVICE | {"held": range(70, 160)})[0] == []


def test_inside_one_network_chance_gives_more():
    """Of 250 customers of one network sixty hold the address, sixty the device, thirty both.

    Of the whole world of 3,000 that is much more than the 1.2 expected, inside the network twice the 14.4.
    """
    address, device = ADDRESS | {"held": range(60)}, DEVICE | {"held": range(30, 90)}
    together = dict.fromkeys(range(250), "AS64500")

    apart, inside = link(address, device, size=3000), link(address, device, size=3000, operators=together)

    assert apart[0][0]["bits"] == pytest.approx(surprise(30, 1.2), abs=1e-6)
    assert surprise(30, 14.4) < 12
    assert inside[0] == []


def test_an_operator_does_not_explain_what_its_own_customers_share():
    """Forty of its sixty customers hold what sixty of 3,000 hold; everybody considered, 1.2 would.

    Inside the network all hold the operator, so that forty are expected: 60 x 40 / 60, or 9.6 of 250.
    """
    operator, device = ADDRESS | {"kind": "asn", "held": range(60)}, DEVICE | {"held": range(20, 80)}

    centres, spokes, _ = link(operator, device, size=3000, operators=dict.fromkeys(range(60), "AS64500"))

    assert centres[0]["bits"] == pytest.approx(surprise(40, 1.2), abs=1e-6)
    assert spokes[0]["weight"] == pytest.approx(log2(40 / 1.2), abs=1e-6)


def test_what_the_customers_of_a_carrier_hold_a_little_more_often_is_no_pair():
    """Of 300 customers twenty would hold by chance what 200 of 3,000 hold; eight times as many are a pair."""
    carrier = ADDRESS | {"kind": "asn", "held": range(300)}
    least = 2**LEAST_OPERATOR_LIFT

    found = [
        link(carrier, DEVICE | {"held": range(300 - both, 500 - both)}, size=3000)[0]
        for both in (int(20 * least) - 1, int(20 * least))
    ]

    assert [len(centres) for centres in found] == [0, 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ADDRESS, ADDRESS | {"level": 1}),
        (ADDRESS | {"kind": "asn"}, DEVICE | {"kind": "signup", "family": "signup"}),
        (ADDRESS | {"level": 1}, ADDRESS | {"level": 1}),
        (ADDRESS, DEVICE | {"why": "known to be shared: a VPN exit"}),
    ],
    ids=["finer and coarser", "operator and burst", "two blocks", "known to be shared"],
)
def test_what_says_the_same_thing_twice_is_no_pair(one, other):
    assert link(one | {"held": range(8)}, other | {"held": range(8)})[0] == []


def test_two_addresses_are_a_pair():
    assert len(link(ADDRESS | {"held": range(8)}, ADDRESS | {"held": range(8)})[0]) == 1


def test_a_hub_may_be_half_of_a_pair():
    hub = ADDRESS | {"why": "a hub: 8 holders", "held": range(8)}

    assert len(link(hub, DEVICE | {"held": range(8)})[0]) == 1


def test_the_least_surprise_is_a_setting():
    pair = ADDRESS | {"held": range(8)}, DEVICE | {"held": range(8)}

    assert link(*pair, least_bits=30.0)[0] != []
    assert link(*pair, least_bits=31.0)[0] == []


def test_among_many_pairs_a_weak_one_may_be_chance():
    """Four of 300 hold both of two that six hold: 14.6 bits.

    Alone that is more than the 10 of one in a thousand; among the 496 pairs of an account with 32 things it takes 19.
    """
    pair = ADDRESS | {"held": range(6)}, DEVICE | {"held": range(2, 8)}
    crowd = [DEVICE | {"kind": f"k{n}", "family": f"k{n}", "held": [100 + n, 299]} for n in range(32)]

    alone, _, _ = link(*pair, least_bits=5.0)
    among, _, _ = link(*pair, *crowd, least_bits=5.0)

    assert [row["bits"] for row in alone] == [pytest.approx(surprise(4, 6 * 6 / 300), abs=1e-6)]
    assert among == []


def test_of_each_account_the_rarest_are_paired():
    """All eight hold four identifiers more than are paired; those that most strangers hold too are left out."""
    many = [
        DEVICE | {"kind": f"k{n}", "family": f"k{n}", "held": [*range(8), *range(100 + 40 * n, 100 + 41 * n)]}
        for n in range(RAREST + 4)
    ]

    centres, _, _ = link(*many, size=2000)

    assert {row["first"] for row in centres} | {row["second"] for row in centres} == set(range(RAREST))


def test_exclusive_spokes_are_those_of_cards_alone():
    template = CARD | {"kind": "prompt", "family": "prompt", "habit": True}
    _, _, links = link(CARD | {"held": range(8)}, template | {"held": range(6)}, DEVICE | {"held": range(8)})

    assert links.exclusive().arrow("account").to_pylist() == [
        {"account": account, "centre": 0, "weight": 8.0} for account in range(8)
    ]


def test_twenty_thousand_holders_cost_twenty_thousand_spokes():
    centres, spokes, _ = link(CARD | {"held": range(20_000)}, size=20_000)

    assert (len(centres), len(spokes)) == (1, 20_000)


def test_no_evidence_is_no_links():
    assert link()[:2] == ([], [])
