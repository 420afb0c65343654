"""The MISP feed, as pymisp reads it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from shared import IDS, TAKEN_BACK_ON, make_package, make_ring

from linkage.sharing.misp_events import MOST_ATTRIBUTES, make_events
from linkage.sharing.model import Tlp
from linkage.sharing.stix import make_parts
from linkage.sharing.views import view_named


def feed_of(package):
    """Write a feed."""
    return view_named("misp").write(package, IDS)


def attributes_of(event):
    """Give all attributes of an event, those of its objects too."""
    return [*event["Attribute"], *(each for thing in event["Object"] for each in thing["Attribute"])]


def loaded(package):
    """Read a feed as MISP's own client does: the manifest, and from it the events, by what they are called."""
    pymisp = pytest.importorskip("pymisp")
    files = feed_of(package)
    events = []
    for uuid in json.loads(files["misp/manifest.json"]):
        event = pymisp.MISPEvent()
        event.load(files[f"misp/{uuid}.json"].decode())
        events.append(event)
    return {event.info: event for event in events}


def test_every_ring_is_an_event_with_all_accounts_and_selectors():
    events = loaded(make_package())

    assert sorted(events) == [
        "LINKAGE lab-a R-7K2M9Q",
        "LINKAGE lab-a R-B4TT3R",
        "LINKAGE lab-a R-G0NE22 (withdrawn)",
    ]
    event = events["LINKAGE lab-a R-7K2M9Q"]
    kinds = [attribute.type for attribute in event.attributes]
    assert {kind: kinds.count(kind) for kind in sorted(set(kinds))} == {
        "AS": 2, "comment": 1, "ip-src": 11, "stix2-pattern": 14,
    }  # fmt: skip
    assert len(event.objects) == 60
    assert [tag.name for tag in event.tags] == ["tlp:amber+strict"]


def test_what_pymisp_reads_is_what_was_written():
    package = make_package()
    files = feed_of(package)

    for event in loaded(package).values():
        written = json.loads(files[f"misp/{event.uuid}.json"])["Event"]
        again = event.to_feed(with_meta=True)["Event"]
        for name in ("Attribute", "Object"):
            assert [each["uuid"] for each in again.get(name, [])] == [each["uuid"] for each in written[name]]
        assert {each["value"] for each in again["Attribute"]} == {
            each["value"] for each in written["Attribute"]
        }


def test_the_manifest_and_the_hashes_are_those_that_pymisp_makes():
    package = make_package()
    files = feed_of(package)
    manifest = json.loads(files["misp/manifest.json"])
    hashes = []

    for event in loaded(package).values():
        ours, theirs = manifest[str(event.uuid)], event.manifest[str(event.uuid)]
        for name in ("info", "date", "analysis", "threat_level_id", "timestamp"):
            assert ours[name] == str(theirs[name])
        assert ours["Orgc"] == theirs["Orgc"]
        assert [tag["name"] for tag in ours["Tag"]] == [tag["name"] for tag in theirs["Tag"]]
        hashes += [
            f"{hashlib.md5(each['value'].encode(), usedforsecurity=False).hexdigest()},{event.uuid}"
            for each in attributes_of(json.loads(files[f"misp/{event.uuid}.json"])["Event"])
        ]
        values = [h for attribute in event.attributes for h in attribute.hash_values("md5")]
        assert {f"{each},{event.uuid}" for each in values} <= set(hashes)
    assert sorted(files["misp/hashes.csv"].decode().splitlines()) == sorted(hashes)


def test_only_what_is_for_logs_alerts():
    event = loaded(make_package(make_ring()))["LINKAGE lab-a R-7K2M9Q"]

    alerting = [attribute for attribute in event.attributes if attribute.to_ids]
    assert len(alerting) == 22
    soft = [attribute for attribute in event.attributes if "for a look only" in attribute.comment]
    assert len(soft) == 3
    assert not any(attribute.to_ids for attribute in soft)
    assert not any(attribute.to_ids for thing in event.objects for attribute in thing.attributes)


def test_a_ring_that_is_taken_back_alerts_nobody_and_is_still_known():
    before = loaded(make_package(make_ring()))["LINKAGE lab-a R-7K2M9Q"]
    gone = make_ring(revoked=True, modified=TAKEN_BACK_ON)

    (after,) = loaded(make_package(gone)).values()

    assert after.uuid == before.uuid
    assert after.timestamp > before.timestamp
    was = {attribute.uuid: attribute for attribute in before.attributes if attribute.to_ids}
    now = {attribute.uuid: attribute for attribute in after.attributes}
    assert set(was) <= set(now)
    assert not any(attribute.to_ids for attribute in now.values())
    assert not after.objects


def test_a_large_ring_goes_on_in_events_that_extend_its_first():
    first, *more = make_events(make_package(make_ring(members=9000)), IDS)

    assert {event["extends_uuid"] for event in more} == {first["uuid"]}
    sizes = [len(attributes_of(event)) for event in (first, *more)]
    assert max(sizes) <= MOST_ATTRIBUTES
    assert len(sizes) == 4
    assert sum(len(event["Object"]) for event in (first, *more)) == 9000


def test_no_id_is_used_twice():
    ids = []
    for event in make_events(make_package(members=6000), IDS):
        ids += [event["uuid"], *(each["uuid"] for each in (*event["Object"], *attributes_of(event)))]

    assert len(set(ids)) == len(ids)


def test_the_same_value_in_another_ring_has_another_id():
    """MISP refuses an attribute whose id it has in another event."""
    one = make_ring("R-7K2M9Q")
    other = replace(one, ring="R-B4TT3R")

    first, second = make_events(make_package(one, other), IDS)

    assert not {each["uuid"] for each in attributes_of(first)} & {
        each["uuid"] for each in attributes_of(second)
    }


def test_an_event_has_the_id_of_the_stix_grouping():
    package = make_package()
    groupings = {
        str(each["id"]).partition("--")[2]
        for part in make_parts(package, IDS)
        for each in part.objects
        if each["type"] == "grouping"
    }

    assert {event["uuid"] for event in make_events(package, IDS)} == groupings


@pytest.mark.parametrize(
    ("level", "distribution"), [(Tlp.clear, "3"), (Tlp.green, "1"), (Tlp.amber_strict, "0")]
)
def test_only_the_event_says_how_far_it_may_go(level, distribution):
    (event,) = make_events(make_package(make_ring(), tlp=level), IDS)

    assert (event["distribution"], event["Tag"]) == (distribution, [{"name": f"tlp:{level}"}])
    assert not any("distribution" in each for each in (*attributes_of(event), *event["Object"]))
