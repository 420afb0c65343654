"""Nothing is blocked without a reason, and whoever speaks last and closest decides."""

from __future__ import annotations

import pytest

from linkage.decisions.policy import SURE_ENOUGH, decide
from linkage.rings.ring import Member, Reason, Ring


def ring(score=0.9, confidence=0.99, role="member", *, evidence=True):
    return Ring(
        ring="R-AAAAAA", score=score, linked=0.99, extraction=0.9, q_value=None, accounts=1, events=10,
        first_seen=None, last_seen=None,
        evidence=(Reason("payment", 9.0, 1, 8, "1 card pays for 8 accounts"),) if evidence else (),
        benign_explanation=None, state="new", judgement=None,
        members=(Member("acct_1", confidence, None, role, confidence),),
    )  # fmt: skip


def decided(ring, /, *, allowed=None, block_at=0.7, **judgements):
    names = {"ring": "R-AAAAAA", "account": "acct_1"}
    said = {names[who]: judgement for who, judgement in judgements.items()}
    (decision,) = decide([ring], block_at=block_at, allowed=allowed or {}, judgements=said)
    return decision.decision, decision.reason


def test_a_sure_member_of_a_bad_ring_is_blocked_for_what_ties_the_ring():
    assert decided(ring()) == ("block", "1 card pays for 8 accounts")


def test_the_score_that_blocks_is_included():
    assert decided(ring(score=0.7), block_at=0.7)[0] == "block"
    assert decided(ring(score=0.69), block_at=0.7) == ("review", "the ring's score 0.69 is below 0.7")


def test_an_unsure_member_is_for_a_person():
    assert decided(ring(confidence=SURE_ENOUGH))[0] == "block"
    assert decided(ring(confidence=0.85)) == ("review", "only 0.85 sure that it belongs")


def test_an_account_tied_only_by_what_can_be_given_to_a_victim_is_never_blocked():
    assert decided(ring(role="neighbour"))[0] == "review"
    assert decided(ring(role="neighbour"), ring="confirm")[0] == "review"


def test_a_bridge_between_two_parts_of_a_ring_is_for_a_person():
    assert decided(ring(role="bridge"))[0] == "review"
    assert decided(ring(role="bridge"), account="confirm")[0] == "block"


@pytest.mark.parametrize("said", [{}, {"ring": "confirm"}, {"account": "confirm"}, {"ring": "watch"}])
def test_the_allowlist_comes_before_everything(said):
    assert decided(ring(), allowed={"acct_1": "our own"}, **said) == ("allow", "on the allowlist: our own")


def test_what_a_person_dismissed_is_allowed_and_what_is_watched_is_not_blocked():
    assert decided(ring(), ring="dismiss") == ("allow", "a person dismissed it")
    assert decided(ring(), account="dismiss")[0] == "allow"
    assert decided(ring(), ring="watch") == ("review", "a person is watching it")
    assert decided(ring(), account="watch")[0] == "review"


def test_a_confirmed_ring_needs_no_score_but_its_members_must_belong():
    assert decided(ring(score=0.1), ring="confirm") == (
        "block",
        "1 card pays for 8 accounts; a person confirmed the ring",
    )
    assert decided(ring(score=0.1, confidence=0.5), ring="confirm")[0] == "review"


def test_a_confirmed_account_is_blocked():
    decision, reason = decided(ring(score=0.1, confidence=0.5), account="confirm")

    assert decision == "block"
    assert reason.endswith("a person confirmed the account")


@pytest.mark.parametrize(
    ("of_ring", "of_account", "decision"),
    [
        ("confirm", "dismiss", "allow"),
        ("dismiss", "confirm", "block"),
        ("watch", "confirm", "block"),
        ("dismiss", "watch", "review"),
    ],
)
def test_what_is_said_of_the_account_counts_more_than_what_is_said_of_its_ring(of_ring, of_account, decision):
    assert decided(ring(), ring=of_ring, account=of_account)[0] == decision


def test_every_decision_has_a_reason():
    assert decided(ring(evidence=False)) == ("block", "no evidence left")


@pytest.mark.parametrize("said", [{}, {"ring": "confirm"}])
def test_who_was_dismissed_in_another_ring_is_for_a_person_when_this_one_takes_it_in(said):
    judgements = {"R-AAAAAA": "confirm"} if said else {}
    (decision,) = decide(
        [ring()], block_at=0.7, allowed={}, judgements=judgements, cleared={"acct_1": "R-CLASS0"}
    )

    assert (decision.decision, decision.reason) == (
        "review",
        "a person dismissed R-CLASS0, of which it was a member",
    )


def test_a_person_who_looked_at_the_account_itself_has_the_last_word_on_it():
    (decision,) = decide(
        [ring()],
        block_at=0.7,
        allowed={},
        judgements={"acct_1": "confirm"},
        cleared={"acct_1": "R-CLASS0"},
    )

    assert decision.decision == "block"


@pytest.mark.parametrize(
    ("said", "members", "decision"),
    [
        ({}, ["acct_0"], "review"),
        ({}, ["acct_0", "acct_1"], "allow"),
        ({}, None, "allow"),
        ({"acct_1": "dismiss"}, ["acct_0"], "allow"),
        ({"acct_1": "confirm"}, ["acct_0"], "block"),
    ],
)
def test_who_joins_a_dismissed_ring_is_for_a_person_until_somebody_looked(said, members, decision):
    judged = {} if members is None else {"R-AAAAAA": frozenset(members)}
    (decided,) = decide(
        [ring()], block_at=0.7, allowed={}, judgements={"R-AAAAAA": "dismiss"} | said, judged=judged
    )

    assert decided.decision == decision


def test_a_ring_of_which_nobody_knows_how_it_looked_when_it_was_confirmed_is_judged_by_its_score():
    (decision,) = decide(
        [ring(score=0.1)], block_at=0.7, allowed={}, judgements={"R-AAAAAA": "confirm"}, judged={}
    )

    assert decision.decision == "review"
