"""Which accounts a partner's list points to: a reason to look, where it is a good one."""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import datetime

import pytest
from labs import (
    ADDRESS,
    CARD,
    DAY,
    DEVICE,
    NOW,
    WRAPPER,
    Rows,
    a_ring,
    acquaint,
    fill,
    open_lab,
    strangers,
)

from linkage.sharing.matching import MOST_ACCOUNTS
from linkage.sharing.records import Records

RING = "R-AAAAAA"


@pytest.fixture
def told(tmp_path):
    """A way to let lab-b take in the list of lab-a, whose ring is the usual one, and match it against some rows."""
    with ExitStack() as stack:

        def told(theirs, *, secret=True, taken=True, **ring):
            rows = Rows()
            strangers(rows)
            a = open_lab(stack, tmp_path / "a", "lab-a", rows)
            members = ring.pop("members", None)
            more = Rows()
            names = members(more) if members else a_ring(more, **ring)
            fill(a.case, more)
            b = open_lab(stack, tmp_path / "b", "lab-b", theirs)
            acquaint(a, b, secret=secret)
            a.finds(RING, names)
            a.says(RING, "confirm")
            if taken:
                b.takes(a.exports("lab-b"), "lab-a")
            return a, b

        yield told


@pytest.fixture
def theirs():
    rows = Rows()
    strangers(rows, prefix="theirs")
    return rows


def found(lab):
    return {each.kind: (each.standing, each.accounts) for each in lab.matches()}


def test_nothing_in_common_points_to_nobody(told, theirs):
    _, b = told(theirs)

    assert b.matches() == []
    assert b.signals() == set()


def test_each_kind_is_found_by_itself(told, theirs):
    theirs.live("by_card", card=CARD)
    theirs.live("by_device", device=DEVICE)
    theirs.live("by_address", ip=ADDRESS)
    for name in ("by_wrapper_1", "by_wrapper_2"):
        theirs.live(name)
        theirs.wrapped(name, prompts=4)
    _, b = told(theirs)

    assert found(b) == {
        "payment": ("seed", ("by_card",)),
        "device": ("seed", ("by_device",)),
        "ip": ("seed", ("by_address",)),
        "template": ("seed", ("by_wrapper_1", "by_wrapper_2")),
    }
    assert {account for account, _ in b.signals()} == {
        "by_card", "by_device", "by_address", "by_wrapper_1", "by_wrapper_2",
    }  # fmt: skip
    assert {signal for _, signal in b.signals()} == {f"lab-a {RING}"}


def test_a_template_of_one_account_is_found_where_it_says_it_again_and_again(told, theirs):
    theirs.live("alone")
    theirs.wrapped("alone", prompts=5)
    _, b = told(theirs)

    assert found(b) == {"template": ("seed", ("alone",))}


def test_another_template_that_begins_alike_is_not_taken_for_it(told, theirs):
    for number in range(3):
        theirs.live(f"other_{number}")
        for nth in range(3):
            theirs.ask(
                f"other_{number}",
                prompt=f"{WRAPPER[:45]}some cookery book who answers the reader's letter {number} {nth} with warmth"
                " and good sense, adds one tip about leftovers, and never forgets to wish them a pleasant supper.",
            )
    _, b = told(theirs)

    assert b.matches() == []


def test_an_address_is_found_inside_the_block_that_a_partner_names(told, theirs):
    theirs.live("near", ip="2001:db8:77:1::abcd")
    _, b = told(theirs, ip="2001:db8:77:1::1")

    assert found(b) == {"ip": ("seed", ("near",))}


def test_without_a_shared_key_only_addresses_are_compared(told, theirs):
    theirs.live("both", ip=ADDRESS, card=CARD)
    _, b = told(theirs, secret=False)

    assert found(b) == {"ip": ("seed", ("both",))}


def test_tokens_of_another_quarter_count_for_the_overlap_and_then_no_more(told, theirs):
    """The list is of October; the tokens in it of the summer before."""
    theirs.live("by_card", card=CARD)
    a, b = told(theirs, taken=False)
    a.now = b.now = datetime(2026, 9, 30)  # noqa: DTZ001 - UTC, as everywhere
    a.settings = a.settings.model_copy(update={"token_days": 400})
    b.takes(a.exports("lab-b"), "lab-a")
    b.settings = b.settings.model_copy(update={"token_days": 30})

    b.now = datetime(2026, 10, 30)  # noqa: DTZ001
    assert found(b) == {"payment": ("seed", ("by_card",))}
    b.now = datetime(2026, 10, 31)  # noqa: DTZ001
    assert found(b) == {}


