"""Two labs and a hub: what could be found by trying all there is goes out as tokens, and is found again all the same."""

from __future__ import annotations

import base64
import hashlib
import json
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
from labs import (
    ADDRESS,
    CARD,
    DAY,
    DEVICE,
    DEVICES,
    NOW,
    Rows,
    a_ring,
    files_of,
    running,
    strangers,
    two_labs,
)
from shared import token

from linkage.errors import DataError, MissingPartError, SettingsError
from linkage.evidence.kinds import chosen_kinds
from linkage.settings import SharingSettings
from linkage.sharing.hub import HubConfig, HubMember, hub_server
from linkage.sharing.hub_in_use import HubInUse
from linkage.sharing.matching import match
from linkage.sharing.model import Scheme
from linkage.sharing.oprf import HubKey
from linkage.sharing.remembered_tokens import RememberedTokens

pytest.importorskip("voprf")

RING = "R-AAAAAA"
FINGERPRINT = "fp_9a1c"
"""A name of a card that is short enough to try all there are."""
KEYS = {"2026q4": HubKey(bytes([7] * 32), "2026q4"), "2027q1": HubKey(bytes([8] * 32), "2027q1")}
SECRETS = {"lab-a": "secret of a", "lab-b": "secret of b"}


class Clock:
    """A clock that somebody sets."""

    now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def asked():
    """What the hub was asked for: day, member and number of values."""
    return []


@pytest.fixture
def url(tmp_path, asked):
    members = {
        name: HubMember(hashlib.sha256(secret.encode()).hexdigest(), 1000) for name, secret in SECRETS.items()
    }
    config = HubConfig(members, KEYS, tmp_path / "counts.json")
    with running(hub_server(config, clock=Clock(), log=asked.append)) as address:
        yield address


def hub_of(url, member, **other):
    given = {"token": SECRETS[member], "keys": {epoch: key.public_key for epoch, key in KEYS.items()}}
    return HubInUse(url, member, **(given | other))


@pytest.fixture
def labs(tmp_path):
    """A lab with a confirmed ring, and one where an account holds its address and another its card."""
    ours, theirs = Rows(), Rows()
    for rows in (ours, theirs):
        strangers(rows)
    members = a_ring(ours)
    theirs.live("neighbour", ip=ADDRESS)
    theirs.live("payer", card=CARD)
    theirs.live("machine", device=DEVICE, asn="AS64500", user_agent="curl/8.5")
    theirs.wrapped("machine")
    with ExitStack() as stack:
        yield two_labs(stack, tmp_path, ours, members, theirs)


def pointed(lab, hub=None):
    """Match, and say by kind whom the lists point to."""
    kinds, _ = chosen_kinds(DEVICES)
    found = match(lab.case, lab.case.logs, kinds, lab.settings, by="lee", now=lab.now, hub=hub)
    return {each.kind: each.accounts for each in found}


def by_kind(draft):
    return {each.kind: each for ring in draft.package.rings for each in ring.selectors if not each.revoked}


def test_addresses_go_out_as_they_are_unless_somebody_asks_for_tokens(labs, url, asked):
    a, _ = labs
    hub = hub_of(url, "lab-a")

    assert by_kind(a.drafts("lab-b", hub=hub))["ip"].value == ADDRESS
    assert asked == []
    hidden = by_kind(a.drafts("lab-b", hub=hub, private_addresses=True))["ip"]
    assert (hidden.scheme, hidden.key_id) == (Scheme.oprf, hub.key_id("2026q4"))
    assert asked == [f"{NOW:%Y-%m-%d} lab-a 1"]


def test_an_address_counts_as_long_as_a_token_as_it_does_as_it_is(labs, url):
    a, _ = labs
    hub = hub_of(url, "lab-a")

    raw, hidden = (
        by_kind(a.drafts("lab-b", hub=hub, private_addresses=private))["ip"] for private in (False, True)
    )

    assert (raw.valid_from, raw.valid_until) == (hidden.valid_from, hidden.valid_until)


def test_a_hidden_address_is_in_no_file(labs, url):
    a, _ = labs
    place = a.exports("lab-b", hub=hub_of(url, "lab-a"), private_addresses=True)

    assert not [path for path, content in files_of(place).items() if ADDRESS.encode() in content]


def test_a_token_of_a_hub_points_to_whom_the_address_points(labs, url, asked):
    a, b = labs
    b.takes(a.exports("lab-b"), "lab-a")
    raw = pointed(b)
    a.now = b.now = NOW + DAY
    b.takes(a.exports("lab-b", hub=hub_of(url, "lab-a"), private_addresses=True), "lab-a")

    assert raw["ip"] == ("neighbour",)
    assert "ip" not in pointed(b)
    assert pointed(b, hub_of(url, "lab-b")) == raw
    # Only addresses are tokens of the hub, and each own one is asked for once.
    assert asked[1:] == [f"{NOW:%Y-%m-%d} lab-b 23"]


