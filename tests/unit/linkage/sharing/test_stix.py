"""STIX bundles: what they promise, and what the tools that read STIX say of them."""

from __future__ import annotations

import json
import uuid
import warnings
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from shared import IDS, START, TAKEN_BACK_ON, make_package, make_ring, make_selector, make_template

from linkage.errors import DataError
from linkage.sharing.model import Scheme, Tlp
from linkage.sharing.selectors import pattern_of
from linkage.sharing.stix import MOST_OBJECTS, make_parts
from linkage.sharing.stix_objects import EXTENSION, TLP_MARKINGS, taken_back
from linkage.sharing.views import view_named


def bundles(package):
    """Write a package and read its bundles again, by path."""
    return {
        path: json.loads(content)["objects"]
        for path, content in view_named("stix").write(package, IDS).items()
    }


def only(objects, kind):
    """Give the objects of one type."""
    return [each for each in objects if each["type"] == kind]


def texts(package):
    """Write a package as texts."""
    return [content.decode() for content in view_named("stix").write(package, IDS).values()]


def test_every_ring_has_a_bundle_and_every_object_is_there_once():
    found = bundles(make_package())

    assert list(found) == ["stix/R-7K2M9Q.json", "stix/R-B4TT3R.json", "stix/R-G0NE22.json"]
    counts = Counter(each["type"] for each in found["stix/R-7K2M9Q.json"])
    assert (counts["user-account"], counts["indicator"], counts["intrusion-set"]) == (60, 25, 1)
    assert counts["ipv4-addr"] + counts["ipv6-addr"] == 11
    for objects in found.values():
        assert len({each["id"] for each in objects}) == len(objects)


def test_every_reference_is_to_an_object_of_the_same_bundle():
    for objects in bundles(make_package(members=2500)).values():
        names = {each["id"] for each in objects}
        for each in objects:
            refs = [value for key, value in each.items() if key.endswith("_ref")]
            refs += [ref for key, value in each.items() if key.endswith("_refs") for ref in value]
            assert set(refs) <= names


def test_a_large_ring_comes_in_parts_of_a_thousand_objects():
    parts = [part for part in make_parts(make_package(members=2500), IDS) if part.ring == "R-MANY"]

    assert [part.stem for part in parts] == ["R-MANY", "R-MANY-2", "R-MANY-3"]
    assert max(len(part.objects) for part in parts) <= MOST_OBJECTS
    assert sum(len(only(part.objects, "user-account")) for part in parts) == 2500
    assert len({part.bundle for part in parts}) == 3
    assert all(len(only(part.objects, "grouping")) == 1 for part in parts)
    assert max(len(only(part.objects, "grouping")[0]["object_refs"]) for part in parts) <= 1000


def test_a_ring_with_many_addresses_keeps_each_address_with_its_indicator():
    many = tuple(
        make_selector("ip", Scheme.raw, f"203.0.{third}.{last}") for third in range(4) for last in range(200)
    )
    parts = list(make_parts(make_package(make_ring(selectors=many)), IDS))

    assert len(parts) > 4
    for part in parts:
        assert len(part.objects) <= MOST_OBJECTS
        assert len(only(part.objects, "ipv4-addr")) == len(only(part.objects, "indicator"))
        assert len(only(part.objects, "infrastructure")) == (1 if only(part.objects, "ipv4-addr") else 0)


def test_a_ring_called_like_a_part_of_another_is_refused():
    package = make_package(make_ring("R-1", members=1500), make_ring("R-1-2"))

    with pytest.raises(DataError, match=r"stix/R-1-2\.json"):
        view_named("stix").write(package, IDS)


def test_a_value_of_two_rings_is_one_indicator_the_same_in_both_bundles():
    shared = make_selector("payment", Scheme.oprf, "mzxw6", confidence=90)
    rings = [make_ring(name, selectors=(shared,)) for name in ("R-7K2M9Q", "R-B4TT3R")]
    rings[1] = replace(rings[1], selectors=(replace(shared, confidence=70, soft=True),))

    one, other = (only(objects, "indicator") for objects in bundles(make_package(*rings)).values())

    assert one == other
    assert len(one) == 1
    ours = one[0]["extensions"][EXTENSION]
    assert (ours["rings"], one[0]["confidence"], ours["action"]) == (["R-7K2M9Q", "R-B4TT3R"], 90, "look")


def test_a_ring_that_is_taken_back_is_revoked_in_all_that_can_be():
    before = bundles(make_package(make_ring(members=4)))["stix/R-7K2M9Q.json"]
    gone = make_ring(members=4, revoked=True, modified=TAKEN_BACK_ON)
    after = bundles(make_package(gone))["stix/R-7K2M9Q.json"]

    assert [each["id"] for each in after] == [each["id"] for each in before]
    lasting = {"identity", "extension-definition"}
    for old, new in zip(before, after, strict=True):
        if "modified" in old and old["type"] not in lasting:
            assert new == old | {"revoked": True, "modified": "2026-09-12T01:00:00.000Z"}
        else:
            assert new == old


