"""What one more day costs on a case, beside computing all of it anew.

    python tests/bench/bench_increment.py [--world FOLDER | --accounts 5000] [--seed 11] [--memory 2GB] [--repeats 1]

Without ``--world``, one is simulated as ``bench_scale.py`` does; with it, FOLDER holds Parquet, as ``bench_scale.py
--keep`` and ``grow_world.py`` leave it. The last day of its events is set apart. A case gets all before it and is asked
for rings; then come the day's ``linkage ingest`` and ``linkage rings``, an entry of the allowlist and ``linkage rings``,
``linkage rings --full``, and ``linkage ingest`` and ``linkage rings`` of all at once in a case of its own. Each is a
process of its own: wall time, CPU time (user and system) and peak memory. It ends with 1 unless the day, all anew and
all at once have the same rings, leaving out what follows from a case's past.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb
from bench_scale import made
from measured import Cost, median, print_machine, run

PAST = ("ring", "state", "joined", "kin")
"""What follows from the past of a case, and not from its logs alone."""


def main() -> None:
    """Measure a day, and all anew."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--world", type=Path, help="a folder with events.parquet, accounts.parquet, payments.parquet"
    )
    parser.add_argument("--accounts", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument(
        "--events-per-account", type=float, default=3.3, help="before rings and crowds add theirs"
    )
    parser.add_argument("--memory", default="2GB")
    parser.add_argument("--repeats", type=int, default=1)
    chosen = parser.parse_args()
    print_machine("duckdb", "igraph", "numba", "numpy")
    with tempfile.TemporaryDirectory(prefix="linkage-bench-") as folder:
        place = Path(folder)
        world = chosen.world or made(place, chosen.accounts, chosen)
        print(_parted(world, place))
        costs = [_measured(world, place, chosen.memory) for _ in range(chosen.repeats)]
    middle = {name: median([each[name] for each in costs]) for name in costs[0]}
    whole = middle["all at once"].cpu
    print(f"{'':32} {'wall':>8} {'CPU-s':>8} {'peak':>8}  of all at once")
    for name, cost in middle.items():
        print(
            f"{name:32} {cost.wall:8.1f} {cost.cpu:8.1f} {cost.memory / 1e9:5.2f} GB  {cost.cpu / whole:.2f}"
        )
    found = {name: _rings(middle[name].said) for name in ("the day", "all anew", "all at once")}
    same = found["the day"] == found["all anew"] == found["all at once"]
    print("the rings are the same" if same else "THE RINGS DIFFER")
    sys.exit(0 if same else 1)


def _parted(world: Path, place: Path) -> str:
    """Set the last day apart, and say how large it is."""
    database = duckdb.connect()
    events = f"read_parquet('{world / 'events.parquet'}')"
    database.execute(f"create table border as select date_trunc('day', max(timestamp)) as day from {events}")
    for name, which in (("past", "<"), ("day", ">=")):
        (place / name).mkdir()
        database.execute(
            f"""
            copy (from {events} where timestamp {which} (select day from border))
            to '{place / name / "events.parquet"}'
            """
        )
    for name in ("accounts", "payments"):
        shutil.copy(world / f"{name}.parquet", place / "past")
    counted = "select count(*), count(distinct account_id) from read_parquet('{}')"
    ((events_all, accounts_all),) = database.execute(counted.format(world / "events.parquet")).fetchall()
    ((events_day, accounts_day),) = database.execute(
        counted.format(place / "day" / "events.parquet")
    ).fetchall()
    return (
        f"world     {events_all:,} events of {accounts_all:,} accounts;"
        f" on the last day {events_day:,} of {accounts_day:,}"
    )


def _measured(world: Path, place: Path, memory: str) -> dict[str, Cost]:
    """Measure each step, on cases made anew."""
    night, once = place / "night.duckdb", place / "once.duckdb"
    for case in (night, once):
        case.unlink(missing_ok=True)
    program = [sys.executable, "-m", "linkage"]

    def ingest(source: Path, case: Path) -> Cost:
        return run([*program, "ingest", source, "--case", case])

    def rings(case: Path, *flags: str) -> Cost:
        listed = ("--memory", memory, "--min-score", "0", "--format", "json", "--members")
        return run([*program, "rings", "--case", case, *listed, *flags])

    ingest(place / "past", night)
    rings(night)
    added = ingest(place / "day", night)
    found = rings(night)
    day = Cost(
        added.wall + found.wall,
        added.cpu + found.cpu,
        max(added.memory, found.memory),
        found.said,
        found.talk,
    )
    anew = rings(night, "--full")
    run([*program, "allow", "org", "nobody.example", "--reason", "measured", "--case", night])
    allowed = rings(night)
    stored = ingest(world, once)
    whole = rings(once)
    both = Cost(
        stored.wall + whole.wall,
        stored.cpu + whole.cpu,
        max(stored.memory, whole.memory),
        whole.said,
        whole.talk,
    )
    return {
        "the day": day,
        "after an entry of the allowlist": allowed,
        "all anew": anew,
        "all at once": both,
    }


def _rings(said: str) -> list[dict[str, object]]:
    """Read rings without what their past says of them, in an order that does not follow their names."""
    found = [{name: value for name, value in ring.items() if name not in PAST} for ring in json.loads(said)]
    return sorted(found, key=lambda ring: json.dumps(ring, sort_keys=True))


if __name__ == "__main__":
    main()
