"""One world, made and read once, and every method run on what its accounts share."""

from __future__ import annotations

import math
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from linkage.decisions.allowlist import allowed_accounts
from linkage.evidence.collect import Evidence, collect_evidence
from linkage.evidence.kinds import chosen_kinds
from linkage.pipeline import decoy_groups, group, logs_of, read, settle
from linkage.rings.compromised import compromised
from linkage.scores.benign import ALLOWED
from linkage.scores.calibration import load_calibration
from linkage.scores.extraction import score_extraction
from linkage.scores.learning import Example
from linkage.scores.observe import Behaviour, observe
from linkage.scores.significance import decoy_odds, q_values, ring_odds
from linkage.settings import Settings
from linkage.simulation import simulate
from linkage.suite.plan import WorldPlan
from linkage.suite.results import Reported, WorldTruth
from linkage.tables import Logs, Table, derive

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from linkage.rings.membership import Membership
    from linkage.scores.calibration import Calibration
    from linkage.scores.extraction import Extraction
    from linkage.suite.baseline import Baseline

SMALLEST = 5
"""Fewest accounts of a ring that any method reports: as many as our default."""


@dataclass(frozen=True)
class Bench:
    """One world, read: all that methods work on.

    Args:
        plan: which world it is.
        truth: what is known of it.
        logs: the checked tables.
        evidence: what its accounts share.
        behaviour: what its accounts do.
        allowed: the accounts on its allowlist.
        settings: every knob.
    """

    plan: WorldPlan
    truth: WorldTruth
    logs: Logs
    evidence: Evidence
    behaviour: Behaviour
    allowed: frozenset[str]
    settings: Settings

    def with_evidence(self, evidence: Evidence) -> Bench:
        """Work on other evidence about the same world."""
        return replace(self, evidence=evidence)


@dataclass(frozen=True)
class Found:
    """What a method found in one world.

    Args:
        rings: what it reports.
        examples: the same groups as examples to learn from.
        seconds: how long it took, from what accounts share to scores.
    """

    rings: tuple[Reported, ...]
    examples: tuple[Example, ...] = ()
    seconds: float = 0.0


@contextmanager
def bench(plan: WorldPlan, settings: Settings | None = None) -> Iterator[Bench]:
    """Make a world, read it as a user's logs are read, and gather what its accounts share."""
    chosen = settings or Settings()
    tables = simulate(plan.world, seed=plan.seed, accounts=plan.accounts)
    rows = tables.pop("truth").to_pylist()
    truth = WorldTruth(
        plan.name,
        {row["account_id"]: row["ring"] for row in rows if row["ring"]},
        {row["account_id"]: row["crowd"] for row in rows if row["crowd"]},
        len(rows),
        plan.seed,
    )
    with tempfile.TemporaryDirectory(prefix="linkage-suite-") as folder:
        for name, table in tables.items():
            pq.write_table(table, Path(folder) / f"{name}.parquet")
        del tables
        with read([folder], chosen) as reading:
            logs = logs_of(reading.or_raise())
            kinds, effective = chosen_kinds(chosen.evidence)
            evidence = collect_evidence(logs, kinds, effective)
            yield Bench(
                plan,
                truth,
                logs,
                evidence,
                observe(logs, evidence),
                frozenset(allowed_accounts(logs, evidence)),
                chosen,
            )


def ours(world: Bench, calibration: Calibration | None = None, *, significance: bool = True) -> Found:
    """Run our own method, from what accounts share to scores, as the pipeline does; with q-values if wanted."""
    start = time.perf_counter()
    membership = settle(
        group(world.evidence, world.settings), world.evidence, world.behaviour, world.settings
    )
    decoys = tuple(decoy_groups(world.evidence, world.settings)) if significance else None
    found = _scored(world, membership, calibration or load_calibration(), decoys)
    return replace(found, seconds=time.perf_counter() - start)


def baseline(world: Bench, method: Baseline, knobs: Mapping[str, float]) -> Found:
    """Run a baseline with the same test for extraction; its groups count as surely one operation."""
    start = time.perf_counter()
    grouped = method.group(world.evidence, **knobs)
    members = derive(
        """
        with large as (select community from grouped group by community having count(*) >= ?)
        select dense_rank() over (order by community) - 1 as ring, account from grouped semi join large using (community)
        """,
        [SMALLEST],
        grouped=grouped,
    )
    extraction = _extraction(world, members, load_calibration())
    rings = [
        Reported(world.plan.name, _probability(odds), None, accounts)
        for ring, accounts in _accounts(members, world).items()
        if (odds := extraction.odds[ring]) is not None
    ]
    return Found(tuple(rings), seconds=time.perf_counter() - start)


def _scored(
    world: Bench, membership: Membership, calibration: Calibration, decoys: Sequence[Membership] | None
) -> Found:
    scores = world.settings.scores
    extraction = _extraction(world, membership.members, calibration)
    linked = membership.linked()
    odds = ring_odds(linked, extraction.odds)
    q_value: dict[int, float] = {}
    if decoys is not None:
        chance = decoy_odds(
            membership, decoys, world.behaviour, scores, calibration, seed=world.settings.seed
        )
        q_value = q_values(odds, chance, calibration)
    planted = world.truth.rings
    victims = _victims(membership, world) if scores.victims else frozenset()
    rings, examples = [], []
    for ring, accounts in _accounts(membership.members, world).items():
        flagged = accounts - victims
        if ring not in odds or not flagged:
            continue
        score = calibration.probability(odds[ring])
        rings.append(Reported(world.plan.name, score, q_value.get(ring), flagged))
        members = sum(account in planted for account in flagged)
        examples.append(Example(linked[ring], extraction.parts[ring], 2 * members >= len(flagged)))
    return Found(tuple(rings), tuple(examples))


def _extraction(world: Bench, members: Table, calibration: Calibration) -> Extraction:
    return score_extraction(
        world.behaviour,
        members,
        smallest_stratum=world.settings.scores.smallest_stratum,
        calibration=calibration,
    )


def _accounts(members: Table, world: Bench) -> dict[int, frozenset[str]]:
    """Give the accounts of each group; a group of which most are on the allowlist is nobody's finding."""
    rows = derive(
        "select ring, account_id from members join people using (account)",
        members=members,
        people=world.evidence.people,
    )
    found: dict[int, set[str]] = {}
    for ring, account in rows.rows("ring, account_id"):
        found.setdefault(ring, set()).add(account)
    return {
        ring: frozenset(accounts)
        for ring, accounts in sorted(found.items())
        if len(accounts & world.allowed) < ALLOWED * len(accounts)
    }


def _victims(membership: Membership, world: Bench) -> frozenset[str]:
    """Name the members that are told from the ring's own, which are not flagged with it."""
    found = compromised(membership, world.evidence, world.logs)
    rows = derive(
        "select account_id from people where list_contains(?, account)",
        [sorted(found)],
        people=world.evidence.people,
    )
    return frozenset(account_id for (account_id,) in rows.rows())


def _probability(odds: float) -> float:
    return round(1 / (1 + math.exp(-odds)), 4)
