"""What a recipient says of a ring, as STIX: named after the producer's ring, and readable by every platform."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from shared import IDS, START

from linkage.sharing.feedback import Feedback, Word
from linkage.sharing.stix_feedback import write_stix_feedback

RING_IDS = {
    "R-7K2M9Q": "intrusion-set--2ab1e2f0-6a3d-4a2d-9c54-3f1f7a7e7c11",
    "R-B4TT3R": "intrusion-set--5d0f6a0e-3c7e-4a55-8f3e-1f1f7a7e7c12",
}
SAID = [
    Feedback("R-7K2M9Q", Word.seen, 20, "same cards"),
    Feedback("R-B4TT3R", Word.disagree, 0, "a class <script>\x1b[2J"),
    Feedback("R-7K2M9Q", Word.agree, 0, ""),
]


def written(said=SAID, ring_ids=RING_IDS, at=START):
    return write_stix_feedback(said, ring_ids, IDS, me="lab-b", partner="lab-a", at=at)


def objects(content):
    return {each["type"]: each for each in json.loads(content)["objects"]}


def test_what_was_seen_is_a_sighting_and_what_is_thought_an_opinion():
    found = objects(written(SAID[:2]))

    assert found["sighting"]["sighting_of_ref"] == RING_IDS["R-7K2M9Q"]
    assert found["sighting"]["count"] == 20
    assert found["sighting"]["where_sighted_refs"] == [found["identity"]["id"]]
    assert found["opinion"]["opinion"] == "disagree"
    assert found["opinion"]["object_refs"] == [RING_IDS["R-B4TT3R"]]
    assert found["opinion"]["explanation"].startswith("R-B4TT3R: a class")


def test_the_same_words_are_the_same_bytes_in_any_order():
    assert written(SAID) == written(SAID[::-1])


def test_a_word_said_again_later_is_another_object():
    first, second = (objects(written(at=START + timedelta(days=days))) for days in (0, 1))

    assert first["opinion"]["id"] != second["opinion"]["id"]
    assert first["identity"]["id"] == second["identity"]["id"]


def test_words_of_one_second_have_times_of_their_own():
    made = [each["created"] for each in json.loads(written())["objects"] if each["type"] != "identity"]

    assert len(set(made)) == len(made)


@pytest.mark.parametrize(
    "object_id", ["", "R-7K2M9Q", "intrusion-set--x", "indicator--2ab1e2f0-6a3d-4a2d-9c54-3f1f7a7e7c11"]
)
def test_a_ring_that_came_without_an_id_of_stix_is_not_named(object_id):
    assert written(SAID[:1], {"R-7K2M9Q": object_id}) is None


def test_it_says_nothing_of_our_accounts():
    assert b"acct" not in written([Feedback("R-7K2M9Q", Word.seen, 20, "")])


def test_the_strict_validator_finds_nothing():
    validator = pytest.importorskip("stix2validator")
    # Rings are the partner's, who has them: the bundle refers to what is not in it.
    options = validator.ValidationOptions(strict=True, strict_properties=True, version="2.1")

    result = validator.validate_string(written().decode(), options)

    assert (result.is_valid, [str(each) for each in result.errors or ()]) == (True, [])


def test_the_library_of_oasis_reads_it_without_custom_content():
    stix2 = pytest.importorskip("stix2")

    assert len(stix2.parse(written().decode(), allow_custom=False).objects) == len(
        json.loads(written())["objects"]
    )
