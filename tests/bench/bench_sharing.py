"""A ring of 20,000 accounts from a case to a signed list, and that list held against the accounts of another lab.

    python tests/bench/bench_sharing.py [--ring 20000] [--own 200000] [--seed 11] [--repeats 3]

Prints the machine, the versions and the commands; then wall time, CPU time and peak memory of ``linkage export --for``, of
``linkage import`` and of ``linkage match``, the last against own accounts of which a hundredth hold a card or an
address that the list names. Every run is a new process on a fresh copy of the case; the figures are medians. The run
that finds the ring is made beforehand: what that costs, bench_rings.py says. ``--own 1000000`` takes some minutes
more to make.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from measured import median, print_machine, run

from linkage import casework, runs
from linkage.events.contract import TABLES
from linkage.evidence.collect import collect_evidence
from linkage.evidence.kinds import chosen_kinds
from linkage.opening import open_case
from linkage.rings.membership import weigh_members
from linkage.rings.ring import Member, Reason, Ring
from linkage.settings import Settings
from linkage.sharing.keyring import keyring, share_with
from linkage.tables import from_arrow

if TYPE_CHECKING:
    from linkage.store import Case

LAST_WEEK = datetime.now(UTC).replace(tzinfo=None, microsecond=0) - timedelta(days=7)
"""Commands read the clock, and what a list says ends."""
WRAPPER = (
    "You are a patient editor of a handbook for apprentices. Take matter {} apart, write down every stage of your"
    " deliberation in the margin, weigh what speaks against it, and close with a verdict in one plain line."
)
RING = "R-BENCH2"
INPUTS = {name: table.checked_columns for name, table in TABLES.items()}


def main() -> None:
    """Make the cases, run each step, print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--ring", type=int, default=20_000, help="accounts of the ring that is shared")
    parser.add_argument("--own", type=int, default=200_000, help="accounts of the lab that takes the list in")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--repeats", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, chosen.ring, chosen.own, chosen.seed)
        print_machine("cryptography", "duckdb", "numpy", "orjson", "pyarrow")
        print(f"size      a ring of {chosen.ring:,}, {chosen.own:,} own accounts, seed {chosen.seed}")
        for what, lab, command in (
            ("export", "a", ["export", "--for", "lab-b", "--to", str(folder / "list")]),
            ("import", "b", ["import", str(folder / "list"), "--from", "lab-a"]),
            ("match", "b", ["match", "--accounts", "--format", "jsonl"]),
        ):
            measured(folder, what, lab, command, chosen.repeats)


def measured(folder: Path, what: str, lab: str, command: list[str], repeats: int) -> None:
    """Run a command several times, each on the case as it was; the last run's case is the next command's."""
    case, kept = folder / lab / "linkage.duckdb", folder / "kept.duckdb"
    shutil.copy(case, kept)
    costs = []
    for _ in range(repeats):
        shutil.copy(kept, case)
        if what == "export":
            shutil.rmtree(folder / "list", ignore_errors=True)
        place = ["--case", str(case), "--settings", str(folder / lab / "linkage.toml")]
        costs.append(run([sys.executable, "-m", "linkage", *command, *place]))
    cost = median(costs)
    print(
        f"{what:10}{cost.wall:7.1f} s {cost.cpu:7.1f} CPU-s  {cost.memory / 1e6:6.0f} MB at most  "
        f"{cost.talk.splitlines()[-1]}"
    )


