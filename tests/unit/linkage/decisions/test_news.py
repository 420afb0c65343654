"""A dismissed ring comes back with what is new of it, and with nothing less."""

from __future__ import annotations

import pytest

from linkage.decisions.judgements import with_judgements
from linkage.decisions.news import news_of
from linkage.decisions.policy import decide
from linkage.rings.ring import Member, Reason, Ring

CARDS = Reason("payment", 9.0, 2, 10, "2 cards pay for 10 accounts")
TEMPLATE = Reason("prompt", 6.0, 1, 10, "1 prompt template ties 10 accounts")
FAINT = Reason("ip", 0.5, 1, 2, "1 address ties 2 accounts")


def ring(accounts, *evidence):
    members = tuple(Member(f"a{number}", 0.99, None, "member", 0.99) for number in range(accounts))
    return Ring("R-A", 0.95, 1.0, 0.9, None, accounts, 0, None, None, evidence, None, "known", None, members)


BEFORE = ring(10, CARDS).document(members=True)
SAID = [("R-A", "dismiss", "a class", "ann", None)]


def test_the_same_ring_is_no_news():
    assert news_of(ring(10, CARDS), BEFORE) == ()


@pytest.mark.parametrize(
    "now", [ring(12, CARDS), ring(9, CARDS), ring(10, CARDS, FAINT)], ids=["two more", "one less", "faint"]
)
def test_small_changes_are_no_news(now):
    assert news_of(now, BEFORE) == ()


def test_newcomers_other_evidence_and_more_of_it_are_news():
    assert news_of(ring(13, CARDS), BEFORE) == ("3 members are new since it was dismissed",)
    assert news_of(ring(10, CARDS, TEMPLATE), BEFORE) == (
        "evidence of the kind prompt is new since it was dismissed",
        "its evidence is 6.0 bits stronger than when it was dismissed",
    )


def test_a_dismissed_ring_is_closed_until_there_is_news():
    (same,) = with_judgements([ring(10, CARDS)], SAID, {"R-A": BEFORE})
    (grown,) = with_judgements([ring(13, CARDS)], SAID, {"R-A": BEFORE})

    assert (same.is_closed, grown.is_closed) == (True, False)


def test_decisions_allow_a_closed_ring_and_ask_for_a_look_where_there_is_news():
    (same,) = with_judgements([ring(10, CARDS)], SAID, {"R-A": BEFORE})
    (grown,) = with_judgements([ring(13, CARDS)], SAID, {"R-A": BEFORE})

    def decided(each):
        return {
            (one.decision, one.reason)
            for one in decide([each], block_at=0.7, allowed={}, judgements={"R-A": "dismiss"})
        }

    assert decided(same) == {("allow", "a person dismissed it")}
    assert decided(grown) == {
        ("review", "a person dismissed the ring, but 3 members are new since it was dismissed")
    }


def test_who_joined_after_a_ring_was_confirmed_is_judged_by_the_score():
    known = frozenset(f"a{number}" for number in range(10))
    decided = decide(
        [ring(11, CARDS)], block_at=0.99, allowed={}, judgements={"R-A": "confirm"}, judged={"R-A": known}
    )

    assert {each.account_id for each in decided if each.decision == "review"} == {"a10"}
    assert sum(each.decision == "block" for each in decided) == 10
