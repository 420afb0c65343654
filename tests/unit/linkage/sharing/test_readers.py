"""Each reader takes what is sound, and of all else says why not; nothing in an object is ever obeyed."""

from __future__ import annotations

import contextlib
import json
import math
import uuid
from collections import Counter
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.errors import DataError
from linkage.sharing.model import Scheme
from linkage.sharing.readers import JSONL, MISP, READERS, STIX, checks, patterns, values
from linkage.sharing.readers.reader import RefusedError
from linkage.sharing.readers.stix import read_stix
from linkage.sharing.readers.versions import latest
from linkage.sharing.stix_objects import EXTENSION
from linkage.sharing.tokens import base32

AT = "2026-09-03T01:12:09.000Z"
LATER = "2026-09-04T01:12:09.000Z"
UNTIL = "2026-10-03T01:12:09.000Z"
MAKER = "identity--11111111-1111-4111-8111-111111111111"
STRANGER = "identity--22222222-2222-4222-8222-222222222222"
RING = "intrusion-set--33333333-3333-4333-8333-333333333333"
STRICT = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"
RED_1 = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
RED_2 = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
OTHER = "marking-definition--44444444-4444-4444-8444-444444444444"
OPENCTI = "extension-definition--ea279b3e-5c71-4632-ac08-831c66a786ba"
TOKEN, SKETCH = base32(bytes(range(32))), base32(bytes(128))
BANDS = tuple(base32(bytes([number]) * 4) for number in range(32))
KEY = "vr1.2026q4.434a3ab6"
IN = ", ".join(f"'tpl-band:{KEY}:{band}'" for band in BANDS)
PATTERNS = {
    "ip": "[ipv4-addr:value = '198.51.100.7']",
    "token": f"[x-linkage-token:value = 'payment:hmac:{KEY}:{TOKEN}']",
    "template": f"[x-linkage-token:value IN ({IN})]",
}
WORDS = {
    "ip": {"kind": "ip", "scheme": "raw"},
    "token": {"kind": "payment", "scheme": "hmac", "key_id": KEY},
    "template": {"kind": "template", "scheme": "minhash", "key_id": KEY, "minhash": SKETCH},
}
IDENTITY = {"type": "identity", "id": MAKER, "name": "lab-a"}


def framed(kind, object_id, **facts):
    return {
        "type": kind,
        "spec_version": "2.1",
        "id": object_id,
        "created_by_ref": MAKER,
        "created": AT,
        "modified": AT,
        "object_marking_refs": [STRICT],
        **facts,
    }


def extended(**words):
    return {EXTENSION: {"extension_type": "property-extension", **words}}


def indicator(of="ip", *, number=1, words=None, **changes):
    told = {"rings": ["R-7K2M9Q"], "accounts": 5, "action": "log"} | WORDS[of] | (words or {})
    return framed(
        "indicator",
        f"indicator--{uuid.UUID(int=number, version=4)}",
        pattern=PATTERNS[of],
        pattern_type="stix",
        valid_from=AT,
        valid_until=UNTIL,
        confidence=90,
        extensions=extended(**told),
    ) | changes  # fmt: skip


def ring(words=None, **changes):
    told = {"ring": "R-7K2M9Q", "ring_score": 0.93, "reviewers": 2} | (words or {})
    return framed(
        "intrusion-set", RING, name="LINKAGE lab-a R-7K2M9Q", confidence=93, extensions=extended(**told)
    ) | changes  # fmt: skip


def said_of(*objects):
    return read_stix([IDENTITY, *objects], "lab-a")


def refusal(*objects):
    """The one reason for which the one object was refused."""
    found = said_of(*objects)
    assert not found.selectors
    assert not found.rings
    (reason,) = found.refused
    return reason