def test_a_value_of_a_ring_that_stands_is_not_taken_back_with_another():
    shared = make_selector("payment", Scheme.oprf, "mzxw6")
    gone = make_ring("R-G0NE22", selectors=(shared,), revoked=True, modified=TAKEN_BACK_ON)
    found = bundles(make_package(make_ring(selectors=(shared,)), gone))

    standing, taken = (only(objects, "indicator")[0] for objects in found.values())
    assert standing == taken
    assert "revoked" not in standing
    assert standing["extensions"][EXTENSION]["rings"] == ["R-7K2M9Q"]
    # It is no longer what it was, so readers must see a later version.
    assert standing["modified"] == "2026-09-12T01:00:00.000Z"
    assert all(each["revoked"] for each in only(found["stix/R-G0NE22.json"], "relationship"))


def test_a_ring_that_is_taken_back_can_come_without_what_it_held():
    empty = make_ring(members=0, selectors=(), networks=(), summary=(), revoked=True, modified=TAKEN_BACK_ON)

    (objects,) = bundles(make_package(empty)).values()

    assert [each["type"] for each in objects if each.get("revoked")] == ["intrusion-set", "grouping"]


def test_objects_that_are_no_longer_shared_can_be_taken_back():
    (objects,) = bundles(make_package(make_ring(members=1))).values()

    gone = taken_back(objects, TAKEN_BACK_ON)

    assert all(each["revoked"] and each["modified"] > each["created"] for each in gone)
    kinds = {each["type"] for each in gone}
    assert {"indicator", "intrusion-set", "relationship", "observed-data", "note", "grouping"} <= kinds
    assert not kinds & {"user-account", "identity", "marking-definition", "extension-definition"}


def test_an_account_says_only_what_never_changes():
    package = make_package(make_ring(members=2))
    again = make_package(make_ring(members=2, score=0.4, modified=TAKEN_BACK_ON, reviewers=0))

    accounts = [
        only(objects, "user-account") for each in (package, again) for objects in bundles(each).values()
    ]

    assert accounts[0] == accounts[1]
    assert [sorted(set(each) - {"type", "spec_version", "id"}) for each in accounts[0]] == [
        ["account_created", "object_marking_refs", "user_id"],
        ["object_marking_refs", "user_id"],
    ]


def test_every_indicator_ends_after_it_starts():
    upside_down = make_selector("ip", Scheme.raw, "198.51.100.7", valid_until=START - timedelta(days=1))

    (objects,) = bundles(make_package(make_ring(selectors=(upside_down,)))).values()

    (indicator,) = only(objects, "indicator")
    assert indicator["valid_until"] > indicator["valid_from"]


def test_every_object_is_marked_and_says_who_made_it():
    for level in Tlp:
        for objects in bundles(make_package(tlp=level)).values():
            marked = [each for each in objects if each["id"] != TLP_MARKINGS[level]]
            assert all(TLP_MARKINGS[level] in each["object_marking_refs"] for each in marked)
            producer = only(objects, "identity")[0]["id"]
            made = {
                each["created_by_ref"]
                for each in objects
                if "modified" in each and each["type"] != "identity"
            }
            assert made - {producer} == {only(objects, "extension-definition")[0]["created_by_ref"]}


def test_a_template_is_found_by_any_band_and_compared_by_its_sketch():
    template = make_template("one")
    (objects,) = bundles(make_package(make_ring(selectors=(template,)))).values()

    (indicator,) = only(objects, "indicator")
    assert indicator["pattern"].startswith("[x-linkage-token:value IN ('tpl-band:vr1.2026q4:")
    assert indicator["pattern"].count("tpl-band") == len(template.bands) == 32
    assert indicator["extensions"][EXTENSION]["minhash"] == template.value


def test_the_score_and_the_review_stand_beside_the_ring():
    looked_at, not_yet = (
        only(bundles(make_package())[f"stix/{name}.json"], "intrusion-set")[0]
        for name in ("R-7K2M9Q", "R-B4TT3R")
    )

    ours, theirs = (each["extensions"][EXTENSION] for each in (looked_at, not_yet))
    assert (looked_at["name"], looked_at["confidence"]) == ("LINKAGE lab-a R-7K2M9Q", 93)
    assert (ours["ring_score"], ours["review_status"], ours["reviewers"]) == (0.93, "reviewed", 2)
    assert (theirs["review_status"], "extraction" in theirs) == ("unreviewed", False)
    assert "No person has looked at it yet." in not_yet["description"]


