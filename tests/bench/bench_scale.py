"""What finding rings costs as logs grow, beside what only reading them costs, and beside an analyst's notebook.

    python tests/bench/bench_scale.py [--sizes 5000 50000] [--seed 11] [--repeats 3] [--peer 10000]
        [--stars 10000 100000 1000000 2000000] [--memory 2GB] [--keep FOLDER]

For each size, in accounts, a world is simulated (twenty events with prompts an account) and written as Parquet. Then
come, each in a process of its own: the floors (DuckDB counting events by account, by account and address, and adding
up the lengths of the prompts), ``linkage rings`` from the files, and ``linkage rings`` on a case that holds them, which
has not changed since it was last asked. After the sizes, the exponents of growth; the steps of the largest size; one
address with more and more holders; and the notebook. Every figure is the median of as many runs as ``--repeats``
says, wall time, CPU time (user and system) and peak memory; the first run of all compiles the kernels, and is not
counted. Where others use the machine, CPU time is what compares.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from measured import median, print_machine, run

from linkage.simulation import simulate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from measured import Cost

LIBRARIES = ("duckdb", "igraph", "numba", "numpy", "pyarrow", "networkx", "pandas", "datasketch")
FLOORS = {
    "floor: count by account": "select count(*) from (select account_id, count(*) from {0} group by all)",
    "floor: count by account, ip": "select count(*) from (select account_id, ip, count(*) from {0} group by all)",
    "floor: add up prompt lengths": "select sum(length(prompt)) from {0}",
}
STEPS = """
import resource, sys, time
from linkage import pipeline, progress
from linkage.settings import Settings
def now():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), used.ru_utime + used.ru_stime, used.ru_maxrss
class Steps(list):
    def step(self, what):
        self.append((what, *now()))
steps = Steps()
with progress.listening(steps), pipeline.read([sys.argv[1]], Settings()) as reading:
    pipeline.find(pipeline.logs_of(reading), Settings())
    steps.step("end")
for (what, wall, cpu, _), (_, later, more, most) in zip(steps, steps[1:]):
    print(f"  {what:40} {later - wall:7.2f} s {more - cpu:7.2f} CPU-s {most / 1e6:6.2f} GB so far")
"""
GRAPH = """
import sys, numpy as np
from graphs import StarGraph, find_communities
holders = int(sys.argv[1])
find_communities(StarGraph.of(np.arange(holders), np.zeros(holders, np.int64)))
"""


def main() -> None:
    """Make the worlds, run everything, print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[5_000, 50_000], help="accounts")
    parser.add_argument("--events-per-account", type=float, default=3.3, help="a factor; 3.3 makes twenty")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--peer", type=int, nargs="*", default=[10_000], help="accounts for the notebook")
    parser.add_argument(
        "--stars", type=int, nargs="*", default=[10_000, 100_000, 1_000_000, 2_000_000], help="holders"
    )
    parser.add_argument("--memory", help="also run the largest size with such a limit, such as 2GB")
    parser.add_argument("--keep", type=Path, help="keep the files here, and use those that are there")
    chosen = parser.parse_args()
    print_machine(*LIBRARIES)
    print(f"command   python {' '.join(sys.argv)}")
    with tempfile.TemporaryDirectory() as folder:
        root = chosen.keep or Path(folder)
        measure_sizes(root, chosen)
        measure_stars(root, chosen)
        for accounts in chosen.peer:
            compare(made(root, accounts, chosen), chosen.repeats)


def measure_sizes(root: Path, chosen: argparse.Namespace) -> None:
    """Run the floors and the command on each size, and say how they grow."""
    grown: list[tuple[int, float]] = []
    world = root
    for accounts in chosen.sizes:
        world = made(root, accounts, chosen)
        events = pq.read_metadata(world / "events.parquet").num_rows
        print(f"\nsize      {accounts:,} accounts, {events:,} events, seed {chosen.seed}")
        run(rings(world))
        floors = [show(name, [floor(sql, world)] * chosen.repeats) for name, sql in FLOORS.items()]
        wall, cpu = (sum(getattr(each, what) for each in floors) for what in ("wall", "cpu"))
        print(f"{'floor: all three':34} {wall:7.2f} s {cpu:8.2f} CPU-s")
        found = show("linkage rings", [rings(world)] * chosen.repeats)
        print(f"{'':34} {found.wall / wall:7.1f}   {found.cpu / cpu:8.1f} times the floors")
        grown.append((events, found.cpu))
        case = root / f"case-{accounts}.duckdb"
        case.unlink(missing_ok=True)
        show("linkage ingest", [[sys.executable, "-m", "linkage", "ingest", str(world), "--case", str(case)]])
        again = [sys.executable, "-m", "linkage", "rings", "--case", str(case)]
        show("linkage rings, of a case", [again])
        show("linkage rings, nothing changed", [again] * chosen.repeats)
    for (few, little), (many, much) in pairwise(grown):
        print(
            f"growth    {few:,} to {many:,} events: exponent {math.log(much / little) / math.log(many / few):.2f}"
        )
    print(f"\nsteps     {chosen.sizes[-1]:,} accounts")
    print(run([sys.executable, "-c", STEPS, str(world)]).said, end="")
    if chosen.memory:
        show(f"linkage rings --memory {chosen.memory}", [[*rings(world), "--memory", chosen.memory]])


