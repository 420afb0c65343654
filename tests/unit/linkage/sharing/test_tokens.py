"""What is shared as a token cannot be found by trying, and both labs make the same."""

# ruff: noqa: S311, DTZ001 - draws that are no secrets, and naive UTC as everywhere

from __future__ import annotations

import base64
import hashlib
import hmac
import random
import string
from datetime import datetime

import pytest

from linkage.errors import DataError
from linkage.sharing.tokens import PairKey, accepts, enumerable, epoch_of, quarter, token, tokens

KEY = PairKey(bytes(range(32)), "2026q4")
PAR = "V0010013022298169667504231315"


def test_a_token_is_the_hmac_of_its_parts():
    parts = [b"2026q4", b"token", b"payment", PAR.encode()]
    message = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    expected = base64.b32encode(hmac.new(KEY.secret, message, hashlib.sha256).digest())

    assert token(KEY, "payment", PAR) == expected.decode().lower().rstrip("=")


def test_two_labs_with_one_key_make_the_same_token_and_nobody_else_does():
    ours = token(KEY, "payment", f" {PAR}\n")

    assert ours == token(PairKey(bytes(range(32)), "2026q4"), "payment", PAR)
    assert ours != token(PairKey(bytes(32), "2026q4"), "payment", PAR)


def test_the_same_value_has_another_token_in_another_quarter_and_of_another_kind():
    next_quarter = PairKey(KEY.secret, "2027q1")

    assert len({token(KEY, "payment", PAR), token(next_quarter, "payment", PAR), token(KEY, "par", PAR)}) == 3


def test_where_one_part_ends_and_the_next_begins_matters():
    assert KEY.digest(b"ab", b"c") != KEY.digest(b"a", b"bc")


def test_many_values_are_made_into_the_same_tokens_as_one_by_one():
    chosen = random.Random(1)
    values = [f"{chosen.getrandbits(256):064x}" for _ in range(70_000)]

    made = tokens(KEY, "device", values)

    assert len(made) == len(values) == len(set(made))
    assert made[::9_999] == [token(KEY, "device", value) for value in values[::9_999]]
    assert tokens(KEY, "device", []) == []


@pytest.mark.parametrize(
    "value",
    [
        "203.0.113.7", "203.0.113.7:443", "203.0.113.0/24", "2001:db8::7", "2001:db8::/64", "[2001:db8::7]:443",
        "fe80::1%eth0", "::ffff:203.0.113.7", "411111", "41111111", "1234", "+4915112345678", "+49 151 12345678",
        "(415)555-2671", "4111111111111111", "4111-1111-1111-1111", "4111 1111 1111 1111", "411111|1234",
        "4111111111111111|12/28|Smith", "card:4111111111111111", "someone@example.com",
        "a.very.long.name.indeed.of.somebody@subdomain.example.com", "password", "correct-horse-battery-staple",
        "CorrectHorseBatteryStaple", "jonathan.smith.1984", "2026-09-03", "2026-09-03T01:12:09Z", "20260903",
        "03/09/2026", "subdomain.of.something.example.com", "https://example.com/9f86d081884c7d659a2feaa0c55ad015",
        "00:1a:2b:3c:4d:5e", "001a2b3c4d5e", "DE89370400440532013000", "89490200001234567890", "0" * 40, "ab" * 30,
        "203.0.113.7|9f86d081884c7d659a2feaa0c55ad015", "٢٠٣٠١١٣٧", "Zürich-Hauptbahnhof-Gleis-7", "", "x",
    ],
)  # fmt: skip
def test_what_could_be_gone_through_one_by_one_is_never_hashed(value):
    assert enumerable("payment", value)
    with pytest.raises(DataError):
        token(KEY, "payment", value)


@pytest.mark.parametrize("kind", ["ip", "asn", "phone", "bin", "email", " IP "])
def test_a_hash_of_what_comes_from_a_small_space_is_no_better(kind):
    hashed = hashlib.sha256(b"203.0.113.7").hexdigest()

    assert enumerable(kind, hashed)
    assert enumerable("device", hashed) is None


@pytest.mark.parametrize(
    ("letters", "length"),
    [
        ("0123456789abcdef", 32),
        ("0123456789ABCDEF", 40),
        (string.ascii_uppercase + string.digits, 29),
        (string.ascii_letters + string.digits, 24),
        ("abcdefghijklmnopqrstuvwxyz234567", 52),
    ],
)
def test_what_was_drawn_at_random_may_be_hashed(letters, length):
    chosen = random.Random(2)
    drawn = ["".join(chosen.choices(letters, k=length)) for _ in range(2_000)]

    refused = sum(enumerable("payment", value) is not None for value in drawn)

    assert refused <= 10


@pytest.mark.parametrize("value", [PAR, "9f86d081-884c-4d65-9a2f-eaa0c55ad015"])
def test_account_references_and_hardware_ids_may_be_hashed(value):
    assert enumerable("payment", value) is None


def test_a_refusal_counts_and_does_not_tell_the_values():
    with pytest.raises(DataError, match="2 values of kind 'pay") as refusal:
        tokens(KEY, "pay\x1b[2J", ["203.0.113.7", PAR, "4111111111111111"])

    told = str(refusal.value)
    assert "203.0" not in told
    assert "4111" not in told
    assert "\x1b" not in told
    assert "network address" in told


def test_keys_are_told_apart_by_name_and_never_shown():
    key = PairKey.generate("2026q4")

    assert key.key_id.startswith("vr1.2026q4.")
    assert len(key.id) == 8
    assert key.id not in {PairKey(key.secret, "2027q1").id, PairKey.generate("2026q4").id}
    assert key.secret.hex() not in repr(key)
    assert repr(key.secret) not in repr(key)


@pytest.mark.parametrize(
    ("secret", "epoch"), [(b"short", "2026q4"), (bytes(32), "2026q5"), (bytes(32), "26q4")]
)
def test_a_key_that_is_none_is_refused(secret, epoch):
    with pytest.raises(DataError):
        PairKey(secret, epoch)


def test_quarters_follow_each_other_without_a_gap():
    assert [epoch_of(datetime(2026, month, 1)) for month in (1, 3, 4, 9, 10, 12)] == [
        "2026q1", "2026q1", "2026q2", "2026q3", "2026q4", "2026q4",
    ]  # fmt: skip
    assert quarter("2026q4")[1] == quarter("2027q1")[0] == datetime(2027, 1, 1)


def test_an_old_key_counts_until_its_overlap_ends():
    key = PairKey(bytes(32), "2026q3")

    assert not accepts(key, datetime(2026, 6, 30, 23, 59, 59), overlap_days=14)
    assert accepts(key, datetime(2026, 7, 1), overlap_days=14)
    assert accepts(key, datetime(2026, 10, 14, 23, 59, 59), overlap_days=14)
    assert not accepts(key, datetime(2026, 10, 15), overlap_days=14)
    assert not accepts(key, datetime(2026, 10, 1), overlap_days=0)


@pytest.mark.parametrize(
    "kind", ["email_hash", "billing_email", "card_hash", "phone_number", "hashed_ip", "signup-ip"]
)
def test_a_hash_of_what_can_be_guessed_can_be_guessed_too(kind):
    assert enumerable(kind, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08") is not None
