"""Worlds with one ring of any size: shifts, cards and addresses for each part, a few wrappers across them all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from linkage import pipeline, runs
from linkage.opening import open_case
from linkage.rings.membership import weigh_members
from linkage.settings import Settings
from linkage.tables import derive

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 9, 1)  # noqa: DTZ001 - UTC, as the logs say
WRAPPERS = (
    "You are an expert tutor. Solve the problem about {} step by step, write down every thought, and end with the final answer on a line of its own. Problem number {}.",
    "Act as a careful reviewer of the essay on {}. List each weakness with the reason for it, rank them, and write the corrected text below. Essay number {}.",
    "Explain to a court how the matter of {} came about, quote what each side says, weigh it aloud and close with a verdict in one line. Case number {}.",
)
WORDS = tuple(f"{a}{b}" for a in ("ri", "ta", "mo", "le", "ku", "sa", "no", "pi", "do", "ve") for b in (
    "var", "len", "mix", "tor", "pan", "dil", "gos", "rem", "fus", "bat",
))  # fmt: skip


def write_large(
    folder: Path, accounts: int, *, cell: int = 140, honest: int = 600, seed: int = 5
) -> list[str]:
    """Write a world with one ring, and give its accounts.

    Args:
        folder: where; made if it is not there.
        accounts: how many the ring has.
        cell: how many share cards, addresses and a shift.
        honest: how many others there are, each for itself.
        seed: another seed, another world.
    """
    folder.mkdir(parents=True, exist_ok=True)
    dice = np.random.default_rng(seed)
    rows = _Rows()
    parts = -(-accounts // cell)
    names = [f"acct_{seed}_{number:05}" for number in range(accounts)]
    for number, name in enumerate(names):
        part, place = divmod(number, cell)
        born = START + timedelta(
            hours=7 * (part % 60) + 2, minutes=int(place) // 3, seconds=int(dice.integers(60))
        )
        rows.account(name, born, 0.8)
        cards = max(1, cell // 20)
        rows.card(name, f"fp_{seed}_{part}_{place % cards}")
        if place % 4 == 0:  # some pay once with a card of the next part
            rows.card(name, f"fp_{seed}_{(part + 1) % parts}_{place % cards}")
        shift = 8 * (part % 3)
        for nth in range(6):
            at = START + timedelta(
                days=12 + int(dice.integers(14)),
                hours=shift + int(dice.integers(8)),
                seconds=int(dice.integers(3600)),
            )
            wrapper = WRAPPERS[0 if nth % 2 else part % len(WRAPPERS)]
            topic = " ".join(WORDS[each] for each in dice.integers(len(WORDS), size=7))
            address = f"2001:db8:{part:x}:{int(dice.integers(11)):x}::{nth + 1:x}"
            rows.event(name, at, address, wrapper.format(topic, dice.integers(10**6)), 64500 + part % 8)
    for number in range(honest):
        name = f"acct_h{number:05}"
        rows.account(name, START - timedelta(minutes=640 * (number % 400)), 0.1 + number % 4 / 10)
        rows.card(name, f"fp_h{number}")
        for _ in range(2):
            at = START + timedelta(minutes=int(dice.integers(26 * 1440)))
            text = " ".join(WORDS[each] for each in dice.integers(len(WORDS), size=12))
            rows.event(name, at, f"2001:db9:{number:x}::1", text, 64600 + number % 40)
    rows.write(folder)
    return names


def case_of_large(folder: Path, accounts: int, monkeypatch, **given) -> Path:
    """Make a case whose run has all accounts of a large world's ring as one ring.

    What a ring looks like is tried here, not how it is found: the grouping is given, all else is the real run.
    """
    write_large(folder / "logs", accounts, **given)
    path = folder / "linkage.duckdb"
    pipeline.ingest([str(folder / "logs")], path, Settings())
    monkeypatch.setattr(pipeline, "group", _as_one)
    with open_case(path) as case:
        runs.find_in_case(case, Settings())
    return path


def _as_one(evidence, settings):
    members = derive(
        "select 0 as ring, account from people where not starts_with(account_id, 'acct_h')",
        people=evidence.people,
    )
    return weigh_members(members, evidence, selection=settings.rings.selection_bits)


class _Rows:
    def __init__(self):
        self.accounts, self.payments, self.events = [], [], []

    def account(self, name, born, score):
        self.accounts.append({"account_id": name, "created_at": born, "extraction_score": score})

    def card(self, name, card):
        self.payments.append({"account_id": name, "fingerprint": card})

    def event(self, name, at, address, prompt, network):
        self.events.append(
            {
                "account_id": name,
                "timestamp": at,
                "ip": address,
                "asn": f"AS{network}",
                "prompt": prompt,
                "response_tokens": 500 + len(prompt) % 40,
            }
        )

    def write(self, folder):
        for name, rows in vars(self).items():
            pq.write_table(pa.Table.from_pylist(rows), folder / f"{name}.parquet")
