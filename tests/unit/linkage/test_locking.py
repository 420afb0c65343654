"""Taking turns: bounded, and never silent for long."""

from __future__ import annotations

import subprocess
import sys

import pytest

from linkage.locking import BusyError, hold, in_turn, is_held, is_open_here, let_go, release
from linkage.progress import telling


def busy():
    raise BusyError


def test_whoever_is_never_let_in_hears_so_in_time():
    told = []
    with telling(told.append), pytest.raises(BusyError):
        in_turn(busy, wait=1.3, name="the case")

    assert told == ["the case is in use by another program: waiting for it, 1.3 seconds at most"]


def test_without_patience_there_is_one_try():
    tries = []

    def attempt():
        tries.append(1)
        raise BusyError

    with pytest.raises(BusyError):
        in_turn(attempt, wait=0, name="the case")
    assert tries == [1]


def test_another_error_ends_the_waiting():
    with pytest.raises(ZeroDivisionError):
        in_turn(lambda: 1 / 0, wait=60, name="the case")


@pytest.mark.skipif(sys.platform == "win32", reason="there a file in use cannot be removed")
def test_a_file_that_another_process_has_is_held(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"x")
    code = (
        "import fcntl, sys; file = open(sys.argv[1], 'r+b'); fcntl.lockf(file, fcntl.LOCK_EX);"
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout.readline() == b"held\n"
        assert is_held(path)
        other.stdin.close()

    assert not is_held(path)


def test_what_reads_a_file_beside_is_closed_when_nobody_here_has_it_open(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"x")
    beside = path.open("rb")
    hold(path)
    hold(path)

    release(path, beside)
    assert (is_open_here(path), beside.closed) == (True, False)
    release(path)
    assert (is_open_here(path), beside.closed) == (False, True)


def test_what_reads_a_file_beside_is_closed_only_when_that_ends_no_lock(tmp_path):
    path = tmp_path / "case"
    path.write_bytes(b"x")
    hold(path)
    refused = path.open("rb")

    let_go(path, refused)
    assert not refused.closed

    release(path)
    assert refused.closed


def test_what_reads_a_file_that_nobody_here_holds_is_closed_at_once(tmp_path):
    path = tmp_path / "case"
    path.write_bytes(b"x")
    refused = path.open("rb")

    let_go(path, refused)

    assert refused.closed
