"""Runs of a case: what is kept of the last one, and what is asked of it."""

from __future__ import annotations

import hashlib
import json
import tempfile
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linkage import __version__, progress
from linkage.decisions.said import Said, judged
from linkage.evidence.ageing import end_of, recent
from linkage.evidence.collect import Evidence
from linkage.evidence.kinds import chosen_kinds
from linkage.handed import FACT as HANDED
from linkage.handed import end_handed
from linkage.opening import open_case
from linkage.pictures.draw import VERSION as PICTURES
from linkage.pictures.draw import draw_rings
from linkage.pictures.standing import paths_to_known_bad, precedents, telling_identifiers
from linkage.pipeline import Finding, find
from linkage.rings.lives import Lives, changed
from linkage.rings.membership import Membership
from linkage.rings.ring import Ring
from linkage.scores.combine import calibration_of
from linkage.shelf import set_up_shelf
from linkage.unchanged import EVIDENCE, FACT, keep_unchanged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from linkage.settings import Settings
    from linkage.store import Case
    from linkage.tables import Logs, Table

_MEMBERSHIP = tuple(each.name for each in fields(Membership))
DRAWN_FROM = 0.5
"""The score from which a ring is drawn when a run is stored; others are drawn when somebody asks."""


def find_in_case(case: Case, settings: Settings, *, full: bool = False) -> Finding:
    """Give the rings of an open case; the last run is used again unless its rows or settings have changed.

    The case stays closed to others for as long as that takes: ``current`` closes it only for moments.

    Args:
        case: an open case.
        settings: every knob.
        full: whether all is computed anew in any case.
    """
    last = None if full else last_run(case, settings)
    if last is not None:
        return last
    full = full or _is_of_another_program(case)
    finding = find(case.logs, settings, case=case, full=full)
    pictures = draw(case, finding, settings, _worth_drawing(finding))
    with case.changing():
        _keep(case, finding, settings, pictures, full=full)
    return finding


@contextmanager
def current(path: Path, settings: Settings, *, full: bool = False) -> Iterator[tuple[Case, Finding]]:
    """Give the rings of a case file, which is held for moments only; others can read and write it meanwhile.

    What is stale is computed on a copy, and stored unless the case has changed since. What is given to read is the
    case where nothing was stale, else the copy.

    Args:
        path: the case file.
        settings: every knob.
        full: whether all is computed anew in any case.

    Raises:
        DataError: there is no such case, or somebody else has it open for too long.
    """
    with tempfile.TemporaryDirectory(prefix="linkage-") as folder:
        copy = Path(folder) / "case.duckdb"
        with open_case(path, memory=settings.memory, wait=settings.wait, reading=True) as case:
            key, state = _key(case, settings), _state(case)
            if not full and case.fact("run") == key:
                yield case, _remembered(case)
                return
            progress.expect(json.loads(case.fact("seconds") or "{}"))
            progress.at("copying the case")
            full = full or _is_of_another_program(case)
            case.copy_to(copy)
        with open_case(copy, memory=settings.memory) as scratch:
            set_up_shelf(scratch.database, Path(folder))
            finding = find(scratch.logs, settings, case=scratch, full=full)
            pictures = draw(scratch, finding, settings, _worth_drawing(finding))
            progress.at("storing what was found")
            with open_case(path, wait=settings.wait, within=scratch.database) as case:
                kept = _state(case) == state
                if kept:
                    with case.changing():
                        _keep(case, finding, settings, pictures, full=full)
                else:
                    progress.tell(
                        f"the case {path} has changed while rings were looked for: these are as it was before; "
                        "look again"
                    )
                said = judged(finding.rings, case)
            if kept:  # what is asked next is asked of the copy
                with scratch.changing():
                    _keep(scratch, finding, settings, pictures, full=full)
            yield scratch, replace(finding, rings=said)


def last_run(case: Case, settings: Settings) -> Finding | None:
    """Give what the last run of a case found; None where its rows or settings have changed since."""
    return _remembered(case) if case.fact("run") == _key(case, settings) else None


