"""The rooms in order; the only file that knows the whole way."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from graphs import StarGraph, find_communities
from linkage import __version__, progress
from linkage.decisions.allowlist import allowed_accounts, can_be_met
from linkage.decisions.history import History, tell_history
from linkage.decisions.judgements import with_judgements
from linkage.decisions.policy import Decision, decide
from linkage.decisions.said import Said
from linkage.errors import DataError
from linkage.events import examine_source
from linkage.events.contract import TABLES
from linkage.evidence.ageing import recent
from linkage.evidence.collect import Evidence, collect_evidence
from linkage.evidence.decoys import shuffled
from linkage.evidence.freeze import freeze_frequencies, kinds_to_freeze
from linkage.evidence.kinds import chosen_kinds
from linkage.exports.format import Entry
from linkage.links import link_accounts
from linkage.pairs import pair_accounts
from linkage.pictures.draw import VERSION as PICTURES
from linkage.pictures.draw import draw_rings
from linkage.pictures.standing import paths_to_known_bad, precedents, telling_identifiers
from linkage.rings.find import find_rings
from linkage.rings.identity import name_rings
from linkage.rings.lineage import (
    WORTH_KNOWING,
    Doings,
    Mark,
    Turn,
    follow,
    marks_by_ring,
    recognise,
)
from linkage.rings.lives import Lives, changed, with_turns
from linkage.rings.membership import Membership
from linkage.rings.ring import Ring
from linkage.rings.summary import oldest_first
from linkage.scores.combine import calibration_of, score_rings
from linkage.scores.observe import observe
from linkage.sharing.audit import record
from linkage.sharing.matching import match
from linkage.sharing.outgoing import draft
from linkage.sharing.records import Records
from linkage.store import Case, check_place, open_case
from linkage.tables import Logs, Table, derive, from_arrow, open_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from linkage.events import Reading
    from linkage.settings import Settings
    from linkage.sharing.hub_in_use import HubInUse
    from linkage.sharing.matching import Match
    from linkage.sharing.model import Tlp
    from linkage.sharing.outgoing import Draft

_INPUTS = {name: table.checked_columns for name, table in TABLES.items()}
_EVIDENCE = tuple(each.name for each in fields(Evidence) if each.name != "skipped")
_BANNED = ("banned", "blocked", "closed", "disabled", "suspended", "terminated")
"""What logs write of accounts that were stopped."""
_MEMBERSHIP = tuple(each.name for each in fields(Membership))
DRAWN_FROM = 0.5
"""The score from which a ring is drawn when a run is stored; others are drawn when somebody asks."""


@dataclass(frozen=True)
class Finding:
    """What a run found.

    Args:
        rings: best first.
        evidence: what accounts share.
        membership: who belongs to which ring, by number, and why.
        names: the name of each ring number.
        turns: what became of each ring since the run before, where this is a new run.
        marks: what ties each ring, by name.
    """

    rings: tuple[Ring, ...]
    evidence: Evidence
    membership: Membership
    names: Mapping[int, str]
    turns: tuple[Turn, ...] = ()
    marks: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)


@contextmanager
def read(sources: Sequence[str], settings: Settings) -> Iterator[Reading]:
    r"""Read and check sources into a database that is gone afterwards.

    >>> from linkage.settings import Settings
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "events.csv").write_text("account_id,timestamp\na,2026-09-03T01:12:09Z\na,soon\n")
    ...     with read([folder], Settings()) as reading:
    ...         print(len(reading["events"]), len(reading.quarantine))
    1 1
    """
    with tempfile.TemporaryDirectory(prefix="linkage-") as folder:
        database = open_database(Path(folder) / "scratch.duckdb", memory=settings.memory)
        try:
            yield examine_source(database, sources, settings.columns)
        finally:
            database.close()


def ingest(
    sources: Sequence[str], path: Path, settings: Settings, *, tell: Callable[[Reading], None] | None = None
) -> int:
    """Add sources to a case; all of it or, where a file cannot be used, nothing.

    Rows that the case already holds change nothing.

    Args:
        sources: folders, files, globs, URLs.
        path: the case file; made where there is none.
        settings: every knob.
        tell: called with what was read, before anything is stored or refused.

    Returns:
        How many rows are new to the case.

    Raises:
        DataError: naming every file that cannot be used; the case is as it was before.
    """
    check_place(path, wait=settings.wait)
    with read(sources, settings) as reading:
        if tell is not None:
            tell(reading)
        reading.or_raise()
        progress.at("storing")
        # Reading may take hours, storing takes moments: only then is the case closed to others.
        scratch = reading.quarantine.database
        with open_case(path, _INPUTS, wait=settings.wait, within=scratch) as case:
            return case.add(reading.tables, reading.quarantine, [astuple(file) for file in reading.files])


def logs_of(reading: Reading) -> Logs:
    """Name the checked tables of a reading."""
    return Logs(**{name: reading.tables[name] for name in Logs.__dataclass_fields__})


def find(logs: Logs, settings: Settings, *, case: Case | None = None) -> Finding:
    """Go the whole way from checked tables to scored rings.

    Args:
        logs: the checked tables.
        settings: every knob.
        case: where earlier rings and judgements come from; none when None.
    """
    logs = recent(logs, settings.expire_days)
    kinds, effective = chosen_kinds(settings.evidence)
    evidence = collect_evidence(logs, kinds, effective)
    membership = group(evidence, settings)
    lives = Lives(case).all() if case else {}
    confirmed = frozenset(name for name, word in last_words(case).items() if word == "confirm")
    ended = frozenset(name for name, life in lives.items() if life.ended)
    worth = {name: lives[name] for name in ended if lives[name].score >= WORTH_KNOWING or name in confirmed}
    marks = marks_by_ring(membership, evidence)
    names = name_rings(
        oldest_first(membership, evidence),
        earlier={name: life.members for name, life in lives.items()},
        ended=ended,
        recognised={number: recognise(found, worth) for number, found in marks.items()},
    )
    rings = score_rings(
        membership,
        evidence,
        observe(logs, evidence),
        kinds,
        settings.scores,
        names=names,
        known=frozenset(lives),
        decoys=tuple(decoy_groups(evidence, settings)) if names else (),
        allowed=allowed_accounts(logs, evidence),
        seed=settings.seed,
    )
    named = {name: marks.get(number, ()) for number, name in names.items()}
    turns = tuple(follow(rings, named, lives, _doings(logs, evidence), confirmed=confirmed))
    rings = _judged(with_turns(rings, turns), case)
    return Finding(rings, evidence, membership, names, turns, named)


def group(evidence: Evidence, settings: Settings) -> Membership:
    """Go from what accounts share to who belongs together, and how sure that is."""
    links = link_accounts(evidence, settings.links)
    communities = _communities(links.spokes, evidence, settings, settings.links.resolution)
    guide = _communities(links.exclusive(), evidence, settings, settings.links.exclusive_resolution)
    others = []
    if settings.pairs.on:
        spokes = pair_accounts(evidence, settings.pairs)
        others.append(_communities(spokes, evidence, settings, settings.pairs.resolution))
    return find_rings(communities, guide, evidence, settings.rings, others)


def decoy_groups(evidence: Evidence, settings: Settings) -> Iterator[Membership]:
    """Group worlds in which only chance links accounts, for the rings to be held against.

    One run of the search is enough there: nobody is told of these groups.
    """
    once = settings.model_copy(update={"links": settings.links.model_copy(update={"seeds": 1})})
    for number in range(settings.scores.decoys):
        yield group(shuffled(evidence, seed=settings.seed + number), once)


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
    finding = find(case.logs, settings, case=case)
    pictures = draw(case, finding, settings, _worth_drawing(finding))
    with case.changing():
        _keep(case, finding, _key(case, settings), pictures)
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
            case.copy_to(copy)
        with open_case(copy, memory=settings.memory) as scratch:
            finding = find(scratch.logs, settings, case=scratch)
            pictures = draw(scratch, finding, settings, _worth_drawing(finding))
            progress.at("storing what was found")
            with open_case(path, wait=settings.wait, within=scratch.database) as case:
                kept = _state(case) == state
                if kept:
                    with case.changing():
                        _keep(case, finding, key, pictures)
                else:
                    progress.tell(
                        f"the case {path} has changed while rings were looked for: these are as it was before; "
                        "look again"
                    )
                judged = _judged(finding.rings, case)
            if kept:  # what is asked next is asked of the copy
                with scratch.changing():
                    _keep(scratch, finding, key, pictures)
            yield scratch, replace(finding, rings=judged)


def last_run(case: Case, settings: Settings) -> Finding | None:
    """Give what the last run of a case found; None where its rows or settings have changed since."""
    return _remembered(case) if case.fact("run") == _key(case, settings) else None


def draw(case: Case, finding: Finding, settings: Settings, rings: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Draw some rings of a run: one plain document for each, by name, which a page or a report shows."""
    return draw_from(case.logs, finding, settings, rings)


