"""What an upstream detector adds: the same worlds without one, and with a weak, a fair and a good one.

    python tests/bench/bench_detector.py WORLD:SEED … [--accounts 6000] [--qualities 0.5 1.0 1.6 2.4]

The quality is in standard deviations (``linkage.simulation.detector``): 0.5 puts a member above an honest account in 64
of 100 pairs, 1.0 in 76, 1.6 in 87 and 2.4 in 95.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from pathlib import Path

import pyarrow.parquet as pq
from measured import print_machine

from linkage import pipeline
from linkage.settings import Settings
from linkage.simulation import simulate

THRESHOLD = 0.7


def flagged(world: str, seed: int, accounts: int, quality: float | None) -> tuple[int, int, int]:
    """Count the members flagged, the honest accounts flagged, and the members there are, victims of stolen keys apart."""
    tables = simulate(world, seed=seed, accounts=accounts, detector=quality)
    truth = tables.pop("truth").to_pylist()
    members = {row["account_id"] for row in truth if row["ring"]}
    victims = {row["account_id"] for row in truth if (row["crowd"] or "") == "hijacked"}
    with tempfile.TemporaryDirectory() as folder:
        for name, table in tables.items():
            pq.write_table(table, Path(folder) / f"{name}.parquet")
        settings = Settings()
        with pipeline.read([folder], settings) as reading:
            rings = pipeline.find(pipeline.logs_of(reading.or_raise()), settings).rings
    named = {
        member.account_id
        for ring in rings
        if ring.score >= THRESHOLD
        for member in ring.members
        if member.role != "compromised"
    }
    return len(named & members), len(named - members - victims), len(members)


def main() -> None:
    """Print one row a quality, summed over the worlds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("worlds", nargs="+", metavar="WORLD:SEED")
    parser.add_argument("--accounts", type=int, default=6000)
    parser.add_argument("--qualities", type=float, nargs="+", default=[0.5, 1.0, 1.6, 2.4])
    given = parser.parse_args()
    print_machine()
    sums: dict[float | None, list[tuple[int, int, int]]] = defaultdict(list)
    for name in given.worlds:
        world, seed = name.rsplit(":", 1)
        for quality in (None, *given.qualities):
            sums[quality].append(flagged(world, int(seed), given.accounts, quality))
    for quality, counts in sums.items():
        found, honest, members = (sum(column) for column in zip(*counts, strict=True))
        print(
            f"detector {'none' if quality is None else f'{quality:g}':>4}: recall {found / max(1, members):.3f} of"
            f" {members} members, precision {found / max(1, found + honest):.3f}, honest accounts {honest}"
        )


if __name__ == "__main__":
    main()
