"""How a list goes to a partner: under which number, signed, and what stands in the case of it afterwards."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from linkage.sharing.audit import record
from linkage.sharing.feedback import FEEDBACK, write_feedback
from linkage.sharing.keyring import keyring
from linkage.sharing.manifest import Manifest
from linkage.sharing.model import Tlp
from linkage.sharing.partners import named
from linkage.sharing.records import List, Records
from linkage.sharing.staged import staged
from linkage.sharing.stix_feedback import STIX_FEEDBACK, write_stix_feedback
from linkage.sharing.told import Words, keep_told, value_digest
from linkage.sharing.views import VIEWS, view_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from linkage.settings import SharingSettings
    from linkage.sharing.drafting import Draft
    from linkage.sharing.feedback import Feedback
    from linkage.store import Case


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
        keep_told(case, package.recipient, package.rings)
        records.keep_shared_values(value_digest(keys, *value) for value in drafted.values)
        Words(package.tlp.value, package.terms, package.score_model).keep(case, package.recipient)
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


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