def make(folder: Path, ring: int, own: int, seed: int) -> None:
    """Make two labs that know each other: one with a confirmed ring, one whose accounts share a little with it."""
    dice = np.random.default_rng(seed)
    # Five accounts a card, eight an address.
    cards = ["V" + "".join(map(str, digits)) for digits in dice.integers(0, 10, (ring // 5 + 1, 28))]
    addresses = [f"81.{2 + (place >> 16)}.{place >> 8 & 255}.{place & 255}" for place in range(ring // 8 + 1)]
    listed = (folder / "a", folder / "b")
    with open_lab(listed[0]) as a, open_lab(listed[1]) as b:
        names = [f"ring_{number:07}" for number in range(ring)]
        fill(
            a,
            names,
            [addresses[number // 8] for number in range(ring)],
            [cards[number // 5] for number in range(ring)],
            [WRAPPER.format(number) for number in range(ring)],
        )
        found(a, names)
        spread = [f"{11 + (n >> 24)}.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in range(own)]
        paid = ["V" + "".join(map(str, digits)) for digits in dice.integers(0, 10, (own, 28))]
        for number in range(0, own, 200):
            spread[number] = addresses[number // 200 % len(addresses)]
            paid[number + 100 if number + 100 < own else number] = cards[number // 200 % len(cards)]
        words = dice.integers(0, 10**6, (own, 12))
        fill(
            b,
            [f"own_{number:07}" for number in range(own)],
            spread,
            paid,
            [" ".join(map(str, row)) for row in words],
        )
        secret = share_with(a, "lab-b")
        share_with(b, "lab-a", secret)
        for lab, name, partner, other in ((listed[0], "lab-a", "lab-b", b), (listed[1], "lab-b", "lab-a", a)):
            (lab / "linkage.toml").write_text(
                f'[sharing]\nname = "{name}"\n'
                f'[sharing.partners]\n{partner} = ["{keyring(other).signing.public}"]\n'
            )


def open_lab(folder: Path):
    """Open a new case in a folder."""
    folder.mkdir()
    return open_case(folder / "linkage.duckdb", INPUTS)


def fill(case: Case, names: list[str], addresses: list[str], cards: list[str], prompts: list[str]) -> None:
    """Let each account pay with its card and ask once from its address."""
    moments = [LAST_WEEK + timedelta(seconds=number % 86_400) for number in range(len(names))]
    for table, columns in {
        "accounts": {"account_id": names, "created_at": moments},
        "events": {"account_id": names, "happened_at": moments, "ip": addresses, "prompt": prompts},
        "payments": {"account_id": names, "fingerprint": cards, "happened_at": moments},
    }.items():
        case.database.register("given", pa.table(columns))
        case.database.execute(f"insert into {table} by name from given")
        case.database.unregister("given")
    case.note("data", "1")


def found(case: Case, names: list[str]) -> None:
    """Write the run down that found the accounts to be one ring, and that a person confirmed it."""
    settings = Settings()
    kinds, effective = chosen_kinds(settings.evidence)
    evidence = collect_evidence(case.logs, kinds, effective)
    numbers = dict(
        evidence.people.database.execute(f"select account_id, account from {evidence.people.name}").fetchall()
    )
    rows = pa.table({"ring": [0] * len(names), "account": [numbers[name] for name in names]})
    membership = weigh_members(from_arrow(case.database, rows), evidence, selection=0.0)
    ring = Ring(
        ring=RING, score=0.95, linked=0.99, extraction=0.9, q_value=0.01, accounts=len(names), events=len(names),
        first_seen=LAST_WEEK, last_seen=LAST_WEEK + timedelta(days=1),
        evidence=(Reason("payment", 9.0, len(names) // 5, len(names), "cards tie accounts"),),
        benign_explanation=None, state="new", judgement=None,
        members=tuple(Member(name, 0.98, 0.9, "member", 0.95) for name in names),
    )  # fmt: skip
    with case.changing():
        tables = {name: getattr(evidence, name) for name in runs._EVIDENCE}
        tables |= {name: getattr(membership, name) for name in runs._MEMBERSHIP}
        case.remember(tables, [ring.document(members=True) | {"signals": {}}], {0: RING})
        case.note("run", runs._key(case, settings))
    casework.judge(case, RING, "confirm", reason="a bench", by="bench", at=LAST_WEEK)


if __name__ == "__main__":
    main()
