"""The picture of a ring says what the run found, down to events, and holds nothing but plain values."""

from __future__ import annotations

import json

import pytest

from linkage import runs
from linkage.evidence.kinds import KINDS
from linkage.opening import open_case
from linkage.pictures.material import gather
from linkage.pictures.sightings import EACH, find_sightings
from linkage.settings import Settings


@pytest.fixture
def opened(case):
    with open_case(case) as found:
        yield found


@pytest.fixture
def finding(opened):
    return runs.find_in_case(opened, Settings())


@pytest.fixture
def picture(opened, finding):
    (ring,) = finding.rings
    return runs.draw(opened, finding, Settings(), [ring.ring])[ring.ring]


def test_it_is_plain_values(picture):
    assert json.loads(json.dumps(picture)) == json.loads(json.dumps(picture, allow_nan=False))


def test_all_members_are_there_with_what_is_known_of_each(picture, world):
    members = picture["members"]

    assert sorted(members["account"]) == sorted(world.ring)
    assert {len(column) for name, column in members.items() if name != "roles"} == {len(world.ring)}
    assert members["events"] == [6] * len(world.ring)


def test_what_ties_them_is_the_card_and_the_prompt(picture, world):
    held = {row["level"]: row["here"] for row in picture["evidence"]["rows"]}

    assert held["card"] == len(world.ring)
    assert held["near-duplicate prompt"] == len(world.ring)


def test_every_identifier_leads_to_events_of_the_logs(opened, picture):
    events = opened.database.execute("select account_id, happened_at, ip, prompt from events").fetchall()
    known = {(account, f"{at:%Y-%m-%d %H:%M:%S}") for account, at, *_ in events}

    for row in picture["evidence"]["rows"]:
        assert row["events"], row
        if row["kind"] in {"ip", "prompt"}:
            assert {(account, at) for account, at, _ in row["events"]} <= known


def test_a_template_shows_what_its_samples_share(picture, world):
    (template, *_) = [
        each for each in picture["templates"]["shown"] if each["level"] == "near-duplicate prompt"
    ]

    assert len(template["samples"]) == EACH
    for account, pieces in template["samples"]:
        assert account in world.ring
        shared = "".join(text for text, common in pieces if common)
        assert "You are a patient editor who explains hard things plainly" in shared
    assert (
        len({"".join(text for text, common in pieces if not common) for _, pieces in template["samples"]}) > 1
    )


def test_requests_add_up(picture, world):
    assert sum(picture["rhythm"]["total"]) == picture["ring"]["events"] == 6 * len(world.ring)
    assert sum(sum(row["hours"]) for row in picture["rhythm"]["rows"]) == 6 * len(world.ring)


def test_a_run_keeps_the_pictures_of_rings_that_matter_and_draws_others_when_asked(opened, finding, picture):
    (ring,) = finding.rings

    assert ring.score >= runs.DRAWN_FROM
    assert json.loads(opened.pictures()[ring.ring]) == json.loads(json.dumps(picture))
    with opened.changing():
        opened.keep_pictures({}, anew=True)
    assert runs.picture(opened, finding, Settings(), ring.ring) == picture


def test_a_picture_of_another_shape_is_drawn_anew(opened, finding, picture):
    (ring,) = finding.rings
    with opened.changing():
        opened.keep_pictures({ring.ring: {"version": 0}}, anew=True)

    assert runs.picture(opened, finding, Settings(), ring.ring) == picture


def test_coarser_levels_that_repeat_the_finer_ones_are_left_out(finding):
    ((number, _),) = finding.names.items()

    (material,) = gather({number: finding.rings[0]}, finding.evidence, finding.membership)

    told = {(each.kind, each.level) for each in material.shared}
    assert ("payment", 0) in told
    assert ("payment", 1) not in told


def test_one_question_a_kind_finds_the_events_of_all(opened, finding):
    ((number, _),) = finding.names.items()
    materials = gather({number: finding.rings[0]}, finding.evidence, finding.membership)

    found = find_sightings(materials, finding.evidence, KINDS, opened.logs)

    assert all(len({sighted.account_id for sighted in some}) == len(some) <= EACH for some in found.values())


def test_no_ring_asked_for_draws_nothing(opened, finding):
    assert runs.draw(opened, finding, Settings(), []) == {}
