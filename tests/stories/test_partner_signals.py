"""Stories of what partners say: it makes us look, it never bans, and it comes back to nobody."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta

import pytest
from given import make_logs
from labs import NOW, Rows, a_ring, acquaint, open_lab, strangers

from linkage import pipeline, runs
from linkage.decisions.policy import decide
from linkage.settings import Settings

EIGHT = [f"ring_{number}" for number in range(8)]
SIGNALS = [f"{partner} R-{letter * 6}" for partner in ("lab-b", "lab-c") for letter in "ABCDEFGH"]
TABLES = ("accounts", "events", "payments", "known_shared", "reference")


def find(story, *signals):
    """Go the whole way with what partners say: pairs of a signal and the accounts it points to."""
    rows = {name: getattr(story, name) for name in TABLES}
    said = [{"account_id": name, "signal": signal} for signal, names in signals for name in names]
    return pipeline.find(make_logs(**rows, partner_signals=said), Settings())


def members(found):
    return [sorted(member.account_id for member in ring.members) for ring in found.rings]


@pytest.mark.parametrize("count", [1, 2, 8, 16])
def test_word_alone_accounts_that_only_partners_name_are_no_ring(town, count):
    """Neither one partner's ring, nor two partners', nor sixteen rings that somebody made up."""
    named = [f"honest_{number:03}" for number in range(20, 28)]
    first = SIGNALS[:1] if count == 1 else [*SIGNALS[: count // 2], *SIGNALS[8 : 8 + count // 2]]

    assert members(find(town, *((signal, named) for signal in first))) == []


def test_word_on_customers_of_one_carrier_is_no_ring(town):
    """Who is named by a partner and lives in one network like hundreds of others shares nothing more than that."""
    named = [f"honest_{number:03}" for number in range(7, 147, 7)]
    assert len({row["asn"] for row in town.events if row["account_id"] in named}) == 1

    assert members(find(town, (SIGNALS[0], named[:10]))) == []


def test_word_of_many_hundred_honest_accounts_is_no_ring(town):
    named = [f"honest_{number:03}" for number in range(1, 301)]

    assert members(find(town, (SIGNALS[0], named), (SIGNALS[8], named[:150]))) == []


def with_a_card(town):
    for number, name in enumerate(EIGHT):
        town.lives(name, 500 + number, card="one card")


def test_own_evidence_is_a_ring_with_and_without_a_partners_word(town):
    with_a_card(town)

    alone, told = find(town), find(town, (SIGNALS[0], EIGHT))

    assert members(alone) == members(told) == [EIGHT]
    assert told.rings[0].linked >= alone.rings[0].linked
    assert [reason.kind for reason in told.rings[0].evidence].count("partner") == 1
    assert "partner" not in {reason.kind for reason in alone.rings[0].evidence}


def test_a_partners_word_makes_the_members_of_a_ring_a_little_surer(town):
    with_a_card(town)

    alone, told = (
        {member.account_id: member for member in found.rings[0].members}
        for found in (find(town), find(town, (SIGNALS[0], EIGHT)))
    )

    for name in EIGHT:
        assert told[name].confidence >= alone[name].confidence
        assert told[name].least_confidence > alone[name].least_confidence
        assert told[name].role == "member"


@pytest.mark.parametrize("count", [1, 16])
def test_an_office_that_partners_name_is_nothing_to_block(town, count):
    """Eight honest people behind one address, which somebody at a partner lists: a look at most."""
    for number, name in enumerate(EIGHT):
        town.lives(name, 500 + number)
        for nth in range(4):
            hour = 30.0 + number + 9 * nth
            town.asks(name, town.words(), hour=hour, ip="198.51.100.9", asn="AS64496")

    found = find(town, *((signal, EIGHT) for signal in SIGNALS[:count]))

    decisions = decide(found.rings, block_at=0.7, allowed={})
    assert not [each for each in decisions if each.decision == "block"]


def test_a_partners_word_adds_a_little_and_no_more_however_many_say_it(town):
    with_a_card(town)

    one = find(town, (SIGNALS[0], EIGHT)).rings[0]
    many = find(town, *((signal, EIGHT) for signal in SIGNALS)).rings[0]

    bits = [next(reason.bits for reason in ring.evidence if reason.kind == "partner") for ring in (one, many)]
    assert 0 < bits[0] <= bits[1] <= 6.0


def test_an_account_that_only_a_partner_ties_to_a_ring_is_never_blocked(town):
    """Whoever is named with the ring by every partner there is shares nothing with it here."""
    with_a_card(town)
    named = [*EIGHT, "honest_050"]

    found = find(town, *((signal, named) for signal in SIGNALS))

    (ring,) = found.rings
    assert {member.account_id for member in ring.members} >= set(EIGHT)
    roles = {member.account_id: member.role for member in ring.members}
    assert roles.get("honest_050", "neighbour") == "neighbour"
    for judgements in ({}, {ring.ring: "confirm"}):
        decisions = decide(found.rings, block_at=0.0, allowed={}, judgements=judgements)
        blocked = {each.account_id for each in decisions if each.decision == "block"}
        assert "honest_050" not in blocked


def test_a_word_on_one_account_alone_changes_nothing(town):
    with_a_card(town)
    alone, told = find(town), find(town, (SIGNALS[0], EIGHT[:1]), (SIGNALS[1], ["honest_001"]))

    assert [ring.document(members=True) for ring in told.rings] == [
        ring.document(members=True) for ring in alone.rings
    ]


def test_a_word_on_an_account_that_is_not_ours_changes_nothing(town):
    with_a_card(town)
    alone, told = find(town), find(town, (SIGNALS[0], ["nobody_1", "nobody_2", "nobody_3"]))

    assert members(alone) == members(told)
    assert [ring.score for ring in alone.rings] == [ring.score for ring in told.rings]


def rows_of(story):
    """Hand the rows of a story to a lab."""
    return Rows(**{name: list(getattr(story, name)) for name in TABLES})


def documents(lab):
    return [ring.document(members=True) for ring in runs.find_in_case(lab.case, Settings()).rings]


@pytest.mark.parametrize("clean", [60, pytest.param(5000, marks=pytest.mark.slow)])
def test_poison_an_address_of_many_honest_accounts_is_set_aside_and_changes_nothing(town, tmp_path, clean):
    """A partner, or whoever sits in its systems, lists the address of a campus as a ring's."""
    with_a_card(town)
    rows = rows_of(town)
    for number in range(clean):
        rows.live(f"student_{number}", ip="203.0.113.77", asn="AS64499")
    theirs = Rows()
    strangers(theirs)
    ring = a_ring(theirs, ip="203.0.113.77")
    with ExitStack() as stack:
        ours = open_lab(stack, tmp_path / "a", "lab-a", rows)
        poisoner = open_lab(stack, tmp_path / "b", "lab-b", theirs)
        acquaint(ours, poisoner)
        poisoner.finds("R-P01S0N", ring)
        poisoner.says("R-P01S0N", "confirm")
        before = documents(ours)
        data = ours.case.fact("data")

        ours.takes(poisoner.exports("lab-a"), "lab-b")
        (found,) = ours.matches()

        assert (found.standing, len(found.accounts)) == ("quarantined", clean)
        assert ours.signals() == set()
        assert ours.case.fact("data") == data
        assert documents(ours) == before
        assert EIGHT in [sorted(member["account_id"] for member in ring["members"]) for ring in before]


