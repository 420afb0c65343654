"""Signatures: minisign takes ours, we take minisign's, and whatever was changed is refused with its own reason."""

import base64
import hashlib
import shutil
import subprocess

import pytest

from linkage.errors import DataError, SettingsError
from linkage.sharing.minisign import LARGEST_SIGNATURE, SigningKey, verify

KEY = SigningKey.of_seed(bytes(range(40)))
OTHER = SigningKey.of_seed(bytes(range(1, 41)))
CONTENT = b'{"rings": 3}\n'
COMMENT = "lab-a for lab-b, list 1"
SIGNATURE = KEY.sign(CONTENT, trusted_comment=COMMENT)

needs_minisign = pytest.mark.skipif(shutil.which("minisign") is None, reason="minisign is not installed")


@pytest.fixture
def minisign(tmp_path):
    """Run minisign in a folder of its own, and say whether it was content."""
    (tmp_path / "list").write_bytes(CONTENT)
    (tmp_path / "list.minisig").write_bytes(SIGNATURE)

    def run(*arguments):
        return subprocess.run(
            ["minisign", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    return run


def secret_key_file(key):
    """Write a key as an unencrypted secret key of minisign."""
    public = base64.b64decode(key.public)[10:]
    secret = key.key_id + key.seed + public
    checksum = hashlib.blake2b(b"Ed" + secret, digest_size=32).digest()
    content = b"Ed" + bytes(2) + b"B2" + bytes(32 + 8 + 8) + secret + checksum
    return b"untrusted comment: secret\n" + base64.b64encode(content) + b"\n"


@needs_minisign
def test_minisign_takes_our_signature_and_shows_our_comment(minisign):
    done = minisign("-V", "-P", KEY.public, "-m", "list")

    assert done.returncode == 0, done.stderr
    assert f"Trusted comment: {COMMENT}" in done.stdout


@needs_minisign
@pytest.mark.parametrize("name", ["list", "list.minisig"])
def test_minisign_refuses_what_was_changed(minisign, tmp_path, name):
    changed = bytearray((tmp_path / name).read_bytes())
    changed[-3] ^= 1
    (tmp_path / name).write_bytes(changed)

    assert minisign("-V", "-P", KEY.public, "-m", "list").returncode != 0


@needs_minisign
def test_a_signature_that_minisign_made_is_taken(minisign, tmp_path):
    assert minisign("-G", "-W", "-p", "theirs.pub", "-s", "theirs.key").returncode == 0
    assert minisign("-S", "-s", "theirs.key", "-m", "list", "-t", "from minisign").returncode == 0
    pinned = (tmp_path / "theirs.pub").read_text().splitlines()[1]

    assert verify(CONTENT, (tmp_path / "list.minisig").read_bytes(), [pinned]) == "from minisign"


@needs_minisign
def test_minisign_with_our_key_writes_the_very_bytes_we_write(minisign, tmp_path):
    (tmp_path / "ours.key").write_bytes(secret_key_file(KEY))
    untrusted = SIGNATURE.splitlines()[0].decode().removeprefix("untrusted comment: ")

    done = minisign("-S", "-W", "-s", "ours.key", "-m", "list", "-t", COMMENT, "-c", untrusted)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "list.minisig").read_bytes() == SIGNATURE


def test_the_same_content_has_the_same_signature():
    assert KEY.sign(CONTENT, trusted_comment=COMMENT) == SIGNATURE


def test_a_key_is_taken_up_again_from_what_was_stored():
    key = SigningKey.generate()

    assert SigningKey.of_seed(key.stored) == key
    assert SigningKey.generate() != key


def test_a_key_of_another_length_is_refused():
    with pytest.raises(DataError, match="32 bytes"):
        SigningKey.of_seed(bytes(41))


def test_the_secret_is_not_shown():
    assert repr(KEY.seed) not in repr(KEY)


def test_while_a_partner_changes_its_key_both_are_taken():
    pinned = [OTHER.public, KEY.public]

    assert verify(CONTENT, SIGNATURE, pinned) == COMMENT
    assert verify(CONTENT, OTHER.sign(CONTENT, trusted_comment="new"), pinned) == "new"


def test_two_pinned_keys_may_bear_one_id():
    twin = SigningKey(OTHER.seed, KEY.key_id)

    assert verify(CONTENT, SIGNATURE, [twin.public, KEY.public]) == COMMENT


@pytest.mark.parametrize("pinned", [[], [OTHER.public]])
def test_a_key_that_is_not_pinned_is_refused_by_its_id(pinned):
    with pytest.raises(DataError, match="the key 2726252423222120, which is not pinned"):
        verify(CONTENT, SIGNATURE, pinned)


def test_a_forger_with_the_id_of_a_pinned_key_is_refused():
    forger = SigningKey(OTHER.seed, KEY.key_id)

    with pytest.raises(DataError, match="does not match the content"):
        verify(CONTENT, forger.sign(CONTENT, trusted_comment=COMMENT), [KEY.public])


def test_another_content_is_refused():
    with pytest.raises(DataError, match="does not match the content"):
        verify(CONTENT + b" ", SIGNATURE, [KEY.public])


def test_a_changed_comment_is_refused():
    with pytest.raises(DataError, match="trusted comment of the signature was changed"):
        verify(CONTENT, SIGNATURE.replace(b"list 1", b"list 2"), [KEY.public])


def test_a_comment_of_another_signature_is_refused():
    lines, others = SIGNATURE.splitlines(), KEY.sign(b"other", trusted_comment="other").splitlines()
    mixed = b"\n".join((*lines[:2], *others[2:])) + b"\n"

    with pytest.raises(DataError, match="trusted comment of the signature was changed"):
        verify(CONTENT, mixed, [KEY.public])


def test_every_flipped_byte_of_a_signature_is_refused_but_in_the_comment_that_nothing_protects():
    unprotected = range(len(b"untrusted comment: "), SIGNATURE.index(b"\n"))
    for place in range(len(SIGNATURE)):
        changed = bytearray(SIGNATURE)
        changed[place] ^= 1
        if place in unprotected:
            assert verify(CONTENT, bytes(changed), [KEY.public]) == COMMENT
        else:
            with pytest.raises(DataError):
                verify(CONTENT, bytes(changed), [KEY.public])


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        b"\xff\xfe",
        b"-----BEGIN PGP SIGNATURE-----\n",
        SIGNATURE + b"\n",
        SIGNATURE.replace(b"untrusted", b"mistrusted"),
        b"\n".join(SIGNATURE.splitlines()[:2]),
        SIGNATURE.replace(SIGNATURE.splitlines()[3], b"AAAA"),
        SIGNATURE.replace(SIGNATURE.splitlines()[1], "RUQ\u00e9".encode()),
        SIGNATURE + b"x" * LARGEST_SIGNATURE,
    ],
)
def test_what_is_no_signature_is_said_to_be_none(signature):
    with pytest.raises(DataError, match="not a minisign signature"):
        verify(CONTENT, signature, [KEY.public])