def test_the_same_list_again_is_the_same_to_the_byte_and_asks_the_hub_no_more(labs, url, asked):
    a, _ = labs
    hub = hub_of(url, "lab-a")
    first = a.exports("lab-b", hub=hub, private_addresses=True)
    a.now += DAY
    second = a.exports("lab-b", hub=hub, private_addresses=True)

    assert files_of(first) == files_of(second)
    assert len(asked) == 1


def test_tokens_are_remembered_by_the_key_that_made_them_and_no_value_is(labs, url, asked):
    a, _ = labs
    hub = RememberedTokens(a.case, hub_of(url, "lab-a"))

    first = hub.tokens("2026q4", "ip", [ADDRESS, "203.0.113.5"])
    more = hub.tokens("2026q4", "ip", ["203.0.113.6", ADDRESS, ADDRESS])

    assert more[1:] == first[:1] * 2
    assert [line.rpartition(" ")[2] for line in asked] == ["2", "1"]
    rows = a.case.database.execute("select key_id, digest from hub_tokens").fetchall()
    assert {key_id for key_id, _ in rows} == {hub.hub.key_id("2026q4")}
    assert not [digest for _, digest in rows if ADDRESS in digest or len(digest) != 64]
    other = replace(hub.hub, keys={"2026q4": bytes(32)})
    with pytest.raises(DataError):
        RememberedTokens(a.case, other).tokens("2026q4", "ip", [ADDRESS])


def test_addresses_cannot_be_hidden_without_a_hub(labs):
    a, _ = labs

    with pytest.raises(SettingsError, match=r"sharing\.hub"):
        a.drafts("lab-b", private_addresses=True)


def test_a_card_that_could_be_guessed_is_held_back_or_made_a_token_of_the_hub(tmp_path, url):
    rows = Rows()
    strangers(rows)
    members = a_ring(rows, card=FINGERPRINT)
    with ExitStack() as stack:
        a, _ = two_labs(stack, tmp_path, rows, members, fingerprints=True)
        hub = hub_of(url, "lab-a")

        assert "payment" not in by_kind(a.drafts("lab-b"))
        assert by_kind(a.drafts("lab-b", hub=hub))["payment"].scheme is Scheme.oprf
        assert by_kind(a.drafts("lab-b", hub=hub))["device"].scheme is Scheme.hmac
        a.settings = a.settings.model_copy(update={"fingerprints": False})
        refused = a.drafts("lab-b", hub=hub)
        assert "payment" not in by_kind(refused)
        reasons = [each.reason for each in refused.held if each.kind == "payment"]
        assert reasons == [
            "a card's fingerprint means nothing to another lab; ask the processor for account references (PAR)"
        ]


def test_labs_that_share_no_key_share_tokens_of_the_hub(tmp_path, url):
    ours, theirs = Rows(), Rows()
    for rows in (ours, theirs):
        strangers(rows)
    members = a_ring(ours)
    theirs.live("payer", card=CARD)
    with ExitStack() as stack:
        a, b = two_labs(stack, tmp_path, ours, members, theirs, secret=False)

        drafted = a.drafts("lab-b", hub=hub_of(url, "lab-a"))

        assert {kind: each.scheme for kind, each in by_kind(drafted).items()} == {
            "ip": Scheme.raw,
            "payment": Scheme.oprf,
            "device": Scheme.oprf,
        }
        b.takes(a.exports("lab-b", hub=hub_of(url, "lab-a")), "lab-a")
        assert pointed(b, hub_of(url, "lab-b"))["payment"] == ("payer",)
        b.now = NOW.replace(year=2027, month=1)
        assert pointed(b, hub_of(url, "lab-b"))["payment"] == ("payer",)


def test_tokens_of_the_last_quarter_count_until_its_overlap_ends(url):
    hub = hub_of(url, "lab-b")
    key_id = hub.key_id("2026q4")
    january = NOW.replace(year=2027, month=1)

    assert hub.accepted(key_id, january, overlap_days=30) == "2026q4"
    assert hub.accepted(key_id, january, overlap_days=3) is None
    assert hub.accepted(key_id, NOW - timedelta(days=5), overlap_days=30) is None