@pytest.mark.parametrize("text", ["'] OR [a:b = '", "\\", "\\'", "a\nb", "*", "%", "\u202e"], ids=ascii)
def test_a_pattern_holds_what_it_says_and_no_more(text):
    pattern = pytest.importorskip("stix2patterns.v21.pattern").Pattern(
        pattern_of(make_selector("device", Scheme.raw, text))
    )

    ((place, operator, value),) = pattern.inspect().comparisons["x-linkage-token"]
    assert (place, operator) == (["value"], "=")
    assert value == "'" + f"device:raw::{text}".replace("\\", "\\\\").replace("'", "\\'") + "'"


def test_every_pattern_is_one_by_the_grammar():
    validator = pytest.importorskip("stix2patterns.validator")
    patterns = [
        each["pattern"] for objects in bundles(make_package()).values() for each in only(objects, "indicator")
    ]

    assert len(patterns) == 75
    assert not [pattern for pattern in patterns if validator.run_validator(pattern, "2.1")]


def test_the_strict_validator_finds_nothing_with_no_check_left_out():
    validator = pytest.importorskip("stix2validator")
    options = validator.ValidationOptions(
        strict=True, enforce_refs=True, strict_properties=True, version="2.1"
    )

    for text in texts(make_package()):
        result = validator.validate_string(text, options)
        messages = [str(each) for each in (*(result.errors or ()), *(result.warnings or ()))]
        assert (result.is_valid, messages) == (True, [])


@pytest.mark.slow
def test_the_strict_validator_finds_nothing_in_the_parts_of_a_large_ring():
    validator = pytest.importorskip("stix2validator")
    options = validator.ValidationOptions(
        strict=True, enforce_refs=True, strict_properties=True, version="2.1"
    )

    for text in texts(make_package(make_ring(members=1500))):
        assert validator.validate_string(text, options).is_valid


def test_stix2_reads_every_bundle_without_custom_content():
    stix2 = pytest.importorskip("stix2")

    for text in texts(make_package()):
        assert len(stix2.parse(text, allow_custom=False).objects) == len(json.loads(text)["objects"])


def test_every_object_of_a_large_package_is_of_the_shape_that_oasis_wants():
    judge = pytest.importorskip("jsonschema_rs")
    home = Path(pytest.importorskip("stix2validator").__file__).parent / "schemas-2.1" / "schemas"
    documents = {path: json.loads(path.read_text(encoding="utf-8")) for path in home.rglob("*.json")}
    registry = judge.Registry([(each["$id"], each) for each in documents.values()])
    judges = {
        path.stem: judge.validator_for(each, registry=registry)
        for path, each in documents.items()
        if path.parent.name in {"sdos", "sros", "observables"}
        or path.stem in {"marking-definition", "extension-definition"}
    }

    seen = Counter()
    for objects in bundles(make_package(members=2500)).values():
        for each in objects:
            assert not [error.message for error in judges[each["type"]].iter_errors(each)]
            seen[each["type"]] += 1
    assert seen["user-account"] == 2567


@pytest.fixture(scope="module")
def pycti():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it imports warns of its own future
        return pytest.importorskip("pycti")


def test_opencti_leaves_out_only_what_says_what_the_extension_means(pycti):
    for text in texts(make_package()):
        _, left_out, _ = pycti.OpenCTIStix2Splitter().split_bundle_with_expectations(text)

        assert [each["type"] for each in left_out] == ["extension-definition"]


def test_opencti_takes_no_two_objects_for_one(pycti):
    """It makes ids of its own from names, contents and patterns."""
    package = make_package(members=2500)
    objects = {each["id"]: each for found in bundles(package).values() for each in found}
    named = {
        "grouping": pycti.Grouping,
        "identity": pycti.Identity,
        "indicator": pycti.Indicator,
        "infrastructure": pycti.Infrastructure,
        "intrusion-set": pycti.IntrusionSet,
        "note": pycti.Note,
        "observed-data": pycti.ObservedData,
        "relationship": pycti.StixCoreRelationship,
    }

    made = [
        named[each["type"]].generate_id_from_data(each) for each in objects.values() if each["type"] in named
    ]

    assert len(made) > 300
    assert len(set(made)) == len(made)


def test_names_do_not_tell_what_they_stand_for():
    """A name of the specification is made from the value alone, and anybody can try values."""
    namespace = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")

    (objects,) = bundles(make_package(make_ring(members=5))).values()

    addresses = [*only(objects, "ipv4-addr"), *only(objects, "ipv6-addr")]
    guessed = {str(uuid.uuid5(namespace, f'{{"value":"{each["value"]}"}}')) for each in addresses}
    assert len(guessed) == 11
    assert not guessed & {each["id"].partition("--")[2] for each in addresses}
