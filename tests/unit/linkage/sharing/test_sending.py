"""Lists to partners: the same to the byte, in a chain, and whole or not at all."""

from __future__ import annotations

import json
from contextlib import ExitStack

import orjson
import pytest
from labs import ADDRESS, CARD, DAY, OTHER, RING, Rows, acquaint, files_of, manifest_of, open_lab

from linkage.errors import DataError
from linkage.sharing.feedback import Feedback, Word
from linkage.sharing.keyring import keyring
from linkage.sharing.minisign import verify
from linkage.sharing.records import Records
from linkage.sharing.sending import send, send_feedback


def test_the_same_again_is_the_same_to_the_byte_the_signature_included(lab):
    first = lab.exports("lab-b")
    lab.now += DAY
    second = lab.exports("lab-b")

    assert files_of(first) == files_of(second)
    assert lab.sent.again
    assert len(files_of(first)) == lab.sent.files
    assert {"manifest.json", "manifest.json.minisig", "rings.jsonl", "selectors.jsonl"} <= set(
        files_of(first)
    )


def test_writing_over_the_last_list_leaves_the_same_bytes(lab, tmp_path):
    place = lab.exports("lab-b", tmp_path / "out")
    before = files_of(place)
    lab.exports("lab-b", place)

    assert files_of(place) == before


def test_a_list_is_signed_with_the_key_that_the_case_shows(lab):
    place = lab.exports("lab-b")

    said = verify(
        (place / "manifest.json").read_bytes(),
        (place / "manifest.json.minisig").read_bytes(),
        [keyring(lab.case).signing.public],
    )

    assert said == "lab-a to lab-b 1"


def test_what_has_changed_gets_the_next_number_and_the_chain_holds(lab):
    lists = [lab.exports("lab-b")]
    lab.says(OTHER, "confirm")
    lists.append(lab.exports("lab-b"))
    lab.now += DAY
    lab.says("ring_0", "dismiss")
    lists.append(lab.exports("lab-b"))

    made = [manifest_of(each) for each in lists]
    assert [each.sequence for each in made] == [1, 2, 3]
    assert [each.previous for each in made] == [None, made[0].digest, made[1].digest]


def test_a_list_that_has_expired_is_given_a_new_number_though_it_says_the_same(lab):
    first = manifest_of(lab.exports("lab-b"))
    lab.now = first.expires
    second = manifest_of(lab.exports("lab-b"))

    assert (first.sequence, second.sequence) == (1, 2)
    assert second.previous == first.digest
    assert second.expires == lab.now + lab.settings.days * DAY
    assert second.files == first.files


def test_each_partner_has_a_chain_of_its_own(lab, tmp_path):
    with ExitStack() as stack:
        acquaint(lab, open_lab(stack, tmp_path / "c", "lab-c", Rows()))
        lab.exports("lab-b")
        third = manifest_of(lab.exports("lab-c"))
        values = {
            partner: {
                json.loads(line)["token"]
                for line in (lab.exports(partner) / "selectors.jsonl").read_text().splitlines()
            }
            for partner in ("lab-b", "lab-c")
        }

    assert (third.sequence, third.previous, third.recipient) == (1, None, "lab-c")
    assert values["lab-b"] & values["lab-c"] == {ADDRESS}


