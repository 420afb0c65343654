"""The books of a world: groups put together, named at random, and turned into tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from linkage.simulation.blanks import blank
from linkage.simulation.clock import START
from linkage.simulation.scenario import Group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkage.simulation.people import Numbers, Words

_MOMENT = pa.timestamp("s", tz="UTC")


@dataclass(frozen=True)
class Entry:
    """A group under the names that the truth gives it."""

    group: Group
    ring: str | None
    crowd: str | None


def keep_books(entries: Sequence[Entry], rng: np.random.Generator) -> dict[str, pa.Table]:
    """Turn groups into the tables ``accounts``, ``events``, ``payments``, ``reference``, ``truth``, and more.

    An ``allowlist`` is there where somebody is on it. Account ids are random, and rows are in order of id or time, so
    that neither carries a hint.
    """
    sizes = [len(entry.group.people) for entry in entries]
    ids = _names(rng, sum(sizes))
    first = np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int64)
    events = _events(entries, first, ids, rng)
    before = pc.less(events["timestamp"], pa.scalar(START, _MOMENT))
    tables = {
        "accounts": _accounts(entries, ids, rng),
        "events": events.filter(pc.invert(before)),
        "payments": _payments(entries, first, ids, rng),
        "reference": events.filter(before),
        "truth": _truth(entries, ids),
    }
    if any(entry.group.allowed for entry in entries):
        tables["allowlist"] = _allowlist(entries, first, ids)
    return tables


def _names(rng: np.random.Generator, count: int) -> Words:
    """Make up distinct ids that say nothing."""
    numbers = rng.choice(1 << 40, count + count // 4 + 8)
    _, places = np.unique(numbers, return_index=True)
    return np.array(
        [f"acct_{number:010x}" for number in numbers[np.sort(places)][:count].tolist()], dtype=object
    )


def _accounts(entries: Sequence[Entry], ids: Words, rng: np.random.Generator) -> pa.Table:
    people = [entry.group.people for entry in entries]
    created = np.concatenate([part.created_at for part in people])
    unknown = rng.random(len(ids)) < 0.03
    columns: dict[str, pa.Array] = {
        "account_id": pa.array(ids, pa.string()),
        "created_at": pa.array(created, _MOMENT, mask=unknown),
    }
    rows = np.arange(len(ids))
    for column in ("org", "email_domain", "plan"):
        values = np.concatenate([getattr(part, column) for part in people])
        columns[column] = pa.array(blank(rng, column, values, rows, accounts=len(ids)), pa.string())
    return pa.table(columns).sort_by("account_id")


def _events(entries: Sequence[Entry], first: Numbers, ids: Words, rng: np.random.Generator) -> pa.Table:
    parts = [entry.group.requests for entry in entries]
    who = np.concatenate([part.who + start for part, start in zip(parts, first, strict=True)])
    prompts = [prompt for part in parts for prompt in part.prompt]
    systems = [system for part in parts for system in part.system]
    words = np.array(
        [
            1 + text.count(" ") + (system or "").count(" ")
            for text, system in zip(prompts, systems, strict=True)
        ]
    )
    asn = np.array(
        [f"AS{number}" for number in np.concatenate([part.asn for part in parts]).tolist()], dtype=object
    )
    agent = np.concatenate([part.agent for part in parts])
    ip = _addresses(rng, np.concatenate([part.seat for part in parts]), who, len(ids))
    blanked = {
        column: pa.array(blank(rng, column, values, who, accounts=len(ids)), pa.string())
        for column, values in (("ip", ip), ("asn", asn), ("user_agent", agent))
    }
    table = pa.table(
        {
            "account_id": pa.array(ids[who], pa.string()),
            "timestamp": pa.array(np.concatenate([part.at for part in parts]), _MOMENT),
            "ip": blanked["ip"],
            "asn": blanked["asn"],
            "prompt": pa.array(prompts, pa.string()),
            "system_prompt": pa.array(systems, pa.string()),
            "response_tokens": pa.array(np.concatenate([part.reply for part in parts]), pa.int64()),
            "prompt_tokens": pa.array(
                (words * rng.uniform(1.25, 1.45, len(words))).astype(np.int64), pa.int64()
            ),
            "model": pa.array(np.concatenate([part.model for part in parts]), pa.string()),
            "user_agent": blanked["user_agent"],
        }
    )
    return table.sort_by([("timestamp", "ascending"), ("account_id", "ascending"), ("prompt", "ascending")])


def _addresses(rng: np.random.Generator, seats: Words, who: Numbers, accounts: int) -> Words:
    """Write full addresses: in an IPv6 network each account's devices have a few endings of their own."""
    endings = rng.integers(1, 0xFFFF, (accounts, 3))[who, rng.integers(0, 3, len(who))].tolist()
    pairs = zip(seats.tolist(), endings, strict=True)
    return np.array([f"{seat}::{ending:x}" if ":" in seat else seat for seat, ending in pairs], dtype=object)


def _payments(entries: Sequence[Entry], first: Numbers, ids: Words, rng: np.random.Generator) -> pa.Table:
    parts = [entry.group.charges for entry in entries]
    who = np.concatenate([part.who + start for part, start in zip(parts, first, strict=True)]).astype(
        np.int64
    )
    bins = np.concatenate([part.bin for part in parts])
    table = pa.table(
        {
            "account_id": pa.array(ids[who], pa.string()),
            "fingerprint": pa.array(np.concatenate([part.card for part in parts]), pa.string()),
            "bin": pa.array(blank(rng, "bin", bins, who, accounts=len(ids)), pa.string()),
            "timestamp": pa.array(np.concatenate([part.at for part in parts]), _MOMENT),
        }
    )
    return table.sort_by(
        [("timestamp", "ascending"), ("account_id", "ascending"), ("fingerprint", "ascending")]
    )


def _allowlist(entries: Sequence[Entry], first: Numbers, ids: Words) -> pa.Table:
    rows = [
        {"kind": "account", "value": account, "reason": entry.group.allowed}
        for entry, start in zip(entries, first.tolist(), strict=True)
        if entry.group.allowed
        for account in ids[start : start + len(entry.group.people)]
    ]
    return pa.Table.from_pylist(rows).sort_by("value")


def _truth(entries: Sequence[Entry], ids: Words) -> pa.Table:
    rings = [entry.ring for entry in entries for _ in range(len(entry.group.people))]
    crowds = [entry.crowd for entry in entries for _ in range(len(entry.group.people))]
    columns = {
        "account_id": pa.array(ids, pa.string()),
        "ring": pa.array(rings, pa.string()),
        "crowd": pa.array(crowds, pa.string()),
    }
    return pa.table(columns).sort_by("account_id")