def test_an_address_says_all_that_stands_in_the_indicator():
    (found,) = said_of(indicator()).selectors

    assert (found.producer, found.ring, found.kind, found.scheme) == ("lab-a", "R-7K2M9Q", "ip", Scheme.raw)
    assert (found.value, found.key_id, found.bands, found.sketch) == ("198.51.100.7", "", (), b"")
    assert found.valid_from == found.modified == datetime(2026, 9, 3, 1, 12, 9)  # noqa: DTZ001 - naive UTC
    assert found.valid_until == datetime(2026, 10, 3, 1, 12, 9)  # noqa: DTZ001 - naive UTC
    assert (found.confidence, found.accounts, found.soft, found.revoked) == (90, 5, False, False)


def test_a_token_and_a_template_keep_their_key():
    token, template = said_of(indicator("token"), indicator("template", number=2)).selectors

    assert (token.kind, token.scheme, token.key_id, token.value) == ("payment", Scheme.hmac, KEY, TOKEN)
    assert (template.kind, template.scheme, template.key_id) == ("template", Scheme.minhash, KEY)
    assert (template.value, template.sketch, template.bands) == (SKETCH, bytes(128), BANDS)


def test_an_indicator_of_several_rings_and_sketches_comes_once_for_each():
    other = base32(bytes([1]) * 128)
    words = {"rings": ["R-7K2M9Q", "R-AAAA11"], "minhash": [SKETCH, other]}

    found = said_of(indicator("template", words=words)).selectors

    assert {(each.ring, each.value) for each in found} == {
        (name, value) for name in words["rings"] for value in (SKETCH, other)
    }


def test_a_ring_has_its_score_its_reviewers_and_its_words():
    note = framed(
        "note",
        "note--55555555-5555-4555-8555-555555555555",
        content="LINKAGE lab-a R-7K2M9Q: Five accounts share one card. Two addresses.",
        object_refs=[RING],
    )

    (found,) = said_of(ring(), note).rings

    assert (found.ring, found.score, found.reviewers, found.revoked) == ("R-7K2M9Q", 0.93, 2, False)
    assert found.summary == ("Five accounts share one card.", "Two addresses.")


def test_words_of_strangers_are_cut_and_inert():
    text = "=HYPERLINK(1)\x1b[2J\u202e " + "x" * 5_000
    note = framed(
        "note",
        "note--55555555-5555-4555-8555-555555555555",
        content="\n".join([text] * 50),
        object_refs=[RING],
    )

    found = said_of(ring(), note)

    assert len(found.rings[0].summary) == checks.MOST_SENTENCES
    assert all(each.isprintable() and len(each) <= 300 for each in found.rings[0].summary)
    assert found.stripped["its text was longer than anybody reads: cut"] == 1


def test_what_another_lab_made_is_refused_and_displaces_nothing():
    squatter = indicator(created_by_ref=STRANGER, modified=LATER, revoked=True)

    found = said_of(indicator(), squatter, {"type": "identity", "id": STRANGER, "name": "lab-c"})

    assert [each.revoked for each in found.selectors] == [False]
    assert found.refused == Counter({"it is made by somebody else than the producer": 1})


def test_without_the_identity_of_the_producer_nothing_is_taken():
    found = read_stix([IDENTITY | {"name": "lab-c"}, indicator(), ring()], "lab-a")

    assert not found.selectors
    assert not found.rings
    assert found.refused.total() == 2


def test_two_identities_of_one_name_are_nobody():
    twin = IDENTITY | {"id": STRANGER}

    assert refusal(twin, indicator()).startswith("several identities")


@pytest.mark.parametrize(
    ("markings", "more"),
    [
        ({"object_marking_refs": [RED_1]}, []),
        ({"object_marking_refs": [STRICT, RED_2]}, []),
        ({"granular_markings": [{"selectors": ["pattern"], "marking_ref": RED_1}]}, []),
        ({"object_marking_refs": [OTHER]}, [{"type": "marking-definition", "id": OTHER, "name": "TLP:RED"}]),
        ({}, [{"type": "marking-definition", "id": STRICT, "name": "TLP:RED"}]),
        (
            {"object_marking_refs": [OTHER]},
            [{"type": "marking-definition", "id": OTHER, "definition_type": "tlp", "definition": {"tlp": "red"}}],
        ),
        (
            {"object_marking_refs": [OTHER]},
            [{"type": "marking-definition", "id": OTHER, "extensions": {"e": {"tlp_2_0": "red"}}}],
        ),
    ],
)  # fmt: skip
def test_red_is_refused_by_id_and_by_name(markings, more):
    assert "RED" in refusal(indicator(**markings), *more)


