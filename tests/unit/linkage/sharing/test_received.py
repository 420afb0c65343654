"""A partner's list becomes what we can use: its forms agree, and no list at all does any harm."""

from __future__ import annotations

import base64
import contextlib
import json
import os
from dataclasses import fields, replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.errors import DataError
from linkage.sharing import received
from linkage.sharing.ids import Ids
from linkage.sharing.model import Package, Scheme, Selector, SharedRing, Tlp
from linkage.sharing.received import ReceivedList, read_file, read_list, read_objects
from linkage.sharing.views.jsonl import JsonLinesView
from linkage.sharing.views.misp import MispView
from linkage.sharing.views.stix import StixView

AT = datetime(2026, 9, 3, 1, 12, 9)  # noqa: DTZ001 - naive UTC
UNTIL = datetime(2026, 10, 3)  # noqa: DTZ001 - as above
LATER = datetime(2026, 9, 5)  # noqa: DTZ001 - as above
KEY = "vr1.2026q4.434a3ab6"
STIX_PATH = "stix/R-7K2M9Q.json"


def base32(content):
    return base64.b32encode(content).decode().lower().rstrip("=")


SELECTORS = (
    Selector("ip", Scheme.raw, "198.51.100.7", "", AT, UNTIL, 90, 5),
    Selector("ip", Scheme.raw, "2001:db8::/64", "", AT, UNTIL, 60, 2, soft=True),
    Selector("payment", Scheme.hmac, base32(bytes(range(32))), KEY, AT, UNTIL, 95, 5),
    Selector("payment", Scheme.oprf, base32(bytes(range(64))), "hub.2026q4", AT, UNTIL, 95, 5),
    Selector(
        "template",
        Scheme.minhash,
        base32(bytes(128)),
        KEY,
        AT,
        UNTIL,
        80,
        10,
        bands=tuple(base32(bytes([number]) * 4) for number in range(32)),
    ),
)


def shared(name="R-7K2M9Q", selectors=SELECTORS, **changes):
    whole = SharedRing(
        name, 0.93, 0.95, 0.8, AT, UNTIL, AT, AT, (), tuple(selectors), (), ("One card.", "Two addresses."), 2
    )
    return replace(whole, **changes)


def written(*rings, views=(StixView, JsonLinesView)):
    package = Package("lab-a", "lab-b", Tlp.amber_strict, rings, "iso-1", "Only against abuse.")
    files = {}
    for view in views:
        files |= view().write(package, Ids(bytes(32)))
    return files


def read(files):
    return read_list(files, producer="lab-a")


def edited(content, **changes):
    """The bundle with other facts in each of its indicators."""
    bundle = json.loads(content)
    for each in bundle["objects"]:
        if each["type"] == "indicator":
            each.update(changes)
    return json.dumps(bundle).encode()


@pytest.mark.parametrize("views", [(StixView,), (JsonLinesView,), (StixView, JsonLinesView, MispView)])
def test_what_our_views_write_is_read_whole_and_without_complaint(views):
    found = read(written(shared(), shared("R-AAAA11", SELECTORS[:1]), views=views))

    assert not found.refused
    assert not found.stripped
    assert [(ring.ring, ring.score, ring.reviewers) for ring in found.rings] == [
        ("R-7K2M9Q", 0.93, 2),
        ("R-AAAA11", 0.93, 2),
    ]
    assert found.rings[0].summary == ("One card.", "Two addresses.")
    told = {
        (each.ring, each.kind, each.scheme, each.key_id, each.value, each.soft) for each in found.selectors
    }
    assert told == {
        (name, each.kind, each.scheme, each.key_id, each.value, each.soft)
        for name, selectors in (("R-7K2M9Q", SELECTORS), ("R-AAAA11", SELECTORS[:1]))
        for each in selectors
    }


def test_bundles_and_lines_say_the_same():
    files = written(shared())
    lines = {path: content for path, content in files.items() if path.endswith(".jsonl")}
    bundles = {path: content for path, content in files.items() if path not in lines}

    assert read(bundles).selectors == read(lines).selectors == read(files).selectors


def test_a_feed_is_read_where_there_is_nothing_else():
    alone = read(written(shared(), views=(MispView,)))

    assert not alone.refused
    assert {each.value for each in alone.selectors} == {each.value for each in SELECTORS}
    assert read(written(shared(), views=(StixView, MispView))) == read(written(shared(), views=(StixView,)))


