"""A ring is seen beside those that were judged before, and beside accounts known bad."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest
from given import make_logs

from linkage.evidence.collect import Evidence
from linkage.evidence.kinds import KINDS
from linkage.pictures.standing import PRECEDENT, paths_to_known_bad, precedents, telling_identifiers
from linkage.rings.membership import Membership
from linkage.tables import from_arrow

NAMES = {0: "R-FIRST0", 1: "R-SECOND"}
KNOWN = {f"{ring}{number}" for ring in "ab" for number in range(3)}
AT = datetime(2026, 9, 1)  # noqa: DTZ001 - UTC


class Story:
    """Two rings of three. A card and a network are in both, an address in the first and with an outsider."""

    def __init__(self, statuses=None):
        accounts = [
            {"account_id": name, "status": status, "created_at": AT}
            for name, status in (statuses or {}).items()
        ]
        self.logs = make_logs(accounts=accounts)
        self.database = self.logs.accounts.database
        people = [*(f"a{n}" for n in range(3)), *(f"b{n}" for n in range(3)), "outsider"]
        self.evidence = Evidence(
            people=self.table({"account": list(range(7)), "account_id": people, "reference": [False] * 7}),
            identifiers=self.table(
                {
                    "identifier": [0, 1, 2],
                    "kind": ["payment", "asn", "ip"],
                    "level": [0, 0, 0],
                    "value": ["card", "AS64500", "198.51.100.7"],
                    "why": pa.array([None, "a hub: 900 holders", None], pa.string()),
                }
            ),
            holdings=self.table(
                {
                    "account": [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5, 0, 1, 6],
                    "identifier": [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2],
                }
            ),
            earlier_holdings=self.table({"account": [], "identifier": []}),
            skipped=(),
        )
        self.membership = Membership(
            members=self.table({"ring": [0, 0, 0, 1, 1, 1], "account": list(range(6))}),
            parts=self.table({"ring": []}),
            shared=self.table(
                {
                    "ring": [0, 1, 0, 1, 0],
                    "identifier": [0, 0, 1, 1, 2],
                    "kind": ["payment", "payment", "asn", "asn", "ip"],
                    "level": [0] * 5,
                    "holders": [3, 2, 3, 3, 2],
                    "bits": [9.0, 8.0, 5.0, 5.0, 6.0],
                }
            ),
        )

    def table(self, columns):
        return from_arrow(self.database, pa.table(columns))

    def kept(self, rows=()):
        return from_arrow(self.database, pa.Table.from_pylist(list(rows), pa.schema(PRECEDENT.items())))

    def precedents(self, judged, kept=()):
        return precedents(
            NAMES, judged, self.kept(kept), kinds=KINDS, evidence=self.evidence, membership=self.membership
        )

    def paths(self, confirmed=(), late=()):
        return paths_to_known_bad(
            NAMES,
            {name: frozenset(KNOWN - set(late)) for name in confirmed},
            kinds=KINDS,
            logs=self.logs,
            evidence=self.evidence,
            membership=self.membership,
        )


def test_a_card_of_a_judged_ring_is_a_precedent_and_a_network_of_everybody_is_none():
    assert Story().precedents({"R-FIRST0": "confirm"}) == {
        "R-SECOND": [
            {
                "ring": "R-FIRST0",
                "judgement": "confirm",
                "kind": "payment",
                "identifier": "card",
                "there": 3,
                "here": 2,
            }
        ]
    }


def test_a_ring_is_no_precedent_of_itself_and_without_judgements_there_is_none():
    story = Story()

    assert "R-FIRST0" not in story.precedents({"R-FIRST0": "confirm"})
    assert story.precedents({}) == {}


def test_what_an_earlier_run_kept_counts_though_its_ring_is_gone():
    kept = {"ring": "R-GONE00", "kind": "ip", "level": 0, "value": "198.51.100.7", "accounts": 40}

    found = Story().precedents({"R-GONE00": "dismiss"}, [kept])

    assert found["R-FIRST0"][0]["ring"] == "R-GONE00"
    assert found["R-FIRST0"][0]["there"] == 40


def test_what_is_kept_of_a_ring_is_what_tells_it():
    story = Story()

    kept = telling_identifiers({0: "R-FIRST0"}, story.evidence, story.membership).rows("kind")

    assert kept == [("R-FIRST0", "ip", 0, "198.51.100.7", 2), ("R-FIRST0", "payment", 0, "card", 3)]


def test_an_address_leads_to_an_account_that_was_banned():
    (path,) = Story({"outsider": "Banned"}).paths()["R-FIRST0"]

    assert path == {
        "account": "outsider", "why": "Banned", "kind": "ip", "identifier": "198.51.100.7", "through": "a0", "here": 2,
    }  # fmt: skip


def test_a_banned_member_needs_no_path():
    (path,) = Story({"a1": "suspended"}).paths()["R-FIRST0"]

    assert (path["account"], path["kind"]) == ("a1", None)


@pytest.mark.parametrize("status", [None, "active", "paid"])
def test_an_account_in_good_standing_is_no_path(status):
    assert Story({"outsider": status}).paths() == {}


def test_members_of_another_ring_are_known_bad_once_it_is_confirmed():
    story = Story()

    found = story.paths({"R-FIRST0"})

    assert story.paths() == {}
    assert {path["account"] for path in found["R-SECOND"]} == {"a0", "a1", "a2"}
    assert found["R-SECOND"][0]["kind"] == "payment"
    assert "R-FIRST0" not in found


def test_who_joined_a_ring_after_it_was_confirmed_is_not_known_bad():
    found = Story().paths({"R-FIRST0"}, late={"a2"})

    assert {path["account"] for path in found["R-SECOND"]} == {"a0", "a1"}
