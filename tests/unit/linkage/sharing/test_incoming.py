"""Lists from partners: taken in whole or not at all, and each refusal says why."""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import ExitStack

import pytest
from labs import (
    ADDRESS,
    CARD,
    DAY,
    DEVICE,
    NOW,
    Rows,
    a_ring,
    acquaint,
    copied,
    files_of,
    fill,
    open_lab,
    strangers,
)

from linkage.errors import DataError, SettingsError
from linkage.sharing.feedback import FEEDBACK, Feedback, Word, write_feedback
from linkage.sharing.keyring import keyring
from linkage.sharing.manifest import Manifest, Standing
from linkage.sharing.minisign import SigningKey
from linkage.sharing.model import Tlp
from linkage.sharing.records import Records
from linkage.sharing.sending import send_feedback
from linkage.sharing.standing import standing_selectors

RING, OTHER = "R-AAAAAA", "R-BBBBBB"
SECOND = {"ip": "203.0.113.9", "card": CARD[::-1], "device": "0123456789abcdef" * 2}


class Labs:
    """Lab a with two rings, lab b whose accounts the first ring points to, and lab c."""

    def __init__(self, stack, folder):
        rows = Rows()
        strangers(rows)
        first, second = a_ring(rows), a_ring(rows, "other", **SECOND)
        self.a = open_lab(stack, folder / "a", "lab-a", rows)
        theirs = Rows()
        strangers(theirs, prefix="theirs")
        for name in ("b_1", "b_2", "b_3"):
            theirs.live(name, ip=ADDRESS, card=CARD)
        theirs.live("b_4", ip=SECOND["ip"])
        self.b = open_lab(stack, folder / "b", "lab-b", theirs)
        self.c = open_lab(stack, folder / "c", "lab-c", Rows())
        for one, other in ((self.a, self.b), (self.a, self.c), (self.b, self.c)):
            acquaint(one, other)
        for name, members in ((RING, first), (OTHER, second)):
            self.a.finds(name, members)
            self.a.says(name, "confirm")


@pytest.fixture
def labs(tmp_path):
    with ExitStack() as stack:
        yield Labs(stack, tmp_path)


@pytest.fixture
def a(labs):
    return labs.a


@pytest.fixture
def b(labs):
    return labs.b


def refused(lab, path, reason, **given):
    """Take a list in, see it refused for this reason, and the case as it was."""
    before = lab.dump()
    with pytest.raises(DataError, match=reason):
        lab.takes(path, given.pop("producer", "lab-a"), **given)
    assert lab.dump() == before


def resigned(folder, key, **changes):
    """Sign a list anew with something else in its manifest."""
    path = folder / "manifest.json"
    told = vars(Manifest.of(path.read_bytes())) | changes
    path.write_bytes(Manifest(**told).document())
    signature = key.sign(path.read_bytes(), trusted_comment="x")
    (folder / "manifest.json.minisig").write_bytes(signature)
    return folder


def test_a_list_is_taken_in_once(a, b):
    place = a.exports("lab-b")

    done = b.takes(place, "lab-a")
    after = b.dump()
    again = b.takes(place, "lab-a")

    assert (done.standing, done.sequence, done.rings, done.selectors) == (Standing.new, 1, 2, 8)
    assert (again.standing, again.sequence) == (Standing.seen, 1)
    assert b.dump() == after
    assert {each.ring for each in standing_selectors(b.case, NOW)} == {RING, OTHER}


