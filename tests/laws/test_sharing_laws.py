"""Laws of sharing: the same facts, keys and time give the same bytes, and nothing that names anybody."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import tempfile
import uuid
from contextlib import ExitStack
from pathlib import Path

import pytest
from cases import INPUTS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from labs import ADDRESS, CARD, DEVICE, Rows, a_ring, acquaint, files_of, open_lab, strangers

from linkage.opening import open_case
from linkage.sharing.keyring import backup, restore, share_with
from linkage.sharing.sending import send
from linkage.sharing.tokens import PairKey, enumerable, token

few = settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
VIEWS = ("nft", "ipset", "cloudflare", "aws")
RING = "R-AAAAAA"
NAMESPACES = (
    uuid.NAMESPACE_DNS, uuid.NAMESPACE_URL, uuid.NAMESPACE_OID, uuid.NAMESPACE_X500,
    uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7"), uuid.UUID(int=0),
)  # fmt: skip
"""The usual ones, and that of STIX for its own names."""


def the_rows():
    """Tell of a ring and of strangers: what each is called, pays with, comes from and asks."""
    rows = Rows()
    strangers(rows, 12)
    members = a_ring(rows, "acct-0ac332e59e")
    rows.live("acct-neighbour-7", ip="203.0.113.9")
    for name in members[:2]:
        rows.ask(name, ip="203.0.113.9")
    return rows, members


def exported(folder, rows, members, keys):
    """Export with the keys of a backup, every view."""
    with ExitStack() as stack:
        lab = open_lab(stack, folder / "a", "lab-a", rows)
        restore(lab.case, keys)
        partner = open_lab(stack, folder / "b", "lab-b", Rows())
        acquaint(lab, partner, secret=False)
        lab.finds(RING, members)
        lab.says(RING, "confirm")
        send(lab.case, lab.drafts("lab-b"), folder / "out", lab.settings, by="kim", now=lab.now, also=VIEWS)
    return files_of(folder / "out")


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """The backup of a lab that shares a key with lab-b."""
    with open_case(tmp_path_factory.mktemp("keys") / "k.duckdb", INPUTS) as case:
        share_with(case, "lab-b")
        return backup(case)


@pytest.fixture(scope="module")
def known(tmp_path_factory, keys):
    """The export of the rows in their own order."""
    rows, members = the_rows()
    return exported(tmp_path_factory.mktemp("known"), rows, members, keys)


@few
@given(seed=st.integers(0, 2**32))
def test_the_order_of_rows_and_members_never_changes_a_byte(known, keys, seed):
    dice = random.Random(seed)  # noqa: S311 - an order, no secret
    rows, members = the_rows()
    for listed in (*vars(rows).values(), members):
        dice.shuffle(listed)
    with tempfile.TemporaryDirectory() as folder:
        assert exported(Path(folder), rows, members, keys) == known


def test_other_keys_change_every_name_of_ours(known, tmp_path, keys):
    rows, members = the_rows()
    changed = json.loads(keys)
    changed["keys"]["id"] = base64.b64encode(bytes(range(32))).decode()
    other = exported(tmp_path, rows, members, json.dumps(changed).encode())

    assert not tokens_of(known) & tokens_of(other)
    assert uuids_of(known) & uuids_of(other) <= AGREED


def test_no_file_holds_an_account_a_card_a_device_a_mail_or_a_prompt(known):
    """As it is or as anybody would write or hash it who has no key."""
    rows, _ = the_rows()
    everything = b"\n".join(known.values())
    folded = everything.lower()
    secrets = {row["account_id"] for row in rows.accounts}
    secrets |= {row["email_domain"] for row in rows.accounts}
    secrets |= {row["fingerprint"] for row in rows.payments}
    secrets |= {row["extra"]["device"] for row in rows.events if row["extra"].get("device")}
    secrets |= {row["ip"] for row in rows.events if row.get("ip")} - {ADDRESS}
    assert {CARD, DEVICE, "203.0.113.9"} <= secrets
    assert len(secrets) > 60

    for secret in sorted(secrets):
        for written in spellings(secret):
            assert written not in folded, (secret, written)
    for row in rows.events:
        words = row["prompt"].split() if row.get("prompt") else []
        for start in range(len(words) - 2):
            assert " ".join(words[start : start + 3]).lower().encode() not in folded


def test_nobody_without_the_key_finds_an_exported_id_by_trying_all_accounts(known):
    rows, _ = the_rows()
    names = [row["account_id"] for row in rows.accounts]
    ids, tokens = uuids_of(known), tokens_of(known)
    assert len(ids) > 20
    assert len(tokens) == 6

    for name in names:
        for namespace in NAMESPACES:
            for made in (uuid.uuid5(namespace, name), uuid.uuid3(namespace, name)):
                assert str(made) not in ids
            for kind in ("user-account", "account", "lab-a", "linkage"):
                for joined in (f"{kind}--{name}", f"{kind}:{name}", f"{kind} {name}", f"{kind}{name}"):
                    assert str(uuid.uuid5(namespace, joined)) not in ids
            for document in ({"user_id": name}, {"account_login": name}, {"value": name}):
                text = json.dumps(document, separators=(",", ":"), sort_keys=True)
                assert str(uuid.uuid5(namespace, text)) not in ids
        for digest in (hashlib.sha256, hashlib.sha1, hashlib.md5, hashlib.blake2b):
            made = base64.b32encode(digest(name.encode()).digest()).decode().lower().rstrip("=")
            assert not [each for each in tokens if each.startswith(f"a1_{made[:20]}")]


def uuids_of(files):
    """Give every id in a list."""
    found = re.findall(
        rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", b"\n".join(files.values())
    )
    return {each.decode() for each in found}


AGREED = frozenset(
    {
        "49606b06-22f0-4ac8-8eee-2f12ad46f3d3",  # the template of accounts in MISP
        "60a3c5c5-0d10-413e-aab3-9e08dde9e88d",  # the extension by which STIX knows TLP 2.0
        "6e8b2218-e249-490b-aad6-e736008da0cf",  # our extension, the same for every lab
        "939a9414-2ddd-4d32-a0cd-375ea402b003",  # TLP:AMBER+STRICT
        "a8d65f36-4778-4f67-9a47-7a89341971cc",  # who made our extension
    }
)
"""Ids that are the same in every list of every lab."""


def tokens_of(files):
    """Give the names of accounts in a list."""
    return {each.decode() for each in re.findall(rb"a1_[a-z2-7]{52}", b"\n".join(files.values()))}


def spellings(secret):
    """Write a secret in every way in which somebody without a key would."""
    raw = secret.encode()
    yield raw.lower()
    encoders = (base64.b64encode, base64.urlsafe_b64encode, base64.b32encode, base64.b16encode)
    for digest in (hashlib.sha256, hashlib.sha1, hashlib.md5):
        made = digest(raw)
        yield made.hexdigest().encode()
        for encode in encoders:
            yield encode(made.digest()).rstrip(b"=").lower()[:20]
    if len(raw) >= 8:
        for encode in encoders:
            yield encode(raw).rstrip(b"=")[: len(raw) - 1].lower()


@given(
    value=st.one_of(
        st.ip_addresses().map(str),
        st.integers(0, 10**19).map(str),
        st.emails(),
        st.dates().map(str),
        st.text("abcdefghij", min_size=1, max_size=12),
        st.text("0123456789+-() ", min_size=1, max_size=24),
    )
)
def test_what_can_be_tried_out_is_never_made_a_token(value):
    """For such values the reason is always given, whatever the kind calls itself."""
    if value.strip():
        assert enumerable("device", value) is not None


@given(secret=st.binary(min_size=32, max_size=32), value=st.binary(min_size=20, max_size=20).map(bytes.hex))
def test_two_labs_make_one_token_and_a_third_another(secret, value):
    if enumerable("device", value) is None:
        ours, theirs = PairKey(secret, "2026q4"), PairKey(secret, "2026q4")
        assert token(ours, "device", value) == token(theirs, "device", value)
        assert token(ours, "device", value) != token(PairKey(secret, "2027q1"), "device", value)
        assert token(ours, "device", value) != token(ours, "payment", value)
