"""MISP feeds: a manifest and an event a ring, as our view writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from linkage.errors import DataError
from linkage.inert import inert
from linkage.sharing import bounded
from linkage.sharing.readers import checks, patterns, values
from linkage.sharing.readers.markings import check_levels, level
from linkage.sharing.readers.reader import Found, Reader, RefusedError
from linkage.sharing.received import ReceivedRing, ReceivedSelector

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping

    from linkage.sharing.readers.values import Said

Object = dict[str, object]

MANIFEST = "manifest.json"
_EVENT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\.json")
_INFO = re.compile(
    r"LINKAGE ([a-z0-9-]{1,64}) (R-[0-9A-Z]{4,12})(?: part \d{1,6})?( \(withdrawn\))?", re.ASCII
)
# An attribute has no field for these, so our view says them in its comment.
_COMMENT = re.compile(
    r"([a-z][a-z0-9_-]{0,31}), confidence (\d{1,3}), valid until (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"
    r"(, in a network that many share: for a look only)?(?:, minhash ([a-z2-7]{1,256}))?",
    re.ASCII,
)
_SECONDS = re.compile(r"\d{1,10}", re.ASCII)
_UNNAMED = "an event that the manifest does not name"
_ABSENT = "an event that the manifest names is not there"
_ADDRESSES = ("ip-src", "ip-dst")


class Misp(Reader):
    """A MISP feed, or one event of it.

    MISP has no place for a score, reviewers and numbers of accounts: they come as 0.
    """

    name = "misp"

    def knows(self, path: str) -> bool:
        """Say whether a file is of a feed, by its path; no other name is ever looked at."""
        folder, _, file = path.rpartition("/")
        return folder == "misp" and (file == MANIFEST or _EVENT.fullmatch(file) is not None)

    def read(self, files: Mapping[str, bytes], producer: str) -> Found:
        """Read the events that the manifest names; without one, those there are."""
        found = Found()
        events = {path.rpartition("/")[2]: content for path, content in files.items()}
        manifest = events.pop(MANIFEST, None)
        if manifest is not None:
            named = {f"{uuid}.json" for uuid in _object(MANIFEST, manifest)}
            for name in named ^ set(events):
                found.refused[_ABSENT if name in named else _UNNAMED] += 1
            events = {path: content for path, content in events.items() if path in named}
        for path, content in events.items():
            event = _object(path, content).get("Event")
            try:
                _add_event(checks.mapping(event), producer, found)
            except RefusedError as reason:
                found.refused[str(reason)] += 1
        return found


def _object(path: str, content: bytes) -> Object:
    try:
        read = bounded.load(content)
    except DataError as error:
        raise DataError(f"{inert(path)}: {error}") from None
    if not isinstance(read, dict):
        raise DataError(f"{inert(path)} is no part of a MISP feed: it is no object of JSON")
    return read


def _add_event(event: Object, producer: str, found: Found) -> None:
    maker = event.get("Orgc")
    info = event.get("info")
    named = _INFO.fullmatch(info) if isinstance(info, str) and len(info) < 200 else None
    if named is None:
        raise RefusedError("its name is not LINKAGE, the producer and the ring")
    if named[1] != producer or not isinstance(maker, dict) or maker.get("name") != producer:
        raise RefusedError("it is made by somebody else than the producer")
    tags = [tag.get("name") for tag in checks.items(event.get("Tag")) if isinstance(tag, dict)]
    check_levels({level(tag) for tag in tags if isinstance(tag, str) and tag.lower().startswith("tlp:")})
    ring, revoked, modified = named[2], named[3] is not None, _seconds(event.get("timestamp"))
    attributes = list(_attributes(event, found))
    found.rings.append(
        ReceivedRing(
            producer=producer,
            object_id=checks.object_id(event.get("uuid")),
            ring=ring,
            score=0.0,
            reviewers=0,
            revoked=revoked,
            modified=modified,
            first_seen=None,
            last_seen=None,
            summary=_summary(attributes, found.stripped),
        )
    )
    for each in attributes:
        # Of a ring that is taken back, all is; what is left of it need not be whole.
        if not revoked and each.get("type") in (*_ADDRESSES, "stix2-pattern"):
            try:
                found.selectors.append(_selector(each, producer, ring, modified, found.stripped))
            except RefusedError as reason:
                found.refused[str(reason)] += 1


def _attributes(event: Object, found: Found) -> Iterator[Object]:
    for each in checks.items(event.get("Attribute")):
        if isinstance(each, dict):
            yield each
        else:
            found.refused["it is no object with keys and values"] += 1


def _selector(
    each: Object, producer: str, ring: str, modified: datetime, stripped: Counter[str]
) -> ReceivedSelector:
    comment = each.get("comment")
    told = _COMMENT.fullmatch(comment) if isinstance(comment, str) and len(comment) < 1000 else None
    if not checks.flag(each.get("to_ids")) and (told is None or told[4] is None):
        return _taken_back(each, producer, ring, modified)
    if told is None:
        raise RefusedError("its comment does not say how sure it is and until when")
    kind, confidence, until, soft, sketch = told.groups()
    said = _said(each, kind, sketch)
    if said.kind != kind:
        raise RefusedError("its value and its comment say different things")
    valid = checks.validity(_zulu(each.get("first_seen")), until, stripped)
    return said.of(
        producer,
        checks.object_id(each.get("uuid")),
        ring,
        valid=valid,
        confidence=checks.confidence(int(confidence)),
        accounts=0,
        soft=soft is not None,
        revoked=False,
        modified=modified,
    )


def _taken_back(each: Object, producer: str, ring: str, modified: datetime) -> ReceivedSelector:
    said = _said(each, "template", None)
    return said.of(
        producer,
        checks.object_id(each.get("uuid")),
        ring,  # How long it held is no longer said, nor how sure it was.
        valid=(modified, modified + timedelta(seconds=1)),
        confidence=0,
        accounts=0,
        soft=True,
        revoked=True,
        modified=modified,
    )


def _said(each: Object, kind: str, sketch: str | None) -> Said:
    value = each.get("value")
    if each.get("type") in _ADDRESSES:
        return values.raw("ip", value)
    return patterns.said(value, sketch, kind)


def _summary(attributes: list[Object], stripped: Counter[str]) -> tuple[str, ...]:
    texts = [each.get("value") for each in attributes if each.get("type") == "comment"]
    return checks.sentences("\n".join(text for text in texts if isinstance(text, str)), stripped)


def _zulu(value: object) -> object:
    return value.replace("+00:00", "Z") if isinstance(value, str) else value


def _seconds(value: object) -> datetime:
    if not isinstance(value, str) or not _SECONDS.fullmatch(value):
        raise RefusedError("its time of change is none")
    return datetime.fromtimestamp(int(value), UTC).replace(tzinfo=None)
