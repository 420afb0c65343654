"""What the page reads of a case in one short opening."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from linkage import runs
from linkage.decisions.said import judged
from linkage.rings.ring import Ring
from linkage.web import became as life
from linkage.web.ended import ended_rings
from linkage.web.verdicts import Line, lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkage.pipeline import Finding
    from linkage.settings import Settings
    from linkage.store import Case


@dataclass(frozen=True)
class Reading:
    """What was read of a case.

    Args:
        rings: best first.
        ended: those that are no longer found.
        listed: both, without members.
        pictures: the pictures that are kept, as JSON, by ring.
        standing: of each ring, what is known beside the run.
        became: of each ring, what happened to it.
        lines: all judgements.
        snapshot: which rows and which run.
        run: which run.
        stamp: the file's, when it was read.
    """

    rings: tuple[Ring, ...]
    ended: tuple[Ring, ...]
    listed: list[Ring]
    pictures: dict[str, str]
    standing: dict[str, dict[str, Any]]
    became: dict[str, dict[str, Any]]
    lines: list[Line]
    snapshot: str
    run: str
    stamp: tuple[int, int]


def read(case: Case, finding: Finding, settings: Settings, stamp: tuple[int, int]) -> Reading:
    """Read a case and its last run.

    Args:
        case: an open case.
        finding: what its last run found.
        settings: every knob.
        stamp: the file's, before it was opened.
    """
    ended = ended_rings(case)
    every = (*finding.rings, *ended)
    return Reading(
        finding.rings,
        ended,
        _listed(every),
        case.pictures(),
        runs.standing(case, finding, settings),
        life.became(case, every),
        lines_of(case),
        snapshot_of(case),
        run_of(case),
        stamp,
    )


def said_anew(before: Reading, case: Case) -> Reading:
    """Take in what was said since, beside a run that is no longer the case's."""
    rings, ended = judged(before.rings, case), judged(before.ended, case)
    every = (*rings, *ended)
    return replace(
        before,
        rings=rings,
        ended=ended,
        listed=_listed(every),
        became=life.became(case, every),
        lines=lines_of(case),
    )


def snapshot_of(case: Case) -> str:
    """Say which rows and which run of a case are shown."""
    return f"rows {case.fact('data') or 0}, run {run_of(case)}"


def run_of(case: Case) -> str:
    """Say which run of a case is shown."""
    return (case.fact("run") or "")[:8]


def _listed(rings: Sequence[Ring]) -> list[Ring]:
    return [replace(ring, members=()) for ring in rings]