def test_what_points_to_too_many_is_set_aside_and_says_nothing(told, theirs):
    """The address of a campus, of which a partner's ring is a part, or which somebody there wants us to ban."""
    for number in range(MOST_ACCOUNTS + 1):
        theirs.live(f"student_{number:02}", ip=ADDRESS)
    theirs.live("by_card", card=CARD)
    _, b = told(theirs)

    matches = {each.kind: each for each in b.matches()}

    assert matches["ip"].standing == "quarantined"
    assert len(matches["ip"].accounts) == MOST_ACCOUNTS + 1
    assert b.signals() == {("by_card", f"lab-a {RING}")}


def test_so_many_and_no_more_is_still_a_seed(told, theirs):
    for number in range(MOST_ACCOUNTS):
        theirs.live(f"account_{number:02}", ip=ADDRESS)
    _, b = told(theirs)

    assert found(b)["ip"][0] == "seed"
    assert len(b.signals()) == MOST_ACCOUNTS


def test_a_template_of_everybodys_is_set_aside_though_one_account_sends_most_of_it(told, theirs):
    theirs.live("a_writer")
    theirs.wrapped("a_writer", prompts=300)
    for number in range(MOST_ACCOUNTS + 5):
        theirs.live(f"user_{number:02}")
        theirs.wrapped(f"user_{number:02}", prompts=2)
    _, b = told(theirs)

    assert found(b)["template"][0] == "quarantined"
    assert b.signals() == set()


def test_what_is_shared_for_a_look_gives_no_signal(told, theirs):
    theirs.live("tenant", ip="52.95.110.1")
    _, b = told(theirs, ip="52.95.110.1")

    assert found(b) == {"ip": ("look", ("tenant",))}
    assert b.signals() == set()


def test_what_we_told_ourselves_comes_back_as_an_echo(told, theirs):
    """Lab b shared its ring; lab a looks for it, finds some of it, and shares what it looked for."""
    members = a_ring(theirs, "b_ring")
    a, b = told(theirs)
    b.finds("R-BBBBBB", members)
    b.says("R-BBBBBB", "confirm")
    b.exports("lab-a")

    assert {standing for standing, _ in (found(b)[kind] for kind in ("ip", "payment", "device"))} == {"echo"}
    assert a is not b


def test_our_own_template_sent_back_to_us_is_an_echo(told, theirs, tmp_path):
    """Lab a signs what lab b sent as if it were its own."""
    members = a_ring(theirs, "b_ring")
    _, b = told(theirs, taken=False)
    b.finds("R-BBBBBB", members)
    b.says("R-BBBBBB", "confirm")
    mine = b.exports("lab-a")
    (tmp_path / "back.jsonl").write_bytes((mine / "selectors.jsonl").read_bytes())

    b.takes(tmp_path / "back.jsonl", "lab-a", unsigned=True)

    assert {kind: standing for kind, (standing, _) in found(b).items()} == dict.fromkeys(
        ("device", "ip", "payment", "template"), "echo"
    )
    assert b.signals() == set()


def test_matching_again_changes_nothing_but_the_log(told, theirs):
    theirs.live("by_card", card=CARD)
    _, b = told(theirs)
    first = b.matches()
    before = b.dump()

    assert b.matches() == first
    after = b.dump()
    assert {name for name in after if after[name] != before[name]} == {"audit", "facts"}
    assert b.case.fact("data") == "2"


def test_a_signal_goes_when_what_it_came_from_has_expired(told, theirs):
    theirs.live("by_address", ip=ADDRESS)
    _, b = told(theirs)
    b.matches()
    assert b.signals()
    b.now = NOW + 60 * DAY

    assert b.matches() == []
    assert b.signals() == set()


def test_an_account_of_the_reference_is_pointed_to_by_nothing(told, theirs):
    theirs.ask("earlier", before=True, ip=ADDRESS)
    _, b = told(theirs)

    assert b.matches() == []


def test_the_log_counts_and_names_nobody(told, theirs):
    theirs.live("by_card", card=CARD)
    _, b = told(theirs)
    b.matches()

    document = Records(b.case).audit()[-1][1]
    assert json.loads(document)["details"] == {
        "selectors": 4, "matched": 1, "quarantined": 0, "echoes": 0, "accounts": 1, "changed": True,
    }  # fmt: skip
    assert "by_card" not in document


def test_what_we_know_to_be_shared_points_to_nobody(told, theirs):
    a_ring(theirs, "b_ring")
    theirs.known_shared.append({"kind": "ip", "value": ADDRESS, "why": "an office"})
    _, b = told(theirs)

    standing = {kind: each for kind, (each, _) in found(b).items()}

    assert standing["ip"] == "quarantined"
    assert standing["payment"] == "seed"


def test_a_selector_that_points_to_an_account_on_the_allowlist_points_to_nobody(told, theirs):
    (first, *_) = a_ring(theirs, "b_ring")
    theirs.allowlist.append({"kind": "account", "value": first, "reason": "our auditor"})
    _, b = told(theirs)

    standing = {each.standing for each in b.matches() if first in each.accounts}

    assert standing == {"quarantined"}
    assert all(account != first for account, _ in b.signals())
