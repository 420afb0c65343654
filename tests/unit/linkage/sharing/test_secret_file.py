"""Files of keys: only their owner reads them, and none is ever replaced."""

from __future__ import annotations

import os
import stat

import pytest

from linkage.errors import DataError
from linkage.sharing import secret_file
from linkage.sharing.secret_file import LARGEST, read_secret, write_secret

SECRET = b"c2VjcmV0\n"


def test_what_was_written_is_read(tmp_path):
    write_secret(tmp_path / "pair.key", SECRET)

    assert read_secret(tmp_path / "pair.key") == SECRET


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_only_the_owner_may_read_it_whatever_the_mask(tmp_path, mask):
    before = os.umask(mask)
    try:
        write_secret(tmp_path / "pair.key", SECRET)
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "pair.key").stat().st_mode) == 0o600


def test_a_file_that_is_there_is_never_replaced(tmp_path):
    path = tmp_path / "pair.key"
    path.write_bytes(b"older")

    with pytest.raises(DataError, match="is there already"):
        write_secret(path, SECRET)

    assert path.read_bytes() == b"older"


def test_a_link_is_not_followed_to_write(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(DataError, match="is there already"):
        write_secret(tmp_path / "link", SECRET)

    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(DataError, match="cannot be written"):
        write_secret(tmp_path / "nowhere" / "pair.key", SECRET)


def test_a_file_that_could_not_be_finished_is_gone_again(tmp_path, monkeypatch):
    """Half a key is no key, and would stand in the way of the next attempt."""

    def full(_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(secret_file.os, "fsync", full)
        with pytest.raises(DataError, match="No space left"):
            write_secret(tmp_path / "pair.key", SECRET)

    assert list(tmp_path.iterdir()) == []
    write_secret(tmp_path / "pair.key", SECRET)


def test_what_is_no_file_of_keys_is_refused(tmp_path):
    (tmp_path / "large").write_bytes(b"x" * (LARGEST + 1))
    os.mkfifo(tmp_path / "pipe")

    for name, reason in (
        ("nowhere", "No such file"),
        ("large", "too large"),
        ("pipe", "no plain file"),
        (".", "no plain file"),
    ):
        with pytest.raises(DataError, match=reason):
            read_secret(tmp_path / name)


def test_a_message_shows_no_control_of_a_name(tmp_path):
    for path in (tmp_path / "a\x1b[2Jb", tmp_path / "none\x1b" / "b"):
        with pytest.raises(DataError) as refused:
            read_secret(path)
        assert "\x1b" not in str(refused.value)
    with pytest.raises(DataError) as refused:
        write_secret(tmp_path / "none\x1b" / "b", SECRET)
    assert "\x1b" not in str(refused.value)
