"""What attacks on the tool itself achieve, beside the same worlds without the attack.

    python tests/bench/bench_attacks.py [--seeds 710 711 712] [--accounts 6000]

Framing: how many victims end up in a group that is mostly ring, in a flagged ring, and blocked. Flooding of popular
hubs: recall and seconds against the same ring that does without. Bait chains: groups in which two of the two rings
and the campus meet. Poisoned reference: the ring's score against the same ring that was not there before.

Seeds of 700 and more are for figures; the method was worked out on framing worlds 31 to 36 and bait worlds 31 to 33.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from measured import print_machine

from linkage import pipeline
from linkage.decisions.policy import decide
from linkage.settings import Settings
from linkage.simulation import simulate
from linkage.simulation.cast import Company
from linkage.simulation.catalogue import CROWDS
from linkage.simulation.scenarios.flooding import Flooding
from linkage.simulation.scenarios.poisoned import Poisoned
from linkage.simulation.world import World

if TYPE_CHECKING:
    from linkage.rings.ring import Ring

THRESHOLD = 0.7
TOGETHER = 3
"""Accounts of a side in one group from which that side counts as being in it."""


class Seen(NamedTuple):
    """What was found in one world.

    Args:
        rings: all of them, of any score.
        sides: account to its planted ring or its crowd.
        planted: the names of the planted rings.
        seconds: how long finding took.
    """

    rings: tuple[Ring, ...]
    sides: dict[str, str]
    planted: frozenset[str]
    seconds: float

    def flagged(self) -> set[str]:
        """List the accounts that would be banned on the score alone."""
        return {
            member.account_id for ring in self.rings if ring.score >= THRESHOLD for member in ring.members
        }

    def recall(self) -> float:
        """Count the members of planted rings that are flagged, as a share."""
        members = {account for account, side in self.sides.items() if side in self.planted}
        return len(members & self.flagged()) / len(members)


def look(world: str | World, seed: int, accounts: int) -> Seen:
    """Make a world, find its rings, and keep who is who."""
    tables = simulate(world, seed=seed, accounts=accounts)
    truth = tables.pop("truth").to_pylist()
    with tempfile.TemporaryDirectory() as folder:
        for name, table in tables.items():
            pq.write_table(pa.table(table), Path(folder) / f"{name}.parquet")
        settings = Settings()
        with pipeline.read([folder], settings) as reading:
            logs = pipeline.logs_of(reading.or_raise())
            start = time.perf_counter()
            found = pipeline.find(logs, settings)
            seconds = time.perf_counter() - start
    return Seen(
        found.rings,
        {row["account_id"]: row["ring"] or row["crowd"] or "" for row in truth},
        frozenset(row["ring"] for row in truth if row["ring"]),
        seconds,
    )


def framing(seeds: list[int], accounts: int) -> None:
    """Count the victims that are linked, flagged and blocked."""
    victims = linked = flagged = blocked = 0
    recalls = []
    for seed in seeds:
        seen = look("framing", seed, accounts)
        framed = {account for account, side in seen.sides.items() if side.startswith("victim")}
        for ring in seen.rings:
            members = [member.account_id for member in ring.members]
            if 2 * sum(seen.sides[account] in seen.planted for account in members) >= len(members):
                linked += len(framed.intersection(members))
        victims += len(framed)
        flagged += len(framed & seen.flagged())
        blocked += sum(
            decision.decision == "block" and decision.account_id in framed
            for decision in decide(seen.rings, block_at=THRESHOLD, allowed={})
        )
        recalls.append(seen.recall())
    print(
        f"A1 framing    {victims} victims: linked {linked} ({40 * linked / victims:.1f} of 40), flagged {flagged},"
        f" blocked {blocked}; recall of the ring {statistics.mean(recalls):.2f}"
    )


def flooding(seeds: list[int], accounts: int) -> None:
    """Compare a ring that floods hubs with the same one that does not."""
    plain = World("flooding", "without", (Flooding(dilution=0.0),), Company((), CROWDS))
    with_it = [look("flooding", seed, accounts) for seed in seeds]
    without = [look(plain, seed, accounts) for seed in seeds]
    recalls = [statistics.mean(seen.recall() for seen in each) for each in (with_it, without)]
    times = [statistics.median(seen.seconds for seen in each) for each in (with_it, without)]
    print(
        f"A2 flooding   recall {recalls[0]:.3f} with, {recalls[1]:.3f} without;"
        f" {times[0] / times[1]:.2f} times the seconds"
    )


def bait(seeds: list[int], accounts: int) -> None:
    """Count the groups in which two of the three sides meet."""
    met, recalls = 0, []
    for seed in seeds:
        seen = look("bait", seed, accounts)
        apart = seen.planted | {side for side in seen.sides.values() if side.startswith("bait")}
        for ring in seen.rings:
            sides = Counter(seen.sides[member.account_id] for member in ring.members)
            met += sum(count >= TOGETHER and side in apart for side, count in sides.items()) > 1
        recalls.append(seen.recall())
    print(
        f"A3 bait       {met} groups with two sides in them; recall of the rings {statistics.mean(recalls):.2f}"
    )


def poisoned(seeds: list[int], accounts: int) -> None:
    """Compare the score of a ring that was there in the reference with the same one that was not."""
    absent = World("poisoned", "not there before", (Poisoned(before=False),), Company((), CROWDS))
    moved = []
    for seed in seeds:
        scores = []
        for world in ("poisoned", absent):
            seen = look(world, seed, accounts)
            scores.append(
                max(
                    (
                        ring.score
                        for ring in seen.rings
                        if 2 * sum(seen.sides[member.account_id] in seen.planted for member in ring.members)
                        > ring.accounts
                    ),
                    default=0.0,
                )
            )
        moved.append(scores[0] - scores[1])
    print(f"A4 poisoned   score moves by {', '.join(f'{each:+.2f}' for each in moved)}")


def main() -> None:
    """Run the attacks and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[710, 711, 712])
    parser.add_argument("--accounts", type=int, default=6000)
    chosen = parser.parse_args()
    print_machine()
    print(f"size      {chosen.accounts:,} accounts, seeds {', '.join(map(str, chosen.seeds))}")
    for attack in (framing, flooding, bait, poisoned):
        attack(chosen.seeds, chosen.accounts)


if __name__ == "__main__":
    main()