@pytest.mark.parametrize(
    "markings",
    [
        {"object_marking_refs": []},
        {"object_marking_refs": None},
        {"object_marking_refs": [OTHER]},
        {"object_marking_refs": [7, {}, None]},
    ],
)
def test_what_is_not_marked_is_refused(markings):
    assert refusal(indicator(**markings)) == "it is not marked with a TLP level"


def test_a_level_nobody_knows_is_refused():
    purple = {"type": "marking-definition", "id": OTHER, "name": "TLP:PURPLE"}

    assert (
        refusal(indicator(object_marking_refs=[STRICT, OTHER]), purple)
        == "its TLP level is none that we know"
    )


def test_terms_of_use_are_no_level_and_no_hindrance():
    terms = {"type": "marking-definition", "id": OTHER, "definition_type": "statement"}

    assert said_of(indicator(object_marking_refs=[STRICT, OTHER]), terms).selectors


def test_orders_to_other_programs_are_taken_off_and_counted():
    orders = {"extension_type": "property-extension", "opencti_operation": "delete"}
    each = indicator(opencti_operation="delete", x_opencti_score=100)
    each["extensions"][OPENCTI] = orders

    found = said_of(each)

    assert len(found.selectors) == 1
    assert found.stripped == Counter(
        {
            "an order to another program (opencti_operation): left out": 2,
            "a property that is in no standard (x_...): left out": 1,
            "an extension of somebody else: left out": 1,
        }
    )


@pytest.mark.parametrize(
    "pattern",
    [
        "[ipv4-addr:value = '198.51.100.7'] OR [ipv4-addr:value = '8.8.8.8']",
        "[ipv4-addr:value = '198.51.100.7' OR ipv4-addr:value = '8.8.8.8']",
        "[ipv4-addr:value != '198.51.100.7']",
        "[ipv4-addr:value LIKE '%']",
        "[ipv4-addr:value MATCHES '.*']",
        "[ipv4-addr:value ISSUBSET '0.0.0.0/0']",
        "[ipv4-addr:value = '198.51.100.7'] START t'2026-01-01T00:00:00Z' STOP t'2099-01-01T00:00:00Z'",
        "[ipv4-addr:value = '198.51.100.7']\n",
        " [ipv4-addr:value = '198.51.100.7']",
        "[ipv4-addr:value = '2001:db8::1']",
        "[ipv6-addr:value = '198.51.100.7']",
        "[ipv4-addr:value = '198.51.100.\u0667']",
        "[domain-name:value = 'example.com']",
        "[x-linkage-token:value = 'payment:raw:vr1:198.51.100.7']",
        f"[x-linkage-token:value = 'payment:hmac:vr1:{TOKEN}\\'] OR [x:y = \\'']",
        "[x-linkage-token:value IN ()]",
        f"[x-linkage-token:value IN ('tpl-band:a:{BANDS[0]}', 'tpl-band:b:{BANDS[1]}')]",
        "[" * 100_000,
        "__import__('os').system('true')",
        "",
        None,
        7,
        ["[ipv4-addr:value = '198.51.100.7']"],
    ],
)
def test_a_pattern_of_no_shape_of_ours_is_refused(pattern):
    found = said_of(indicator(pattern=pattern, words={"minhash": SKETCH}))

    assert not found.selectors
    assert found.refused.total() == 1


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "100.64.1.1",
        "127.0.0.1",
        "169.254.169.254",
        "192.168.1.1",
        "224.0.0.1",
        "255.255.255.255",
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "0.0.0.0/0",
        "198.51.0.0/16",
        "198.51.100.0/23",
        "198.51.100.7/24",
        "198.51.100.007",
        "::",
        "::1",
        "::/0",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "2002:7f00:1::1",
        "2001:db8::/32",
        "2001:db8::/47",
        "2001:db8::1%eth0",
        "198.51.100.7/255.255.255.0",
        "198.51.100.7/33",
        "8.8.8.8 ",
        "",
        "3325256711",
        3325256711,
        None,
    ],
)
def test_an_address_that_is_nobodys_or_too_many_peoples_is_refused(address):
    with pytest.raises(RefusedError):
        values.address(address)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("198.51.100.0/24", "198.51.100.0/24"),
        ("198.51.100.7/32", "198.51.100.7"),
        ("2001:DB8:0:0::/64", "2001:db8::/64"),
        ("2001:db8::/48", "2001:db8::/48"),
        ("8.8.8.8", "8.8.8.8"),
        ("2606:4700::1111", "2606:4700::1111"),
    ],
)
def test_an_address_has_one_spelling(written, read):
    assert values.address(written) == read


