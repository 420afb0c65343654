"""Killed at any moment, run again: nothing is lost and nothing is doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys

import pytest

from linkage import pipeline
from linkage.settings import Settings

MOMENTS = 20 if os.environ.get("CI") else 6
HONEST = 3000
"""Enough accounts that reading and storing take long enough to be hit."""

# Ingests, and kills itself with no chance to tidy up: so many seconds after the step named has begun.
CHILD = """
import os, signal, sys, threading, time
from linkage import pipeline, progress
from linkage.settings import Settings

source, case, step, delay = sys.argv[1:]
begun = {}

class Clock:
    def step(self, what):
        if what.startswith(step) and step not in begun:
            begun[step] = time.monotonic()
            if delay != "never":
                threading.Timer(float(delay), os.kill, (os.getpid(), signal.SIGKILL)).start()

with progress.listening(Clock()):
    pipeline.ingest([source], case and __import__("pathlib").Path(case), Settings())
print(time.monotonic() - begun[step])
os._exit(0)  # the timer of a moment that came too late must not fire
"""


@pytest.fixture(scope="module")
def source(make_world, tmp_path_factory):
    return make_world(tmp_path_factory.mktemp("large"), honest=HONEST).folder


def ingest(source, case, step, delay):
    return subprocess.run(
        [sys.executable, "-c", CHILD, str(source), str(case), step, str(delay)],
        capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip


@pytest.fixture(scope="module")
def undisturbed(source, tmp_path_factory, contents):
    """What a case says that nobody disturbed, and how long its steps took."""
    seconds = {}
    for step in ("reading", "storing"):
        path = tmp_path_factory.mktemp("undisturbed") / "case.duckdb"
        ran = ingest(source, path, step, "never")
        assert ran.returncode == 0, ran.stderr
        seconds[step] = float(ran.stdout)
    return contents(path), seconds


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_a_killed_ingest_run_again_gives_the_undisturbed_case(
    moment, source, undisturbed, tmp_path, contents
):
    expected, seconds = undisturbed
    dice = random.Random(moment)  # noqa: S311 - moments, no secret
    # Half of the moments fall anywhere, half into storing and its commit, which is where harm could be done.
    step = ("reading", "storing")[moment % 2]
    case = tmp_path / "case.duckdb"

    killed = ingest(source, case, step, dice.uniform(0, 1.05 * seconds[step]))
    assert killed.returncode in {0, -signal.SIGKILL}, killed.stderr
    pipeline.ingest([str(source)], case, Settings())

    assert contents(case) == expected


def test_a_case_that_held_rows_before_survives_as_well(source, world, tmp_path, contents, undisturbed):
    _, seconds = undisturbed
    case = tmp_path / "case.duckdb"
    pipeline.ingest([str(world.folder)], case, Settings())
    before = contents(case)

    killed = ingest(source, case, "storing", 0.5 * seconds["storing"])

    assert killed.returncode == -signal.SIGKILL
    after = contents(case)
    if after != before:  # the commit came first: then it must be there whole
        pipeline.ingest([str(source)], case, Settings())
        assert contents(case) == after
