"""Lists from partners: taken in whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkage.errors import DataError
from linkage.inert import inert
from linkage.sharing.audit import record
from linkage.sharing.directory import read_directory
from linkage.sharing.feedback import FEEDBACK, Feedback, read_feedback
from linkage.sharing.manifest import MANIFEST, Manifest, Received, Standing, check
from linkage.sharing.minisign import verify
from linkage.sharing.partners import named
from linkage.sharing.received import (
    ReceivedList,
    ReceivedRing,
    read_file,
    read_list,
    read_objects,
)
from linkage.sharing.records import List, Records
from linkage.sharing.seal import unsealed
from linkage.sharing.standing import UNSIGNED, by_name, free, merged, row_of, stored_of
from linkage.sharing.stix_feedback import STIX_FEEDBACK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from linkage.settings import SharingSettings
    from linkage.store import Case


@dataclass(frozen=True)
class Imported:
    """What became of a list.

    Args:
        producer: whose it is.
        sequence: the how-manieth; None where it was not signed.
        standing: whether it was new.
        rings: how many rings it tells of.
        selectors: how many selectors.
        taken_back: rings that are revoked by it.
        freed: accounts of ours that nothing a partner says points to any more.
        stripped: what was taken off objects, and how often.
        refused: how many objects were not taken, by the reason.
        feedback: what the partner says of our rings.
    """

    producer: str
    sequence: int | None
    standing: Standing
    rings: int = 0
    selectors: int = 0
    taken_back: tuple[str, ...] = ()
    freed: tuple[str, ...] = ()
    stripped: Mapping[str, int] | None = None
    refused: Mapping[str, int] | None = None
    feedback: tuple[Feedback, ...] = ()


def take_in(  # noqa: PLR0913 - what is taken, from whom, by whom and when
    case: Case,
    path: Path,
    settings: SharingSettings,
    *,
    producer: str,
    by: str,
    now: datetime,
    first: bool = False,
    unsigned: bool = False,
) -> Imported:
    """Check a partner's list and keep what it says in place of what they said before.

    A signed list says all that the partner wants to have said: what it no longer holds counts no more.

    Args:
        case: an open case.
        path: the folder of a signed list, or with ``unsigned`` a lone bundle, JSON lines or the folder of a MISP feed.
        settings: our name, and the partners' keys.
        producer: the partner.
        by: who takes it in.
        now: the time.
        first: take it although lists before it are missing.
        unsigned: take a file that nobody signed. What it says is kept apart: it takes nothing away that was signed,
            and brings nothing back that was taken back with a signature.

    Raises:
        DataError: the list is refused; the case is as it was before.
        SettingsError: the partner has no key in the settings.
    """
    me = named(settings, producer)
    if unsigned:
        return _keep(case, read_file(path, producer=producer), None, by=by, now=now)
    if not (path / MANIFEST).is_file():
        raise DataError(
            f"{inert(str(path), limit=300)} is no signed list: it has no {MANIFEST}; a file that nobody signed takes "
            "--unsigned"
        )
    keys = _pinned(settings, producer)
    contents = read_directory(path, check=lambda manifest, signature: verify(manifest, signature, keys))
    standing = _standing(case, contents.manifest, me=me, producer=producer, now=now, first=first)
    contents.check_files()
    if standing is Standing.seen:
        return Imported(producer, contents.manifest.sequence, standing)
    files = {name: contents.read(name) for name in contents.manifest.files}
    said = read_feedback(files.pop(FEEDBACK)) if FEEDBACK in files else ()
    files.pop(STIX_FEEDBACK, None)  # the same once more, for platforms
    # An answer tells of our rings and is no list of theirs: what they said of theirs still stands.
    answer = FEEDBACK in contents.manifest.files and not files
    told = ReceivedList(producer, (), (), {}, {}) if answer else read_list(files, producer=producer)
    signed = List(contents.manifest.sequence, contents.manifest_bytes, contents.manifest.digest)
    return _keep(case, told, signed, by=by, now=now, said=said, whole=not answer)


def take_in_collection(  # noqa: PLR0913 - as ``take_in``
    case: Case,
    objects: Sequence[Mapping[str, object]],
    settings: SharingSettings,
    *,
    producer: str,
    by: str,
    now: datetime,
    first: bool = False,
) -> Imported:
    """Take in the newest list that a partner brought to a server for us, as if its folder had come.

    Args:
        case: an open case.
        objects: all that the collection holds.
        settings: our name, and the partners' keys.
        producer: the partner.
        by: who takes it in.
        now: the time.
        first: take it although lists before it are missing.

    Raises:
        DataError: the list is refused; the case is as it was before.
        SettingsError: the partner has no key in the settings.
    """
    me = named(settings, producer)
    sealed = unsealed(objects, _pinned(settings, producer), me=me, producer=producer)
    standing = _standing(case, sealed.manifest, me=me, producer=producer, now=now, first=first)
    if standing is Standing.seen:
        return Imported(producer, sealed.manifest.sequence, standing)
    told = read_objects(sealed.objects, producer=producer)
    signed = List(sealed.manifest.sequence, sealed.document, sealed.manifest.digest)
    return _keep(case, told, signed, by=by, now=now, whole=True)


def _pinned(settings: SharingSettings, producer: str) -> Sequence[str]:
    keys = settings.partners[producer]
    if not keys:
        raise DataError(
            f"there is no key of {inert(producer)} to check with: write what their 'linkage keys show' prints into "
            "[sharing.partners] of linkage.toml"
        )
    return keys


def _standing(  # noqa: PLR0913 - as ``check``
    case: Case, manifest: Manifest, *, me: str, producer: str, now: datetime, first: bool
) -> Standing:
    """Check that a list is the next one from its producer."""
    last = Records(case).last_list("in", producer)
    before = Received.of(Manifest.of(last.manifest)) if last else None
    return check(manifest, me=me, producer=producer, last=before, now=now, first=first)


def _keep(  # noqa: PLR0913 - as take_in
    case: Case,
    told: ReceivedList,
    signed: List | None,
    *,
    by: str,
    now: datetime,
    said: tuple[Feedback, ...] = (),
    whole: bool = False,
) -> Imported:
    """Put what is told beside what was told, in one change; with ``whole``, in place of it."""
    records = Records(case)
    mark = "" if signed else UNSIGNED
    stored = stored_of(case, told.producer)
    before = {name: each for name, each in stored.items() if name.startswith(UNSIGNED) == bool(mark)}
    others = {name: each for name, each in stored.items() if name not in before}
    after = dict(merged(before, by_name([*told.rings, *told.selectors], mark, now), whole=whole, now=now))
    revoked = sorted(
        each.ring
        for name, each in after.items()
        if isinstance(each, ReceivedRing) and each.revoked and not (name in before and before[name].revoked)
    )
    with case.changing():
        records.keep_received(told.producer, (row_of(name, each, now) for name, each in after.items()))
        freed = free(case, told.producer, after | others, now)
        if signed is not None:
            records.keep_list("in", told.producer, signed)
        record(
            case,
            "import",
            at=now,
            by=by,
            producer=told.producer,
            sequence=signed.sequence if signed else None,
            manifest=signed.content if signed else None,
            rings=len(told.rings),
            selectors=len(told.selectors),
            revoked=revoked,
            freed=len(freed),
            feedback=[each.document() for each in said],
        )
    return Imported(
        told.producer,
        signed.sequence if signed else None,
        Standing.new,
        rings=sum(not each.revoked for each in told.rings),
        selectors=sum(not each.revoked for each in told.selectors),
        taken_back=tuple(revoked),
        freed=tuple(freed),
        stripped=told.stripped,
        refused=told.refused,
        feedback=said,
    )