@pytest.mark.parametrize(
    "changes",
    [
        {"confidence": True},
        {"confidence": 101},
        {"confidence": -1},
        {"confidence": 50.0},
        {"confidence": math.nan},
        {"confidence": "90"},
        {"confidence": None},
        {"valid_until": None},
        {"valid_until": AT},
        {"valid_until": "2026-09-02T01:12:09Z"},
        {"valid_until": "2026-02-30T00:00:00Z"},
        {"valid_until": "2026-10-03T01:12:09+00:00"},
        {"valid_until": "9999-12-31T23:59:59Z"},
        {"valid_until": "\u0662026-10-03T01:12:09Z"},
        {"valid_from": 1_788_000_000},
        {"modified": "yesterday"},
        {"modified": None},
        {"revoked": "false"},
        {"revoked": 0},
        {"id": "indicator--1"},
        {"id": RING},
        {"id": "indicator--../../../../etc/passwd"},
        {"id": None},
        {"pattern_type": "snort"},
        {"extensions": None},
        {"extensions": []},
        {"extensions": {OPENCTI: {}}},
        {"words": {"rings": []}},
        {"words": {"rings": ["=HYPERLINK()"]}},
        {"words": {"rings": ["R-7k2m9q"]}},
        {"words": {"rings": "R-7K2M9Q"}},
        {"words": {"rings": [["R-7K2M9Q"]]}},
        {"words": {"accounts": -1}},
        {"words": {"accounts": "many"}},
        {"words": {"kind": "payment"}},
        {"words": {"scheme": "hmac"}},
        {"words": {"key_id": "vr1"}},
        {"words": {"minhash": []}},
    ],
)
def test_one_bad_fact_refuses_its_object_and_no_other(changes):
    found = said_of(indicator(**changes), indicator(number=2))

    assert len(found.selectors) == 1
    assert found.refused.total() == 1


@pytest.mark.parametrize(
    ("of", "words"),
    [
        ("token", {"key_id": "vr2"}),
        ("token", {"kind": "ip"}),
        ("token", {"scheme": "oprf"}),
        ("template", {"minhash": None}),
        ("template", {"minhash": TOKEN}),
        ("template", {"minhash": "A" * 205}),
        ("template", {"minhash": [SKETCH] * 65}),
        ("template", {"minhash": [[SKETCH]]}),
    ],
)
def test_a_token_and_its_extension_say_the_same(of, words):
    assert said_of(indicator(of, words=words)).refused.total() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "=HYPERLINK()"},
        {"name": "LINKAGE lab-c R-7K2M9Q"},
        {"name": "LINKAGE lab-a R-OTHER1"},
        {"words": {"ring_score": 1.5}},
        {"words": {"ring_score": "0.9"}},
        {"words": {"ring_score": math.nan}},
        {"words": {"ring_score": None}},
        {"words": {"ring_score": True}},
        {"words": {"reviewers": -1}},
        {"words": {"ring": "R-<script>"}},
        {"first_seen": UNTIL, "last_seen": AT},
        {"first_seen": 5},
    ],
)
def test_one_bad_fact_refuses_a_ring(changes):
    assert said_of(ring(**changes)).refused.total() == 1


