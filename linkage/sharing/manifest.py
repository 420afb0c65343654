"""What an export says of itself: from whom, for whom, the how-manieth, until when, and what is in it.

Signed as a whole, it lets the recipient notice a list that was forwarded, replayed, left out, or is out of date.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import orjson

from linkage.errors import DataError
from linkage.inert import inert
from linkage.sharing.manifest_fields import FORMAT, TIME, Fields, unusable
from linkage.sharing.model import Tlp

if TYPE_CHECKING:
    from collections.abc import Iterable

MANIFEST = "manifest.json"
SIGNATURE = "manifest.json.minisig"

_LAST_SEQUENCE = 2**53
"""Beyond it, programs that keep numbers as floats would mistake one for its neighbour."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
# A list of what may be: whoever lists what may not be forgets a drive letter, a device or a zero-width space.
_PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}(/[A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}){0,7}")
_CLOCKS_APART = timedelta(days=1)


@dataclass(frozen=True)
class Manifest:
    """The head of an export. One that exists is well-formed.

    Args:
        producer: who made the list: lower case letters, digits and hyphens, as in a package.
        recipient: for whom.
        sequence: its number among the lists from this producer for this recipient, from 1.
        previous: the SHA-256 of the manifest before it; None for the first.
        created: when it was made, naive UTC in whole seconds.
        expires: from when nothing follows from it.
        tlp: how far it may be passed on.
        files: the SHA-256 of each file by its path inside the export, with forward slashes.

    Raises:
        DataError: any of it is not so.
    """

    producer: str
    recipient: str
    sequence: int
    previous: str | None
    created: datetime
    expires: datetime
    tlp: Tlp
    files: Mapping[str, str]

    def __post_init__(self) -> None:
        problem = next((text for wrong, text in self._rules() if wrong), None) or _path_problem(self.files)
        if problem:
            raise unusable(problem)

    @classmethod
    def of(cls, content: bytes) -> Manifest:
        """Read what ``document`` wrote, and nothing else.

        The same manifest has the same bytes everywhere, so that its SHA-256 is one; a field that comes twice, or one
        nobody knows, is therefore refused, too.

        Raises:
            DataError: it is too large, of another version, marked RED, or not well-formed.
        """
        fields = Fields.of(content)
        manifest = cls(
            producer=fields.text("producer"),
            recipient=fields.text("recipient"),
            sequence=fields.whole("sequence"),
            previous=fields.text_or_none("previous"),
            created=fields.time("created"),
            expires=fields.time("expires"),
            tlp=fields.tlp("tlp"),
            files=fields.texts("files"),
        )
        if manifest.document() != content:
            raise unusable(
                "it is not written in the one way that counts: keys sorted and each once, two spaces, a last newline"
            )
        return manifest

    def document(self) -> bytes:
        r"""Write the manifest, the same bytes each time.

        >>> day = datetime(2026, 9, 3)
        >>> manifest = Manifest("lab-a", "lab-b", 1, None, day, day.replace(month=10), Tlp.amber, {})
        >>> manifest.document().decode().splitlines()[1:5]
        ['  "created": "2026-09-03T00:00:00Z",', '  "expires": "2026-10-03T00:00:00Z",', '  "files": {},', ...]
        >>> Manifest.of(manifest.document()) == manifest
        True
        """
        fields = {
            "format": FORMAT,
            "producer": self.producer,
            "recipient": self.recipient,
            "sequence": self.sequence,
            "previous": self.previous,
            "created": self.created.strftime(TIME),
            "expires": self.expires.strftime(TIME),
            "tlp": self.tlp.value,
            "files": dict(self.files),
        }
        return orjson.dumps(
            fields, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        )

    @property
    def digest(self) -> str:
        """The SHA-256 of the document, by which the next manifest names this one."""
        return hashlib.sha256(self.document()).hexdigest()

    def _rules(self) -> Iterable[tuple[bool, str]]:
        """Say what is wrong, and how; the first that applies counts."""
        for role, name in (("producer", self.producer), ("recipient", self.recipient)):
            yield (
                not _NAME.fullmatch(name),
                f"the {role} {inert(name)!r} is not a name of lower case letters, digits and hyphens",
            )
        yield not 1 <= self.sequence <= _LAST_SEQUENCE, "its sequence is not a number from 1 on"
        yield (
            (self.previous is None) != (self.sequence == 1),
            "the first of a chain has no previous manifest, and every later one has",
        )
        yield (
            self.previous is not None and not _DIGEST.fullmatch(self.previous),
            "its previous is not a SHA-256 in lower case hexadecimal",
        )
        for role, at in (("created", self.created), ("expires", self.expires)):
            yield (
                at.tzinfo is not None or at.microsecond != 0,
                f"{role} is not a time in UTC in whole seconds",
            )
            yield at.year < 1970, f"{role} is before 1970"
        yield self.expires <= self.created, "it expires before it was created"
        yield (
            not all(_DIGEST.fullmatch(digest) for digest in self.files.values()),
            "a file's digest is not a SHA-256 in lower case hexadecimal",
        )


