"""A full disk ends with one sentence and a whole case: with all of the change, or with none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

SIZE = 64 << 20
FULL = "linkage: the disk is full: "
COMMANDS = ("ingest", "rings", "judge")
# Bytes that are left: nothing at all, a block, and so much that it fails late: while a change is stored, or after.
AT_THE_CASE = [
    ("ingest", 0), ("ingest", 4096), ("ingest", 300_000), ("ingest", 1_000_000), ("rings", 0), ("rings", 300_000),
    ("judge", 0), ("judge", 4096),
]  # fmt: skip
ELSEWHERE = [("ingest", 4096), ("rings", 4096), ("rings", 1_000_000), ("judge", 4096)]


@pytest.fixture
def disk(tmp_path):
    """A small disk of its own, which only root can have."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def roomy(tmp_path):
    """A folder on another disk."""
    folder = tmp_path / "roomy"
    folder.mkdir()
    return folder


@dataclass(frozen=True)
class Undisturbed:
    """A case, logs that are new to it, and what it says before and after each command where there is room."""

    case: Path
    logs: Path
    before: dict[str, list[str]]
    after: dict[str, dict[str, list[str]]]


@pytest.fixture(scope="module")
def undisturbed(make_world, case_of_world, tmp_path_factory):
    logs = make_world(
        tmp_path_factory.mktemp("more"), ring=("s1", "s2", "s3", "s4", "s5"), honest=1000
    ).folder
    after = {}
    for command in COMMANDS:
        folder = tmp_path_factory.mktemp("undisturbed")
        case = shutil.copy(case_of_world, folder / "case.duckdb")
        assert linkage(command, case, logs, folder).returncode == 0
        after[command] = told(case)
    return Undisturbed(case_of_world, logs, told(case_of_world), after)


def fill(disk, left):
    """Leave so many bytes free."""
    with (disk / "filler").open("wb", buffering=0) as filler:
        now = os.statvfs(disk)
        os.posix_fallocate(filler.fileno(), 0, now.f_bavail * now.f_frsize - left)


def linkage(command, case, logs, temporary, *options):
    arguments = {
        "ingest": ["ingest", logs],
        "rings": ["rings", "--full"],
        "judge": ["judge", "acct_r0", "confirm", "--reason", "seen"],
    }[command]
    environment = os.environ | {"TMPDIR": str(temporary), "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-m", "linkage", *map(str, arguments), "--case", str(case), *options],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip


def told(case):
    """Read what a case says, without the moments at which it was said; raises where it is not whole."""
    database = duckdb.connect(str(case), read_only=True)
    try:
        names = [
            name
            for (name,) in database.execute("select table_name from duckdb_tables() order by 1").fetchall()
        ]
        rows = {name: database.execute(f"from {name}").fetchall() for name in names}
    finally:
        database.close()
    rows["judgements"] = [row[:3] for row in rows["judgements"]]
    rows["facts"] = [row for row in rows["facts"] if row[0] != "seconds"]
    for name in ("audit", "turns", "secrets"):  # they hold moments
        rows[name] = [len(rows[name])]
    return {name: sorted(map(repr, each)) for name, each in rows.items()}


def assert_whole(ran, case, before, after):
    """It ended well, or with one sentence; the case says what it said before, or all that it was told."""
    assert ran.returncode in {0, 3}, ran.stderr
    if ran.returncode:
        assert ran.stderr.splitlines()[-1].startswith(FULL)
        assert ran.stderr.count("linkage: ") == 1
        assert "Traceback" not in ran.stderr
    assert told(case) in (before, after)
    if "all was stored" in ran.stderr or not ran.returncode:
        assert told(case) == after


@pytest.mark.slow
@pytest.mark.parametrize(("command", "left"), AT_THE_CASE)
def test_where_the_disk_of_the_case_is_full(command, left, disk, roomy, undisturbed):
    case = shutil.copy(undisturbed.case, disk / "case.duckdb")
    fill(disk, left)
    ran = linkage(command, case, undisturbed.logs, roomy)

    assert_whole(ran, case, undisturbed.before, undisturbed.after[command])
    assert left or ran.returncode == 3  # without a byte nothing can be stored
    assert list(roomy.iterdir()) == []
    (disk / "filler").unlink()
    assert linkage(command, case, undisturbed.logs, roomy).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(("command", "left"), ELSEWHERE)
def test_where_the_disk_of_temporary_files_is_full(command, left, disk, roomy, undisturbed):
    case = shutil.copy(undisturbed.case, roomy / "case.duckdb")
    fill(disk, left)
    ran = linkage(command, case, undisturbed.logs, disk)

    assert_whole(ran, case, undisturbed.before, undisturbed.after[command])
    if command == "rings":  # it takes a copy
        assert ran.returncode == 3
    if command == "judge":  # it takes nothing
        assert ran.returncode == 0
    assert [path.name for path in disk.iterdir()] == ["filler"]


@pytest.mark.slow
@pytest.mark.parametrize("left", [0, 300_000])
def test_a_case_that_there_is_no_room_to_make_is_not_there_afterwards(left, disk, roomy, undisturbed):
    case = disk / "case.duckdb"
    fill(disk, left)
    ran = linkage("ingest", case, undisturbed.logs, roomy)

    assert ran.returncode == 3
    assert ran.stderr.splitlines()[-1].startswith(FULL)
    if "all was stored" not in ran.stderr:
        assert [path.name for path in disk.iterdir()] == ["filler"]
    (disk / "filler").unlink()
    assert linkage("ingest", case, undisturbed.logs, roomy).returncode == 0


@pytest.mark.slow
def test_what_memory_cannot_hold_has_no_room_either(disk, roomy, undisturbed):
    """The bound of DuckDB for what it spills is another error than a disk that is full, and the same to the user."""
    logs = roomy / "events.csv"
    duckdb.sql(
        "copy (select 'acct_' || (i % 5000) as account_id, 1788397929 + i as timestamp, "
        f"repeat(md5(i::varchar), 6) as prompt from range(200000) as t(i)) to '{logs}' (header)"
    )
    case = shutil.copy(undisturbed.case, roomy / "case.duckdb")
    fill(disk, 10 << 20)
    ran = linkage("ingest", case, logs, disk, "--memory", "80MB")

    assert ran.returncode == 3
    assert ran.stderr.splitlines()[-1].startswith(FULL)
    assert told(case) == undisturbed.before


def test_a_disk_that_fills_while_a_list_is_printed_is_said(linkage_to_a_full_device):
    code, said = linkage_to_a_full_device

    assert code == 3
    assert said.splitlines()[-1].startswith(FULL)


@pytest.fixture
def linkage_to_a_full_device(case_of_world):
    if not os.path.exists("/dev/full"):  # noqa: PTH110 - a device
        pytest.skip("there is no /dev/full here")
    with open("/dev/full", "w") as full:  # noqa: PTH123
        ran = subprocess.run(
            [sys.executable, "-m", "linkage", "rings", "--case", str(case_of_world), "--format", "json", "--members"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
    return ran.returncode, ran.stderr
