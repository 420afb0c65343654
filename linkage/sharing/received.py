"""What a partner's list says, once nothing in it can hurt: all of it checked, none of it believed yet."""

from __future__ import annotations

import hashlib
import re
import stat
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from linkage.errors import DataError
from linkage.inert import inert
from linkage.sharing import bounded
from linkage.sharing.model import Scheme

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from linkage.sharing.readers.reader import Found, Reader

MOST_FILES = 20_000
"""Files of one folder; an export has one a ring."""
MOST_TOGETHER = 256 << 20
"""Bytes of all files of one export."""
_MISP_EVENT = re.compile(rb'\s*\{\s*"Event"')


@dataclass(frozen=True, slots=True)
class ReceivedSelector:
    """A value by which a partner says that accounts of a ring can be found.

    Args:
        producer: the partner, by our name for it. What is received is known by producer and id: an id alone is
            whatever somebody wrote.
        object_id: its name at the producer.
        ring: the producer's ring; a selector of several rings comes once for each.
        kind: the kind of evidence: ``ip``, ``payment``, ``template`` or a declared one.
        scheme: how its value is written.
        key_id: under which key it was made; empty where raw.
        value: an address or network in its one spelling, a token, or the sketch of a template (both base32).
        bands: of a template, the tokens of which one in common makes two worth comparing.
        sketch: of a template, the bytes of its value; empty for all else.
        valid_from: naive UTC, as all times here.
        valid_until: later than ``valid_from``, by 400 days at most.
        confidence: what the producer says, 0 to 100.
        accounts: how many of the producer's accounts hold it.
        soft: it is for a look, never for a block.
        revoked: it is taken back.
        modified: when what is said of it last changed; None where the form it came in does not say.
    """

    producer: str
    object_id: str
    ring: str
    kind: str
    scheme: Scheme
    key_id: str
    value: str
    bands: tuple[str, ...]
    sketch: bytes
    valid_from: datetime
    valid_until: datetime
    confidence: int
    accounts: int
    soft: bool
    revoked: bool
    modified: datetime | None

    @property
    def mark(self) -> str:
        """What it is known by here, however it came: the same producer, ring and value have the same."""
        parts = (self.producer, self.ring, self.kind, self.scheme.value, self.key_id, self.value)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True)
class ReceivedRing:
    """A ring of a partner.

    Args:
        producer: the partner, by our name for it.
        object_id: its name at the producer.
        ring: such as ``R-7K2M9Q``.
        score: what the producer thinks of it, 0 to 1.
        reviewers: how many of its people confirmed it.
        revoked: it is taken back.
        modified: when what is said of it last changed.
        first_seen: its first event, if that is told.
        last_seen: its last.
        summary: why, in the producer's words, made inert and cut.
    """

    producer: str
    object_id: str
    ring: str
    score: float
    reviewers: int
    revoked: bool
    modified: datetime | None
    first_seen: datetime | None
    last_seen: datetime | None
    summary: tuple[str, ...]


@dataclass(frozen=True)
class ReceivedList:
    """What one list says, and what was wrong with it.

    Args:
        producer: the partner, by our name for it.
        rings: by ring.
        selectors: by ring, kind and value.
        stripped: what was taken off objects that were kept, and how often, by a sentence of ours.
        refused: how many objects were not taken, by the reason.
    """

    producer: str
    rings: tuple[ReceivedRing, ...]
    selectors: tuple[ReceivedSelector, ...]
    stripped: Mapping[str, int]
    refused: Mapping[str, int]


