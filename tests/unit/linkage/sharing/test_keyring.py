"""The secrets of a case: made once, shared with a partner, locked away and taken back."""

from __future__ import annotations

import base64
import json
from contextlib import ExitStack
from datetime import datetime

import pytest
from cases import INPUTS

from linkage.errors import DataError
from linkage.opening import open_case
from linkage.sharing.keyring import backup, keyring, prepare_next, restore, rotate, share_with
from linkage.sharing.records import Records
from linkage.sharing.tokens import accepts, token

OCTOBER = datetime(2026, 10, 5)  # noqa: DTZ001 - UTC, as everywhere
VALUE = "V0010013022298169667504231315"


@pytest.fixture
def cases(tmp_path):
    """Three empty cases."""
    with ExitStack() as stack:
        yield [stack.enter_context(open_case(tmp_path / f"{name}.duckdb", INPUTS)) for name in "abc"]


def test_keys_are_made_once_and_stay(tmp_path):
    seen = set()
    for _ in range(2):
        with open_case(tmp_path / "a.duckdb", INPUTS) as case:
            keys = keyring(case)
            seen.add((keys.ids.secret, keys.signing.stored))

    assert len(seen) == 1


def test_two_cases_have_nothing_in_common(cases):
    one, other = keyring(cases[0]), keyring(cases[1])

    assert one.ids.secret != other.ids.secret
    assert one.signing.public != other.signing.public


def test_no_secret_is_shown_where_a_keyring_is_printed(cases):
    share_with(cases[0], "lab-b")
    keys = keyring(cases[0])
    shown = repr(keys) + repr(keys.pair("lab-b", OCTOBER))

    for secret in (keys.ids.secret, keys.signing.seed, keys.pairs["lab-b"]):
        assert repr(secret) not in shown
        assert secret.hex() not in shown
        assert base64.b64encode(secret).decode() not in shown


def test_two_labs_make_the_same_tokens_from_the_file_that_one_handed_over(cases):
    handed = share_with(cases[0], "lab-b")
    share_with(cases[1], "lab-a", handed)
    one, other = keyring(cases[0]).pair("lab-b", OCTOBER), keyring(cases[1]).pair("lab-a", OCTOBER)

    assert one.key_id == other.key_id
    assert token(one, "payment", VALUE) == token(other, "payment", VALUE)


def test_a_third_lab_makes_others(cases):
    share_with(cases[1], "lab-a", share_with(cases[0], "lab-b"))
    share_with(cases[2], "lab-a", share_with(cases[0], "lab-c"))
    keys = keyring(cases[0])

    assert keys.pair("lab-b", OCTOBER).key_id != keys.pair("lab-c", OCTOBER).key_id
    assert keys.by_id("lab-c", keys.pair("lab-b", OCTOBER).key_id) is None


def test_a_key_that_was_made_is_handed_out_again_and_never_changed(cases):
    first = share_with(cases[0], "lab-b")

    assert share_with(cases[0], "lab-b") == first
    assert share_with(cases[0], "lab-b", first) == first
    with pytest.raises(DataError, match="another key"):
        share_with(cases[0], "lab-b", base64.b64encode(bytes(32)))
    assert share_with(cases[0], "lab-b") == first


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"short",
        base64.b64encode(bytes(31)),
        base64.b64encode(bytes(33)),
        b"\xff" * 44,
        b"RW" * 22,
    ],
    ids=["empty", "blank", "short", "31", "33", "bytes", "words"],
)
def test_a_file_that_holds_no_key_changes_nothing(cases, content):
    with pytest.raises(DataError, match="holds no key"):
        share_with(cases[0], "lab-b", content)

    assert Records(cases[0]).secrets() == {}


def test_without_a_shared_key_it_is_said_how_to_make_one(cases):
    with pytest.raises(DataError, match="linkage keys pair lab-b"):
        keyring(cases[0]).pair("lab-b", OCTOBER)


def test_a_key_is_found_by_the_name_that_selectors_carry(cases):
    share_with(cases[0], "lab-b")
    keys = keyring(cases[0])
    held = keys.pair("lab-b", OCTOBER)

    assert keys.by_id("lab-b", held.key_id) == held
    for wrong in (
        "",
        "vr1",
        "vr1.2026q4",
        "vr1.2026q4.00000000",
        "vr1.2026q5.00000000",
        f"x{held.key_id}",
        f"{held.key_id}.x",
        held.key_id.replace("2026q4", "2026q3"),
    ):
        assert keys.by_id("lab-b", wrong) is None, wrong
    assert keys.by_id("lab-c", held.key_id) is None


