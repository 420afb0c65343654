"""What a standing ring has no more is told as taken back, in every form, for ninety days."""

from __future__ import annotations

import csv
import io
import json
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
from labs import ADDRESS, NOW, Rows, a_ring, files_of, strangers, two_labs
from shared import IDS, SHARED_ON, make_package, make_ring, make_selector, token

from linkage.sharing.model import Scheme
from linkage.sharing.received import read_list
from linkage.sharing.selectors import held_selectors
from linkage.sharing.vanished import TOLD_FOR, with_vanished
from linkage.sharing.views import VIEWS, view_named

LATER = SHARED_ON + timedelta(days=3)
GONE, STAYS = "198.51.100.7", "198.51.100.8"
CARD = token("a card")
RING = "R-AAAAAA"


def told(ring="R-7K2M9Q", **given):
    """A ring of two addresses and a card."""
    return make_ring(
        ring,
        selectors=(
            make_selector("ip", Scheme.raw, GONE),
            make_selector("ip", Scheme.raw, STAYS),
            make_selector("payment", Scheme.hmac, CARD),
        ),
        **given,
    )


def left(ring="R-7K2M9Q", gone=(GONE,), **given):
    """The same ring later, without some of it."""
    before = told(ring)
    fresh = replace(
        before, selectors=tuple(each for each in before.selectors if each.value not in gone), modified=LATER
    )
    return replace(with_vanished(fresh, before, LATER), **given)


def written(view, *rings):
    return view_named(view).write(make_package(*rings), IDS)


def objects(*rings):
    return [each for content in written("stix", *rings).values() for each in json.loads(content)["objects"]]


def one_of(listed, **facts):
    (found,) = [each for each in listed if facts.items() <= each.items()]
    return found


def test_a_ring_that_is_new_or_has_all_it_had_stays_as_it_is():
    ring = told()

    assert with_vanished(ring, None, LATER) is ring
    assert with_vanished(ring, ring, LATER) is ring


def test_what_vanished_is_kept_as_taken_back_for_ninety_days():
    ring = left()

    assert {each.value: each.revoked_at for each in ring.selectors} == {GONE: LATER, STAYS: None, CARD: None}
    fresh = replace(ring, selectors=tuple(each for each in ring.selectors if not each.revoked))
    almost = with_vanished(fresh, ring, LATER + TOLD_FOR - timedelta(seconds=1))
    assert almost.selectors == ring.selectors
    assert with_vanished(fresh, ring, LATER + TOLD_FOR) == fresh


def test_what_comes_back_counts_again():
    again = with_vanished(told(), left(), LATER)

    assert again == told()


def test_stix_revokes_the_indicator_and_all_that_ties_it():
    before, after = objects(told()), objects(left())
    indicator = one_of(after, type="indicator", pattern=f"[ipv4-addr:value = '{GONE}']")
    address = one_of(after, type="ipv4-addr", value=GONE)

    assert indicator["revoked"]
    ties = [
        each
        for each in after
        if {indicator["id"], address["id"]} & {each.get("source_ref"), each.get("target_ref")}
    ]
    assert {each["relationship_type"] for each in ties} == {"indicates", "based-on", "consists-of"}
    assert all(each["revoked"] for each in ties)
    revoked = {each["id"] for each in after if each.get("revoked")}
    assert revoked == {indicator["id"], *(each["id"] for each in ties)}
    assert {each["id"] for each in before} == {each["id"] for each in after}
    assert address["id"] not in one_of(after, type="observed-data")["object_refs"]
    # A server takes a revoked object only as a later version.
    earlier = {each["id"]: each.get("modified") for each in before}
    assert all(each["modified"] > earlier[each["id"]] for each in after if each["id"] in revoked)


def test_stix_revokes_the_pool_with_its_last_address():
    after = objects(left(gone=(GONE, STAYS)))

    assert one_of(after, type="infrastructure")["revoked"]
    assert one_of(after, relationship_type="uses")["revoked"]
    assert "revoked" not in one_of(after, type="intrusion-set")


def test_every_reference_of_a_bundle_is_to_an_object_of_it():
    for content in written("stix", left()).values():
        there = json.loads(content)["objects"]
        names = {each["id"] for each in there}
        refs = [value for each in there for key, value in each.items() if key.endswith("_ref")]
        refs += [
            ref for each in there for key, value in each.items() if key.endswith("_refs") for ref in value
        ]
        assert set(refs) <= names


