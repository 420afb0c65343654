"""What others do with the same logs, at what cost: one table of peers, and a drawing of cost against size.

    python tests/bench/bench_peers.py [--sizes 10000 50000 250000] [--peers notebook splink …] [--repeats 3]
        [--limit 600] [--most-memory 8] [--seed 11] [--keep FOLDER] [--figures FILE.json] [--chart FILE.svg]
    python tests/bench/bench_peers.py --figures FILE.json --chart FILE.svg --draw

For each size, in accounts, a world is simulated as in bench_scale.py. On it run, each in a process of its own: our
command, which reads files and gives rings; an analyst's notebook (notebook.py), which reads the same files; and the
peers of peers.py, which are given the evidence that ours gathers: their own CPU time is that of grouping alone, and
the drawing and the column "with evidence" add what gathering cost. A peer that does not end within ``--limit`` seconds, or takes more than
``--most-memory`` GB, is not tried on larger sizes. Figures are medians of ``--repeats`` runs, after one that is not
counted where there are several.

Groups of five accounts and more count as flagged; only ours have a score, so ours stand twice: the rings of .7 and
more, and all groups before scoring. Precision and recall are of the accounts flagged; a group is true where at least
half of it are members of rings, and a ring is found where a group holds at least half of it.

Figures are written as JSON after every run, so that a run that was cut short can be drawn, and the drawing is the
same for the same figures. What is in the file is not run again.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
from bench_scale import made, rings
from measured import Cost
from peer_figures import (
    BEFORE_SCORING,
    EVIDENCE,
    OURS,
    PEERS,
    Figure,
    given_evidence,
    judged,
    lines_of,
    print_table,
    read_figures,
)

from linkage.suite.plots import cost_chart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HERE = Path(__file__).parent
NEEDS = {"notebook": "networkx"}
LIBRARIES = ("duckdb", "splink", "networkx", "igraph", "leidenalg", "networkit", "datasketch", "pandas")
FLAGGED_AT = 0.7


def main() -> None:
    """Run what is not in the file of figures yet, print the table, draw."""
    chosen = arguments()
    figures = read_figures(chosen.figures)
    if not chosen.draw:
        print(
            f"machine   {platform.processor() or platform.machine()}, {os.cpu_count()} cores, {platform.system()}"
        )
        print("versions  " + ", ".join(f"{name} {version(name)}" for name in LIBRARIES if installed(name)))
        print(f"command   python {' '.join(sys.argv)}")
        with tempfile.TemporaryDirectory() as folder:
            for accounts in chosen.sizes:
                measure(chosen.keep or Path(folder), accounts, chosen, figures)
    print_table(figures)
    if chosen.chart:
        chosen.chart.write_text(cost_chart(*lines_of(figures)), encoding="utf-8")


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 50_000, 250_000], help="accounts")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS))
    parser.add_argument("--events-per-account", type=float, default=3.3, help="a factor; 3.3 makes twenty")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--limit", type=float, default=600, help="most seconds of a run")
    parser.add_argument("--most-memory", type=float, default=8, help="most GB of a run")
    parser.add_argument("--keep", type=Path, help="keep the worlds here, and use those that are there")
    parser.add_argument("--figures", type=Path, default=Path("peers.json"))
    parser.add_argument("--chart", type=Path, help="write the drawing here")
    parser.add_argument("--draw", action="store_true", help="run nothing")
    return parser.parse_args()


def measure(root: Path, accounts: int, chosen: argparse.Namespace, figures: list[Figure]) -> None:
    """Run everything on one size, except what is known, and what did not end on a smaller one."""
    world = made(root, accounts, chosen)
    events = pq.read_metadata(world / "events.parquet").num_rows
    rows = pq.read_table(world.with_name(f"{world.name}-truth.parquet")).to_pylist()
    truth = {row["account_id"]: row["ring"] for row in rows if row["ring"] is not None}
    print(
        f"\nsize      {accounts:,} accounts, {events:,} events, {len(truth):,} in rings, seed {chosen.seed}"
    )
    work = root / f"peers-{world.name}"
    work.mkdir(exist_ok=True)
    gathered = work / "evidence" / "earlier_holdings.parquet"  # the last to be written
    for method, command in commands(world, work, chosen.peers).items():
        known = any((each.method, each.accounts) == (method, accounts) for each in figures)
        if known and method == EVIDENCE and not gathered.exists():  # of an earlier run, whose folder is gone
            bounded(command, limit=chosen.limit, memory=chosen.most_memory * 1e9)
        if known:
            continue
        blank = Figure(method, accounts, events)
        ended = [each.ended for each in figures if each.method == method and each.accounts < accounts]
        if given_evidence(method) and not gathered.exists():
            ended.append("has no evidence to begin with")
        if any(ended):
            figures.append(replace(blank, ended=next(filter(None, ended))))
        else:
            figures += taken(blank, command, truth, work, chosen)
        chosen.figures.write_text(
            json.dumps([asdict(each) for each in figures], indent=1) + "\n", encoding="utf-8"
        )


def commands(world: Path, work: Path, peers: Sequence[str]) -> dict[str, list[str]]:
    """Give the command of each method; the evidence comes before those that are given it."""
    peer, given = str(HERE / "peers.py"), str(work / "evidence")
    listed = {
        OURS: [*rings(world)[:-1], "0", "--format", "json", "--members"],
        EVIDENCE: [sys.executable, peer, "evidence", str(world), given],
    }
    for name in filter(installed, peers):
        to = str(work / f"{name}.txt")
        notebook = [sys.executable, str(HERE / "notebook.py"), str(world), to]
        listed[PEERS[name]] = notebook if name == "notebook" else [sys.executable, peer, name, given, to]
    return listed


def taken(
    blank: Figure, command: Sequence[str], truth: Mapping[str, str], work: Path, chosen: argparse.Namespace
) -> list[Figure]:
    """Run one method, and hold what it found against the truth."""
    print(f"  {blank.method:40} ", end="", flush=True)
    costs: list[Cost] = []
    for nth in range(chosen.repeats + (chosen.repeats > 1)):
        cost = bounded(command, limit=chosen.limit, memory=chosen.most_memory * 1e9)
        if isinstance(cost, str):
            print(cost)
            return [replace(blank, ended=cost)]
        costs += [cost] if nth or chosen.repeats == 1 else []
    wall, cpu, memory = (
        statistics.median(getattr(each, name) for each in costs) for name in ("wall", "cpu", "memory")
    )
    cost = replace(blank, wall=round(wall, 2), cpu=round(cpu, 2), memory=round(memory))
    print(f"{wall:8.1f} s {cpu:8.1f} CPU-s {memory / 1e9:5.2f} GB", flush=True)
    if blank.method == EVIDENCE:
        return [cost]
    if blank.method == OURS:
        found = [
            (ring["score"], {each["account_id"] for each in ring["members"]})
            for ring in json.loads(costs[0].said)
        ]
        flagged = [members for score, members in found if score >= FLAGGED_AT]
        every = [members for _, members in found]
        return [judged(cost, flagged, truth), judged(replace(cost, method=BEFORE_SCORING), every, truth)]
    name = next(name for name, label in PEERS.items() if label == blank.method)
    lines = (work / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [judged(cost, [set(line.split()) for line in lines], truth)]


def bounded(command: Sequence[str], *, limit: float, memory: float) -> Cost | str:
    """Run a command to its end, or say why it was stopped."""
    page = os.sysconf("SC_PAGE_SIZE")
    with (
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as talk,
        tempfile.TemporaryDirectory() as scratch,  # what is stopped cannot tidy up
    ):
        start = time.perf_counter()
        # The notebook's groups hang on the order of sets.
        steady = os.environ | {"PYTHONHASHSEED": "0", "TMPDIR": scratch}
        process = subprocess.Popen(command, stdout=out, stderr=talk, env=steady)
        reason, done = "", 0
        while not done:
            done, status, used = os.wait4(process.pid, os.WNOHANG)
            if done:
                break
            with suppress(OSError, IndexError):
                held = int(Path(f"/proc/{process.pid}/statm").read_text(encoding="ascii").split()[1]) * page
                reason = f"takes more than {memory / 1e9:g} GB" if held > memory else reason
            if time.perf_counter() - start > limit:
                reason = f"does not end in {limit:.0f} s"
            if reason:
                process.kill()
            time.sleep(0.05)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        talk.seek(0)
        if reason:
            return reason
        if process.returncode:
            return f"fails: {(talk.read().decode().strip() or 'without a word').splitlines()[-1][:100]}"
        return Cost(
            time.perf_counter() - start,
            used.ru_utime + used.ru_stime,
            used.ru_maxrss * 1024,
            out.read().decode(),
            talk.read().decode(),
        )


def installed(peer: str) -> bool:
    """Say whether what a peer needs is there."""
    return importlib.util.find_spec(NEEDS.get(peer, peer)) is not None


if __name__ == "__main__":
    main()
