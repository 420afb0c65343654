"""The figures of bench_peers.py: what is kept of a run, how good its groups are, the table, and the lines to draw."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from linkage.suite.measures import groups_of, true_rings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

OURS, BEFORE_SCORING, EVIDENCE = "linkage rings", "linkage rings, all groups", "our evidence alone"
PEERS = {
    "notebook": "notebook: pandas, datasketch, networkx",
    "splink": "Splink on DuckDB",
    "networkx": "networkx: projection, Louvain",
    "igraph": "igraph: projection, Leiden",
    "leidenalg": "igraph's projection, leidenalg",
    "networkit": "igraph's projection, networkit",
}


@dataclass(frozen=True)
class Figure:
    """What one method did on one world.

    Args:
        method: what it is called in the table.
        accounts: the size of the world.
        events: how many events it has.
        ended: empty, or why it did not end.
        wall: seconds, the median.
        cpu: seconds of both user and system, the median.
        memory: the most it held, in bytes.
        groups: how many groups it flagged.
        true: the share of them that are true.
        precision: of the accounts flagged, the share that are members of rings.
        recall: of the members of rings, the share that are flagged.
        found: of the rings, the share of which a group holds at least half.
    """

    method: str
    accounts: int
    events: int
    ended: str = ""
    wall: float = 0.0
    cpu: float = 0.0
    memory: float = 0.0
    groups: int | None = None
    true: float | None = None
    precision: float | None = None
    recall: float | None = None
    found: float | None = None


def read_figures(path: Path) -> list[Figure]:
    """Read what was measured before."""
    return [Figure(**each) for each in json.loads(path.read_text(encoding="utf-8"))] if path.exists() else []


def judged(cost: Figure, groups: Sequence[set[str]], truth: Mapping[str, str]) -> Figure:
    """Say how good groups are."""
    flagged = set().union(*groups)
    right = len(flagged & truth.keys())
    home = {account: number for number, group in enumerate(groups) for account in group}
    planted = groups_of(truth).values()
    most = [max(Counter(home[each] for each in ring if each in home).values(), default=0) for ring in planted]
    return replace(
        cost,
        groups=len(groups),
        true=share(int(true_rings(truth, groups).sum()), len(groups)),
        precision=share(right, len(flagged)),
        recall=share(right, len(truth)),
        found=share(
            sum(2 * held >= len(ring) for held, ring in zip(most, planted, strict=True)), len(planted)
        ),
    )


def print_table(figures: Sequence[Figure]) -> None:
    """Print all figures as a table of Markdown, by size and cost."""
    gathered = evidence_costs(figures)
    heads = ("accounts", "method", "CPU-s", "with evidence", "wall, s", "peak, GB", "groups", "true", "precision", "recall", "rings found")  # fmt: skip
    print(f"\n| {' | '.join(heads)} |\n{'| --- ' * len(heads)}|")
    for each in sorted(
        figures,
        key=lambda each: (each.accounts, each.method not in {OURS, BEFORE_SCORING, EVIDENCE}, each.cpu),
    ):
        cells = [f"{each.accounts:,}", each.method, each.ended]
        if not each.ended:
            whole = f"{whole_cost(each, gathered):,.1f}"
            cells = [*cells[:2], f"{each.cpu:,.1f}", whole, f"{each.wall:,.1f}", f"{each.memory / 1e9:.1f}"]
            cells += ["" if each.groups is None else f"{each.groups:,}"]
            shares = (each.true, each.precision, each.recall, each.found)
            cells += ["" if value is None else f"{value:.3f}".removeprefix("0") for value in shares]
        print(f"| {' | '.join(cells + [''] * (len(heads) - len(cells)))} |")


def lines_of(figures: Sequence[Figure]) -> tuple[dict[str, list[tuple[float, float]]], dict[str, float]]:
    """Give the line of each method, from small to large, and the size at which it was given up."""
    gathered = evidence_costs(figures)
    lines: dict[str, list[tuple[float, float]]] = {}
    given_up: dict[str, float] = {}
    for each in sorted(figures, key=lambda each: each.accounts):
        if each.ended:
            given_up.setdefault(each.method, each.events)
        elif each.method != BEFORE_SCORING:
            lines.setdefault(each.method, []).append((each.events, whole_cost(each, gathered)))
    return {name: lines[name] for name in (OURS, EVIDENCE, *PEERS.values()) if name in lines}, given_up


def whole_cost(figure: Figure, gathered: Mapping[int, float]) -> float:
    """Give the CPU seconds from files to groups: who is given our evidence could not have begun without it."""
    return figure.cpu + (gathered.get(figure.accounts, 0.0) if given_evidence(figure.method) else 0.0)


def given_evidence(method: str) -> bool:
    """Say whether a method begins with our evidence rather than with files."""
    return method in PEERS.values() and method != PEERS["notebook"]


def evidence_costs(figures: Sequence[Figure]) -> dict[int, float]:
    """Give what gathering the evidence cost on each size."""
    return {each.accounts: each.cpu for each in figures if each.method == EVIDENCE}


def share(part: float, whole: float) -> float | None:
    """Divide, where there is something to divide by."""
    return round(part / whole, 4) if whole else None