def test_what_would_hold_for_ever_holds_for_400_days():
    found = said_of(indicator(valid_until="2099-01-01T00:00:00Z"))

    assert (found.selectors[0].valid_until - found.selectors[0].valid_from).days == 400
    assert found.stripped == Counter({"it held for more than 400 days: cut to that": 1})


def test_the_last_version_counts_whichever_comes_first():
    old, new = indicator(), indicator(modified=LATER, revoked=True)

    for objects in ([old, new], [new, old], [old, new, old]):
        assert [each.revoked for each in said_of(*objects).selectors] == [True]


def test_of_two_versions_of_one_time_the_one_taken_back_counts():
    for objects in ([indicator(), indicator(revoked=True)], [indicator(revoked=True), indicator()]):
        assert [each.revoked for each in said_of(*objects).selectors] == [True]


def test_milliseconds_tell_versions_apart():
    old, new = indicator(modified="2026-09-03T01:12:09Z"), indicator(modified="2026-09-03T01:12:09.5Z")

    assert latest([new, old]) == [new]


@pytest.mark.parametrize(
    ("token", "sound"),
    [
        (TOKEN, True),
        (TOKEN.upper(), False),
        (TOKEN + "=", False),
        (TOKEN[:-1], False),
        (TOKEN[:-1] + chr(ord(TOKEN[-1]) + 1), False),
        (TOKEN + TOKEN, False),
        ("", False),
    ],
)
def test_a_token_has_one_spelling_and_the_length_of_its_scheme(token, sound):
    pattern = f"[x-linkage-token:value = 'payment:hmac:{KEY}:{token}']"

    assert bool(said_of(indicator("token", pattern=pattern)).selectors) == sound


LINE = {
    "id": "indicator--1",
    "ring": "R-7K2M9Q",
    "kind": "payment",
    "scheme": "hmac",
    "key_id": KEY,
    "token": TOKEN,
    "valid_from": "2026-09-03T01:12:09Z",
    "valid_until": "2026-10-03T01:12:09Z",
    "confidence": 90,
    "accounts": 5,
    "action": "log",
    "revoked": False,
}
RING_LINE = {
    "ring": "R-7K2M9Q",
    "id": "r1",
    "score": 0.93,
    "modified": AT,
    "reviewers": 2,
    "summary": ["=1+1"],
}


def lines_of(*lines):
    content = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines)
    return JSONL.read({"selectors.jsonl": content.encode()}, "lab-a")


def test_lines_say_the_same_as_bundles():
    template = LINE | {
        "kind": "template",
        "scheme": "minhash",
        "token": SKETCH,
        "bands": list(BANDS),
        "id": "t",
    }
    address = LINE | {"kind": "ip", "scheme": "raw", "key_id": "", "token": "198.51.100.7", "action": "look"}

    found = lines_of(RING_LINE, LINE, template, address)

    assert not found.refused
    assert [each.value for each in found.selectors] == [TOKEN, SKETCH, "198.51.100.7"]
    assert [each.soft for each in found.selectors] == [False, False, True]
    assert {each.modified for each in found.selectors} == {found.rings[0].modified}
    assert found.rings[0].summary == ("=1+1",)


def test_a_ring_taken_back_need_say_no_more():
    found = lines_of({"ring": "R-7K2M9Q", "modified": AT, "revoked": True})

    assert [(each.revoked, each.score) for each in found.rings] == [(True, 0.0)]


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        "[1]",
        '{"a": NaN}',
        '{"ring": "R-7K2M9Q", "ring": "R-AAAA11"}',
        "[" * 100_000,
        LINE | {"scheme": "rot13"},
        LINE | {"scheme": ["hmac"]},
        LINE | {"kind": "ip", "scheme": "raw", "token": "10.0.0.1"},
        LINE | {"scheme": "raw"},
        LINE | {"key_id": "../../x"},
        LINE | {"bands": [], "scheme": "minhash", "token": SKETCH},
        LINE | {"bands": 7, "scheme": "minhash", "token": SKETCH},
        LINE | {"producer": "lab-c"},
        LINE | {"id": "=HYPERLINK()"},
        RING_LINE | {"producer": "lab-c"},
        RING_LINE | {"tlp": "red"},
        RING_LINE | {"tlp": "purple"},
        RING_LINE | {"score": None},
    ],
)
def test_a_bad_line_is_counted_and_spoils_no_other(line):
    found = lines_of(line, LINE | {"ring": "R-AAAA11"})

    assert [each.ring for each in found.selectors] == ["R-AAAA11"]
    assert found.refused.total() == 1


