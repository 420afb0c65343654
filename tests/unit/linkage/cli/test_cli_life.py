"""A case from day to day: what changed, what was said, what is allowed, and the life of a ring."""

from __future__ import annotations

import json

import pytest

from linkage.opening import open_case


@pytest.fixture
def name(linkage, case):
    """The name of the one ring."""
    return json.loads(linkage("rings", "--case", case, "--format", "json").out)[0]["ring"]


def listed(linkage, case, *options):
    done = linkage("rings", "--case", case, "--format", "json", *options)
    assert done.code == 0, done.err
    return json.loads(done.out)


def say(linkage, case, *words):
    done = linkage("judge", *words, "--reason", "x", "--by", "kim", "--case", case)
    assert done.code == 0, done.err
    return done.err


def test_what_changed_is_told_once_to_each_who_asks(linkage, case, name):
    first = listed(linkage, case, "--changed", "--by", "kim")
    again = listed(linkage, case, "--changed", "--by", "kim")
    other = listed(linkage, case, "--changed", "--by", "lee")

    assert [(ring["ring"], ring["state"]) for ring in first] == [(name, "new")]
    assert again == []
    assert other == first


@pytest.fixture
def grow(linkage, case, world, make_world, tmp_path):
    """Let the ring have so many members more in the logs of the case."""

    def grow(more):
        names = tuple(f"acct_s{number}" for number in range(more))
        larger = make_world(tmp_path / "larger", (*world.ring, *names)).folder
        assert linkage("ingest", larger, "--case", case).code == 0
        return list(names)

    return grow


def test_what_changed_in_a_run_that_was_just_made_is_told(linkage, case, name, grow):
    listed(linkage, case, "--changed")
    names = grow(1)

    (ring,) = listed(linkage, case, "--changed", "--members")
    shown = linkage("rings", "--case", case)

    assert (ring["ring"], ring["state"], ring["joined"]) == (name, "grew", names)
    assert "grew, 1 new" in shown.out


def test_what_changed_is_known_of_a_case_only(linkage, world):
    assert linkage("rings", world.folder, "--changed").code == 2


def test_all_can_be_computed_anew_and_is_the_same(linkage, case):
    again = listed(linkage, case, "--full", "--members")

    assert [ring["state"] for ring in again] == ["known"]
    assert [ring["joined"] for ring in again] == [[]]


def test_several_are_judged_at_once_or_none_is(linkage, case, name):
    assert say(linkage, case, name.lower(), "acct_r0", "confirm") == f"{name}: confirm\nacct_r0: confirm\n"

    wrong = linkage("judge", name, "nobody", "dismiss", "--reason", "x", "--case", case)
    assert wrong.code == 3
    assert listed(linkage, case)[0]["judgement"] == "confirm"


def test_undo_restores_what_was_said_before(linkage, case, name):
    say(linkage, case, name, "confirm")
    say(linkage, case, name, "watch")

    assert say(linkage, case, name, "undo") == f"{name}: undo, which leaves confirm\n"
    assert listed(linkage, case)[0]["judgement"] == "confirm"
    assert say(linkage, case, name, "undo") == f"{name}: undo, which leaves nothing said\n"
    nothing = linkage("judge", name, "undo", "--reason", "x", "--case", case)
    assert (nothing.code, "nothing was said that could be taken back" in nothing.err) == (3, True)
    log = json.loads(linkage("audit", "--case", case, "--format", "json").out)
    assert [line["details"]["judgement"] for line in log] == ["confirm", "watch", "undo", "undo"]


def test_a_dismissed_ring_is_listed_again_only_with_news(linkage, case, name, grow):
    say(linkage, case, name, "dismiss")

    assert listed(linkage, case) == []
    assert linkage("rings", "--case", case, "--fail-on", "0.5").code == 0
    assert [ring["news"] for ring in listed(linkage, case, "--dismissed")] == [[]]
    assert "1 dismissed" in linkage("rings", "--case", case).err

    grow(3)

    (ring,) = listed(linkage, case)
    assert ring["ring"] == name
    assert "3 members are new since it was dismissed" in ring["news"]
    table = linkage("rings", "--case", case).out
    assert "3 members are new since it was dismissed" in table.replace("\n", " ")
    blocked = linkage("export", "--to", "csv", "--case", case)
    assert blocked.out.count("\n") == 1  # the header


def test_an_entry_is_allowed_listed_and_taken_back(linkage, case):
    entry = ("org", "acme", "--reason", "a customer", "--case", case)

    assert linkage("allow", *entry, "--until", "2027-03-31").err.startswith(
        "org acme: allowed until 2027-03-31"
    )
    rows = json.loads(linkage("allow", "--case", case, "--format", "json").out)
    assert rows == [{"kind": "org", "value": "acme", "reason": "a customer", "until": "2027-03-31T00:00:00Z"}]
    assert linkage("allow", *entry, "--undo").code == 0
    assert json.loads(linkage("allow", "--case", case, "--format", "json").out) == []
    assert linkage("allow", *entry, "--undo").code == 3
    with open_case(case) as opened:
        lines = opened.database.execute("select kind, value, taken_back from allowances").fetchall()
    assert lines == [("org", "acme", False), ("org", "acme", True)]


def test_an_entry_counts_in_the_next_run(linkage, case, world):
    for account in world.ring:
        linkage("allow", "account", account, "--reason", "a test of ours", "--case", case)

    assert listed(linkage, case) == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("fridge", "x", "--reason", "y"), 3),
        (("ip", "not an address", "--reason", "y"), 3),
        (("org", "acme"), 2),
        (("org", "acme", "--reason", " "), 2),
        (("org",), 2),
        (("org", "acme", "--reason", "y", "--until", "soon"), 3),
    ],
)
def test_a_wrong_entry_is_refused_and_the_case_unchanged(linkage, case, contents, words, code):
    before = contents(case)

    assert linkage("allow", *words, "--case", case).code == code
    assert contents(case) == before


def test_no_address_card_or_text_gets_into_the_audit_log(linkage, case):
    linkage("allow", "ip", "198.51.100.7", "--reason", "the office", "--case", case)
    linkage("allow", "payment", "fp_shared_by_the_ring", "--reason", "a test card", "--case", case)

    log = linkage("audit", "--case", case, "--format", "json").out
    assert "198.51.100.7" not in log
    assert "fp_shared" not in log
    assert log.count("sha256 ") == 2


def test_the_life_of_a_ring_is_told_with_what_people_said(linkage, case, name):
    say(linkage, case, name, "confirm")

    told = json.loads(linkage("history", name, "--case", case, "--format", "json").out)
    shown = linkage("history", name.lower(), "--case", case)

    assert [step["what"] for step in told["steps"]] == ["new", "confirm"]
    assert told["born"] == told["steps"][0]["at"]
    assert len(told["members"]) == 8
    assert {mark["kind"] for mark in told["identifiers"]} >= {"payment", "ip"}
    assert "kim: x" in shown.out
    assert shown.err.startswith(f"{name}: born 2026-09-")


def test_the_life_of_a_ring_that_nobody_knows_is_not_told(linkage, case):
    assert linkage("history", "R-NONE", "--case", case).code == 3