def test_a_signature_of_the_old_kind_is_refused_with_what_would_be_right():
    lines = SIGNATURE.splitlines()
    old = base64.b64encode(b"Ed" + base64.b64decode(lines[1])[2:])

    with pytest.raises(DataError, match="sign prehashed"):
        verify(CONTENT, SIGNATURE.replace(lines[1], old), [KEY.public])


def test_a_signature_written_on_windows_is_taken():
    assert verify(CONTENT, SIGNATURE.replace(b"\n", b"\r\n"), [KEY.public]) == COMMENT


@pytest.mark.parametrize(
    "line", ["", "RW", KEY.public[:-4], "\x1b[2J" + KEY.public, KEY.public.replace("RW", "RU")]
)
def test_a_pinned_key_that_is_none_is_a_fault_of_the_settings(line):
    with pytest.raises(SettingsError, match="not a minisign public key") as raised:
        verify(CONTENT, SIGNATURE, [KEY.public, line])

    assert "\x1b" not in str(raised.value)


@pytest.mark.parametrize("comment", ["two\nlines", "bell\x07", "turn\u202earound", "x" * 9000])
def test_a_comment_that_is_not_one_visible_line_is_not_signed(comment):
    with pytest.raises(DataError, match="one line"):
        KEY.sign(CONTENT, trusted_comment=comment)