def test_selectors_of_a_ring_that_is_red_are_not_taken_either():
    found = lines_of(LINE, RING_LINE | {"tlp": "red"})

    assert not found.selectors
    assert found.refused["its ring may not be kept"] == 1


def test_properties_of_no_standard_are_counted_in_lines_too():
    assert lines_of(LINE | {"x_score": 1}).stripped.total() == 1


def test_a_file_of_which_no_line_can_be_read_is_an_error():
    with pytest.raises(DataError, match="holds no JSON lines"):
        lines_of("nonsense", "more of it")


EVENT_ID = "66666666-6666-4666-8666-666666666666"
ATTRIBUTE = {
    "uuid": "77777777-7777-4777-8777-777777777777",
    "type": "ip-src",
    "value": "198.51.100.7",
    "comment": "ip, confidence 90, valid until 2026-10-03T01:12:09Z",
    "first_seen": "2026-09-03T01:12:09.000000+00:00",
    "to_ids": True,
}
EVENT = {
    "uuid": EVENT_ID,
    "info": "LINKAGE lab-a R-7K2M9Q",
    "timestamp": "1788397929",
    "Orgc": {"name": "lab-a"},
    "Tag": [{"name": "tlp:amber+strict"}],
    "Attribute": [ATTRIBUTE],
}


def event_of(manifest=None, **changes):
    files = {f"misp/{EVENT_ID}.json": json.dumps({"Event": EVENT | changes}).encode()}
    if manifest is not None:
        files["misp/manifest.json"] = json.dumps(manifest).encode()
    return MISP.read(files, "lab-a")


def attribute_of(**changes):
    return event_of(Attribute=[ATTRIBUTE | changes])


def test_a_feed_says_its_rings_and_selectors():
    found = event_of(manifest={EVENT_ID: {}})

    assert not found.refused
    assert [(each.ring, each.score, each.revoked) for each in found.rings] == [("R-7K2M9Q", 0.0, False)]
    (selector,) = found.selectors
    assert (selector.value, selector.confidence, selector.soft, selector.revoked) == (
        "198.51.100.7",
        90,
        False,
        False,
    )


def test_what_is_not_for_alarms_is_taken_back_unless_it_is_for_a_look():
    comment = ATTRIBUTE["comment"] + ", in a network that many share: for a look only"

    assert [each.revoked for each in attribute_of(to_ids=False).selectors] == [True]
    assert [each.revoked for each in attribute_of(to_ids=False, comment="withdrawn").selectors] == [True]
    (look,) = attribute_of(to_ids=False, comment=comment).selectors
    assert (look.soft, look.revoked) == (True, False)


def test_an_event_that_is_withdrawn_takes_its_ring_back():
    found = event_of(info="LINKAGE lab-a R-7K2M9Q (withdrawn)")

    assert [each.revoked for each in found.rings] == [True]
    assert not found.selectors