def read_list(files: Mapping[str, bytes], *, producer: str) -> ReceivedList:
    """Read the files of a verified export: its STIX bundles, then its JSON lines.

    What stands in both must agree: otherwise it is refused, save that what is revoked in one is revoked. What stands
    in one only is taken, too. A MISP feed says the same once more, so it is read only where there is nothing else.

    Args:
        files: the content of each by its path inside the export; those of no known form are passed over.
        producer: who signed it, by the name that is pinned for the key.

    Returns:
        What could be taken, and counts of what could not.

    Raises:
        DataError: there is no list among them, they are too large, or a file of it cannot be read at all.

    >>> line = b'{"id": "r1", "ring": "R-7K2M9Q", "score": 0.9, "reviewers": 2, "modified": "2026-09-03T01:12:09Z"}'
    >>> read_list({"rings.jsonl": line}, producer="lab-a").rings[0].score
    0.9
    """
    from linkage.sharing.readers import READERS  # noqa: PLC0415 - they fill what is declared above

    if sum(map(len, files.values())) > MOST_TOGETHER:
        raise DataError(f"the files of the export are larger than {MOST_TOGETHER:,} bytes together")
    found: list[Found] = []
    for reader in READERS:
        mine = {path: files[path] for path in sorted(files) if reader.knows(path)}
        if mine and (reader.name != "misp" or not found):
            found.append(reader.read(mine, producer))
    if not found:
        raise DataError("there is no list in the export: no STIX bundle, no JSON lines and no MISP feed")
    return _together(found, producer)


def read_file(path: Path, *, producer: str) -> ReceivedList:
    """Read a STIX bundle, a file of JSON lines, a MISP event or the folder of a MISP feed.

    Nothing says who wrote it: whether that is to be trusted is the caller's to decide.

    Args:
        path: a file named ``.json`` or ``.jsonl``, or the folder.
        producer: by whom it is said to be.

    Returns:
        What could be taken, and counts of what could not.

    Raises:
        DataError: it is none of these, or cannot be read at all.
    """
    from linkage.sharing.readers import JSONL, MISP, STIX  # noqa: PLC0415 - they fill what is declared above

    if path.is_dir():
        return _together([MISP.read(_feed(path), producer)], producer)
    suffix = path.suffix.lower()
    if suffix not in {".json", ".jsonl"}:
        raise DataError(
            f"{inert(path.name)} is no list: name a .json or .jsonl file or the folder of a MISP feed"
        )
    content = bounded.read(path)
    reader: Reader = JSONL
    if suffix == ".json":
        reader = MISP if _MISP_EVENT.match(content) else STIX
    return _together([reader.read({path.name: content}, producer)], producer)


def read_objects(objects: Iterable[object], *, producer: str) -> ReceivedList:
    """Read STIX objects that came without a file, such as those of a TAXII collection.

    Args:
        objects: as they were received.
        producer: by whom they are said to be.

    Returns:
        What could be taken, and counts of what could not.
    """
    from linkage.sharing.readers.stix import read_stix  # noqa: PLC0415 - it fills what is declared above

    return _together([read_stix(objects, producer)], producer)


def _feed(folder: Path) -> dict[str, bytes]:
    # A link may lead out of the folder, so only plain files count; what is no event is not even opened.
    from linkage.sharing.readers import MISP  # noqa: PLC0415 - as above

    files: dict[str, bytes] = {}
    left = bounded.MOST_BYTES
    try:
        paths = sorted(path for path in folder.iterdir() if MISP.knows(f"misp/{path.name}"))
        plain = [path for path in paths if stat.S_ISREG(path.lstat().st_mode)]
    except OSError as error:
        raise DataError(f"{inert(folder.name)} cannot be read: {error.strerror}") from None
    if len(plain) > MOST_FILES:
        raise DataError(f"{inert(folder.name)} has more than {MOST_FILES:,} files; a feed has one a ring")
    for path in plain:
        files[path.name] = bounded.read(path, most_bytes=left)
        left -= len(files[path.name])
    if "manifest.json" not in files:
        raise DataError(f"{inert(folder.name)} is no MISP feed: it has no manifest.json")
    return files


def _together(found: list[Found], producer: str) -> ReceivedList:
    from linkage.sharing.readers.agree import agree  # noqa: PLC0415 - it compares what is declared above

    stripped: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for one in found:
        stripped.update(one.stripped)
        refused.update(one.refused)
    rings, selectors = agree(found, refused)
    return ReceivedList(
        producer=producer,
        rings=rings,
        selectors=selectors,
        stripped=dict(sorted(stripped.items())),
        refused=dict(sorted(refused.items())),
    )