def test_echo_what_we_told_comes_back_through_a_partner_and_changes_no_score(town, tmp_path):
    """The partner looks for our ring, finds some of it at its own, and shares what it looked for."""
    ring = "V0010013022298169667504231315"
    for number, name in enumerate(EIGHT):
        town.lives(name, 500 + number, card=ring, address="198.51.100.7", network="AS64496")
    theirs = Rows()
    strangers(theirs)
    found_there = [f"b_{number}" for number in range(4)]
    for name in found_there:
        theirs.live(name, card=ring, ip="198.51.100.7")
    with ExitStack() as stack:
        ours = open_lab(stack, tmp_path / "a", "lab-a", rows_of(town), address_days=90)
        partner = open_lab(stack, tmp_path / "b", "lab-b", theirs)
        acquaint(ours, partner)
        (mine,) = runs.find_in_case(ours.case, Settings()).rings
        assert sorted(member.account_id for member in mine.members) == EIGHT
        ours.rings[mine.ring] = mine
        ours.says(mine.ring, "confirm")
        before = documents(ours)
        partner.takes(ours.exports("lab-b"), "lab-a")
        assert {each.standing for each in partner.matches()} == {"seed"}
        partner.finds("R-ECH022", found_there)
        partner.says("R-ECH022", "confirm")

        ours.now = partner.now = NOW + timedelta(days=1)
        ours.takes(partner.exports("lab-a"), "lab-b")
        matches = ours.matches()

        assert {each.standing for each in matches} == {"echo"}
        assert {each.kind for each in matches} == {"ip", "payment"}
        assert ours.signals() == set()
        assert documents(ours) == before
