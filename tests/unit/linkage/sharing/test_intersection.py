"""What goes into an exchange: of the lab that answers only what may go out, of the one that asks all it could have."""

from __future__ import annotations

import json
from contextlib import ExitStack

import pytest
from labs import ADDRESS, CARD, DEVICE, DEVICES, Rows, a_ring, open_lab, strangers

from linkage.decisions.policy import decide
from linkage.errors import DataError
from linkage.evidence.collect import collect_evidence
from linkage.evidence.kinds import chosen_kinds
from linkage.sharing.intersection import Exchange, asked_values, holders, served_values
from linkage.sharing.psi import ClientState, ServerState
from linkage.sharing.warninglists import WarningLists

RING, OTHER = "R-AAAAAA", "R-BBBBBB"
KINDS, EFFECTIVE = chosen_kinds(DEVICES)
SERVER = Exchange("lab-b", ServerState(bytes(range(32)), "payment", 500))
CLIENT = Exchange("lab-a", ClientState(bytes(range(32)), "payment", ("one", "zw\u00f6lf")))


@pytest.fixture
def lab(tmp_path):
    """A lab with a ring that a person confirmed and one that nobody looked at."""
    rows = Rows()
    strangers(rows)
    first = a_ring(rows)
    second = a_ring(rows, "other", ip="203.0.113.9", card=CARD[::-1], device="0123456789abcdef" * 2)
    with ExitStack() as stack:
        a = open_lab(stack, tmp_path / "a", "lab-a", rows)
        a.finds(RING, first)
        a.finds(OTHER, second)
        a.says(RING, "confirm")
        yield a


def served(lab, kind, *, rings=None, gone=(), judgement="confirm"):
    judged = [
        type(ring)(**(vars(ring) | {"judgement": judgement if ring.ring == RING else None}))
        for ring in lab.rings.values()
    ]
    return served_values(
        judged if rings is None else rings,
        decide(judged, block_at=0.5, allowed={}, judgements={RING: judgement}),
        collect_evidence(lab.case.logs, KINDS, EFFECTIVE),
        WarningLists(examples=True),
        lab.settings,
        kind=kind,
        gone=gone,
    )


def test_only_values_of_confirmed_rings_are_answered_with(lab):
    assert served(lab, "payment") == [CARD]
    assert served(lab, "device") == [DEVICE]
    assert served(lab, "ip") == [ADDRESS]


def test_a_ring_that_was_taken_back_or_dismissed_answers_with_nothing(lab):
    for given in ({"gone": [RING]}, {"judgement": "dismiss"}, {"rings": []}):
        with pytest.raises(DataError, match="nothing to answer with"):
            served(lab, "payment", **given)


def test_what_a_stranger_holds_too_does_not_pass(lab):
    lab.case.database.execute(
        "insert into payments by name select * replace ('honest_1' as account_id, 'k' as row_key) from payments "
        "where fingerprint = ? limit 1",
        [CARD],
    )

    with pytest.raises(DataError, match="passes the gates"):
        served(lab, "payment")


def test_a_fingerprint_that_means_nothing_elsewhere_is_in_neither_set(tmp_path):
    rows = Rows()
    strangers(rows, 3)
    members = a_ring(rows, card="fp_9a1c")
    with ExitStack() as stack:
        a = open_lab(stack, tmp_path / "a", "lab-a", rows)
        a.finds(RING, members)

        with pytest.raises(DataError):
            served(a, "payment")
        assert "fp_9a1c" not in asked_values(a.case.logs, KINDS, a.settings, kind="payment")
        a.settings = a.settings.model_copy(update={"fingerprints": True})
        assert served(a, "payment") == ["fp_9a1c"]
        assert "fp_9a1c" in asked_values(a.case.logs, KINDS, a.settings, kind="payment")


def test_all_values_that_accounts_hold_are_asked_for_each_once(lab):
    asked = asked_values(lab.case.logs, KINDS, lab.settings, kind="payment")

    assert len(asked) == len(set(asked)) == 22
    assert {CARD, CARD[::-1]} <= set(asked)
    assert asked == sorted(asked)


@pytest.mark.parametrize("kind", ["asn", "signup", "agent", "partner", "prompt"])
def test_kinds_that_thousands_share_are_not_compared(lab, kind):
    with pytest.raises(DataError, match="not compared so"):
        asked_values(lab.case.logs, KINDS, lab.settings, kind=kind)
    with pytest.raises(DataError, match="not compared so"):
        served(lab, kind)


def test_a_kind_that_nobody_looks_at_is_said_to_hold_nothing(lab):
    with pytest.raises(DataError, match="no account holds a value of kind 'passport'"):
        asked_values(lab.case.logs, KINDS, lab.settings, kind="passport")


def test_who_holds_any_of_the_values_is_named_once(lab):
    assert holders(lab.case.logs, KINDS, kind="device", values=[DEVICE]) == [
        f"ring_{each}" for each in range(6)
    ]
    assert holders(lab.case.logs, KINDS, kind="device", values=["nobody's"]) == []


@pytest.mark.parametrize("kept", [SERVER, CLIENT], ids=["server", "client"])
def test_a_state_is_read_as_it_was_written(kept, tmp_path):
    (tmp_path / "state").write_bytes(kept.document())

    assert Exchange.of(tmp_path / "state") == kept
    assert "AAEC" not in repr(kept)


def test_a_state_is_good_for_its_own_side_alone():
    assert SERVER.serving() is SERVER.state
    assert CLIENT.asking() is CLIENT.state
    with pytest.raises(DataError, match="of the lab that asks"):
        CLIENT.serving()
    with pytest.raises(DataError, match="of the lab that answers"):
        SERVER.asking()


@pytest.mark.parametrize(
    "changed",
    [
        {"format": "linkage psi state 2"},
        {"key": "*"},
        {"key": None},
        {"most_asked": "many"},
        {"most_asked": None},
        {"values": 7},
        {"partner": "lab-b", "kind": None, "values": None},
    ],
)
def test_what_is_no_state_is_refused_in_a_sentence(changed):
    document = json.loads(SERVER.document()) | changed

    with pytest.raises(DataError, match="no state of an exchange"):
        Exchange.of(json.dumps(document).encode())
    for content in (b"", b"[]", b"{}", b"\xff"):
        with pytest.raises(DataError):
            Exchange.of(content)
