"""What a command costs, run as a process of its own, and the machine it ran on."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# A program starts with the memory of the one that starts it as its most, and this one is small.
_STARTER = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.run(sys.argv[2:]).returncode
wall, used = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
unit = 1 if sys.platform == "darwin" else 1024
with open(sys.argv[1], "w") as file:
    json.dump([wall, used.ru_utime + used.ru_stime, used.ru_maxrss * unit], file)
sys.exit(code if code >= 0 else 1)
"""


@dataclass(frozen=True)
class Cost:
    """What a process cost.

    Args:
        wall: seconds.
        cpu: seconds of both user and system, its children's included.
        memory: the most that it or a child of it held, in bytes.
        said: what it printed.
        talk: what it said to stderr.
    """

    wall: float
    cpu: float
    memory: int
    said: str
    talk: str


def run(command: Sequence[str | Path]) -> Cost:
    """Run a command to its end; one that fails ends the benchmark with what it said."""
    with tempfile.TemporaryDirectory() as folder:
        out, talk, told = (Path(folder) / name for name in ("out", "talk", "told"))
        with out.open("wb") as stdout, talk.open("wb") as stderr:
            starter = [sys.executable, "-I", "-S", "-c", _STARTER, str(told), *map(str, command)]
            done = subprocess.run(starter, stdout=stdout, stderr=stderr, check=False)
        if done.returncode:
            raise SystemExit(talk.read_text("utf-8"))
        wall, cpu, memory = json.loads(told.read_text("utf-8"))
        return Cost(wall, cpu, memory, out.read_text("utf-8"), talk.read_text("utf-8"))


def median(costs: Sequence[Cost]) -> Cost:
    """Take the middle of each figure, and the words of the last run."""
    wall, cpu, memory = (
        statistics.median(getattr(each, name) for each in costs) for name in ("wall", "cpu", "memory")
    )
    return Cost(wall, cpu, int(memory), costs[-1].said, costs[-1].talk)


def print_machine(*libraries: str) -> None:
    """Print what the figures are of: the machine, and the versions of libraries."""
    print(
        f"machine   {platform.processor() or platform.machine()}, {os.cpu_count()} cores, {platform.system()}"
    )
    if libraries:
        print("versions  " + ", ".join(f"{name} {version(name)}" for name in libraries))
