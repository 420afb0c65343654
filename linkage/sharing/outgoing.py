"""Lists to partners: what goes out, under which number, and what stands in the case of it afterwards."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from linkage.errors import DataError, SettingsError
from linkage.inert import inert
from linkage.sharing.audit import record
from linkage.sharing.feedback import FEEDBACK, write_feedback
from linkage.sharing.gates import Held
from linkage.sharing.keyring import keyring
from linkage.sharing.manifest import Manifest
from linkage.sharing.model import Package, SharedRing, Tlp
from linkage.sharing.proposal import Sources, propose
from linkage.sharing.records import List, Records
from linkage.sharing.remembered_tokens import RememberedTokens
from linkage.sharing.staged import staged
from linkage.sharing.stix_feedback import STIX_FEEDBACK, write_stix_feedback
from linkage.sharing.tokens import epoch_of, framed
from linkage.sharing.vanished import with_vanished
from linkage.sharing.views import VIEWS, view_named
from linkage.sharing.warninglists import WarningLists

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from linkage.decisions.policy import Decision
    from linkage.evidence.collect import Evidence
    from linkage.rings.ring import Ring
    from linkage.settings import SharingSettings
    from linkage.sharing.feedback import Feedback
    from linkage.sharing.hub_in_use import HubInUse
    from linkage.sharing.keyring import Keyring
    from linkage.store import Case
    from linkage.tables import Logs


_RINGS = TypeAdapter(SharedRing)
"""Writes what a partner was told of a ring into the case, and reads it back."""


@dataclass(frozen=True)
class Draft:
    """A list that could go out now.

    Args:
        package: all that it tells.
        held: what was held back, and why.
        values: kind and value of each selector, as only we know it.
        new: rings that this partner has not been told of.
        changed: rings of which something else is said than in the last list.
        taken_back: rings that are revoked.
    """

    package: Package
    held: tuple[Held, ...]
    values: frozenset[tuple[str, str]]
    new: tuple[str, ...]
    changed: tuple[str, ...]
    taken_back: tuple[str, ...]


@dataclass(frozen=True)
class Sent:
    """What was written.

    Args:
        sequence: the how-manieth list to this partner it is.
        again: it says the same as the last one, and is the same to the byte.
        files: how many files.
        size: bytes of all.
    """

    sequence: int
    again: bool
    files: int
    size: int


def draft(  # noqa: PLR0913, PLR0917 - what a list depends on
    case: Case,
    logs: Logs,
    evidence: Evidence,
    rings: Sequence[Ring],
    decisions: Sequence[Decision],
    settings: SharingSettings,
    *,
    partner: str,
    tlp: Tlp,
    score_model: str,
    now: datetime,
    unreviewed: bool = False,
    hub: HubInUse | None = None,
    private_addresses: bool = False,
    lapsed: Collection[str] = (),
) -> Draft:
    """Put together what a partner would be told now: these rings, and news of those it was told of before.

    Args:
        case: an open case.
        logs: its tables.
        evidence: what accounts share.
        rings: those to go out.
        decisions: of all rings' members.
        settings: our name, partners, and for how long things count.
        partner: for whom.
        tlp: how far it may be passed on.
        score_model: the calibration.
        now: the time.
        unreviewed: rings that nobody confirmed may go out; the list says that they are such.
        hub: makes tokens of what could be found by trying all there is; without one, that is held back.
        private_addresses: addresses go out as such tokens, too, and not as they are.
        lapsed: rings that a person no longer stands by: they are taken back.

    Raises:
        SettingsError: we have no name, the partner is none of ours, or tokens of a hub are needed and something is
            missing for them.
        DataError: a ring was not confirmed, or nothing is left of it to share.
    """
    me = named(settings, partner)
    if private_addresses and hub is None:
        raise SettingsError(
            "sharing.hub: addresses can only be hidden with a hub; name it, or share them as they are"
        )
    keys = keyring(case)
    records = Records(case)
    said = records.last_judgements()
    gone = records.revoked() | {ring: "dismissed" for ring, word in said.items() if word == "dismiss"}
    _check_reviewed(rings, said, unreviewed=unreviewed)
    told = {ring: _RINGS.validate_json(document) for ring, document in records.shared(partner).items()}
    standing = [ring for ring in rings if ring.ring not in gone]
    sources = Sources(
        logs,
        evidence,
        created=records.created(),
        reviewers=records.reviewers(),
        ids=keys.ids,
        key=keys.pair(partner, now) if partner in keys.pairs else None,
        lists=WarningLists({"own": settings.own_networks}, examples=settings.documentation_addresses),
        settings=settings,
        hub=partial(RememberedTokens(case, hub).tokens, epoch_of(now)) if hub else None,
        hub_key_id=hub.key_id(epoch_of(now)) if hub else "",
        private_addresses=private_addresses,
    )
    proposal = propose(standing, decisions, sources, now)
    empty = {ring.ring for ring in proposal.rings if not ring.selectors and not ring.members}
    # A ring of which nobody is to be blocked any more is taken back, too.
    gone |= dict.fromkeys(empty, "nobody left to block") | dict.fromkeys(lapsed, "no longer confirmed")
    if empty and not told and len(empty) == len(proposal.rings):
        raise DataError(
            f"nothing is left of {', '.join(sorted(empty))} to share: no member of it is to be blocked"
        )
    words = _Words(tlp.value, settings.terms, score_model)
    anew = bool(told) and words != _Words.last_told(case, partner)
    whole = [
        with_vanished(ring, told.get(ring.ring), now) for ring in proposal.rings if ring.ring not in empty
    ]
    fresh = {ring.ring: _dated(ring, told.get(ring.ring), anew=anew) for ring in whole}
    revoked = {name: _revoked(ring, now) for name, ring in told.items() if name in gone}
    kept = {
        name: replace(ring, modified=max(now, ring.modified + timedelta(seconds=1))) if anew else ring
        for name, ring in told.items()
        if name not in fresh and name not in revoked
    }
    package = Package(
        producer=me,
        recipient=partner,
        tlp=tlp,
        rings=tuple(ring for _, ring in sorted((kept | revoked | fresh).items())),
        score_model=score_model,
        terms=settings.terms,
    )
    return Draft(
        package,
        proposal.held,
        proposal.values,
        new=tuple(sorted(fresh.keys() - told.keys())),
        changed=tuple(sorted(name for name in fresh.keys() & told.keys() if fresh[name] != told[name])),
        taken_back=tuple(sorted(name for name in revoked if not told[name].revoked)),
    )


def send(  # noqa: PLR0913 - where it goes, how, who says so and when
    case: Case,
    drafted: Draft,
    to: Path,
    settings: SharingSettings,
    *,
    by: str,
    now: datetime,
    also: Sequence[str] = (),
) -> Sent:
    """Write a list as a signed directory, whole or not at all, and note in the case what was told.

    The same draft written again is the same to the byte, the signature included, as long as the last list has not
    expired.

    Args:
        case: an open case.
        drafted: what to tell.
        to: the directory.
        settings: for how many days a list may be imported.
        by: who sends it.
        now: the time.
        also: views that are written only where they are asked for.
    """
    package, keys, records = drafted.package, keyring(case), Records(case)
    views = dict.fromkeys([*(view for view in VIEWS if view.always), *map(view_named, also)])
    files = (file for view in views for file in view.files(package, keys.ids))
    letter = _Letter(package.producer, package.recipient, package.tlp, settings.days, now)

    def noted(issued: _Issued) -> None:
        records.keep_shared(
            package.recipient, ((ring.ring, _RINGS.dump_json(ring).decode()) for ring in package.rings)
        )
        records.keep_shared_values(value_digest(keys, *value) for value in drafted.values)
        _Words(package.tlp.value, package.terms, package.score_model).keep(case, package.recipient)
        record(
            case,
            "export",
            at=now,
            by=by,
            partner=package.recipient,
            sequence=issued.sequence,
            manifest=_digest(issued.document),
            tlp=package.tlp.value,
            rings=[ring.ring for ring in package.rings if not ring.revoked],
            revoked=[ring.ring for ring in package.rings if ring.revoked],
            again=issued.again,
        )

    return _go_out(case, files, to, letter, noted)


def send_feedback(  # noqa: PLR0913 - as ``send``
    case: Case,
    said: Sequence[Feedback],
    to: Path,
    settings: SharingSettings,
    *,
    partner: str,
    by: str,
    now: datetime,
) -> Sent:
    """Write what we say of a partner's rings as a signed list for that partner, which may not pass it on.

    Args:
        case: an open case.
        said: what is said.
        to: the directory.
        settings: our name, partners, and for how many days a list may be imported.
        partner: whose rings they are.
        by: who says so.
        now: the time.
    """
    letter = _Letter(named(settings, partner), partner, Tlp.amber_strict, settings.days, now)

    def noted(issued: _Issued) -> None:
        record(
            case,
            "dispute",
            at=now,
            by=by,
            partner=partner,
            sequence=issued.sequence,
            manifest=_digest(issued.document),
            feedback=[each.document() for each in said],
        )

    files = [(FEEDBACK, write_feedback(said))]
    ids = Records(case).ring_ids_of(partner)
    bundle = write_stix_feedback(said, ids, keyring(case).ids, me=letter.me, partner=partner, at=now)
    if bundle is not None:
        files.append((STIX_FEEDBACK, bundle))
    return _go_out(case, files, to, letter, noted)


@dataclass(frozen=True)
class _Words:
    """What stands in every object beside what is said of its ring; where it changes, each object is a new version."""

    tlp: str
    terms: str
    score_model: str

    @classmethod
    def last_told(cls, case: Case, partner: str) -> _Words | None:
        said = case.fact(f"words {partner}")
        return None if said is None else cls(**json.loads(said))

    def keep(self, case: Case, partner: str) -> None:
        case.note(f"words {partner}", json.dumps(vars(self), sort_keys=True))


@dataclass(frozen=True)
class _Letter:
    """From whom a list is, to whom, how far it may go, and for how many days from when it may be taken in."""

    me: str
    partner: str
    tlp: Tlp
    days: int
    now: datetime


@dataclass(frozen=True)
class _Issued:
    """A list with its number and signature, not yet written."""

    sequence: int
    document: bytes
    signature: bytes
    content: str
    again: bool

    def keep(self, records: Records, partner: str) -> None:
        if not self.again:
            records.keep_list("out", partner, List(self.sequence, self.document, self.content))


def _go_out(
    case: Case,
    files: Iterable[tuple[str, bytes]],
    to: Path,
    letter: _Letter,
    noted: Callable[[_Issued], None],
) -> Sent:
    """Write files as a signed directory, and note it in the case; both or neither."""
    with staged(to) as export:
        for path, content in files:
            export.add(path, content)
        issued = _issue(case, letter, export.digests)
        with case.changing():
            issued.keep(Records(case), letter.partner)
            noted(issued)
            # Last, so that a folder that cannot be written leaves no word of it in the case.
            export.publish(issued.document, issued.signature)
        return Sent(issued.sequence, issued.again, len(export.digests) + 2, export.size)


def _issue(case: Case, letter: _Letter, digests: Mapping[str, str]) -> _Issued:
    """Give a list the next number, or that of the last one where it says the same and has not expired."""
    content = _digest(repr((dict(sorted(digests.items())), letter.tlp.value)).encode())
    last = Records(case).last_list("out", letter.partner)
    again = last is not None and last.content == content and Manifest.of(last.manifest).expires > letter.now
    if last is not None and again:
        sequence, document = last.sequence, last.manifest
    else:
        sequence = last.sequence + 1 if last else 1
        document = Manifest(
            producer=letter.me,
            recipient=letter.partner,
            sequence=sequence,
            previous=_digest(last.manifest) if last else None,
            created=letter.now,
            expires=letter.now + timedelta(days=letter.days),
            tlp=letter.tlp,
            files=digests,
        ).document()
    comment = f"{letter.me} to {letter.partner} {sequence}"
    signature = keyring(case).signing.sign(document, trusted_comment=comment)
    return _Issued(sequence, document, signature, content, again)


def take_back(case: Case, ring: str, reason: str, *, by: str, now: datetime) -> list[str]:
    """Take a ring back, and name the partners that were told of it and must be told again.

    Raises:
        DataError: nobody was told of it.
    """
    records = Records(case)
    told = records.partners_told(ring)
    if not told:
        raise DataError("no partner was told of such a ring; 'linkage audit' lists what was shared")
    with case.changing():
        records.revoke(ring, reason, now)
        record(case, "revoke", at=now, by=by, ring=ring, reason=reason)
    return told


def named(settings: SharingSettings, partner: str) -> str:
    """Give our name among labs, if the partner is one of ours.

    Raises:
        SettingsError: either is not in the settings; says what to write there.
    """
    if settings.name is None:
        raise SettingsError(
            'sharing.name: say what partners call you, such as name = "lab-a" under [sharing]'
        )
    if partner not in settings.partners:
        known = ", ".join(sorted(settings.partners)) or "none yet"
        raise SettingsError(
            f'sharing.partners: {inert(partner)} is not listed; add {inert(partner)} = ["its public key"] there'
            f" (listed: {known})"
        )
    return settings.name


def value_digest(keys: Keyring, kind: str, value: str) -> str:
    """Write down that a value was shared, so that its echo is known again and nobody can read it there."""
    return hmac.digest(keys.ids.secret, framed(b"shared", kind.encode(), value.encode()), "sha256").hex()


def _check_reviewed(rings: Sequence[Ring], said: Mapping[str, str], *, unreviewed: bool) -> None:
    unconfirmed = [ring.ring for ring in rings if said.get(ring.ring) != "confirm"]
    dismissed = [name for name in unconfirmed if said.get(name) == "dismiss"]
    if dismissed:
        raise DataError(f"{', '.join(dismissed)}: a person dismissed it; it is not shared")
    if unconfirmed and not unreviewed:
        raise DataError(
            f"nobody confirmed {', '.join(unconfirmed)}: look at it, then 'linkage judge {unconfirmed[0]} confirm "
            "--reason TEXT'; or say --unreviewed, and the list says so too"
        )


def _dated(ring: SharedRing, told: SharedRing | None, *, anew: bool = False) -> SharedRing:
    """Keep the dates of a ring of which nothing else is said than before, unless how far it may go has changed."""
    if told is None:
        return ring
    same = replace(ring, created=told.created, modified=told.modified)
    later = max(ring.modified, told.modified + timedelta(seconds=1))
    return told if same == told and not anew else replace(ring, created=told.created, modified=later)


def _revoked(ring: SharedRing, now: datetime) -> SharedRing:
    if ring.revoked:
        return ring
    return replace(ring, revoked=True, modified=max(now, ring.modified + timedelta(seconds=1)))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
