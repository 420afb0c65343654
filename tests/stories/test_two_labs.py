"""Two labs, one operation: from the logs of each to a list, to a look at the other, and back."""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import timedelta

import pytest
from labs import DAY, SEPTEMBER, Rows, acquaint, files_of, open_lab

from linkage import casework, runs
from linkage.rings.identity import name_rings
from linkage.settings import load_settings
from linkage.sharing.audit import faults
from linkage.sharing.model import Tlp
from linkage.sharing.records import Records
from linkage.sharing.sending import send

CARD = "V0010013022298169667504231315"
EIGHT = [f"ring_{number}" for number in range(8)]
FIVE = [f"theirs_{number}" for number in range(5)]
TABLES = ("accounts", "events", "payments", "known_shared", "reference")


class Desk:
    """A lab that goes the whole way by itself."""

    def __init__(self, lab):
        self.lab = lab

    @property
    def settings(self):
        loaded = load_settings(environment={}, flags={"scores.decoys": 0}).settings
        return loaded.model_copy(update={"sharing": self.lab.settings})

    def rings(self):
        return runs.find_in_case(self.lab.case, self.settings).rings

    def confirm(self, ring):
        casework.judge(self.lab.case, ring, "confirm", reason="one card", by="kim", at=self.lab.now)

    def export(self, partner, to, **given):
        finding = runs.find_in_case(self.lab.case, self.settings)
        usual = {"rings": [], "tlp": Tlp.amber_strict, "block_at": 0.7, "unreviewed": False}
        drafted = casework.draft_for(
            self.lab.case, finding, self.settings, **(usual | given), partner=partner, now=self.lab.now
        )
        send(self.lab.case, drafted, to, self.lab.settings, by="kim", now=self.lab.now)
        return to

    def match(self):
        return casework.match_partners(self.lab.case, self.settings, by="kim", now=self.lab.now)


@pytest.fixture
def desks(town, tmp_path):
    """The operation has eight accounts at lab a, and five at lab b that share a card there and little else."""
    for number, name in enumerate(EIGHT):
        town.lives(name, 500 + number, card=CARD)
        for nth in range(2):
            town.asks(name, town.words(), hour=70 + nth, ip=f"198.51.100.{7 + nth}", asn="AS64496")
    theirs = type(town)()
    theirs.honest(150)
    for number, name in enumerate(FIVE):
        theirs.lives(name, 600 + number, card=CARD)
    theirs.asks(FIVE[0], theirs.words(), hour=40, ip="198.51.100.7", asn="AS64496")
    with ExitStack() as stack:
        labs = [
            open_lab(stack, tmp_path / name, name, Rows(**{each: getattr(rows, each) for each in TABLES}))
            for name, rows in (("lab-a", town), ("lab-b", theirs))
        ]
        for lab in labs:
            lab.now = SEPTEMBER
        acquaint(*labs)
        yield [Desk(lab) for lab in labs]


def test_one_operation_at_two_labs(desks, tmp_path):
    a, b = desks
    (ring,) = a.rings()
    assert sorted(member.account_id for member in ring.members) == EIGHT
    (alone,) = b.rings()
    assert sorted(member.account_id for member in alone.members) == FIVE
    a.confirm(ring.ring)

    # Lab a tells lab b: two addresses and the card, which only who holds the key of the pair can compare.
    b.lab.takes(a.export("lab-b", tmp_path / "list"), "lab-a")
    matches = b.match()
    assert {(each.kind, each.standing, each.accounts) for each in matches} == {
        ("ip", "seed", (FIVE[0],)),
        ("payment", "seed", tuple(FIVE)),
    }

    # The next run of lab b says so beside its own evidence, and no ring but its own is there.
    (told,) = b.rings()
    assert sorted(member.account_id for member in told.members) == FIVE
    assert told.linked >= alone.linked
    assert [reason.sentence for reason in told.evidence if reason.kind == "partner"] == [
        "1 ring of a partner ties 5 accounts"
    ]

    # Lab a finds that it was wrong. Nothing of it is left at lab b, whose ring is as it was before.
    a.lab.now = b.lab.now = SEPTEMBER + DAY
    a.lab.takes_back(ring.ring)
    gone = b.lab.takes(a.export("lab-b", tmp_path / "list"), "lab-a")
    assert (gone.taken_back, gone.freed) == ((ring.ring,), tuple(FIVE))
    (after,) = b.rings()
    assert after.evidence == alone.evidence
    assert (after.score, after.linked, after.members) == (alone.score, alone.linked, alone.members)
    assert b.match() == []

    # Each has the whole way in its log.
    for desk, said in (
        (a, ["judge", "export", "revoke", "export"]),
        (b, ["import", "match", "import", "match"]),
    ):
        log = Records(desk.lab.case).audit()
        assert [json.loads(document)["what"] for _, document, _ in log] == said
        assert faults(log, written=int(desk.lab.case.fact("audit"))) == []


def test_a_dismissed_ring_is_taken_back_without_being_named(desks, tmp_path):
    a, b = desks
    (ring,) = a.rings()
    a.confirm(ring.ring)
    b.lab.takes(a.export("lab-b", tmp_path / "one"), "lab-a")
    casework.judge(
        a.lab.case, ring.ring, "dismiss", reason="a class", by="kim", at=SEPTEMBER + timedelta(hours=1)
    )
    a.lab.now = b.lab.now = SEPTEMBER + DAY

    assert b.lab.takes(a.export("lab-b", tmp_path / "two"), "lab-a").taken_back == (ring.ring,)


def test_a_new_member_makes_a_new_list_and_an_old_one_is_not_taken_again(desks, tmp_path):
    a, b = desks
    (ring,) = a.rings()
    a.confirm(ring.ring)
    first = a.export("lab-b", tmp_path / "one")
    b.lab.takes(first, "lab-a")
    casework.judge(a.lab.case, EIGHT[0], "dismiss", reason="a customer", by="kim", at=SEPTEMBER)
    second = a.export("lab-b", tmp_path / "two")

    members = [json.loads((place / "rings.jsonl").read_text())["accounts"] for place in (first, second)]
    assert members == [8, 7]
    assert b.lab.takes(second, "lab-a").sequence == 2


def test_nobody_finds_a_member_by_the_name_of_the_ring(desks, tmp_path):
    """Who has a list of accounts, of a breach or of a customer's, must not see in ours which of them lead rings."""
    a, _ = desks
    (ring,) = a.rings()
    a.confirm(ring.ring)
    everything = b"".join(files_of(a.export("lab-b", tmp_path / "list")).values())

    guessed = [name_rings({0: [name]})[0] for name in EIGHT]

    assert not [name for name in guessed if name.encode() in everything]
