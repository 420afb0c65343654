"""How sure it is that an account belongs: bits for, bits against."""

from __future__ import annotations

from math import log2, sqrt

import pytest

from linkage.rings.membership import weigh_members

EIGHT = range(8)


@pytest.fixture
def weigh(make_evidence, group):
    """Weigh one ring amid so many people, by so many identifiers; give members, parts and shared as dictionaries."""

    def weigh(*identifiers, size=308, ring=EIGHT, selection=2.0, born=None, earlier=()):
        evidence = make_evidence(size, *identifiers, born=born, earlier=earlier)
        found = weigh_members(group(evidence, ring), evidence, selection=selection)
        return found, {row["account"]: row for row in found.members.arrow("account").to_pylist()}

    return weigh


def test_a_card_of_all_eight_speaks_by_how_much_rarer_it_is_outside(weigh):
    """Inside 7.5 of 8 (seven others hold it, and a half), outside half an account of 301; a prior of 300 to 8."""
    _, members = weigh({"held": EIGHT})
    bits, prior = log2((7.5 / 8) / (0.5 / 301)), log2(300 / 8) + 2

    assert members[0]["bits"] == pytest.approx(bits, abs=1e-6)
    assert members[0]["prior"] == pytest.approx(prior, abs=1e-6)
    assert members[0]["confidence"] == pytest.approx(1 / (1 + 2 ** (prior - bits)), abs=1e-6)
    assert (
        len({tuple(sorted(row.items())[1:]) for row in ({**m, "account": 0} for m in members.values())}) == 1
    )


def test_holders_outside_the_ring_take_bits_away(weigh):
    _, alone = weigh({"held": EIGHT})
    _, shared = weigh({"held": range(40)})

    assert shared[0]["bits"] == pytest.approx(log2((7.5 / 8) / (32.5 / 301)), abs=1e-6)
    assert shared[0]["bits"] < alone[0]["bits"]


def test_holders_of_the_reference_take_bits_away_but_the_members_own_past_does_not(weigh):
    """Twenty held it before, of 700; eight of them are the ring itself."""
    before = {"earlier": 20, "earlier_population": 700}
    _, strangers = weigh({"held": EIGHT} | before)
    _, themselves = weigh({"held": EIGHT} | before, earlier=[(account, 0) for account in EIGHT])

    assert strangers[0]["bits"] == pytest.approx(log2((7.5 / 8) / (20.5 / 1001)), abs=1e-6)
    assert themselves[0]["bits"] == pytest.approx(log2((7.5 / 8) / (12.5 / 1001)), abs=1e-6)


def test_a_touch_of_a_shared_thing_counts_by_the_root_of_its_share(weigh):
    """Each comes from the address once in four times: together 8 x 1/2 = 4 users."""
    _, members = weigh({"held": dict.fromkeys(EIGHT, 0.25)})

    assert members[0]["bits"] == pytest.approx(
        log2(((8 * sqrt(0.25)) * 7 / 8 + 0.5) / 8 / (0.5 / 301)), abs=1e-6
    )


def test_what_is_commoner_outside_than_inside_speaks_neither_for_nor_against(weigh):
    found, members = weigh({"held": [0, 1, *range(8, 308)]})

    assert members[0]["bits"] == 0.0
    assert len(found.parts) == 0


def test_the_next_identifier_of_a_family_counts_a_quarter(weigh):
    one = log2((7.5 / 8) / (0.5 / 301))
    _, members = weigh({"held": EIGHT}, {"held": EIGHT}, {"held": EIGHT})

    assert members[0]["bits"] == pytest.approx(one * (1 + 1 / 4 + 1 / 16), abs=1e-5)


def test_a_family_gives_no_more_than_its_cap(weigh):
    _, members = weigh({"held": EIGHT, "cap": 5.0}, {"held": EIGHT, "cap": 5.0})

    assert members[0]["bits"] == 5.0


def test_of_a_family_only_the_most_telling_level_counts(weigh):
    block = {"kind": "ip", "family": "network", "level": 1, "cap": 14.0, "held": range(20)}
    address = block | {"level": 0, "held": EIGHT}
    operator = block | {"kind": "asn", "level": 0, "held": range(60)}

    found, members = weigh(block, address, operator)
    _, alone = weigh(address)

    assert members[0]["bits"] == alone[0]["bits"]
    assert {(kind, level) for _, _, kind, _, level, *_ in found.parts.rows()} == {("ip", 0)}


