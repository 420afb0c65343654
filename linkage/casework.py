"""What people do with a case: judge, allow, decide, share; each is written into the audit log."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from linkage import handed
from linkage.decisions.allowlist import allowed_accounts, can_be_met
from linkage.decisions.history import History, tell_history
from linkage.decisions.policy import Decision, decide
from linkage.decisions.said import Said, last_words
from linkage.errors import DataError
from linkage.evidence.kinds import chosen_kinds
from linkage.exports.format import Entry
from linkage.rings.lives import Lives
from linkage.rings.places import at_place
from linkage.scores.combine import calibration_of
from linkage.sharing.audit import record
from linkage.sharing.drafting import draft
from linkage.sharing.matching import match
from linkage.sharing.records import Records
from linkage.tables import Logs, derive

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from linkage.pipeline import Finding
    from linkage.settings import Settings
    from linkage.sharing.drafting import Draft
    from linkage.sharing.hub_in_use import HubInUse
    from linkage.sharing.matching import Match
    from linkage.sharing.model import Tlp
    from linkage.store import Case


def judge(case: Case, subject: str, judgement: str, *, reason: str, by: str, at: datetime) -> str:  # noqa: PLR0913 - what a record of it holds
    """Write down what a person decided of a ring or an account, and give its name as the case has it.

    Args:
        case: an open case.
        subject: the account, or the ring by its name or its place in the list of the last run.
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
    names = list(dict.fromkeys(_subject(case, subject, documents) for subject in subjects))
    with case.changing():
        standing = {subject for subject, *_ in case.judgements()}
        bare = [name for name in names if judgement == "undo" and name not in standing]
        if bare:
            raise DataError(f"nothing was said that could be taken back of {', '.join(bare)}")
        for name in names:
            Said(case).judge(
                name, judgement, reason=reason, by=by, at=at,
                ring=documents.get(name) if judgement != "undo" else None,
            )  # fmt: skip
            record(case, "judge", at=at, by=by, subject=name, judgement=judgement, reason=reason)
    return names


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
    lives = Lives(case)
    name = at_place(ring, _listed(case)) or ring.strip().upper()
    life = lives.all().get(name)
    if life is None:
        raise DataError(
            "the case remembers no such ring; 'linkage rings --min-score 0' lists those of the last run"
        )
    return tell_history(life, lives.happenings(name), [document for _, document, _ in Records(case).audit()])


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
        allowed=allowed_accounts(logs, finding.evidence, handed.end_handed(case)),
        judgements=last_words(case),
        judged=Said(case).members_when_judged() if case else None,
        cleared=Said(case).cleared() if case else None,
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


def _subject(case: Case, subject: str, rings: Iterable[str]) -> str:
    """Write the name of a ring or an account as the case has it."""
    ring = subject.strip().upper()
    if ring in rings:
        return ring
    # An account may be a number, too, and then there is no other way to name it.
    if _has_account(case, subject):
        return subject
    placed = at_place(subject, _listed(case))
    if placed is not None:
        return placed
    raise DataError(
        "the case has no such ring or account: look for rings with 'linkage rings' first, and check the spelling; "
        "capitals matter in accounts"
    )


def _listed(case: Case) -> list[str]:
    """Name the rings of the last run, best first."""
    return [document["ring"] for _, document in case.recall_rings()]


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
    return len(found) > 0 or handed.has_account(case, account_id)


def _inert_value(kind: str, value: str) -> str:
    """Write a listed value for the audit log, which holds no address, card or text."""
    return (
        value
        if kind in {"account", "org", "asn"}
        else f"sha256 {hashlib.sha256(value.encode()).hexdigest()[:16]}"
    )