def draw(case: Case, finding: Finding, settings: Settings, rings: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Draw some rings of a run: one plain document for each, by name, which a page or a report shows."""
    return draw_from(recent(case.logs, settings.expire_days), finding, settings, rings)


def draw_from(
    logs: Logs, finding: Finding, settings: Settings, rings: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """Draw some rings of what was found in logs."""
    wanted = set(rings)
    numbers = {name: number for number, name in finding.names.items()}
    kinds, _ = chosen_kinds(settings.evidence)
    return draw_rings(
        {numbers[ring.ring]: ring for ring in finding.rings if ring.ring in wanted},
        logs,
        kinds,
        finding.evidence,
        finding.membership,
        calibration_of(settings.scores),
        seed=settings.seed,
    )


def picture(case: Case, finding: Finding, settings: Settings, ring: str) -> dict[str, Any]:
    """Give the picture of a ring: the one that was kept with the run or, where there is none, one drawn now."""
    kept = case.pictures().get(ring)
    document: dict[str, Any] = json.loads(kept) if kept else {}
    if document.get("version") != PICTURES:
        document = draw(case, finding, settings, [ring])[ring]
    return document


def standing(case: Case, finding: Finding, settings: Settings) -> dict[str, dict[str, Any]]:
    """Say of each ring what is known beside the run: precedents among judged rings, and paths to accounts known bad."""
    kinds, _ = chosen_kinds(settings.evidence)
    said = {subject: judgement for subject, judgement, *_ in case.judgements()}
    evidence, membership = finding.evidence, finding.membership
    before = precedents(
        finding.names, said, case.precedents(), kinds=kinds, evidence=evidence, membership=membership
    )
    seen = Said(case).members_when_judged()
    confirmed = {name: seen.get(name, frozenset()) for name, word in said.items() if word == "confirm"}
    paths = paths_to_known_bad(
        finding.names, confirmed, kinds=kinds, logs=case.logs, evidence=evidence, membership=membership
    )
    return {
        name: {"precedents": before.get(name, []), "known_bad": paths.get(name, [])}
        for name in finding.names.values()
    }


def rings_changed(case: Case, finding: Finding, *, who: str) -> tuple[list[Ring], int]:
    """List the rings to which something happened since somebody looked, and up to which turn that is.

    Args:
        case: an open case.
        finding: its rings.
        who: whose looks count.
    """
    lives = Lives(case)
    happenings = lives.happenings(after=lives.looked(who))
    last = happenings[-1].number if happenings else lives.looked(who)
    return changed(finding.rings, judged(lives.ended(), case), happenings), last


def look(path: Path, settings: Settings, *, who: str, turn: int) -> None:
    """Note in a case up to which turn somebody has looked."""
    with open_case(path, wait=settings.wait) as case, case.changing():
        Lives(case).look(who, turn)


def judged_rings(case: Case, finding: Finding) -> list[Ring]:
    """List the rings of a case, those that ended among them, with what people said of them."""
    return [*finding.rings, *judged(Lives(case).ended(), case)]


def _keep(
    case: Case,
    finding: Finding,
    settings: Settings,
    pictures: Mapping[str, Mapping[str, Any]],
    *,
    full: bool,
) -> None:
    """Store a run, and what became of the rings of the one before."""
    _keep_precedents(case)
    Lives(case).keep(finding.rings, finding.marks, finding.turns, end_handed(case) or end_of(case.logs))
    case.remember(
        {
            **_worked_out(case, finding, settings, full=full),
            **{name: getattr(finding.membership, name) for name in _MEMBERSHIP},
        },
        [ring.document(members=True) | {"signals": ring.signals} for ring in finding.rings],
        finding.names,
    )
    case.keep_pictures(pictures, anew=True)
    case.note("run", _key(case, settings))
    case.note("program", __version__)
    seconds = progress.took()
    if seconds:
        case.note("seconds", json.dumps(seconds))


def _is_of_another_program(case: Case) -> bool:
    return case.fact("program") != __version__


def _worked_out(case: Case, finding: Finding, settings: Settings, *, full: bool) -> dict[str, Table]:
    """Give the tables of evidence that a case does not have yet."""
    if full:
        case.note(FACT, "")
    if finding.activity is not None and case.fact(HANDED) is None:
        return keep_unchanged(case, finding.evidence, finding.activity, settings)
    case.note("skipped", json.dumps(finding.evidence.skipped))
    return {name: getattr(finding.evidence, name) for name in EVIDENCE}


def _state(case: Case) -> tuple[str | None, ...]:
    """Say what a run depends on and changes: where it is another afterwards, somebody was quicker."""
    return tuple(case.fact(name) for name in ("data", "runs", "run"))


def _keep_precedents(case: Case) -> None:
    """Before a run takes the last one's place, keep what its judged rings shared: they may not be found again."""
    said = {subject for subject, *_ in case.judgements()}
    judged = {
        number: document["ring"] for number, document in case.recall_rings() if document["ring"] in said
    }
    if judged:
        run = Evidence(**case.recall(EVIDENCE), skipped=())
        case.keep_precedents(telling_identifiers(judged, run, Membership(**case.recall(_MEMBERSHIP))))


def _worth_drawing(finding: Finding) -> list[str]:
    return [ring.ring for ring in finding.rings if ring.score >= DRAWN_FROM or ring.judgement]


def _key(case: Case, settings: Settings) -> str:
    """Write down what a run depends on: the program, the rows, the settings; not on how rows were read."""
    knobs = settings.model_dump_json(exclude={"columns", "memory", "sharing", "wait"})
    parts = (__version__, *EVIDENCE, *_MEMBERSHIP, case.fact("data"), knobs)
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def _remembered(case: Case) -> Finding:
    skipped = tuple(json.loads(case.fact("skipped") or "[]"))
    rings = case.recall_rings()
    return Finding(
        judged((Ring.of_document(document) for _, document in rings), case),
        Evidence(**case.recall(EVIDENCE), skipped=skipped),
        Membership(**case.recall(_MEMBERSHIP)),
        {number: document["ring"] for number, document in rings},
    )
