"""A list that comes through a server counts as signed where each object is as it was signed, and not otherwise."""

from __future__ import annotations

import json
from contextlib import ExitStack
from copy import deepcopy

import pytest
from labs import DAY, OTHER, RING, Rows, acquaint, lab_of_two_rings, open_lab

from linkage.errors import DataError
from linkage.sharing.collection import objects_in, sealed_objects
from linkage.sharing.incoming import take_in_collection
from linkage.sharing.keyring import keyring
from linkage.sharing.manifest import Standing
from linkage.sharing.model import Tlp
from linkage.sharing.seal import is_seal, seal
from linkage.sharing.standing import standing_selectors
from linkage.sharing.taxii import Profile


@pytest.fixture
def labs(tmp_path):
    """A lab with a list to send, and its partner."""
    with ExitStack() as stack:
        a = lab_of_two_rings(stack, tmp_path)
        b = open_lab(stack, tmp_path / "partner", "lab-b", Rows())
        acquaint(a, b)
        yield a, b


@pytest.fixture
def other(labs, tmp_path):
    """The same partner, once more."""
    with ExitStack() as stack:
        other = open_lab(stack, tmp_path / "other", "lab-b", Rows())
        other.settings = labs[1].settings
        yield other


def brought(lab, profile=Profile.whole):
    """Write a list, and give what goes to a server of it."""
    folder = lab.exports("lab-b")
    return list(sealed_objects(folder, lab.case, profile))


def take(lab, objects, **given):
    return take_in_collection(
        lab.case, objects, lab.settings, **({"producer": "lab-a", "by": "lee", "now": lab.now} | given)
    )


@pytest.mark.parametrize("profile", Profile)
def test_a_list_is_taken_as_from_its_folder_whatever_a_server_does_to_order_and_layout(labs, other, profile):
    a, b = labs
    held = [dict(reversed(each.items())) for each in json.loads(json.dumps(brought(a, profile), indent=3))]

    done = take(b, held[::-1])

    assert (done.sequence, done.rings, done.refused) == (1, 1, {})
    assert b.takes(a.folder / "list_1", "lab-a").standing is Standing.seen
    other.takes(a.folder / "list_1", "lab-a")
    there = standing_selectors(b.case, b.now)
    assert len(there) == 3
    assert there == standing_selectors(other.case, b.now)


def test_the_newest_list_counts_and_takes_back_what_it_no_longer_says(labs):
    a, b = labs
    held = brought(a)
    take(b, held)
    a.says(OTHER, "confirm")
    a.takes_back(RING)
    a.now = b.now = a.now + DAY
    held += brought(a)

    done = take(b, held)

    assert (done.sequence, done.taken_back) == (2, (RING,))
    assert {each.ring for each in standing_selectors(b.case, b.now)} == {OTHER}


@pytest.mark.parametrize("profile", Profile)
def test_a_server_that_keeps_the_first_of_what_never_changes_holds_up_no_list_that_may_go_further(
    labs, profile
):
    a, b = labs
    held = {(each["id"], each.get("modified")): each for each in brought(a, profile)}
    a.settings = a.settings.model_copy(update={"terms": "for the defence of accounts"})
    a.now = b.now = a.now + DAY
    later = sealed_objects(a.exports("lab-b", tlp=Tlp.green), a.case, profile)
    held = {(each["id"], each.get("modified")): each for each in later} | held

    done = take(b, list(held.values()), first=True)

    assert (done.sequence, done.rings, done.selectors, done.refused) == (2, 1, 3, {})


def test_what_is_not_covered_counts_for_nothing(labs):
    a, b = labs
    held = brought(a)
    forged = [deepcopy(each) for each in held if each["type"] == "indicator"]
    for number, each in enumerate(forged):
        each["id"] = f"indicator--00000000-0000-4000-8000-{number:012}"
    stray = [{"type": "identity", "name": "lab-a", "id": "identity--00000000-0000-4000-8000-000000000000"}]

    assert take(b, [*forged, *stray, *held]).selectors == 3
    assert not {each.object_id for each in standing_selectors(b.case, b.now)} & {
        each["id"] for each in forged
    }


@pytest.mark.parametrize("change", ["altered", "missing"])
def test_an_object_that_is_missing_or_was_altered_holds_up_the_whole_list(labs, change):
    a, b = labs
    held = brought(a)
    place = next(number for number, each in enumerate(held) if each["type"] == "indicator")
    if change == "altered":
        held[place] = held[place] | {"valid_until": "2099-01-01T00:00:00.000Z"}
    else:
        del held[place]
    before = b.dump()

    with pytest.raises(DataError, match=r"1 of \d+ objects of list 1 are missing"):
        take(b, held)
    assert b.dump() == before


def test_a_seal_of_others_or_for_others_is_none(labs):
    a, b = labs
    held = brought(a)
    note = held[-1]
    stranger = keyring(b.case)
    document = (a.folder / "list_1" / "manifest.json").read_bytes()
    changed = deepcopy(note)
    (facts,) = changed["extensions"].values()
    facts["seal"]["objects"] = facts["seal"]["objects"][:1]
    for instead in (
        [],
        [seal(held, document, stranger.signing, stranger.ids)],
        [changed],
        [note | {"extensions": {}}],
    ):
        with pytest.raises(DataError, match="no list from lab-a to us"):
            take(b, [*held[:-1], *instead])
    b.settings = b.settings.model_copy(update={"name": "lab-x"})
    with pytest.raises(DataError, match="no list from lab-a to us"):
        take(b, held)


def test_lists_are_numbered_and_end_as_those_in_folders(labs):
    a, b = labs
    old = brought(a)
    a.says(OTHER, "confirm")
    a.now = b.now = a.now + DAY
    new = brought(a)
    with pytest.raises(DataError, match="--first"):
        take(b, [*old, *new])
    assert take(b, [*old, *new], first=True).sequence == 2
    with pytest.raises(DataError, match="replayed"):
        take(b, old)
    with pytest.raises(DataError, match="expired"):
        take(b, new, now=b.now + 400 * DAY)


@pytest.mark.parametrize(
    "junk",
    [
        None,
        7,
        [],
        {"seal": {}},
        {"seal": {"\ud800": 1}, "signature": "\ud800"},
        {"seal": {"n": 10**40}, "signature": ""},
    ],
)
def test_junk_in_a_collection_is_passed_over(labs, junk):
    a, b = labs
    held = brought(a)
    (extension,) = held[-1]["extensions"]
    strange = [{"type": "note", "extensions": {extension: junk}}, {"type": "note", "x": 10**40}, {}]

    assert take(b, [*strange, *held]).sequence == 1


def test_the_same_list_has_the_same_seal_and_only_its_note_is_one(labs):
    a, _ = labs
    held = brought(a)

    assert brought(a) == held
    assert [is_seal(each) for each in held].count(True) == 1
    assert len(held) > len([each for each in objects_in(a.folder / "list_1") if is_seal(each)])


def test_the_strict_validator_finds_nothing_in_a_seal(labs):
    validator = pytest.importorskip("stix2validator")
    options = validator.ValidationOptions(strict=True, strict_properties=True, version="2.1")

    result = validator.validate_instance(brought(labs[0])[-1], options)

    messages = [str(each) for each in (*(result.errors or ()), *(result.warnings or ()))]
    assert (result.is_valid, messages) == (True, [])