def measure_stars(root: Path, chosen: argparse.Namespace) -> None:
    """Let one address have more and more holders."""
    print("\none address with many holders")
    for holders in chosen.stars:
        folder = root / f"star-{holders}"
        folder.mkdir(exist_ok=True)
        names = [f"acct_{number:08}" for number in range(holders)]
        day = pa.scalar(1_757_000_000, pa.timestamp("s", tz="UTC"))
        events = {"account_id": names, "timestamp": pa.repeat(day, holders), "ip": ["198.51.100.7"] * holders}
        pq.write_table(pa.table(events), folder / "events.parquet")
        show(f"  graph, {holders:,}", [[sys.executable, "-c", GRAPH, str(holders)]] * chosen.repeats)
        show(f"  linkage rings, {holders:,}", [rings(folder)] * chosen.repeats)


def compare(world: Path, repeats: int) -> None:
    """Hold the notebook against the command, on the same world and by the same truth."""
    truth = pq.read_table(world.with_name(f"{world.name}-truth.parquet"))
    known = {row["account_id"] for row in truth.to_pylist() if row["ring"] is not None}
    print(f"\nnotebook  {truth.num_rows:,} accounts, {len(known):,} of them in rings")
    groups = world.with_name("groups.txt")
    notebook = [sys.executable, str(Path(__file__).with_name("notebook.py")), str(world), str(groups)]
    peer = show("pandas, datasketch, networkx", [notebook])
    judge(groups.read_text(encoding="utf-8").split(), known)
    ours = show("linkage rings", [[*rings(world), "--format", "json", "--members"]] * repeats)
    judge([each["account_id"] for ring in json.loads(ours.said) for each in ring["members"]], known)
    print(f"{'':34} {peer.wall / ours.wall:7.1f}   {peer.cpu / ours.cpu:8.1f} times less")


def judge(flagged: Sequence[str], known: set[str]) -> None:
    """Say how many of the accounts flagged are in rings, and how many of those in rings are flagged."""
    right = len(known & set(flagged))
    print(f"{'':34} precision {right / max(len(set(flagged)), 1):.3f}, recall {right / len(known):.3f}")


def made(root: Path, accounts: int, chosen: argparse.Namespace) -> Path:
    """Simulate a world of so many accounts, unless it is there."""
    folder = root / f"world-{accounts}-{chosen.seed}"
    if not folder.exists():
        world = simulate(
            "hydra", seed=chosen.seed, accounts=accounts, events_per_account=chosen.events_per_account
        )
        folder.mkdir(parents=True)
        pq.write_table(world["truth"], root / f"{folder.name}-truth.parquet")
        for name in ("accounts", "events", "payments"):
            pq.write_table(world[name], folder / f"{name}.parquet", compression="zstd")
    return folder


def rings(world: Path) -> list[str]:
    """Give the command that finds the rings of a folder."""
    return [sys.executable, "-m", "linkage", "rings", str(world), "--min-score", "0.7"]


def floor(query: str, world: Path) -> list[str]:
    """Give the command of one floor."""
    written = query.format(f"'{world}/events.parquet'")
    return [sys.executable, "-c", f"import duckdb; print(duckdb.sql({written!r}).fetchall())"]


def show(what: str, commands: Sequence[Sequence[str]]) -> Cost:
    """Run the commands, which are one and the same, and print the medians."""
    cost = median([run(command) for command in commands])
    print(
        f"{what:34} {cost.wall:7.2f} s {cost.cpu:8.2f} CPU-s {cost.memory / 1e9:6.2f} GB at most", flush=True
    )
    return cost


if __name__ == "__main__":
    main()