@pytest.mark.parametrize("views", [(StixView,), (JsonLinesView,), (StixView, JsonLinesView), (MispView,)])
def test_a_ring_that_is_taken_back_takes_all_its_selectors_with_it(views):
    found = read(written(shared(revoked=True, modified=LATER), views=views))

    assert [ring.revoked for ring in found.rings] == [True]
    assert all(each.revoked for each in found.selectors)


def test_a_selector_of_a_ring_that_stands_survives_one_that_does_not():
    files = written(shared(), shared("R-AAAA11", SELECTORS[:1], revoked=True))

    assert {(each.ring, each.revoked) for each in read(files).selectors} == {("R-7K2M9Q", False)}


def test_what_stands_in_one_form_only_is_taken():
    files = written(shared(), views=(StixView,)) | written(shared("R-AAAA11"), views=(JsonLinesView,))

    assert {each.ring for each in read(files).rings} == {"R-7K2M9Q", "R-AAAA11"}
    assert len(read(files).selectors) == 2 * len(SELECTORS)


def test_of_two_forms_neither_may_say_more():
    files = written(shared(selectors=SELECTORS[:1]))
    files[STIX_PATH] = edited(files[STIX_PATH], confidence=100, valid_until="2026-12-31T00:00:00Z")

    (found,) = read(files).selectors

    assert (found.confidence, found.valid_until) == (90, UNTIL)


def test_forms_that_differ_on_what_a_value_is_are_both_refused():
    files = written(shared(selectors=SELECTORS[:1]))
    files[STIX_PATH] = edited(files[STIX_PATH], pattern="[ipv4-addr:value = '203.0.113.9']")

    found = read(files)

    assert not found.selectors
    assert found.refused == {"the forms of the list say different things of it": 2}


def test_forms_that_hold_at_different_times_are_refused():
    files = written(shared(selectors=SELECTORS[:1]))
    files[STIX_PATH] = edited(
        files[STIX_PATH], valid_from="2027-09-03T00:00:00Z", valid_until="2027-10-03T00:00:00Z"
    )

    assert not read(files).selectors


def test_what_one_form_takes_back_is_taken_back():
    files = written(shared(selectors=SELECTORS[:1]))
    files[STIX_PATH] = edited(files[STIX_PATH], revoked=True, pattern="[ipv4-addr:value = '203.0.113.9']")

    assert {each.value: each.revoked for each in read(files).selectors} == {"203.0.113.9": True}


def test_rings_on_whose_score_the_forms_differ_are_refused_unless_taken_back():
    files = written(shared())

    assert not read(files | written(shared(score=0.5), views=(JsonLinesView,))).rings
    (ring,) = read(files | written(shared(score=0.5, revoked=True), views=(JsonLinesView,))).rings
    assert ring.revoked


def test_the_order_of_files_and_objects_changes_nothing():
    files = written(shared(), shared("R-AAAA11", SELECTORS[:1]))
    bundle = json.loads(files[STIX_PATH])
    bundle["objects"].reverse()
    turned = dict(reversed((files | {STIX_PATH: json.dumps(bundle).encode()}).items()))

    assert read(turned) == read(files)


def test_an_export_without_a_list_is_an_error():
    with pytest.raises(DataError, match="no list"):
        read({"README.md": b"", "../stix/x.json": b"{}"})


