"""A ring in a few lines."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from linkage.evidence.kinds import KINDS
from linkage.rings.membership import weigh_members
from linkage.rings.ring import Member, Reason, Ring
from linkage.rings.summary import members_by_ring, oldest_first, reasons_by_ring, spans

CARDS = [kind for kind in KINDS if not kind.receivable]
PROMPT = {"kind": "prompt", "family": "prompt", "cap": 18.0, "creates": True, "habit": False}
ADDRESS = {"kind": "ip", "family": "network", "cap": 14.0, "creates": False, "habit": True}


@pytest.fixture
def told(make_evidence, group):
    """Eight with a card in common, six of them with an address too, and a ninth with the address alone."""
    evidence = make_evidence(308, {"held": range(8)}, ADDRESS | {"held": [*range(6), 8]})
    return weigh_members(group(evidence, range(9)), evidence, selection=2.0), evidence


def test_reasons_say_what_ties_how_many_strongest_first(told):
    reasons = reasons_by_ring(told[0], KINDS)[0]

    assert [(reason.kind, reason.identifiers, reason.accounts) for reason in reasons] == [
        ("payment", 1, 8),
        ("ip", 1, 7),
    ]
    assert [reason.sentence for reason in reasons] == [
        "1 card pays for 8 accounts",
        "1 address ties 7 accounts",
    ]


def test_a_reasons_bits_are_what_it_adds_for_the_average_member(told):
    membership, _ = told
    total = sum(row[2] for row in membership.members.rows())

    assert sum(reason.bits for reason in reasons_by_ring(membership, KINDS)[0]) == pytest.approx(
        total / 9, abs=0.02
    )


def test_a_member_tied_only_by_what_could_be_given_to_it_is_a_neighbour(told):
    members = members_by_ring(*told, {0: 0.25}, KINDS, {})[0]
    roles = {member.account_id: member.role for member in members}

    assert roles == {f"acct_{n}": "member" for n in range(8)} | {"acct_8": "neighbour"}
    assert [member.confidence for member in members] == sorted((m.confidence for m in members), reverse=True)
    assert {m.account_id: m.extraction_score for m in members}["acct_0"] == 0.25
    assert {m.account_id: m.extraction_score for m in members}["acct_1"] is None


def test_a_role_found_elsewhere_is_that_of_those_who_hold_something_of_their_own(told):
    roles = dict.fromkeys((0, 8), "bridge")

    members = members_by_ring(*told, {}, KINDS, roles)[0]

    assert {m.account_id: m.role for m in members if m.role != "member"} == {
        "acct_0": "bridge",
        "acct_8": "neighbour",
    }


@pytest.mark.parametrize(("holders", "role"), [(3, "neighbour"), (9, "member")])
def test_a_member_that_rests_on_one_prompt_is_a_neighbour_where_few_of_the_ring_send_it(
    make_evidence, group, holders, role
):
    """Somebody who has seen a victim's prompt can send it; what an operation gives its accounts is in more of them."""
    ring = range(60)
    evidence = make_evidence(3000, {"held": range(59)}, PROMPT | {"held": [*range(holders - 1), 59]})
    membership = weigh_members(group(evidence, ring), evidence, selection=2.0)

    members = {m.account_id: m for m in members_by_ring(membership, evidence, {}, KINDS, {})[0]}

    assert members["acct_59"].least_confidence < 0.5
    assert members["acct_59"].role == role
    assert members["acct_0"].role == "member"


def test_where_no_kind_can_be_given_everybody_is_a_member(told):
    assert {member.role for member in members_by_ring(*told, {}, CARDS, {})[0]} == {"member"}


def test_members_are_listed_oldest_first_and_events_are_counted(told):
    assert oldest_first(*told) == {0: [f"acct_{n}" for n in range(9)]}
    assert spans(*told) == {0: (0, None, None)}


def test_a_ring_written_down_and_read_back_is_the_same():
    ring = Ring(
        ring="R-000000", score=0.9, linked=0.95, extraction=None, q_value=None, accounts=1, events=3,
        first_seen=datetime(2026, 9, 1, 1, 2, 3), last_seen=None,  # noqa: DTZ001
        evidence=(Reason("payment", 9.0, 1, 1, "1 card pays for 1 accounts"),), benign_explanation=None,
        state="new", judgement=None, members=(Member("a", 0.9, None, "member", 0.8),), signals={"evenness": 0.5},
    )  # fmt: skip
    document = json.loads(json.dumps(ring.document(members=True) | {"signals": ring.signals}))

    assert Ring.of_document(document) == ring
    assert document["first_seen"] == "2026-09-01T01:02:03Z"
    assert "members" not in ring.document()
    assert list(ring.document())[:5] == ["ring", "score", "linked", "extraction", "q_value"]
