"""The command as a process: signals, pipes, terminals."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time

import pytest

from linkage.cli import app as door
from linkage.cli.app import run


def start(*arguments, **named):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm", "COLUMNS": "100"}
    return subprocess.Popen(
        [sys.executable, "-m", "linkage", *map(str, arguments)],
        stderr=subprocess.PIPE,
        env=environment,
        **named,
    )


@pytest.fixture(scope="module")
def larger(make_world, tmp_path_factory):
    return make_world(tmp_path_factory.mktemp("larger"), honest=1500)


@pytest.mark.parametrize("seconds", [0.0, 0.2, 0.4])
def test_an_interrupted_run_says_one_line_and_ends_with_130(larger, seconds):
    with start("rings", larger.folder, stdout=subprocess.DEVNULL) as running:
        assert running.stderr.readline().startswith(b"rows read")
        time.sleep(seconds)
        running.send_signal(signal.SIGINT)
        said = running.stderr.read().decode().splitlines()

    assert running.returncode == 130
    assert said[-1] == "linkage: interrupted"
    assert not [line for line in said if "Traceback" in line or "bug" in line]


def test_a_reader_who_leaves_is_no_failure(case_of_world):
    with start("kinds", stdout=subprocess.PIPE) as running:
        running.stdout.close()
        said = running.stderr.read()

    assert (running.returncode, said) == (0, b"")
    with start("rings", "--case", case_of_world, "--fail-on", "0", stdout=subprocess.PIPE) as running:
        running.stdout.close()
        said = running.stderr.read()
    assert running.returncode == 10
    assert b"Broken" not in said


def on_terminal(*arguments):
    """Run a command whose stdout is a terminal of 100 columns."""
    ours, theirs = pty.openpty()
    with start(*arguments, stdout=theirs):
        os.close(theirs)
        shown = b""
        while True:
            try:
                read = os.read(ours, 65536)
            except OSError:
                break
            if not read:
                break
            shown += read
    os.close(ours)
    return shown.decode()


def test_a_table_fits_the_terminal_and_is_wide_in_a_pipe(case_of_world, linkage):
    shown = on_terminal("explain", "acct_r0", "--case", case_of_world)
    piped = linkage("explain", "acct_r0", "--case", case_of_world).out

    bare = [line.replace("\x1b[1m", "").replace("\x1b[0m", "") for line in shown.splitlines()]
    assert max(map(len, bare)) <= 100
    assert "\x1b" in shown
    assert "\x1b" not in piped
    assert max(map(len, piped.splitlines())) > 100


def test_progress_is_for_terminals_alone(linkage, world):
    done = linkage("rings", world.folder)

    assert "\r" not in done.err
    assert "\x1b" not in done.err


def test_a_bug_of_ours_is_said_in_one_sentence_without_the_values_at_hand(monkeypatch, capsys):
    def broken(**_):
        raise RuntimeError("could not convert acct_secret \x1b[2J")

    monkeypatch.setattr(door, "app", broken)
    monkeypatch.delenv("LINKAGE_DEBUG", raising=False)

    assert run(["rings"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("linkage: this is a bug of ours, RuntimeError at test_cli_process.py:")
    assert "acct_secret" not in said
    assert said.count("\n") == 1


def test_the_whole_story_of_a_bug_is_told_when_asked_for_and_inert(monkeypatch, capsys):
    def broken(**_):
        raise RuntimeError("could not convert \x1b[2J")

    monkeypatch.setattr(door, "app", broken)
    monkeypatch.setenv("LINKAGE_DEBUG", "1")

    assert run(["rings"]) == 1
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert "\x1b" not in said