def test_an_export_larger_than_any_is_refused_whole():
    half = bytes(received.MOST_TOGETHER // 2 + 1)

    with pytest.raises(DataError, match="together"):
        read({"stix/a.json": half, "stix/b.json": half})


def test_a_file_that_cannot_be_read_is_named():
    with pytest.raises(DataError, match=r"stix/R-7K2M9Q\.json: the JSON is nested deeper"):
        read({STIX_PATH: b"[" * 1_000_000})


def test_reasons_hold_no_word_of_strangers():
    files = written(shared())
    files["selectors.jsonl"] += (
        b'{"token": "=HYPERLINK(evil)", "ring": "\\u001b[2J", "=cmd": 1, "x_evil": 2}\n'
    )

    found = read(files)

    assert found.refused.keys() == {"its scheme is none that we know"}
    assert "evil" not in json.dumps([found.refused, found.stripped])


def test_a_lone_bundle_and_lone_lines_are_read(tmp_path):
    files = written(shared())
    for path in (STIX_PATH, "selectors.jsonl", "rings.jsonl"):
        (tmp_path / path.rpartition("/")[2]).write_bytes(files[path])

    whole = read(files)
    assert read_file(tmp_path / "R-7K2M9Q.json", producer="lab-a").selectors == whole.selectors
    lines = read_file(tmp_path / "selectors.jsonl", producer="lab-a").selectors
    assert lines == tuple(replace(each, modified=None) for each in whole.selectors)
    assert [ring.ring for ring in read_file(tmp_path / "rings.jsonl", producer="lab-a").rings] == ["R-7K2M9Q"]


def test_a_feed_is_read_from_its_folder_and_follows_no_link(tmp_path):
    for path, content in written(shared(), shared("R-AAAA11"), views=(MispView,)).items():
        (tmp_path / "misp").mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    whole = read_file(tmp_path / "misp", producer="lab-a")
    assert len(whole.rings) == 2

    first = min(path for path in (tmp_path / "misp").iterdir() if path.suffix == ".json")
    lone = read_file(first, producer="lab-a")
    assert len(lone.rings) == 1
    first.rename(tmp_path / "outside.json")
    first.symlink_to(tmp_path / "outside.json")
    found = read_file(tmp_path / "misp", producer="lab-a")
    assert len(found.rings) == 1
    assert found.refused == {"an event that the manifest names is not there": 1}


@pytest.mark.parametrize("name", ["list.txt", "absent.json", "pipe.json", "empty", "huge.json", "bad.json"])
def test_what_is_no_list_is_a_sentence(tmp_path, name):
    (tmp_path / "list.txt").write_text("{}")
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.json").write_bytes(b'{"type": "bundle", "objects": [NaN]}')
    os.mkfifo(tmp_path / "pipe.json")
    with (tmp_path / "huge.json").open("wb") as file:
        file.truncate(2 << 30)

    with pytest.raises(DataError):
        read_file(tmp_path / name, producer="lab-a")


def test_objects_of_a_server_are_read_as_those_of_a_file():
    files = written(shared(), views=(StixView,))

    assert read_objects(json.loads(files[STIX_PATH])["objects"], producer="lab-a") == read(files)


def test_a_list_holds_nothing_that_was_not_checked():
    files = written(shared())
    bundle = json.loads(files[STIX_PATH])
    for each in bundle["objects"]:
        each |= {"x_evil": "evil", "opencti_operation": "delete", "labels": ["evil"], "description": "evil"}

    found = read(files | {STIX_PATH: json.dumps(bundle).encode()})

    assert len(found.selectors) == len(SELECTORS)
    assert found.stripped.keys() == {
        "a property that is in no standard (x_...): left out",
        "an order to another program (opencti_operation): left out",
    }
    assert "evil" not in repr([[getattr(each, one.name) for one in fields(each)] for each in found.selectors])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
PATHS = st.sampled_from(
    [
        STIX_PATH,
        "selectors.jsonl",
        "rings.jsonl",
        "misp/manifest.json",
        "misp/66666666-6666-4666-8666-666666666666.json",
    ]
)
SOUND = written(shared(), views=(StixView, JsonLinesView, MispView))


@given(st.dictionaries(PATHS, st.binary() | JSON.map(lambda value: json.dumps(value).encode())))
def test_arbitrary_files_are_a_list_or_a_sentence(files):
    with contextlib.suppress(DataError):
        assert isinstance(read(files), ReceivedList)


@given(st.sampled_from(sorted(SOUND)), st.integers(min_value=0), st.binary(max_size=4), st.integers(0, 8))
def test_a_damaged_file_is_a_list_or_a_sentence(path, place, instead, length):
    content = SOUND[path]
    start = place % (len(content) + 1)
    damaged = content[:start] + instead + content[start + length :]

    with contextlib.suppress(DataError):
        assert isinstance(read({path: damaged}), ReceivedList)


@given(st.lists(JSON))
def test_arbitrary_objects_are_a_list(objects):
    assert isinstance(read_objects(objects, producer="lab-a"), ReceivedList)