def draw_from(
    logs: Logs, finding: Finding, settings: Settings, rings: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """Draw some rings of what was found in logs."""
    logs = recent(logs, settings.expire_days)
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
    confirmed = frozenset(name for name, judgement in said.items() if judgement == "confirm")
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
    return changed(finding.rings, _judged(lives.ended(), case), happenings), last


def look(path: Path, settings: Settings, *, who: str, turn: int) -> None:
    """Note in a case up to which turn somebody has looked."""
    with open_case(path, wait=settings.wait) as case, case.changing():
        Lives(case).look(who, turn)


def judged_rings(case: Case, finding: Finding) -> list[Ring]:
    """List the rings of a case, those that ended among them, with what people said of them."""
    return [*finding.rings, *_judged(Lives(case).ended(), case)]


def judge(case: Case, subject: str, judgement: str, *, reason: str, by: str, at: datetime) -> str:  # noqa: PLR0913 - what a record of it holds
    """Write down what a person decided of a ring or an account, and give its name as the case has it.

    Args:
        case: an open case.
        subject: the ring or the account.
        judgement: ``confirm``, ``dismiss`` or ``watch``; ``undo`` takes back what was said of it last.
        reason: why.
        by: who says so.
        at: when.

    Raises:
        DataError: the case has no such ring or account, or there is nothing to take back.
    """
    return judge_all(case, [subject], judgement, reason=reason, by=by, at=at)[0]


def judge_all(  # noqa: PLR0913 - what a record of it holds
    case: Case, subjects: Sequence[str], judgement: str, *, reason: str, by: str, at: datetime
) -> list[str]:
    """Write down what a person decided of several rings and accounts, of all or of none; as ``judge``."""
    rings = {ring.ring: ring for ring in Lives(case).ended()}
    documents = {name: ring.document(members=True) for name, ring in rings.items()}
    documents |= {document["ring"]: document for _, document in case.recall_rings()}
    names = [_subject(case, subject, documents) for subject in dict.fromkeys(subjects)]
    with case.changing():
        standing = {subject for subject, *_ in case.judgements()}
        bare = [name for name in names if judgement == "undo" and name not in standing]
        if bare:
            raise DataError(f"nothing was said that could be taken back of {', '.join(bare)}")
        for name in dict.fromkeys(names):
            Said(case).judge(
                name, judgement, reason=reason, by=by, at=at,
                ring=documents.get(name) if judgement != "undo" else None,
            )  # fmt: skip
            record(case, "judge", at=at, by=by, subject=name, judgement=judgement, reason=reason)
    return names


def last_words(case: Case | None) -> dict[str, str]:
    """Say what was said last of each ring and account, and not taken back."""
    return {subject: judgement for subject, judgement, *_ in (case.judgements() if case else ())}


def allow(  # noqa: PLR0913 - what a record of it holds
    case: Case, kind: str, value: str, *, reason: str, until: datetime | None, by: str, at: datetime
) -> None:
    """Put an entry on the allowlist of a case, in place of one for the same value; the next run sees it.

    Raises:
        DataError: the value can never be met in logs.
    """
    if not can_be_met(kind, value):
        raise DataError(
            f"no log can show this as {kind}: write it as the logs do, such as 198.51.100.7 or AS64500"
        )
    with case.changing():
        Said(case).allow(kind, value, reason, until, by=by, at=at)
        ends = f"{until:%Y-%m-%d}" if until else None
        record(
            case, "allow", at=at, by=by, kind=kind, value=_inert_value(kind, value), reason=reason, until=ends
        )


def take_back(case: Case, kind: str, value: str, *, reason: str, by: str, at: datetime) -> None:  # noqa: PLR0913 - as above
    """Take an entry off the allowlist of a case.

    Raises:
        DataError: there is no such entry.
    """
    with case.changing():
        if not Said(case).take_back(kind, value, reason, by=by, at=at):
            raise DataError("the allowlist has no such entry: 'linkage allow' lists all")
        record(
            case,
            "allow",
            at=at,
            by=by,
            kind=kind,
            value=_inert_value(kind, value),
            reason=reason,
            taken_back=True,
        )


def decide_in(
    logs: Logs, finding: Finding, *, block_at: float, rings: Sequence[str] = (), case: Case | None = None
) -> list[Decision]:
    """Decide for the members of the named rings, or of all."""
    chosen = [ring for ring in finding.rings if not rings or ring.ring in rings]
    missing = set(rings) - {ring.ring for ring in chosen}
    if missing:
        raise DataError(
            f"there is no ring {', '.join(sorted(missing))}; 'linkage rings --min-score 0' lists them"
        )
    return decide(
        chosen,
        block_at=block_at,
        allowed=allowed_accounts(logs, finding.evidence),
        judgements=last_words(case),
        judged=Said(case).members_when_judged() if case else None,
    )


def draft_for(  # noqa: PLR0913 - what a partner's list depends on
    case: Case,
    finding: Finding,
    settings: Settings,
    *,
    rings: Sequence[str],
    partner: str,
    tlp: Tlp,
    block_at: float,
    unreviewed: bool,
    now: datetime,
    hub: HubInUse | None = None,
    private_addresses: bool = False,
) -> Draft:
    """Draft a list for a partner lab.

    Args:
        case: an open case.
        finding: its rings.
        settings: every knob.
        rings: which go out; all confirmed ones where none is named, or with ``unreviewed`` all of the score.
        partner: for whom.
        tlp: how far it may be passed on.
        block_at: the score from which members are blocked where nobody confirmed the ring.
        unreviewed: whether rings that nobody confirmed may go out.
        now: the time, in UTC.
        hub: makes the tokens of what could be found by trying all there is.
        private_addresses: whether addresses go out as such tokens.

    Raises:
        DataError: no ring is to go out.
    """
    chosen = (
        [ring for ring in finding.rings if ring.ring in rings]
        if rings
        else [
            ring
            for ring in finding.rings
            if ring.judgement == "confirm"
            or (unreviewed and ring.score >= block_at and ring.judgement is None)
        ]
    )
    gone = sorted(set(rings) & set(Records(case).revoked()))
    if gone:
        raise DataError(f"{', '.join(gone)} was taken back and is not shared again under this name")
    told = set(Records(case).shared(partner))
    # What a partner was told of before is told anew as it is now: a list says all that counts.
    named = {ring.ring for ring in chosen}
    chosen += [ring for ring in finding.rings if ring.ring in told - named and ring.judgement == "confirm"]
    # A ring that is no longer found may only be banned and gone: it stands until a person says otherwise.
    lapsed = {ring.ring for ring in finding.rings if ring.ring in told and ring.judgement == "watch"}
    if not chosen and not told:
        raise DataError(
            "no ring was confirmed: look at one with 'linkage ring', then 'linkage judge RING confirm --reason TEXT'"
        )
    decisions = decide_in(case.logs, finding, block_at=block_at, case=case)
    model = calibration_of(settings.scores).version
    return draft(
        case,
        case.logs,
        finding.evidence,
        chosen,
        decisions,
        settings.sharing,
        partner=partner,
        tlp=tlp,
        score_model=model,
        now=now,
        unreviewed=unreviewed,
        hub=hub,
        private_addresses=private_addresses,
        lapsed=lapsed,
    )


def match_partners(
    case: Case, settings: Settings, *, by: str, now: datetime, hub: HubInUse | None = None
) -> list[Match]:
    """Hold what partners' lists say against the accounts of a case; what follows is evidence of the next run."""
    kinds, _ = chosen_kinds(settings.evidence)
    return match(case, case.logs, kinds, settings.sharing, by=by, now=now, hub=hub)


def entries(decisions: Iterable[Decision]) -> list[Entry]:
    """Write decisions as the entries of a blocklist."""
    return [
        Entry(
            account_id=each.account_id,
            ring=each.ring.ring,
            action=each.decision,
            score=each.ring.score,
            confidence=each.member.confidence,
            first_seen=each.ring.first_seen,
            last_seen=each.ring.last_seen,
            reason=each.reason,
        )
        for each in decisions
    ]


def _keep(case: Case, finding: Finding, key: str, pictures: Mapping[str, Mapping[str, Any]]) -> None:
    """Store a run, and what became of the rings of the one before."""
    _keep_precedents(case)
    people = finding.evidence.people
    (last,) = people.one(f"select max(last_seen) from {people.name} where not reference")
    Lives(case).keep(finding.rings, finding.marks, finding.turns, last)
    case.remember(
        {
            **{name: getattr(finding.evidence, name) for name in _EVIDENCE},
            **{name: getattr(finding.membership, name) for name in _MEMBERSHIP},
        },
        [ring.document(members=True) | {"signals": ring.signals} for ring in finding.rings],
        finding.names,
    )
    case.keep_pictures(pictures, anew=True)
    case.note("skipped", json.dumps(finding.evidence.skipped))
    case.note("run", key)
    seconds = progress.took()
    if seconds:
        case.note("seconds", json.dumps(seconds))


def _judged(rings: Iterable[Ring], case: Case | None) -> tuple[Ring, ...]:
    return with_judgements(rings, case.judgements(), Said(case).judged()) if case else tuple(rings)


def _state(case: Case) -> tuple[str | None, ...]:
    """Say what a run depends on and changes: where it is another afterwards, somebody was quicker."""
    return tuple(case.fact(name) for name in ("data", "runs", "run"))


def _doings(logs: Logs, evidence: Evidence) -> Doings:
    """Say when accounts acted, and which of them the logs call banned."""
    rows = derive(
        "select account_id, first_seen, last_seen from people where not reference", people=evidence.people
    ).rows()
    banned = derive(
        "select account_id from accounts where list_contains(?, lower(trim(status)))",
        [list(_BANNED)],
        accounts=logs.accounts,
    ).rows()
    return Doings(
        {account: first for account, first, _ in rows},
        {account: last for account, _, last in rows},
        frozenset(account for (account,) in banned),
    )


def _subject(case: Case, subject: str, rings: Iterable[str]) -> str:
    """Write the name of a ring or an account as the case has it."""
    ring = subject.strip().upper()
    if ring in rings:
        return ring
    if _has_account(case, subject):
        return subject
    raise DataError(
        "the case has no such ring or account: look for rings with 'linkage rings' first, and check the spelling; "
        "capitals matter in accounts"
    )


def allowlist(case: Case) -> list[dict[str, object]]:
    """List the entries of the allowlist, as plain values."""
    return [
        {"kind": kind, "value": value, "reason": reason, "until": until and f"{until:%Y-%m-%dT%H:%M:%SZ}"}
        for kind, value, reason, until in Said(case).allowlist()
    ]


def history(case: Case, ring: str) -> History:
    """Tell the life of a ring, also of one that ended.

    Raises:
        DataError: the case remembers no such ring.
    """
    name, lives, listed = ring.strip().upper(), Lives(case), case.recall_rings()
    if name.isascii() and name.isdigit() and 1 <= int(name) <= len(listed):
        name = listed[int(name) - 1][1]["ring"]
    life = lives.all().get(name)
    if life is None:
        raise DataError(
            "the case remembers no such ring; 'linkage rings --min-score 0' lists those of the last run"
        )
    return tell_history(life, lives.happenings(name), [document for _, document, _ in Records(case).audit()])


def _inert_value(kind: str, value: str) -> str:
    """Write a listed value for the audit log, which holds no address, card or text."""
    return (
        value
        if kind in {"account", "org", "asn"}
        else f"sha256 {hashlib.sha256(value.encode()).hexdigest()[:16]}"
    )


def _worth_drawing(finding: Finding) -> list[str]:
    return [ring.ring for ring in finding.rings if ring.score >= DRAWN_FROM or ring.judgement]


def _keep_precedents(case: Case) -> None:
    """Before a run takes the last one's place, keep what its judged rings shared: they may not be found again."""
    said = {subject for subject, *_ in case.judgements()}
    judged = {
        number: document["ring"] for number, document in case.recall_rings() if document["ring"] in said
    }
    if judged:
        run = Evidence(**case.recall(_EVIDENCE), skipped=())
        case.keep_precedents(telling_identifiers(judged, run, Membership(**case.recall(_MEMBERSHIP))))


def _has_account(case: Case, account_id: str) -> bool:
    found = derive(
        """
        (select account_id from accounts where account_id = ? limit 1)
        union all
        (select account_id from events where account_id = ? limit 1)
        union all
        (select account_id from payments where account_id = ? limit 1)
        """,
        [account_id] * 3,
        accounts=case.logs.accounts,
        events=case.logs.events,
        payments=case.logs.payments,
    )
    return len(found) > 0


def _key(case: Case, settings: Settings) -> str:
    """Write down what a run depends on: the program, the rows, the settings; not on how rows were read."""
    knobs = settings.model_dump_json(exclude={"columns", "memory", "sharing", "wait"})
    parts = (__version__, *_EVIDENCE, *_MEMBERSHIP, case.fact("data"), knobs)
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def _remembered(case: Case) -> Finding:
    skipped = tuple(json.loads(case.fact("skipped") or "[]"))
    rings = case.recall_rings()
    return Finding(
        _judged((Ring.of_document(document) for _, document in rings), case),
        Evidence(**case.recall(_EVIDENCE), skipped=skipped),
        Membership(**case.recall(_MEMBERSHIP)),
        {number: document["ring"] for number, document in rings},
    )


def _communities(spoke_table: Table, evidence: Evidence, settings: Settings, resolution: float) -> Table:
    """Hand what holds accounts together to the graph half, and bring the groups back as a table."""
    progress.at("finding communities")
    spokes = spoke_table.arrow("account, centre")
    graph = StarGraph.of(
        spokes["account"].to_numpy(),
        spokes["centre"].to_numpy(),
        spokes["weight"].to_numpy(),
        left=len(evidence.people),
    )
    knobs = settings.links
    found = find_communities(
        graph,
        resolution=resolution,
        seeds=[settings.seed + number for number in range(knobs.seeds)],
        engine=knobs.engine,
        agreement=knobs.agreement,
    )
    grouped = np.flatnonzero(found.labels >= 0)
    return from_arrow(
        evidence.people.database, pa.table({"account": grouped, "community": found.labels[grouped]})
    )


def freeze(logs: Logs, settings: Settings, *, kinds: Sequence[str] = ()) -> Table:
    """Count how many accounts of an earlier period held each identifier, for use as a reference.

    Args:
        logs: the checked tables of that period.
        settings: every knob.
        kinds: names of the kinds to freeze; without any, those whose identifiers may be seen by others.

    Returns:
        kind, identifier, accounts, total.
    """
    known, effective = chosen_kinds(settings.evidence)
    return freeze_frequencies(logs, kinds_to_freeze(known, kinds), effective)