@pytest.mark.parametrize(
    "key_id",
    ["", "vo1.2026q4", "vo1.2026q4.00000000", "vr1.2026q4.{}", "vo1.2027q1.{}", "vo1.9999q9.{}", "...."],
)
def test_a_key_that_nobody_pinned_is_never_asked_for(url, key_id):
    hub = hub_of(url, "lab-b")
    right = hub.key_id("2026q4")

    assert hub.accepted(right, NOW, overlap_days=30) == "2026q4"
    assert hub.accepted(key_id.format(right[-8:]), NOW, overlap_days=30) is None


def test_a_list_without_such_tokens_asks_the_hub_for_nothing(labs):
    a, b = labs
    b.takes(a.exports("lab-b"), "lab-a")
    nobody = hub_of("http://127.0.0.1:9", "lab-b", token=None)

    assert pointed(b, nobody)["ip"] == ("neighbour",)


@pytest.mark.parametrize("kind", ["asn", "agent", "prompt", "passport"])
def test_no_partner_makes_us_ask_for_kinds_that_nobody_shares(labs, url, asked, kind):
    _, b = labs
    hub = hub_of(url, "lab-b")
    times = {"valid_from": "2026-10-01T00:00:00Z", "valid_until": "2026-11-01T00:00:00Z"}
    ring = {"id": "r", "ring": RING, "score": 0.9, "reviewers": 2, "modified": "2026-10-02T00:00:00Z"}
    selector = {"id": "s", "ring": RING, "kind": kind, "scheme": "oprf", "token": token("any"), "accounts": 5}
    selector |= {"key_id": hub.key_id("2026q4"), "confidence": 90, "action": "log", "revoked": False, **times}
    (b.folder / "list.jsonl").write_text(f"{json.dumps(ring)}\n{json.dumps(selector)}\n")
    taken = b.takes(b.folder / "list.jsonl", "lab-a", unsigned=True)

    assert (taken.selectors, pointed(b, hub), asked) == (1, {}, [])


def test_what_is_missing_for_tokens_is_said_when_they_are_needed(labs, url):
    a, _ = labs

    for hub, sentence in (
        (hub_of(url, "lab-a", token=None), "LINKAGE_HUB_TOKEN"),
        (hub_of(url, "lab-a", keys={}), r"sharing\.hub_keys.*2026q4"),
    ):
        assert by_kind(a.drafts("lab-b", hub=hub))
        with pytest.raises(SettingsError, match=sentence):
            a.drafts("lab-b", hub=hub, private_addresses=True)


def test_a_hub_of_another_key_is_believed_in_nothing(labs, url):
    a, _ = labs
    other = HubKey(bytes([9] * 32), "2026q4").public_key

    with pytest.raises(DataError, match="not the hub's key"):
        a.drafts("lab-b", hub=hub_of(url, "lab-a", keys={"2026q4": other}), private_addresses=True)


def test_a_hub_that_is_down_leaves_the_case_as_it_was(labs, url):
    a, b = labs
    b.takes(a.exports("lab-b", hub=hub_of(url, "lab-a"), private_addresses=True), "lab-a")
    before = b.dump()

    with pytest.raises(DataError, match="no answer"):
        pointed(b, hub_of("http://127.0.0.1:9", "lab-b"))

    assert b.dump() == before


def test_without_the_library_a_sentence_says_what_to_install(labs, url, monkeypatch):
    a, _ = labs
    hub = hub_of(url, "lab-a")
    monkeypatch.setitem(__import__("sys").modules, "voprf", None)

    with pytest.raises(MissingPartError, match=r"linkage-rings\[oprf\]"):
        a.drafts("lab-b", hub=hub, private_addresses=True)


def test_the_settings_name_the_hub_and_the_secret_comes_from_elsewhere(url):
    key = base64.b64encode(KEYS["2026q4"].public_key).decode()
    settings = SharingSettings(name="lab-a", hub=url, hub_keys={"2026q4": key})

    hub = HubInUse.of(settings, "a secret")

    assert hub == HubInUse(url, "lab-a", "a secret", {"2026q4": KEYS["2026q4"].public_key})
    assert "a secret" not in repr(hub)
    assert HubInUse.of(settings.model_copy(update={"hub_member": "first"}), None).member == "first"
    assert HubInUse.of(SharingSettings(name="lab-a"), "a secret") is None
    with pytest.raises(SettingsError, match="hub_member"):
        HubInUse.of(settings.model_copy(update={"name": None}), None)


@pytest.mark.parametrize(
    "keys", [{"2026": "A" * 43 + "="}, {"2026q4": "A" * 44}, {"2026q4": "short="}, {"2026q5": "A" * 43 + "="}]
)
def test_a_key_that_is_none_or_of_no_quarter_is_no_setting(keys):
    with pytest.raises(ValueError, match="hub_keys"):
        SharingSettings(hub_keys=keys)
