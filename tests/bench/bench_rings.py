"""One million events with prompts from 50,000 accounts, from Parquet to rings, beside what only reading them costs.

    python tests/bench/bench_rings.py [--accounts 50000] [--seed 11] [--repeats 3]

Prints the machine, the versions and the command; then wall time, CPU time and peak memory of ``linkage rings`` and of the
floor, DuckDB reading the same files: counting events by account and by account and address, and adding up the
lengths of all prompts. Every run is a new process; the figures are medians. The first run of all compiles the
kernels, and is not counted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
from measured import median, print_machine, run

from linkage.simulation import simulate

FLOOR = """
import duckdb, sys
events = f"'{sys.argv[1]}/events.parquet'"
duckdb.sql("set enable_progress_bar = false")
print(duckdb.sql(f"select count(*) from (select account_id, count(*) from {events} group by all)").fetchall())
print(duckdb.sql(f"select count(*) from (select account_id, ip, count(*) from {events} group by all)").fetchall())
print(duckdb.sql(f"select sum(length(prompt)) from {events}").fetchall())
"""


def main() -> None:
    """Make the world, run both, print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--accounts", type=int, default=50_000)
    parser.add_argument("--events-per-account", type=float, default=3.3, help="a factor; 3.3 makes a million")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--repeats", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        world = simulate(
            "hydra",
            seed=chosen.seed,
            accounts=chosen.accounts,
            events_per_account=chosen.events_per_account,
        )
        for name in ("accounts", "events", "payments"):
            pq.write_table(world[name], Path(folder) / f"{name}.parquet", compression="zstd")
        commands = {
            "floor: DuckDB reads and counts": [sys.executable, "-c", FLOOR, folder],
            "linkage rings": [sys.executable, "-m", "linkage", "rings", folder, "--min-score", "0.7"],
        }
        print_machine("duckdb", "igraph", "numba", "numpy", "pyarrow")
        print(
            f"size      {chosen.accounts:,} accounts, {world['events'].num_rows:,} events, seed {chosen.seed}"
        )
        run(commands["linkage rings"])
        floor = None
        for name, command in commands.items():
            cost = median([run(command) for _ in range(chosen.repeats)])
            floor = floor or cost.wall
            print(
                f"{name:32} {cost.wall:7.1f} s  {cost.wall / floor:6.1f} x floor  "
                f"{cost.cpu:7.1f} CPU-s  {cost.memory / 1e9:5.2f} GB at most"
            )


if __name__ == "__main__":
    main()