def test_a_key_counts_in_its_quarter_and_so_many_days_after_it(cases):
    share_with(cases[0], "lab-b")
    keys = keyring(cases[0])
    summer = keys.pair("lab-b", datetime(2026, 9, 30))  # noqa: DTZ001

    assert summer.key_id != keys.pair("lab-b", OCTOBER).key_id
    assert keys.by_id("lab-b", summer.key_id) == summer
    assert accepts(summer, datetime(2026, 10, 30), overlap_days=30)  # noqa: DTZ001
    assert not accepts(summer, datetime(2026, 10, 31), overlap_days=30)  # noqa: DTZ001


def test_a_backup_brings_every_key_back(cases):
    share_with(cases[0], "lab-b")
    share_with(cases[0], "lab-c")

    assert restore(cases[1], backup(cases[0])) == 4
    assert Records(cases[1]).secrets() == Records(cases[0]).secrets()
    assert keyring(cases[1]).signing.public == keyring(cases[0]).signing.public
    assert backup(cases[1]) == backup(cases[0])


def test_a_backup_restored_twice_changes_nothing(cases):
    content = backup(cases[0])
    restore(cases[1], content)

    assert restore(cases[1], content) == 2
    assert backup(cases[1]) == content


def test_a_case_with_other_keys_takes_no_backup(cases):
    before = backup(cases[1])

    with pytest.raises(DataError, match="other keys"):
        restore(cases[1], backup(cases[0]))

    assert backup(cases[1]) == before


def test_a_case_with_another_key_of_one_pair_takes_nothing_of_a_backup(cases):
    share_with(cases[0], "lab-b")
    older = backup(cases[0])
    named = json.loads(older)
    named["keys"]["pair lab-b"] = base64.b64encode(bytes(32)).decode()
    named["keys"]["pair lab-0"] = base64.b64encode(bytes(32)).decode()

    with pytest.raises(DataError, match="other keys"):
        restore(cases[0], json.dumps(named).encode())

    assert backup(cases[0]) == older


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"format": "linkage keys 2", "keys": {}}',
        b'{"format": "linkage keys 1", "keys": []}',
        b'{"format": "linkage keys 1", "keys": {"id": ""}}',
        b'{"format": "linkage keys 1", "keys": {"id": "AAAA", "signing": "AAAA"}}',
        b'{"format": "linkage keys 1", "keys": {"id": "\\u00e9", "signing": "\\u00e9"}}',
    ],
)
def test_what_is_no_backup_changes_nothing(cases, content):
    with pytest.raises(DataError, match="backup"):
        restore(cases[0], content)

    assert Records(cases[0]).secrets() == {}


def test_a_secret_that_nobody_knows_of_is_not_taken_from_a_backup(cases):
    named = json.loads(backup(cases[0]))
    named["keys"]["master"] = base64.b64encode(bytes(32)).decode()

    with pytest.raises(DataError, match="backup"):
        restore(cases[1], json.dumps(named).encode())

    assert Records(cases[1]).secrets() == {}


def test_the_next_key_signs_nothing_until_it_is_taken_into_use(cases):
    before = keyring(cases[0]).signing.public
    following = prepare_next(cases[0])

    assert prepare_next(cases[0]) == following != before
    assert keyring(cases[0]).signing.public == before
    assert rotate(cases[0]) == following
    assert keyring(cases[0]).signing.public == following
    assert prepare_next(cases[0]) not in {before, following}


def test_without_a_next_key_none_is_taken_into_use(cases):
    before = keyring(cases[0]).signing.public

    with pytest.raises(DataError, match="keys prepare"):
        rotate(cases[0])

    assert keyring(cases[0]).signing.public == before


def test_the_names_of_what_was_shared_outlive_a_new_signing_key(cases):
    before = keyring(cases[0]).ids.secret
    prepare_next(cases[0])
    rotate(cases[0])

    assert keyring(cases[0]).ids.secret == before


def test_a_backup_holds_the_next_key_too(cases):
    following = prepare_next(cases[0])
    restore(cases[1], backup(cases[0]))

    assert rotate(cases[1]) == following


def test_a_shared_key_is_renewed_only_where_it_is_said(cases):
    old = share_with(cases[0], "lab-b")
    share_with(cases[1], "lab-a", old)
    key_id = keyring(cases[0]).pair("lab-b", OCTOBER).key_id
    new = share_with(cases[0], "lab-b", renew=True)

    with pytest.raises(DataError, match="--renew"):
        share_with(cases[1], "lab-a", new)
    share_with(cases[1], "lab-a", new, renew=True)

    assert new != old
    assert keyring(cases[0]).pairs["lab-b"] == keyring(cases[1]).pairs["lab-a"]
    assert keyring(cases[0]).by_id("lab-b", key_id) is None
