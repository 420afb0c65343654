"""A waterfall adds up, and every step of it leads to events."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest

from linkage import runs
from linkage.errors import DataError
from linkage.evidence.collect import Evidence
from linkage.evidence.kinds import KINDS
from linkage.explain import explain_account, explain_pair, timeline
from linkage.opening import open_case
from linkage.rings.membership import Membership
from linkage.settings import Settings
from linkage.tables import Logs, derive, from_arrow, open_database


def at(day, hour=0):
    return datetime(2026, 9, day, hour)  # noqa: DTZ001 - UTC, as the tables keep it


class Story:
    """Account a, of a ring of three.

    One card (8 bits), two addresses (6 and 4 bits, cap 7), their block (3 bits), a sign-up close to the others'
    (half a bit), and 5 bits against.
    """

    def __init__(self):
        self.database = open_database()
        events = {
            "account_id": ["a", "a", "a", "b"],
            "happened_at": [at(3), at(1), at(2), at(1)],
            "ip": ["198.51.100.7", "198.51.100.7", "198.51.100.8", "198.51.100.7"],
            "prompt": [None] * 4,
        }
        payments = {
            "account_id": ["a", "b"],
            "fingerprint": ["fp_1", "fp_1"],
            "happened_at": pa.array([None, None], pa.timestamp("us")),
        }
        accounts = {"account_id": ["a", "b"], "created_at": [at(1), at(1)]}
        none = self.table({"account_id": pa.array([], pa.string())})
        self.logs = Logs(
            self.table(accounts), self.table(events), self.table(payments), none, none, none, none, none
        )
        self.evidence = Evidence(
            people=self.table(
                {"account": [0, 1, 2], "account_id": ["a", "b", "z"], "reference": [False] * 3}
            ),
            identifiers=self.table(
                {
                    "identifier": [0, 1, 2, 3],
                    "kind": ["payment", "ip", "ip", "ip"],
                    "family": ["payment", "network", "network", "network"],
                    "level": [0, 0, 0, 1],
                    "value": ["fp_1", "198.51.100.7", "198.51.100.8", "198.51.100.0/24"],
                    "accounts": [3, 4, 5, 90],
                    "bits": [7.0, 6.0, 5.0, 1.0],
                    "cap": [22.0, 7.0, 7.0, 7.0],
                }
            ),
            holdings=self.table(
                {
                    "account": [0, 0, 0, 0, 1],
                    "identifier": [0, 1, 2, 3, 1],
                    "mutual": [1.0] * 5,
                    "example": ["fp_1", "198.51.100.7", "198.51.100.8", "198.51.100.7", "198.51.100.7"],
                }
            ),
            earlier_holdings=none,
            skipped=(),
        )
        self.membership = Membership(
            members=self.table(
                {"ring": [4], "account": [0], "bits": [15.5], "prior": [5.0], "confidence": [0.9993]}
            ),
            parts=self.table(
                {
                    "ring": [4, 4, 4],
                    "account": [0, 0, 0],
                    "kind": ["payment", "ip", "signup"],
                    "level": [0, 0, 0],
                    "bits": [8.0, 7.0, 0.5],
                }
            ),
            shared=self.table(
                {
                    "ring": [4] * 4,
                    "identifier": [0, 1, 2, 3],
                    "kind": ["payment", "ip", "ip", "ip"],
                    "level": [0, 0, 0, 1],
                    "holders": [3, 2, 3, 3],
                    "bits": [8.0, 6.0, 4.0, 3.0],
                }
            ),
        )

    def table(self, columns):
        return from_arrow(self.database, pa.table(columns))

    def explain(self, account_id="a"):
        return explain_account(account_id, self.logs, KINDS, self.evidence, self.membership)


@pytest.fixture
def story():
    return Story()


def test_the_waterfall_is_the_one_worked_out_by_hand(story):
    told = story.explain()

    # The second address counts half (2 bits), of which the cap of 7 leaves 1; the block is the same family.
    assert [(step.kind, step.identifier, step.bits, step.adds) for step in told.steps] == [
        ("payment", "fp_1", 8.0, 8.0),
        ("ip", "198.51.100.7", 6.0, 6.0),
        ("ip", "198.51.100.8", 4.0, 1.0),
        ("signup", "", 0.5, 0.5),
        ("ip", "198.51.100.0/24", 3.0, 0.0),
        ("prior", told.steps[-1].identifier, -5.0, -5.0),
    ]
    assert (told.ring, told.bits, told.confidence) == (4, 10.5, 0.9993)


def test_the_steps_add_up_to_the_bits(story):
    told = story.explain()

    assert sum(step.adds for step in told.steps) == pytest.approx(told.bits)
    assert told.rows()[-1]["sum"] == 10.5


def test_each_step_says_who_holds_it_here_and_everywhere(story):
    assert [(step.here, step.everywhere) for step in story.explain().steps] == [
        (3, 3), (2, 4), (3, 5), (0, 0), (3, 90), (0, 0),
    ]  # fmt: skip


def test_each_shared_identifier_leads_to_events_oldest_first(story):
    card, address, *_ = story.explain().rows()

    assert card["events"] == [{"account_id": "a", "at": None, "seen": "fp_1"}]
    assert address["events"] == [
        {"account_id": "a", "at": "2026-09-01T00:00:00Z", "seen": "198.51.100.7"},
        {"account_id": "a", "at": "2026-09-03T00:00:00Z", "seen": "198.51.100.7"},
    ]


def test_an_account_of_no_ring_is_told_what_it_shares(story):
    told = story.explain("b")

    assert (told.ring, told.confidence) == (None, None)
    assert [(step.identifier, step.bits, step.adds) for step in told.steps] == [("198.51.100.7", 6.0, 0.0)]


def test_an_account_that_shares_nothing_has_no_steps(story):
    assert story.explain("z").steps == ()


def test_an_account_that_is_not_there_is_an_error(story):
    with pytest.raises(DataError, match="no such account"):
        story.explain("A")


def test_an_account_is_not_compared_with_itself(story):
    with pytest.raises(DataError, match="two different"):
        explain_pair("a", "a", story.logs, KINDS, story.evidence)


def test_days_without_events_are_left_out_of_the_timeline(story):
    assert timeline(["a"], story.logs) == [(at(1), 1), (at(2), 1), (at(3), 1)]
    assert timeline(["a", "b"], story.logs)[0] == (at(1), 2)
    assert timeline([], story.logs) == []


@pytest.fixture
def opened(case):
    with open_case(case) as opened:
        yield opened


def test_in_a_real_run_every_members_steps_add_up_and_lead_to_its_own_events(opened, world):
    finding = runs.find_in_case(opened, Settings())
    for account_id in world.ring:
        told = explain_account(account_id, opened.logs, KINDS, finding.evidence, finding.membership)

        assert sum(step.adds for step in told.steps) == pytest.approx(told.bits, abs=1e-4)
        assert {event.account_id for step in told.steps for event in step.events} == {account_id}
        assert all(step.events for step in told.steps if step.kind in {"payment", "ip"})


def test_a_pair_is_linked_by_what_both_hold_and_shows_events_of_both(opened, world):
    finding = runs.find_in_case(opened, Settings())
    left, right = world.ring[:2]
    told = explain_pair(left, right, opened.logs, KINDS, finding.evidence)

    assert told.accounts == (left, right)
    assert sum(step.adds for step in told.steps) == pytest.approx(told.bits, abs=1e-4)
    card = next(step for step in told.steps if step.kind == "payment")
    assert {event.account_id for event in card.events} == {left, right}
    assert card.here == 2
    assert card.everywhere == len(world.ring)


def test_a_pair_is_the_same_either_way_round(opened, world):
    finding = runs.find_in_case(opened, Settings())
    left, right = world.ring[:2]
    one, other = (
        explain_pair(*pair, opened.logs, KINDS, finding.evidence) for pair in ((left, right), (right, left))
    )

    assert [(step.kind, step.identifier, step.adds) for step in one.steps] == [
        (step.kind, step.identifier, step.adds) for step in other.steps
    ]


def test_strangers_share_nothing(opened):
    finding = runs.find_in_case(opened, Settings())
    told = explain_pair("acct_h000", "acct_h001", opened.logs, KINDS, finding.evidence)

    assert {step.kind for step in told.steps} <= {"prior", "ip"}
    assert told.confidence < 0.5
    assert len(derive("from people", people=finding.evidence.people)) == 208