@pytest.mark.parametrize(
    "changes",
    [
        {"Orgc": {"name": "lab-c"}},
        {"Orgc": None},
        {"info": "LINKAGE lab-c R-7K2M9Q"},
        {"info": "=HYPERLINK()"},
        {"info": None},
        {"Tag": []},
        {"Tag": [{"name": "tlp:red"}]},
        {"Tag": [{"name": "tlp:green"}, {"name": "TLP:RED"}]},
        {"Tag": [{"name": "tlp:purple"}]},
        {"Tag": "tlp:amber"},
        {"timestamp": "99999999999999"},
        {"timestamp": 7},
        {"uuid": None},
        {"Attribute": "none"},
    ],
)
def test_an_event_that_is_not_sound_is_refused(changes):
    found = event_of(**changes)

    assert not found.selectors
    assert found.refused.total() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"value": "10.0.0.1"},
        {"value": None},
        {"comment": ""},
        {"comment": "payment, confidence 90, valid until 2026-10-03T01:12:09Z"},
        {"comment": "ip, confidence 900, valid until 2026-10-03T01:12:09Z"},
        {"first_seen": None},
        {"to_ids": "yes"},
        {"type": "stix2-pattern", "value": "[url:value = 'http://example.com/']"},
        {"uuid": ""},
    ],
)
def test_an_attribute_that_is_not_sound_is_refused(changes):
    found = attribute_of(**changes)

    assert not found.selectors
    assert found.refused.total() == 1


def test_the_manifest_and_the_events_must_be_the_same():
    other = "88888888-8888-4888-8888-888888888888"
    found = event_of(manifest={other: {}, "../../etc/passwd": {}})

    assert not found.rings
    assert found.refused == Counter(
        {"an event that the manifest does not name": 1, "an event that the manifest names is not there": 2}
    )


@pytest.mark.parametrize(
    "content", [b"[]", b"{", b'{"type": "bundle"}', b'{"type": "report", "objects": []}', b"7"]
)
def test_what_is_no_bundle_is_an_error(content):
    with pytest.raises(DataError):
        STIX.read({"stix/R-7K2M9Q.json": content}, "lab-a")


@pytest.mark.parametrize(
    "path", ["../stix/x.json", "stix/../x.json", "stix/a/b.json", "misp/x.json", "/etc/passwd"]
)
def test_no_reader_knows_a_path_of_another_shape(path):
    assert not any(reader.knows(path) for reader in READERS)


def anything(numbers):
    return st.recursive(
        st.none() | st.booleans() | st.integers() | numbers | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=12,
    )


JSON = anything(st.floats())
WRITTEN = anything(st.floats(allow_nan=False, allow_infinity=False))


def mutated(whole, of=JSON):
    """Objects of ours in which some facts are anything at all."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(whole, of)).map(lambda changes: whole | changes)


@given(
    st.lists(
        mutated(indicator()) | mutated(ring()) | mutated(indicator("template")) | mutated(IDENTITY) | JSON
    )
)
def test_no_stix_objects_raise_or_get_through_unsound(objects):
    found = said_of(*objects)

    for each in found.selectors:
        assert 0 <= each.confidence <= 100
        assert each.valid_from < each.valid_until
        assert checks.ring(each.ring)


@given(mutated(WORDS["template"] | {"rings": ["R-7K2M9Q"], "accounts": 5}), JSON)
def test_no_extension_raises(words, anything):
    said_of(indicator("template", extensions=extended(**words)), indicator(number=2, extensions=anything))


@given(st.lists(mutated(LINE) | mutated(RING_LINE), min_size=1))
def test_no_line_raises(lines):
    sound = LINE | {"ring": "R-S0VND1"}

    found = lines_of(sound, *[json.dumps(line) for line in lines])

    assert "R-S0VND1" in {each.ring for each in found.selectors}


@given(mutated(EVENT, WRITTEN), mutated(ATTRIBUTE, WRITTEN))
def test_no_event_raises(event, attribute):
    found = MISP.read(
        {"misp/x.json": json.dumps({"Event": EVENT | {"Attribute": [attribute, event]}}).encode()}, "lab-a"
    )

    assert len(found.rings) == 1


@given(JSON)
def test_no_event_of_another_shape_raises(event):
    with contextlib.suppress(DataError):
        MISP.read({"misp/x.json": json.dumps({"Event": event}).encode()}, "lab-a")


def test_patterns_of_any_length_take_no_time():
    with pytest.raises(RefusedError):
        patterns.said("[x-linkage-token:value IN (" + f"'tpl-band:{KEY}:{BANDS[0]}', " * 300 + ")]", SKETCH)