@dataclass(frozen=True)
class Received:
    """The last list that was taken from a producer.

    Args:
        sequence: its number.
        digest: the SHA-256 of its manifest.
    """

    sequence: int
    digest: str

    @classmethod
    def of(cls, manifest: Manifest) -> Received:
        """Remember this one."""
        return cls(manifest.sequence, manifest.digest)


class Standing(StrEnum):
    """What is to be done with a list that passed the checks."""

    new = "new"
    """It is the next one: take it."""
    seen = "seen already"
    """It is, byte for byte, the last one taken: there is nothing to do."""


def check(  # noqa: PLR0913 - what a recipient knows of itself, its partner and the time
    manifest: Manifest,
    *,
    me: str,
    producer: str,
    last: Received | None,
    now: datetime,
    first: bool = False,
) -> Standing:
    """Check that a list is the next one, from this producer, for us, and of today. Its signature comes before.

    Args:
        manifest: the list's.
        me: our name among labs.
        producer: whose keys it was checked with.
        last: the last list taken from this producer; None where there was none.
        now: the time, naive UTC.
        first: take it although lists before it are missing; never one that is older than the last.

    Returns:
        Whether it is new or seen already.

    Raises:
        DataError: it was forwarded, is of another producer, expired, not valid yet, replayed, not the next one, or
            does not continue the chain.
    """
    _check_parties(manifest, me=me, producer=producer)
    _check_times(manifest, now)
    if last is not None and manifest.sequence <= last.sequence:
        return _seen(manifest, last)
    _check_chain(manifest, last, first=first)
    return Standing.new


def _check_parties(manifest: Manifest, *, me: str, producer: str) -> None:
    if manifest.recipient != me:
        raise DataError(
            f"the list was forwarded: it was made for {manifest.recipient}, and we are {inert(me)}; "
            f"ask {manifest.producer} for a list of our own"
        )
    if manifest.producer != producer:
        raise DataError(
            f"the list is from {manifest.producer}, but was taken for one of {inert(producer)}; name the partner it is from"
        )


def _check_times(manifest: Manifest, now: datetime) -> None:
    if now >= manifest.expires:
        raise DataError(
            f"the list expired on {manifest.expires.strftime(TIME)}; ask {manifest.producer} for a newer one"
        )
    if manifest.created > now + _CLOCKS_APART:
        raise DataError(
            f"the list is not valid yet: it says it was made on {manifest.created.strftime(TIME)}, more than a day "
            f"from now; compare the clocks, ours and that of {manifest.producer}"
        )


def _seen(manifest: Manifest, last: Received) -> Standing:
    if manifest.sequence == last.sequence and manifest.digest == last.digest:
        return Standing.seen
    other = "another list with this number" if manifest.sequence == last.sequence else f"list {last.sequence}"
    raise DataError(
        f"list {manifest.sequence} is replayed: {other} was taken before; nothing older is taken, so fetch the newest"
    )


def _check_chain(manifest: Manifest, last: Received | None, *, first: bool) -> None:
    taken = last.sequence if last else 0
    gap = manifest.sequence - taken - 1
    if gap and first:
        return
    if gap:
        missing = f"list {taken + 1} is" if gap == 1 else f"lists {taken + 1} to {manifest.sequence - 1} are"
        raise DataError(
            f"list {manifest.sequence} skips some: {missing} missing, and what they take back would be missed; fetch "
            "them first, or take this one with --first"
        )
    if last is not None and manifest.previous != last.digest:
        raise DataError(
            f"the chain is broken: list {manifest.sequence} does not follow the list {last.sequence} that was taken; "
            f"ask {manifest.producer} which of the two it made"
        )


def _path_problem(paths: Iterable[str]) -> str | None:
    folded = {MANIFEST, SIGNATURE}
    for path in paths:
        if not _PATH.fullmatch(path):
            return f"the path {inert(path)!r} is not a relative one of letters, digits and _ . + - between single slashes"
        if path.casefold() in folded:
            return f"the path {inert(path)!r} comes twice where upper and lower case are one, or is the manifest's own"
        folded.add(path.casefold())
    if any(str(parent) in folded for path in folded for parent in PurePosixPath(path).parents):
        return "a path is that of a file and of a folder"
    return None
