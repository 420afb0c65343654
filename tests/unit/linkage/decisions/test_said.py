"""What a case keeps of what people said."""

from __future__ import annotations

from datetime import datetime

import pytest

from linkage.decisions.said import Said
from linkage.opening import open_case

AT = datetime(2026, 10, 5)  # noqa: DTZ001 - UTC


def document(*accounts):
    return {"members": [{"account_id": account} for account in accounts]}


@pytest.fixture
def said(case):
    """Judges rings of a case, in order, and gives who stood in a dismissed one afterwards."""

    def said(*lines):
        with open_case(case) as opened:
            with opened.changing():
                for ring, word, *accounts in lines:
                    Said(opened).judge(
                        ring,
                        word,
                        reason="x",
                        by="kim",
                        at=AT,
                        ring=document(*accounts) if accounts else None,
                    )
            return Said(opened).cleared()

    return said


def test_members_of_a_dismissed_ring_are_remembered_by_its_name(said):
    assert said(("R-A", "dismiss", "a", "b"), ("R-B", "confirm", "c")) == {"a": "R-A", "b": "R-A"}


def test_a_later_judgement_of_a_ring_that_holds_an_account_counts_more(said):
    assert said(("R-A", "dismiss", "a", "b"), ("R-B", "confirm", "b", "c")) == {"a": "R-A"}


def test_an_earlier_one_counts_less(said):
    assert said(("R-B", "confirm", "b", "c"), ("R-A", "dismiss", "a", "b")) == {"a": "R-A", "b": "R-A"}


def test_a_dismissal_that_was_taken_back_or_followed_by_another_word_is_none(said):
    assert (
        said(("R-A", "dismiss", "a"), ("R-A", "undo"), ("R-B", "dismiss", "b"), ("R-B", "watch", "b")) == {}
    )
