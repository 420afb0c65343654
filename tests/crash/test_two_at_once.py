"""Several people work on one case at the same time: nothing is lost, and nobody has to wait for long."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from linkage import pipeline, runs
from linkage.opening import open_case
from linkage.progress import telling
from linkage.settings import Settings
from linkage.sharing.audit import faults
from linkage.sharing.records import Records

SECONDS = float(os.environ.get("JUDGING_SECONDS", "8"))
"""How long two judge at once; a minute was measured once."""
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "JUDGING_SECONDS"} | {
    "PYTHONPATH": os.pathsep.join(sys.path)
}

# Judges again and again, and says how often.
JUDGE = """
import sys, time
from datetime import datetime
from pathlib import Path
from linkage import casework
from linkage.opening import open_case

path, who, seconds = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
until, written, longest = time.monotonic() + seconds, 0, 0.0
while time.monotonic() < until:
    begun = time.monotonic()
    with open_case(path, wait=30) as case:
        casework.judge(case, "acct_r0", "watch", reason=f"{who} {written}", by=who, at=datetime(2026, 9, 1))
    written, longest = written + 1, max(longest, time.monotonic() - begun)
print(written, longest)
"""


def start(*arguments):
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
    )  # fmt: skip


@pytest.mark.slow
def test_two_who_judge_at_once_lose_no_judgement(case):
    with start("-c", JUDGE, case, "ann", SECONDS) as ann, start("-c", JUDGE, case, "ben", SECONDS) as ben:
        both = [ann, ben]
        done = [one.communicate(timeout=SECONDS + 120) for one in both]

    assert [one.returncode for one in both] == [0, 0], done
    written = {who: int(out.split()[0]) for who, (out, _) in zip(("ann", "ben"), done, strict=True)}
    with open_case(case) as opened:
        reasons = [reason for _, _, reason, _, _ in opened.said()]
        lines = Records(opened).audit()
        assert faults(lines, written=int(opened.fact("audit"))) == []
    assert len(reasons) == len(lines) == sum(written.values())
    for who, count in written.items():
        assert [reason for reason in reasons if reason.startswith(who)] == [
            f"{who} {n}" for n in range(count)
        ]
    assert min(written.values()) > 0


@pytest.mark.slow
def test_a_case_can_be_read_and_judged_while_rings_are_looked_for(case, make_world, tmp_path, linkage):
    linkage(
        "ingest", make_world(tmp_path / "more", ("acct_s0", "acct_s1"), honest=1500).folder, "--case", case
    )
    longest, words = 0.0, 0
    with start("-m", "linkage", "rings", "--case", case, "--format", "json") as looking:
        while looking.poll() is None:
            begun = time.monotonic()
            with open_case(case, wait=30) as opened:
                opened.fact("version")
            longest, words = max(longest, time.monotonic() - begun), words + 1
            time.sleep(0.05)
        out, err = looking.communicate()

    assert looking.returncode == 0, err
    assert json.loads(out)
    assert words > 5
    assert longest < 3


def test_what_is_said_while_rings_are_looked_for_counts_and_new_rows_make_the_run_stale(
    case, tmp_path, monkeypatch
):
    found = pipeline.find
    extra = tmp_path / "events.csv"
    extra.write_text("account_id,timestamp\nsomebody,2026-09-05T00:00:00Z\n")

    def find(*arguments, **rest):
        pipeline.ingest([str(extra)], case, Settings())
        return found(*arguments, **rest)

    with open_case(case) as opened:
        counted = opened.fact("runs")
    told = []
    with monkeypatch.context() as patched, telling(told.append):
        patched.setattr(runs, "find", find)
        with runs.current(case, Settings(), full=True) as (_, finding):
            assert len(finding.rings) == 1
    assert "has changed while rings were looked for" in told[-1]
    with open_case(case) as opened:
        assert opened.fact("runs") == counted


COMMANDS = {
    "rings": ("rings", "--full"),
    "changed": ("rings", "--full", "--changed"),
    "judge": ("judge", "acct_r0", "acct_r1", "confirm", "--reason", "x"),
    "allow": ("allow", "org", "acme", "--reason", "x"),
    "keys": ("keys", "show"),
    "match": ("match",),
}
MOMENTS = 4


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "sign"),
    [*((name, signal.SIGKILL) for name in COMMANDS), ("rings", signal.SIGINT), ("judge", signal.SIGINT)],
)
def test_a_command_that_is_stopped_at_any_moment_leaves_a_whole_case(name, sign, case, contents, linkage):
    before = contents(case)
    seconds = how_long(name, case)
    for moment in range(MOMENTS):
        copy = case.with_name(f"{moment}.duckdb")
        shutil.copy(case, copy)
        with start("-m", "linkage", *COMMANDS[name], "--case", copy) as stopped:
            # Most of a command is loading programs; the end is where something is written.
            time.sleep(seconds * (0.55 + 0.45 * moment / MOMENTS))
            stopped.send_signal(sign)
            stopped.communicate()

        with open_case(copy) as opened:
            assert faults(Records(opened).audit(), written=int(opened.fact("audit") or 0)) == []
        after = contents(copy)
        assert set(after) == set(before)
        assert {table for table in before if after[table] != before[table]} <= WRITES[name]
        assert linkage(*COMMANDS[name], "--case", copy).code == 0


def how_long(name, case):
    """Say how many seconds a command takes that nobody stops."""
    whole = case.with_name("whole.duckdb")
    shutil.copy(case, whole)
    begun = time.monotonic()
    with start("-m", "linkage", *COMMANDS[name], "--case", whole) as undisturbed:
        _, err = undisturbed.communicate()
    assert undisturbed.returncode == 0, err
    return time.monotonic() - begun


RUN = {"rings", "lives", "turns", "facts", "pictures", "precedents"}
WRITES = {
    "rings": RUN,
    "changed": RUN,
    "judge": {"judgements", "audit", "facts"},
    "allow": {"allowlist", "allowances", "audit", "facts"},
    "keys": {"secrets", "facts", "audit"},
    "match": {"partner_signals", "secrets", "facts", "audit"},
}
"""Tables that a command writes to."""