def test_families_add_up_and_a_members_bits_are_the_sum_of_its_parts(weigh):
    found, members = weigh(
        {"held": EIGHT}, {"held": range(6), "kind": "prompt", "family": "prompt", "cap": 18.0}
    )
    sums = {}
    for _, account, _, _, _, bits, _ in found.parts.rows():
        sums[account] = sums.get(account, 0.0) + bits

    assert sums == pytest.approx({account: row["bits"] for account, row in members.items()}, abs=1e-5)
    assert members[0]["bits"] > members[7]["bits"]


def test_what_one_member_holds_alone_ties_it_to_nobody(weigh):
    found, members = weigh({"held": [0, 100, 101]}, {"held": range(1, 8)})

    assert members[0]["bits"] == 0.0
    assert members[0]["confidence"] < 0.01
    assert [identifier for _, identifier, *_ in found.shared.rows()] == [1]


def test_a_member_must_earn_the_selection_on_top(weigh):
    _, strict = weigh({"held": EIGHT}, selection=5.0)
    _, loose = weigh({"held": EIGHT}, selection=2.0)

    assert strict[0]["prior"] - loose[0]["prior"] == pytest.approx(3.0)
    assert strict[0]["confidence"] < loose[0]["confidence"]


def test_linked_is_the_odds_of_the_average_member_surer_with_size(weigh):
    """8 members count as log2(8) = 3 independent ones."""
    found, members = weigh({"held": EIGHT})
    margin = members[0]["bits"] - members[0]["prior"]

    assert found.linked() == {0: round(1 / (1 + 2 ** (-3 * margin)), 4)}


def test_a_ring_that_is_everybody_is_weighed_without_an_error(weigh):
    _, members = weigh({"held": EIGHT}, size=8)

    assert all(0 < row["confidence"] < 1 for row in members.values())


def test_no_ring_at_all_is_no_error(weigh):
    found, members = weigh({"held": EIGHT}, ring=())

    assert (members, found.linked()) == ({}, {})


def test_one_card_alone_leaves_nothing_when_it_is_taken_out(weigh):
    _, members = weigh({"held": EIGHT})

    assert members[0]["least"] == pytest.approx(1 / (1 + 2 ** members[0]["prior"]), abs=1e-6)


def test_of_two_cards_the_second_speaks_fully_when_the_first_is_taken_out(weigh):
    _, one = weigh({"held": EIGHT})
    _, two = weigh({"held": EIGHT}, {"held": EIGHT})

    assert two[0]["least"] == one[0]["confidence"]


def test_when_a_finer_identifier_is_taken_out_the_coarser_speaks(weigh):
    block = {"kind": "ip", "family": "network", "level": 1}
    _, both = weigh(
        {"held": EIGHT, "kind": "ip", "family": "network", "level": 0}, block | {"held": range(40)}
    )
    _, coarser = weigh(block | {"held": range(40)})

    assert both[0]["confidence"] > both[0]["least"] == coarser[0]["confidence"]


def test_what_the_others_only_visited_says_that_much_less_for_the_one_visited(weigh):
    _, members = weigh({"held": EIGHT, "mutual": {3: 0.25, 5: 0.0}})

    assert members[3]["bits"] == pytest.approx(members[0]["bits"] / 4, abs=1e-5)
    assert members[5]["bits"] == 0.0


def test_no_group_is_so_large_that_belonging_to_it_needs_no_evidence(weigh):
    """Half of everybody: drawing a member blindly is easy, and yet it takes three bits and the selection."""
    _, members = weigh({"held": range(154)}, ring=range(154))

    assert members[0]["prior"] == pytest.approx(3 + 2)


def test_who_is_undecided_counts_neither_inside_nor_outside(make_evidence, group):
    """Four of the twelve holders are set aside: none holds the card outside, and 296 are everybody else."""
    evidence = make_evidence(308, {"held": range(12)})
    found = weigh_members(
        group(evidence, EIGHT), evidence, selection=2.0, undecided=group(evidence, range(8, 12))
    )

    assert found.members.rows("account")[0][2] == pytest.approx(log2((7.5 / 8) / (0.5 / 297)), abs=1e-6)
