"""Commands that share, killed at any moment: the case is whole, a folder is there whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from linkage.errors import DataError
from linkage.opening import open_case
from linkage.sharing.audit import faults
from linkage.sharing.directory import read_directory
from linkage.sharing.records import Records

MOMENTS = 5
COMMANDS = {
    "export": ("a", "export", "--for", "lab-b", "--to", "{folder}/new"),
    "revoke": ("a", "revoke", "{ring}", "--reason", "a class"),
    "import": ("b", "import", "{folder}/list", "--from", "lab-a"),
    "match": ("c", "match"),
    "dispute": ("c", "dispute", "{ring}", "--with", "lab-a", "--reason", "a class", "--to", "{folder}/new"),
}
"""Which lab gives the command: b has not taken the list in yet, c has."""


@pytest.fixture
def labs(desks, tmp_path):
    """Lab a, which has sent its list, lab b, which has not yet taken it in, and lab b after that, as c."""
    a, b = desks
    (found,) = json.loads(a("rings", "--format", "json", "--min-score", 0).out)
    assert a("judge", found["ring"], "confirm", "--reason", "same card").code == 0
    assert a("keys pair", "lab-b", "--out", tmp_path / "pair.key").code == 0
    assert b("keys pair", "lab-a", "--from", tmp_path / "pair.key").code == 0
    assert a("export", "--for", "lab-b", "--to", tmp_path / "list").code == 0
    c = type(a)(Path(shutil.copytree(b.folder, tmp_path / "c")), b.command)
    assert c("import", tmp_path / "list", "--from", "lab-a").code == 0
    return {"a": a, "b": b, "c": c, "ring": found["ring"]}


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_is_killed_leaves_the_case_as_before_or_as_after(name, labs, tmp_path, contents):
    lab, *words = COMMANDS[name]
    desk = labs[lab]

    def begun(number):
        folder = Path(shutil.copytree(desk.folder, tmp_path / f"try_{number}"))
        shutil.copytree(tmp_path / "list", folder / "list")
        given = [word.format(folder=folder, ring=labs["ring"]) for word in words]
        place = ["--case", folder / "linkage.duckdb", "--settings", folder / "linkage.toml"]
        command = [sys.executable, "-m", "linkage", *given, *place]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        return folder, subprocess.Popen(
            list(map(str, command)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )

    start = time.monotonic()
    whole, undisturbed = begun("whole")
    _, err = undisturbed.communicate()
    seconds = time.monotonic() - start
    assert undisturbed.returncode == 0, err
    before, after = (told(folder / "linkage.duckdb", contents) for folder in (desk.folder, whole))
    for moment in range(MOMENTS):
        folder, stopped = begun(moment)
        # Most of a command is loading programs; the end is where something is written.
        time.sleep(seconds * (0.5 + 0.5 * moment / MOMENTS))
        stopped.kill()
        stopped.communicate()

        with open_case(folder / "linkage.duckdb") as opened:
            assert faults(Records(opened).audit(), written=int(opened.fact("audit") or 0)) == []
        now = told(folder / "linkage.duckdb", contents)
        assert now in {before, after}
        # A list that nothing in the case knows of is written again; one that is noted is there.
        assert whole_or_none(folder / "new") or now == before or "--to" not in words


def told(case, contents):
    """Say how many rows stand in which table: times and random numbers differ from try to try."""
    return tuple((table, len(rows)) for table, rows in contents(case).items() if table != "secrets")


def whole_or_none(place):
    """Check that a list is there whole or not at all, and say whether it is."""
    if not place.exists():
        return False
    try:
        read_directory(place).check_files()
    except DataError as error:
        raise AssertionError(str(error)) from None
    return True
