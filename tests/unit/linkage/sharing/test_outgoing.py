"""Lists to partners: the same to the byte, in a chain, and whole or not at all."""

from __future__ import annotations

import json
from contextlib import ExitStack

import orjson
import pytest
from labs import ADDRESS, CARD, DAY, Rows, a_ring, acquaint, files_of, open_lab, strangers

from linkage.errors import DataError, SettingsError
from linkage.sharing.feedback import Feedback, Word
from linkage.sharing.keyring import keyring
from linkage.sharing.manifest import Manifest
from linkage.sharing.minisign import verify
from linkage.sharing.model import Tlp
from linkage.sharing.outgoing import send, send_feedback
from linkage.sharing.records import Records

RING, OTHER = "R-AAAAAA", "R-BBBBBB"


@pytest.fixture
def lab(tmp_path):
    """A lab with a confirmed ring and another that nobody looked at; it knows lab-b."""
    rows = Rows()
    strangers(rows)
    first = a_ring(rows)
    second = a_ring(rows, "other", ip="203.0.113.9", card=CARD[::-1], device="0123456789abcdef" * 2)
    with ExitStack() as stack:
        a = open_lab(stack, tmp_path / "a", "lab-a", rows)
        acquaint(a, open_lab(stack, tmp_path / "b", "lab-b", Rows()))
        a.finds(RING, first)
        a.finds(OTHER, second)
        a.says(RING, "confirm")
        yield a


def manifest(folder):
    return Manifest.of((folder / "manifest.json").read_bytes())


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

    made = [manifest(each) for each in lists]
    assert [each.sequence for each in made] == [1, 2, 3]
    assert [each.previous for each in made] == [None, made[0].digest, made[1].digest]


def test_a_list_that_has_expired_is_given_a_new_number_though_it_says_the_same(lab):
    first = manifest(lab.exports("lab-b"))
    lab.now = first.expires
    second = manifest(lab.exports("lab-b"))

    assert (first.sequence, second.sequence) == (1, 2)
    assert second.previous == first.digest
    assert second.expires == lab.now + lab.settings.days * DAY
    assert second.files == first.files


def test_each_partner_has_a_chain_of_its_own(lab, tmp_path):
    with ExitStack() as stack:
        acquaint(lab, open_lab(stack, tmp_path / "c", "lab-c", Rows()))
        lab.exports("lab-b")
        third = manifest(lab.exports("lab-c"))
        values = {
            partner: {
                json.loads(line)["token"]
                for line in (lab.exports(partner) / "selectors.jsonl").read_text().splitlines()
            }
            for partner in ("lab-b", "lab-c")
        }

    assert (third.sequence, third.previous, third.recipient) == (1, None, "lab-c")
    assert values["lab-b"] & values["lab-c"] == {ADDRESS}


def test_of_a_ring_that_says_the_same_the_dates_stay(lab):
    first = lab.drafts("lab-b").package.rings[0]
    lab.exports("lab-b")
    lab.now += DAY

    assert lab.drafts("lab-b").package.rings == (first,)
    lab.says(RING, "confirm", by="lee")
    changed = lab.drafts("lab-b").package.rings[0]
    assert (changed.created, changed.modified) == (first.created, lab.now)


def test_a_draft_says_what_is_new_changed_and_taken_back(lab):
    told = lab.drafts("lab-b")
    assert (told.new, told.changed, told.taken_back) == ((RING,), (), ())
    lab.exports("lab-b")
    told = lab.drafts("lab-b")
    assert (told.new, told.changed, told.taken_back) == ((), (), ())
    lab.says("ring_0", "dismiss")
    assert lab.drafts("lab-b").changed == (RING,)
    lab.takes_back(RING)
    told = lab.drafts("lab-b")
    assert (told.new, told.changed, told.taken_back) == ((), (), (RING,))
    lab.exports("lab-b")
    assert lab.drafts("lab-b").taken_back == ()


def test_a_draft_writes_nothing_down(lab):
    keyring(lab.case)
    before = lab.dump()

    lab.drafts("lab-b")

    assert lab.dump() == before


def test_a_ring_that_nobody_confirmed_goes_out_only_when_asked_and_marked_so(lab):
    with pytest.raises(DataError, match=f"nobody confirmed {OTHER}"):
        lab.drafts("lab-b", rings=[OTHER])

    (ring,) = lab.drafts("lab-b", rings=[OTHER], unreviewed=True).package.rings
    assert ring.reviewers == 0


@pytest.mark.parametrize("unreviewed", [False, True])
def test_a_ring_that_was_dismissed_never_goes_out(lab, unreviewed):
    lab.says(RING, "dismiss")

    with pytest.raises(DataError, match="dismissed"):
        lab.drafts("lab-b", rings=[RING], unreviewed=unreviewed)