def test_one_flipped_byte_in_any_file_is_refused_and_the_case_as_it_was(a, b, tmp_path):
    """At the beginning, in the middle and at the end of each."""
    place = a.exports("lab-b")
    before = b.dump()
    flipped = 0
    for name, content in files_of(place).items():
        for at in sorted({0, len(content) // 2, len(content) - 1}):
            damaged = copied(place, tmp_path / f"damaged_{flipped}")
            changed = bytearray(content)
            changed[at] ^= 1
            (damaged / name).write_bytes(changed)
            with pytest.raises(DataError) as reason:
                b.takes(damaged, "lab-a")
            named = "signature" in str(reason.value) or name in str(reason.value)
            assert named or name.startswith("manifest"), (name, at, reason.value)
            assert b.dump() == before, (name, at)
            shutil.rmtree(damaged)
            flipped += 1
    assert flipped >= 27
    assert b.takes(place, "lab-a").standing is Standing.new


def test_any_flipped_bit_of_what_is_signed_is_refused(a, b, tmp_path):
    """Of the signature file only the first line may be anything: minisign itself does not sign it."""
    place = a.exports("lab-b")
    signature = (place / "manifest.json.minisig").read_bytes()
    first = signature.index(b"\n")
    damaged = copied(place, tmp_path / "damaged")
    before = b.dump()
    for at in range(first + 1, len(signature)):
        changed = bytearray(signature)
        changed[at] ^= 1 << at % 7
        (damaged / "manifest.json.minisig").write_bytes(changed)
        with pytest.raises(DataError):
            b.takes(damaged, "lab-a")
    assert b.dump() == before


def test_a_file_more_or_less_is_refused(a, b, tmp_path):
    place = a.exports("lab-b")
    more = copied(place, tmp_path / "more")
    (more / "stix" / "R-CCCCCC.json").write_text("{}")
    less = copied(place, tmp_path / "less")
    (less / "rings.jsonl").unlink()

    refused(b, more, "is in the folder and not in the manifest")
    refused(b, less, "missing")


def test_a_link_in_place_of_a_file_is_refused(a, b, tmp_path):
    place = a.exports("lab-b")
    linked = copied(place, tmp_path / "linked")
    (linked / "rings.jsonl").unlink()
    (linked / "rings.jsonl").symlink_to(place / "rings.jsonl")

    refused(b, linked, "not a plain file")


def test_a_replayed_list_is_refused(a, b):
    first = a.exports("lab-b")
    b.takes(first, "lab-a")
    a.says("ring_0", "dismiss")
    b.takes(a.exports("lab-b"), "lab-a")

    refused(b, first, "list 1 is replayed")
    refused(b, first, "list 1 is replayed", first=True)


def test_a_list_that_skips_some_is_refused_until_somebody_says_so(a, b):
    b.takes(a.exports("lab-b"), "lab-a")
    for name in ("ring_0", "ring_1"):
        a.says(name, "dismiss")
        last = a.exports("lab-b")

    refused(b, last, "list 3 skips some: list 2 is missing")
    assert b.takes(last, "lab-a", first=True).sequence == 3


def test_a_list_of_another_chain_is_refused(a, b, tmp_path):
    """Whoever restored an older case makes a second list of the same number."""
    b.takes(a.exports("lab-b"), "lab-a")
    a.says("ring_0", "dismiss")
    second = a.exports("lab-b")
    forked = resigned(copied(second, tmp_path / "forked"), keyring(a.case).signing, previous="0" * 64)

    refused(b, forked, "chain is broken")
    b.takes(second, "lab-a")
    refused(b, forked, "another list with this number")


def test_a_forwarded_list_is_refused(a, labs):
    place = a.exports("lab-b")

    refused(labs.c, place, "forwarded: it was made for lab-b")


def test_a_list_of_another_partner_is_refused(labs):
    """It is signed with a key that is not pinned for the partner it is taken for."""
    refused(labs.b, labs.a.exports("lab-b"), "not pinned", producer="lab-c")


def test_a_partner_that_signs_in_the_name_of_another_is_refused(a, b, labs, tmp_path):
    place = resigned(copied(a.exports("lab-b"), tmp_path / "forged"), keyring(labs.c.case).signing)

    refused(b, place, "not pinned")
    refused(b, place, "is from lab-a, but was taken for one of lab-c", producer="lab-c")


def test_an_expired_list_is_refused_from_the_second_it_expires(a, b):
    place = a.exports("lab-b")
    b.now = NOW + a.settings.days * DAY

    refused(b, place, "expired on 2026-10-19")
    b.now -= DAY / 86400
    assert b.takes(place, "lab-a").standing is Standing.new


def test_a_list_of_tomorrow_is_refused(a, b):
    place = a.exports("lab-b")
    b.now = NOW - 2 * DAY

    refused(b, place, "not valid yet")


def test_a_list_signed_with_another_key_is_refused(a, b):
    place = a.exports("lab-b")
    stranger = (SigningKey.generate().public,)
    b.settings = b.settings.model_copy(update={"partners": {"lab-a": stranger}})

    refused(b, place, "not pinned")
    b.settings = b.settings.model_copy(
        update={"partners": {"lab-a": (*stranger, keyring(a.case).signing.public)}}
    )
    assert b.takes(place, "lab-a").standing is Standing.new


def test_a_partner_without_a_key_or_not_listed_is_told_what_to_write(a, b):
    place = a.exports("lab-b")
    b.settings = b.settings.model_copy(update={"partners": {"lab-a": ()}})

    refused(b, place, "no key of lab-a")
    with pytest.raises(SettingsError, match="lab-z is not listed"):
        b.takes(place, "lab-z")


def test_a_folder_that_is_no_list_is_refused(b, tmp_path):
    (tmp_path / "x").mkdir()

    refused(b, tmp_path / "x", "is no signed list")
    refused(b, tmp_path / "nowhere\x1b", r"nowhere\\x1b is no signed list")


def test_each_refusal_says_something_else(a, b, labs, tmp_path):
    first = a.exports("lab-b")
    b.takes(first, "lab-a")
    a.says("ring_0", "dismiss")
    second = a.exports("lab-b")
    a.says("ring_1", "dismiss")
    third = a.exports("lab-b")
    key = keyring(a.case).signing
    damaged = copied(second, tmp_path / "damaged")
    (damaged / "rings.jsonl").write_bytes(b"{}")
    cases = {
        "damaged": (b, damaged),
        "replayed": (b, resigned(copied(first, tmp_path / "r"), key, tlp=Tlp.clear)),
        "skipped": (b, third),
        "forwarded": (labs.c, second),
        "expired": (b, resigned(copied(second, tmp_path / "e"), key, created=NOW - 9 * DAY, expires=NOW)),
        "wrong key": (b, resigned(copied(second, tmp_path / "k"), SigningKey.generate())),
        "unsigned": (b, resigned(copied(second, tmp_path / "s"), SigningKey.of_seed(bytes(32) + key.key_id))),
        "forked": (b, resigned(copied(second, tmp_path / "f"), key, previous="1" * 64)),
    }
    told = {}
    for name, (lab, path) in cases.items():
        with pytest.raises(DataError) as reason:
            lab.takes(path, "lab-a")
        told[name] = str(reason.value).split(":")[0][:40]

    assert len(set(told.values())) == len(cases), told


def test_what_is_left_out_of_the_next_list_counts_no_more(a, b):
    b.takes(a.exports("lab-b"), "lab-a")
    for name in [each.account_id for each in a.rings[RING].members][:5]:
        a.says(name, "dismiss")
    done = b.takes(a.exports("lab-b"), "lab-a")

    assert done.taken_back == ()
    left = [each for each in standing_selectors(b.case, NOW) if each.ring == RING]
    assert left == []


def test_a_ring_taken_back_frees_whom_nothing_else_points_to(a, b):
    b.takes(a.exports("lab-b"), "lab-a")
    b.matches()
    assert b.signals() == {
        ("b_1", f"lab-a {RING}"),
        ("b_2", f"lab-a {RING}"),
        ("b_3", f"lab-a {RING}"),
        ("b_4", f"lab-a {OTHER}"),
    }
    a.takes_back(RING)

    done = b.takes(a.exports("lab-b"), "lab-a")

    assert done.taken_back == (RING,)
    assert done.freed == ("b_1", "b_2", "b_3")
    assert b.signals() == {("b_4", f"lab-a {OTHER}")}
    b.matches()
    assert b.signals() == {("b_4", f"lab-a {OTHER}")}


def test_a_selector_taken_back_of_a_ring_that_stands_frees_whom_it_alone_pointed_to(a, b):
    b.takes(a.exports("lab-b"), "lab-a")
    b.matches()
    assert ("b_4", f"lab-a {OTHER}") in b.signals()
    a.settings = a.settings.model_copy(update={"own_networks": (SECOND["ip"],)})

    done = b.takes(a.exports("lab-b"), "lab-a")

    assert done.taken_back == ()
    assert done.freed == ("b_4",)
    assert {signal for _, signal in b.signals()} == {f"lab-a {RING}"}
    b.matches()
    assert {signal for _, signal in b.signals()} == {f"lab-a {RING}"}


def test_an_account_that_another_partner_points_to_is_not_freed(a, b, labs):
    rows = Rows()
    strangers(rows)
    members = a_ring(rows, "c", card=CARD[::-1])
    labs.c.rings.clear()
    fill(labs.c.case, rows)
    labs.c.finds("R-CCCCCC", members)
    labs.c.says("R-CCCCCC", "confirm")
    b.takes(a.exports("lab-b"), "lab-a")
    b.takes(labs.c.exports("lab-b"), "lab-c")
    b.matches()
    before = b.case.database.execute(
        "from partner_signals where signal like 'lab-c %' order by all"
    ).fetchall()
    assert len(before) == 3
    a.says(RING, "dismiss")

    done = b.takes(a.exports("lab-b"), "lab-a")

    assert done.freed == ()
    assert b.signals() == {
        *((name, "lab-c R-CCCCCC") for name in ("b_1", "b_2", "b_3")),
        ("b_4", f"lab-a {OTHER}"),
    }
    after = b.case.database.execute(
        "from partner_signals where signal like 'lab-c %' order by all"
    ).fetchall()
    assert after == before


def test_a_ring_taken_back_makes_the_last_run_stale(a, b):
    b.takes(a.exports("lab-b"), "lab-a")
    b.matches()
    before = b.case.fact("data")
    a.takes_back(RING)
    b.takes(a.exports("lab-b"), "lab-a")

    assert b.case.fact("data") != before


def test_what_was_taken_back_does_not_come_back_with_the_same_date(a, b, tmp_path):
    """A list of before, made to look new, brings nothing back; a later word does."""
    first = a.exports("lab-b")
    b.takes(first, "lab-a")
    a.takes_back(RING)
    second = a.exports("lab-b")
    b.takes(second, "lab-a")
    digest = Manifest.of((second / "manifest.json").read_bytes()).digest
    old = resigned(copied(first, tmp_path / "old"), keyring(a.case).signing, sequence=3, previous=digest)

    b.takes(old, "lab-a")

    assert {each.ring for each in standing_selectors(b.case, NOW)} == {OTHER}
    assert [match.ring for match in b.matches()] == [OTHER]


def test_a_ring_dismissed_by_mistake_comes_back_with_a_later_word(a, b):
    b.takes(a.exports("lab-b"), "lab-a")
    a.says(RING, "dismiss")
    b.takes(a.exports("lab-b"), "lab-a")
    assert {each.ring for each in standing_selectors(b.case, NOW)} == {OTHER}
    a.now = b.now = NOW + DAY
    a.says(RING, "confirm")

    done = b.takes(a.exports("lab-b"), "lab-a")

    assert done.taken_back == ()
    assert {each.ring for each in standing_selectors(b.case, b.now)} == {RING, OTHER}


def test_a_taken_back_ring_is_named_once(a, b):
    b.takes(a.exports("lab-b"), "lab-a")
    a.takes_back(RING)
    assert b.takes(a.exports("lab-b"), "lab-a").taken_back == (RING,)
    a.says("other_0", "dismiss")

    assert b.takes(a.exports("lab-b"), "lab-a").taken_back == ()


def test_an_answer_brings_what_is_said_and_takes_nothing_back(a, b, tmp_path):
    b.takes(a.exports("lab-b"), "lab-a")
    said = [Feedback("R-CCCCCC", Word.seen, 5, "we saw it")]
    send_feedback(a.case, said, tmp_path / "x", a.settings, partner="lab-b", by="kim", now=NOW)

    done = b.takes(tmp_path / "x", "lab-a")

    assert done.feedback == tuple(said)
    assert done.taken_back == ()
    assert {each.ring for each in standing_selectors(b.case, NOW)} == {RING, OTHER}


def test_an_answer_on_a_ring_that_was_taken_in_comes_as_stix_too(a, b, tmp_path):
    b.takes(a.exports("lab-b"), "lab-a")
    said = [Feedback(RING, Word.seen, 5, "")]
    sent = send_feedback(b.case, said, tmp_path / "x", b.settings, partner="lab-a", by="kim", now=NOW)

    (bundle,) = (tmp_path / "x" / "stix").iterdir()
    ring_id = Records(b.case).ring_ids_of("lab-a")[RING]
    assert sent.files == 4
    assert f'"sighting_of_ref":"{ring_id}"' in bundle.read_text()
    assert a.takes(tmp_path / "x", "lab-b").feedback == tuple(said)


def test_an_answer_of_which_no_line_can_be_read_takes_nothing_back(a, b, tmp_path, monkeypatch):
    """A newer program may say words that we do not know."""
    b.takes(a.exports("lab-b"), "lab-a")
    monkeypatch.setattr("linkage.sharing.sending.write_feedback", lambda _: b'{"word": "applaud"}\n')
    send_feedback(a.case, [], tmp_path / "x", a.settings, partner="lab-b", by="kim", now=NOW)

    done = b.takes(tmp_path / "x", "lab-a")

    assert done.feedback == ()
    assert {each.ring for each in standing_selectors(b.case, NOW)} == {RING, OTHER}


def test_an_answer_inside_a_list_is_read_with_it(a, b):
    place = a.exports("lab-b")
    said = Feedback("R-CCCCCC", Word.disagree, 0, "a class")
    (place / FEEDBACK).write_bytes(write_feedback([said]))
    files = dict(Manifest.of((place / "manifest.json").read_bytes()).files)
    files[FEEDBACK] = hashlib.sha256((place / FEEDBACK).read_bytes()).hexdigest()
    resigned(place, keyring(a.case).signing, files=files)

    done = b.takes(place, "lab-a")

    assert done.feedback == (said,)
    assert done.rings == 2


def test_an_unsigned_file_adds_and_takes_nothing_else_away(a, b, tmp_path):
    place = a.exports("lab-b")
    b.takes(place, "lab-a")
    line = {
        "id": "indicator--x", "ring": "R-CCCCCC", "kind": "ip", "scheme": "raw", "key_id": "",
        "token": "198.51.100.99", "valid_from": "2026-09-20T00:00:00Z", "valid_until": "2026-10-30T00:00:00Z",
        "confidence": 50, "accounts": 2,
    }  # fmt: skip
    (tmp_path / "by_mail.jsonl").write_text(json.dumps(line) + "\n")

    done = b.takes(tmp_path / "by_mail.jsonl", "lab-a", unsigned=True)

    assert (done.sequence, done.selectors) == (None, 1)
    assert {each.ring for each in standing_selectors(b.case, NOW)} == {RING, OTHER, "R-CCCCCC"}
    assert Records(b.case).last_list("in", "lab-a").sequence == 1


def test_an_unsigned_file_that_takes_a_ring_back_is_heard(a, b, tmp_path):
    place = a.exports("lab-b")
    b.takes(place, "lab-a")
    b.matches()
    lines = [json.loads(line) for line in (place / "rings.jsonl").read_text().splitlines()]
    taken = [line | {"revoked": True, "modified": "2026-10-06T00:00:00Z"} for line in lines[:1]]
    (tmp_path / "by_mail.jsonl").write_text(json.dumps(taken[0]) + "\n")

    done = b.takes(tmp_path / "by_mail.jsonl", "lab-a", unsigned=True)

    assert done.taken_back == (RING,)
    assert done.freed == ("b_1", "b_2", "b_3")


def test_what_is_not_yet_or_no_longer_valid_does_not_stand(a, b):
    b.takes(a.exports("lab-b"), "lab-a")

    until = {each.kind: each.valid_until for each in standing_selectors(b.case, NOW)}
    assert {each.kind for each in standing_selectors(b.case, until["ip"])} == set(until) - {"ip"}
    assert standing_selectors(b.case, NOW - 60 * DAY) == []


def test_the_log_names_the_manifest_and_no_value(a, b):
    place = a.exports("lab-b")
    b.takes(place, "lab-a")

    log = Records(b.case).audit()
    said = json.loads(log[-1][1])
    assert said["details"]["manifest"] == Manifest.of((place / "manifest.json").read_bytes()).digest
    assert said["details"]["selectors"] == 8
    assert not [secret for secret in (ADDRESS, CARD, DEVICE) if secret in log[-1][1]]


def test_a_ring_of_twenty_thousand_is_taken_in(a, b):
    """Its members stand in one line, which is as long as it must be."""
    many = [f"many_{number}" for number in range(20_000)]
    rows = Rows(accounts=[{"account_id": name, "created_at": NOW} for name in many])
    fill(a.case, rows)
    a.finds(RING, many)

    done = b.takes(a.exports("lab-b", rings=[RING]), "lab-a")

    assert (done.rings, done.refused) == (1, {})


def test_a_file_that_nobody_signed_brings_nothing_back_that_was_taken_back_with_a_signature(a, b, tmp_path):
    """Whatever date it says, and neither does it hold off a later revocation."""
    first = a.exports("lab-b")
    b.takes(first, "lab-a")
    for name in ("rings.jsonl", "selectors.jsonl"):
        lines = [json.loads(line) for line in (first / name).read_text().splitlines()]
        late = [line | {"modified": "2199-01-01T00:00:00Z"} for line in lines]
        (tmp_path / name).write_text("".join(json.dumps(line) + "\n" for line in late))
        b.takes(tmp_path / name, "lab-a", unsigned=True)
    a.takes_back(RING)

    done = b.takes(a.exports("lab-b"), "lab-a")

    assert done.taken_back == (RING,)
    assert {each.ring for each in standing_selectors(b.case, NOW)} == {OTHER}