def test_an_indicator_lives_as_long_as_one_ring_has_it():
    other = told("R-B4TT3R")
    after = objects(left(), other)

    for indicator in (each for each in after if each["type"] == "indicator"):
        assert "revoked" not in indicator
    held = held_selectors(make_package(left(), other))
    assert held[f"[ipv4-addr:value = '{GONE}']"].rings == ("R-B4TT3R",)
    rows = [json.loads(line) for line in written("jsonl", left(), other)["selectors.jsonl"].splitlines()]
    assert {row["ring"]: row["revoked"] for row in rows if row["token"] == GONE} == {
        "R-7K2M9Q": True,
        "R-B4TT3R": False,
    }


def test_lines_of_json_and_tables_say_so_in_a_row():
    files = written("jsonl", left()) | written("csv", left())
    rows = [json.loads(line) for line in files["selectors.jsonl"].splitlines()]
    cells = list(csv.DictReader(io.StringIO(files["selectors.csv"].decode())))

    assert {row["token"]: row["revoked"] for row in rows} == {GONE: True, STAYS: False, CARD: False}
    assert {row["token"]: row["revoked"] for row in cells} == {GONE: "true", STAYS: "false", CARD: "false"}
    assert one_of(rows, token=GONE)["action"] == "look"
    assert json.loads(files["rings.jsonl"])["selectors"] == 2


def test_misp_keeps_the_attribute_without_to_ids():
    files = written("misp", left())
    (event,) = [
        json.loads(content)["Event"] for path, content in files.items() if "Event" in content.decode()
    ]
    gone, stays = (one_of(event["Attribute"], value=value) for value in (GONE, STAYS))

    assert (gone["to_ids"], gone["comment"]) == (False, "withdrawn")
    assert stays["to_ids"]
    assert "withdrawn" not in event["info"]


@pytest.mark.parametrize("view", [view.name for view in VIEWS if not view.always])
def test_lists_for_firewalls_leave_it_out(view):
    before, after = (b"".join(written(view, ring).values()) for ring in (told(), left()))

    assert GONE.encode() in before
    assert GONE.encode() not in after
    assert STAYS.encode() in after


@pytest.mark.parametrize("view", ["stix", "jsonl", "misp"])
def test_whoever_reads_it_takes_it_for_taken_back(view):
    files = written(view, left(reviewers=1))
    read = read_list(files, producer="lab-a")

    assert read.refused == {}
    assert {each.value: each.revoked for each in read.selectors} == {GONE: True, STAYS: False, CARD: False}
    assert not read.rings[0].revoked


def test_all_forms_of_one_list_agree_on_it():
    files = {
        path: content for view in VIEWS if view.always for path, content in written(view.name, left()).items()
    }
    read = read_list(files, producer="lab-a")

    assert read.refused == {}
    assert {each.value: each.revoked for each in read.selectors} == {GONE: True, STAYS: False, CARD: False}


def test_an_address_that_a_stranger_has_now_is_taken_back_by_the_next_list(tmp_path):
    rows = Rows()
    strangers(rows)
    members = a_ring(rows)
    with ExitStack() as stack:
        a, _ = two_labs(stack, tmp_path, rows, members)
        a.exports("lab-b")
        a.case.database.execute(
            "insert into events by name select * replace ('stranger' as account_id, 'k' as row_key) from events "
            "where ip = ? limit 1",
            [ADDRESS],
        )
        a.now = NOW + timedelta(days=1)
        drafted = a.drafts("lab-b")
        (ring,) = drafted.package.rings

        assert {each.value: each.revoked_at for each in ring.selectors if each.kind == "ip"} == {
            ADDRESS: a.now
        }
        assert drafted.changed == (RING,)
        assert ("ip", ADDRESS) not in drafted.values
        first = a.exports("lab-b")
        a.now += timedelta(days=1)
        a.exports("lab-b")
        assert a.sent.again
        read = read_list(files_of(first), producer="lab-a")
        assert {each.value: each.revoked for each in read.selectors if each.kind == "ip"} == {ADDRESS: True}
        a.now += TOLD_FOR
        (ring,) = a.drafts("lab-b").package.rings
        assert ADDRESS not in {each.value for each in ring.selectors}