@pytest.mark.parametrize("how", ["taken back", "dismissed"])
def test_a_ring_taken_back_is_said_to_be_and_every_derived_list_drops_it(lab, tmp_path, how):
    lab.says(OTHER, "confirm")
    views = ["nft", "ipset", "cloudflare", "aws"]
    send(lab.case, lab.drafts("lab-b"), tmp_path / "one", lab.settings, by="kim", now=lab.now, also=views)
    lab.now += DAY
    if how == "taken back":
        assert lab.takes_back(RING) == ["lab-b"]
    else:
        lab.says(RING, "dismiss")
    send(lab.case, lab.drafts("lab-b"), tmp_path / "two", lab.settings, by="kim", now=lab.now, also=views)

    before, after = files_of(tmp_path / "one"), files_of(tmp_path / "two")
    assert before.keys() == after.keys()
    told = {ring["ring"]: ring for ring in map(json.loads, after["rings.jsonl"].splitlines())}
    assert (told[RING]["revoked"], told[OTHER]["revoked"]) == (True, False)
    assert told[RING]["members"] == []
    # Only the forms that can say it still name the address: STIX as revoked, MISP as not for detection.
    naming = {path for path, content in before.items() if ADDRESS.encode() in content}
    assert {path.partition("/")[0].partition(".")[0] for path in naming} >= {"selectors", "stix", "misp"}
    assert len([path for path in naming if not path.startswith(("stix/", "misp/"))]) == 6
    for path in naming:
        if not path.startswith(("stix/", "misp/")):
            assert ADDRESS.encode() not in after[path], path
            assert b"203.0.113.9" in after[path], path
    bundle = orjson.loads(after[f"stix/{RING}.json"])
    revocable = [each for each in bundle["objects"] if each["type"] in {"indicator", "intrusion-set"}]
    assert revocable
    assert all(each["revoked"] for each in revocable)
    events = [
        orjson.loads(content) for path, content in after.items() if path.startswith("misp/") and "-" in path
    ]
    flags = [
        each["to_ids"]
        for event in events
        for each in [
            *event["Event"].get("Attribute", []),
            *(one for thing in event["Event"].get("Object", []) for one in thing["Attribute"]),
        ]
        if each["value"] == ADDRESS
    ]
    assert not any(flags)


def test_a_refused_place_leaves_nothing_written_and_nothing_noted(lab, tmp_path):
    place = tmp_path / "full"
    place.mkdir()
    (place / "thesis.txt").write_text("mine")
    keyring(lab.case)
    before = lab.dump()

    with pytest.raises(DataError, match="left as it is"):
        lab.exports("lab-b", place)

    assert files_of(place) == {"thesis.txt": b"mine"}
    assert lab.dump() == before


def test_a_note_that_fails_leaves_the_case_as_it_was(lab, monkeypatch):
    keyring(lab.case)
    before = lab.dump()
    with monkeypatch.context() as patched:
        patched.setattr(Records, "keep_shared_values", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            lab.exports("lab-b")

    assert lab.dump() == before
    assert manifest_of(lab.exports("lab-b")).sequence == 1


def test_the_log_says_what_went_out_and_no_value_of_it(lab):
    lab.exports("lab-b")
    log = Records(lab.case).audit()

    said = json.loads(log[-1][1])
    assert (said["what"], said["by"]) == ("export", "kim")
    assert said["details"]["rings"] == [RING]
    assert said["details"]["partner"] == "lab-b"
    text = " ".join(document for _, document, _ in log)
    assert not [secret for secret in (ADDRESS, CARD, "ring_0", "apprentices") if secret in text]


def test_an_answer_takes_a_number_of_the_same_chain(lab, tmp_path):
    lab.exports("lab-b")
    said = [Feedback("R-THEIRS", Word.seen, 5, "")]
    sent = send_feedback(
        lab.case, said, tmp_path / "answer", lab.settings, partner="lab-b", by="kim", now=lab.now
    )
    lists = [manifest_of(tmp_path / "answer"), manifest_of(lab.exports("lab-b"))]

    assert sent.sequence == 2
    assert [each.sequence for each in lists] == [2, 3]
    assert set(files_of(tmp_path / "answer")) == {"feedback.jsonl", "manifest.json", "manifest.json.minisig"}


def test_a_folder_that_cannot_be_written_leaves_no_word_in_the_case(lab, tmp_path):
    place = tmp_path / "taken"
    place.mkdir()
    (place / "notes.txt").write_text("mine")
    keyring(lab.case)
    before = lab.dump()

    with pytest.raises(DataError):
        lab.exports("lab-b", place)

    assert lab.dump() == before
    assert [each.name for each in place.iterdir()] == ["notes.txt"]