def test_the_last_word_counts(lab):
    lab.says(RING, "watch")
    with pytest.raises(DataError, match="nobody confirmed"):
        lab.drafts("lab-b", rings=[RING])
    lab.says(RING, "confirm")

    assert lab.drafts("lab-b", rings=[RING]).new == (RING,)


def test_a_ring_of_which_nobody_is_to_be_blocked_does_not_go_out(lab):
    for name in list(lab.rings[RING].members):
        lab.says(name.account_id, "dismiss")

    with pytest.raises(DataError, match="nothing is left"):
        lab.drafts("lab-b")


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


def test_only_what_a_partner_was_told_can_be_taken_back(lab):
    with pytest.raises(DataError, match="no partner was told"):
        lab.takes_back(RING)
    assert Records(lab.case).revoked() == {}


def test_a_ring_taken_back_stays_so_though_it_is_confirmed_again(lab):
    lab.exports("lab-b")
    lab.takes_back(RING)
    lab.exports("lab-b")
    lab.says(RING, "confirm")

    assert [ring.revoked for ring in lab.drafts("lab-b").package.rings] == [True]


def test_a_ring_dismissed_by_mistake_comes_back_with_a_later_word(lab):
    lab.exports("lab-b")
    lab.says(RING, "dismiss")
    (gone,) = lab.drafts("lab-b", rings=[]).package.rings
    lab.exports("lab-b", rings=[])
    lab.says(RING, "confirm")
    (back,) = lab.drafts("lab-b").package.rings

    assert (gone.revoked, back.revoked) == (True, False)
    assert back.modified > gone.modified


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
    assert manifest(lab.exports("lab-b")).sequence == 1


def test_a_lab_without_a_name_and_a_partner_nobody_listed_are_told_what_to_write(lab):
    with pytest.raises(SettingsError, match=r"sharing\.partners"):
        lab.drafts("lab-z")
    lab.settings = lab.settings.model_copy(update={"name": None})
    with pytest.raises(SettingsError, match=r"sharing\.name"):
        lab.drafts("lab-b")


def test_what_was_shared_is_noted_in_digests_alone(lab):
    lab.exports("lab-b")

    digests = Records(lab.case).shared_values()
    assert len(digests) == 3  # the wrapper stays: the other ring has it, too
    assert all(len(each) == 64 and int(each, 16) >= 0 for each in digests)


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
    lists = [manifest(tmp_path / "answer"), manifest(lab.exports("lab-b"))]

    assert sent.sequence == 2
    assert [each.sequence for each in lists] == [2, 3]
    assert set(files_of(tmp_path / "answer")) == {"feedback.jsonl", "manifest.json", "manifest.json.minisig"}


def test_a_ring_of_which_nobody_is_left_to_block_is_taken_back_and_holds_up_no_other(lab):
    lab.says(OTHER, "confirm")
    lab.exports("lab-b")
    for member in lab.rings[RING].members:
        lab.says(member.account_id, "dismiss")
    lab.takes_back(OTHER)

    rings = {each.ring: each for each in lab.drafts("lab-b").package.rings}

    assert {name: ring.revoked for name, ring in rings.items()} == {RING: True, OTHER: True}


def test_a_ring_that_a_person_only_watches_now_is_taken_back(lab):
    lab.exports("lab-b")

    drafted = lab.drafts("lab-b", rings=[], lapsed={RING})

    assert drafted.taken_back == (RING,)


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


def test_how_far_a_list_may_go_is_news_of_every_ring_in_it(lab):
    lab.exports("lab-b", tlp=Tlp.green)
    (told,) = lab.drafts("lab-b", tlp=Tlp.green).package.rings
    lab.exports("lab-b", tlp=Tlp.amber_strict)
    (tightened,) = lab.drafts("lab-b", tlp=Tlp.amber_strict).package.rings

    assert tightened.modified > told.modified


def test_other_terms_are_news_of_every_ring_in_it(lab):
    lab.exports("lab-b")
    (told,) = lab.drafts("lab-b").package.rings
    lab.settings = lab.settings.model_copy(update={"terms": "For the fight against distillation only."})
    place = lab.exports("lab-b")
    (again,) = lab.drafts("lab-b").package.rings

    assert again.modified > told.modified
    assert manifest(place).sequence == 2
    assert lab.drafts("lab-b").package.rings == (again,)


def test_who_confirmed_and_dismissed_a_ring_is_no_reviewer_of_it(lab):
    lab.says(RING, "dismiss", by="kim")
    lab.says(RING, "confirm", by="lee")

    (ring,) = lab.drafts("lab-b").package.rings

    assert ring.reviewers == 1
