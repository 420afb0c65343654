"""What every view of what is shared promises."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from shared import IDS, make_package, make_ring, make_selector

from linkage.errors import DataError, SettingsError
from linkage.sharing.ids import Ids
from linkage.sharing.model import Scheme
from linkage.sharing.stix_objects import EXTENSION, PROJECT, TLP_MARKINGS
from linkage.sharing.views import VIEWS, view_named

NASTY = (
    "\x1b[2J\x1b]0;owned\x07",
    "=cmd|' /C calc'!A0",
    "' OR x-linkage-token:value LIKE '%",
    "a\\' b",
    'a\nb\r\nc,"d"',
    "abc\u202edef\u2066",
    "\u2028line\U000e0041",
    "198.51.100.7\nflush ruleset",
    "fe80::1%eth0; drop",
)

each_view = pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)


def turned_round(package):
    """Give the same package with all its parts in another order."""
    return replace(
        package,
        rings=tuple(
            replace(
                ring,
                members=ring.members[::-1],
                selectors=tuple(replace(each, bands=each.bands[::-1]) for each in ring.selectors[::-1]),
                networks=ring.networks[::-1],
            )
            for ring in package.rings[::-1]
        ),
    )


def test_names_are_unique_words():
    names = [view.name for view in VIEWS]

    assert len(set(names)) == len(names)
    assert all(name.isascii() and name.isalpha() and name.islower() for name in names)


def test_a_wrong_name_is_answered_with_the_right_ones():
    with pytest.raises(SettingsError, match="jsonl, csv, stix, misp, nft, ipset, cloudflare, aws"):
        view_named("snort")


def test_what_is_in_every_export_is_what_no_firewall_needs():
    assert [view.name for view in VIEWS if view.always] == ["jsonl", "csv", "stix", "misp"]


@each_view
def test_a_view_is_found_by_its_name_and_says_who_reads_it(view):
    assert view_named(view.name) is view
    assert view.about.endswith(".")
    assert view.about.count(". ") >= 1


@each_view
def test_the_same_package_gives_the_same_bytes_in_whatever_order_it_comes(view):
    package = make_package(members=30)

    assert view.write(package, IDS) == view.write(turned_round(package), IDS)


def test_every_file_has_a_path_of_its_own_within_the_export():
    paths = [path for view in VIEWS for path in view.write(make_package(members=3000), IDS)]

    assert len(set(paths)) == len(paths)
    assert not [path for path in paths if PurePosixPath(path).is_absolute() or ".." in path or "\\" in path]


@each_view
def test_a_package_without_rings_is_written_too(view):
    files = view.write(replace(make_package(), rings=()), IDS)

    assert all(content.isascii() for content in files.values())


@each_view
def test_every_json_file_is_json(view):
    for path, content in view.write(make_package(), IDS).items():
        if path.endswith(".json"):
            assert json.loads(content)
        if path.endswith(".jsonl"):
            assert all(json.loads(line) for line in content.splitlines())


@each_view
def test_no_account_goes_by_the_name_its_lab_has_for_it(view):
    ring = make_ring(members=3)
    package = make_package(replace(ring, members=tuple(replace(each, created=None) for each in ring.members)))

    for content in view.write(package, IDS).values():
        assert not [number for number in range(3) if f"R-7K2M9Q {number}".encode() in content]


@each_view
def test_a_ring_that_is_taken_back_is_said_to_be_or_left_out(view):
    package = make_package()
    gone = package.rings[2]
    values = [each.value.encode() for each in (*gone.selectors,)] + [
        each.token.encode() for each in gone.members
    ]

    told = b"".join(view.write(package, IDS).values())
    if view.name == "stix":
        assert told.count(b'"revoked":true') > len(gone.selectors)
    elif view.name == "misp":
        assert not [each.token for each in gone.members if each.token.encode() in told]
        assert b"R-G0NE22 (withdrawn)" in told
    else:
        assert not [value for value in values if value in told]


@each_view
@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_whatever_strangers_wrote_comes_out_inert(view, text):
    selectors = (make_selector("device", Scheme.raw, text), make_selector("ip", Scheme.raw, text))

    for content in view.write(make_package(make_ring(selectors=selectors)), IDS).values():
        assert not set(content) - set(range(0x20, 0x7F)) - {0x09, 0x0A}
        assert b"flush ruleset\n" not in content


@each_view
def test_a_ring_of_a_name_that_leads_out_of_the_export_is_refused(view):
    with pytest.raises(DataError, match=r"no file can have"):
        view.write(make_package(make_ring("../../etc/passwd")), IDS)


@each_view
def test_a_lab_of_a_name_that_is_none_is_refused(view):
    with pytest.raises(DataError, match="name of a lab"):
        view.write(make_package(producer="lab-a\nflush ruleset"), IDS)


@each_view
def test_two_rings_of_one_name_are_refused(view):
    with pytest.raises(DataError, match="come twice"):
        view.write(make_package(make_ring(), make_ring()), IDS)


def test_what_changes_in_one_ring_changes_no_word_on_another():
    one, other = make_ring("R-7K2M9Q"), make_ring("R-B4TT3R")
    changed = replace(one, score=0.5)

    for view in (view_named("stix"), view_named("misp")):
        before = view.write(make_package(one, other), IDS)
        after = view.write(make_package(replace(changed, reviewers=0), other), IDS)
        files = {path for path in before if before[path] != after[path]}
        assert not [path for path in files if b"R-B4TT3R" in before[path] and "manifest" not in path]
        assert files


def test_another_secret_gives_other_names():
    package = make_package()

    ours, others = (view_named("stix").write(package, Ids(bytes([byte]) * 32)) for byte in (1, 2))

    assert not set(names_in(ours)) & set(names_in(others)) - set(names_known_to_all())


def names_in(files):
    """Give the ids of all objects in bundles."""
    return {each["id"] for content in files.values() for each in json.loads(content)["objects"]}


def names_known_to_all():
    """Give the ids that are nobody's: the marking, our extension, and who stands behind it."""
    return {EXTENSION, PROJECT, *TLP_MARKINGS.values()}
