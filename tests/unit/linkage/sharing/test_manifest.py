"""Manifests: written one way, read strictly, and taken in their order only."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from linkage.errors import DataError
from linkage.sharing.manifest import Manifest, Received, Standing, check
from linkage.sharing.manifest_fields import LARGEST_MANIFEST
from linkage.sharing.model import Tlp

DAY = timedelta(days=1)
CREATED = datetime(2026, 9, 3, 1, 12, 9)  # noqa: DTZ001 - naive UTC is the rule here
NOW = CREATED + DAY
DIGEST = "0123456789abcdef" * 4
FIRST = Manifest(
    producer="lab-a",
    recipient="lab-b",
    sequence=1,
    previous=None,
    created=CREATED,
    expires=CREATED + 30 * DAY,
    tlp=Tlp.amber_strict,
    files={"selectors.jsonl": DIGEST, "stix/R-7K2M9Q.json": DIGEST},
)


def follow(manifest, sequence=None):
    """Make a later list; it names the given one as the one before it."""
    return replace(manifest, sequence=sequence or manifest.sequence + 1, previous=manifest.digest)


def take(manifest, last=None, **changed):
    known = {"me": "lab-b", "producer": "lab-a", "now": NOW} | changed
    return check(manifest, last=last and Received.of(last), **known)


def rewritten(**changed):
    """Write the first manifest with other fields, as a program of somebody else might."""
    fields = json.loads(FIRST.document()) | changed
    return (json.dumps(fields, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


SECOND = follow(FIRST)
THIRD = follow(SECOND)


def test_what_was_written_is_read_again():
    assert Manifest.of(FIRST.document()) == FIRST
    assert Manifest.of(THIRD.document()) == THIRD


def test_the_order_of_files_does_not_matter():
    turned = replace(FIRST, files=dict(reversed(FIRST.files.items())))

    assert turned.document() == FIRST.document()


def test_a_manifest_is_written_as_any_program_can_write_it():
    assert rewritten() == FIRST.document()


@pytest.mark.parametrize(
    "tlp", ["red", "RED", "TLP:RED", "tlp-red", " Red ", "TLP:\uff32\uff25\uff24", "T.L.P. red"]
)
def test_red_is_refused_in_any_spelling(tlp):
    with pytest.raises(DataError, match="marked TLP:RED"):
        Manifest.of(rewritten(tlp=tlp))


@pytest.mark.parametrize("tlp", ["", "white", "AMBER", "TLP:GREEN", "amber+", "blue"])
def test_a_level_that_nobody_knows_is_refused(tlp):
    with pytest.raises(DataError, match="is not one of clear, green, amber, amber"):
        Manifest.of(rewritten(tlp=tlp))


@pytest.mark.parametrize("version", [None, "linkage-export/2", 1, ["linkage-export/1"]])
def test_another_version_is_refused(version):
    with pytest.raises(DataError, match="format linkage-export/1"):
        Manifest.of(rewritten(format=version))


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../x",
        "a//x",
        "a/",
        "./x",
        ".hidden",
        "a\\x",
        "C:x",
        "a\nx",
        "a\x00",
        "a\u202ex",
        "~/x",
        "-rf",
        "x" * 200,
        "/".join("abcdefghijk"),
    ],
)
def test_a_path_that_could_lead_elsewhere_is_refused(path):
    with pytest.raises(DataError, match="is not a relative one") as raised:
        Manifest.of(rewritten(files={path: DIGEST}))

    assert str(raised.value).isprintable()


@pytest.mark.parametrize(
    "paths", [("a/x", "A/X"), ("x.json", "X.json"), ("Manifest.json",), ("manifest.json.MINISIG",)]
)
def test_paths_that_are_one_on_some_disks_are_refused(paths):
    with pytest.raises(DataError, match="comes twice"):
        Manifest.of(rewritten(files=dict.fromkeys(paths, DIGEST)))


@pytest.mark.parametrize("paths", [("a", "a/x"), ("a/b/c", "A/B"), ("manifest.json/x",)])
def test_a_file_is_no_folder(paths):
    with pytest.raises(DataError, match="file and of a folder"):
        Manifest.of(rewritten(files=dict.fromkeys(paths, DIGEST)))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"producer": "Lab A"}, "the producer"),
        ({"recipient": "../lab"}, "the recipient"),
        ({"producer": 7}, "producer is not text"),
        ({"sequence": 0}, "from 1 on"),
        ({"sequence": 2**60, "previous": DIGEST}, "from 1 on"),
        ({"sequence": True}, "not a whole number"),
        ({"sequence": 1.0}, "not a whole number"),
        ({"sequence": 2}, "no previous manifest"),
        ({"previous": DIGEST}, "no previous manifest"),
        ({"sequence": 2, "previous": DIGEST.upper()}, "its previous is not"),
        ({"created": "2026-09-03"}, "not a time"),
        ({"created": "2026-09-03T01:12:09+02:00"}, "not a time"),
        ({"created": None}, "created is not text"),
        ({"created": "0001-01-01T00:00:00Z"}, "before 1970"),
        ({"expires": "2026-09-03T01:12:09Z"}, "expires before"),
        ({"files": []}, "files is not an object"),
        ({"files": {"x": 1}}, "files is not an object"),
        ({"files": {"x": "00"}}, "digest is not"),
        ({"note": "more"}, "fields are not exactly"),
        ({"created": "2026-9-3T1:12:09Z"}, "one way that counts"),
    ],
)
def test_a_field_that_is_not_what_it_should_be_is_named(changed, reason):
    with pytest.raises(DataError, match=reason):
        Manifest.of(rewritten(**changed))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a JSON object"),
        (b"{}", "format"),
        (b" " * (LARGEST_MANIFEST + 1), "more than 10,000,000 bytes"),
        (FIRST.document() + b"\n", "one way that counts"),
        (
            FIRST.document().replace(b'"recipient"', b'"recipient": "lab-c",\n  "recipient"'),
            "one way that counts",
        ),
    ],
)
def test_what_is_no_manifest_is_refused(content, reason):
    with pytest.raises(DataError, match=reason):
        Manifest.of(content)


@pytest.mark.parametrize("created", [CREATED.replace(tzinfo=UTC), CREATED.replace(microsecond=1)])
def test_a_time_that_would_be_written_as_another_is_refused(created):
    with pytest.raises(DataError, match="whole seconds"):
        replace(FIRST, created=created)


def test_lists_are_taken_in_their_order():
    assert take(FIRST) == Standing.new
    assert take(SECOND, FIRST) == Standing.new
    assert take(THIRD, SECOND) == Standing.new


def test_the_very_same_list_is_seen_already():
    assert take(SECOND, SECOND) == Standing.seen


def test_a_list_for_another_lab_was_forwarded():
    with pytest.raises(DataError, match="forwarded: it was made for lab-b, and we are lab-c"):
        take(FIRST, me="lab-c")


def test_a_list_of_another_producer_is_refused():
    with pytest.raises(DataError, match="from lab-a, but was taken for one of lab-d"):
        take(FIRST, producer="lab-d")


def test_a_list_is_good_until_it_expires():
    assert take(FIRST, now=FIRST.expires - timedelta(seconds=1)) == Standing.new
    with pytest.raises(DataError, match="expired on 2026-10-03T01:12:09Z"):
        take(FIRST, now=FIRST.expires)


def test_a_list_from_the_future_is_not_valid_yet_but_clocks_may_differ_by_a_day():
    assert take(FIRST, now=CREATED - DAY) == Standing.new
    with pytest.raises(DataError, match="not valid yet"):
        take(FIRST, now=CREATED - DAY - timedelta(seconds=1))


def test_an_older_list_is_replayed():
    with pytest.raises(DataError, match="list 1 is replayed: list 3 was taken before"):
        take(FIRST, THIRD)


def test_another_list_with_the_number_of_the_last_is_replayed():
    with pytest.raises(DataError, match="list 2 is replayed: another list with this number"):
        take(replace(SECOND, files={}), SECOND)


@pytest.mark.parametrize(
    ("sequence", "last", "missing"),
    [
        (3, FIRST, "list 2 is missing"),
        (9, FIRST, "lists 2 to 8 are missing"),
        (3, None, "lists 1 to 2 are missing"),
    ],
)
def test_the_lists_that_were_skipped_are_named(sequence, last, missing):
    with pytest.raises(DataError, match=missing):
        take(follow(FIRST, sequence), last)


def test_a_list_that_does_not_follow_the_last_breaks_the_chain():
    other = replace(FIRST, files={})

    with pytest.raises(DataError, match="chain is broken: list 2 does not follow"):
        take(follow(other), FIRST)


def test_a_chain_may_begin_in_its_middle_where_somebody_says_so():
    assert take(THIRD, first=True) == Standing.new
    assert take(THIRD, FIRST, first=True) == Standing.new


def test_saying_so_lets_in_nothing_old_and_no_other_chain():
    with pytest.raises(DataError, match="replayed"):
        take(FIRST, THIRD, first=True)
    with pytest.raises(DataError, match="chain is broken"):
        take(follow(replace(FIRST, files={})), FIRST, first=True)
