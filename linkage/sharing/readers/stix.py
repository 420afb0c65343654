"""STIX 2.1 bundles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkage.errors import DataError
from linkage.inert import inert
from linkage.sharing import bounded
from linkage.sharing.readers import checks, patterns
from linkage.sharing.readers.markings import check_marked, levels_of
from linkage.sharing.readers.reader import Found, Reader, RefusedError
from linkage.sharing.readers.versions import latest
from linkage.sharing.received import ReceivedRing, ReceivedSelector
from linkage.sharing.stix_objects import EXTENSION

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator, Mapping

    from linkage.sharing.readers.values import Said

Object = dict[str, object]

MOST_SKETCHES = 64
MOST_RINGS = 1_000
MOST_OF_ONE = 1_000
"""So many selectors one object may stand for: its rings times its sketches."""
MOST_SELECTORS = 250_000
"""And so many all objects: a list of 20,000 accounts has some ten thousand."""
_FILE = re.compile(r"stix/[A-Za-z0-9._-]+\.json")
_ID = re.compile(r"[a-z-]+--[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_READ = ("indicator", "intrusion-set", "note")
# These say nothing of accounts; the header of each bundle has them from whoever defined them.
_FRAME = ("identity", "marking-definition", "extension-definition")


class Stix(Reader):
    """STIX 2.1 bundles, as ``stix/<ring>.json`` or alone."""

    name = "stix"

    def knows(self, path: str) -> bool:
        """Say whether a file is a bundle, by its path."""
        return _FILE.fullmatch(path) is not None

    def read(self, files: Mapping[str, bytes], producer: str) -> Found:
        """Read all bundles as one: an object of one may refer to an object of another."""
        objects: list[object] = []
        for path, content in files.items():
            objects += _objects(path, content)
        return read_stix(objects, producer)


def read_stix(objects: Iterable[object], producer: str) -> Found:
    """Read objects.

    Args:
        objects: as they were parsed; anything at all.
        producer: whose they must be: the name of the identity that made them.

    Returns:
        What could be taken, and counts of what could not.
    """
    found = Found()
    whole = list(_whole(objects, found))
    levels, makers = levels_of(whole), _makers(whole, producer)
    mine = [each for each in whole if each.get("type") not in _FRAME and _is_ours(each, makers, found)]
    current = latest(mine)
    for each in current:
        _strip(each, found.stripped)
    notes = _notes(current, levels)
    for each in current:
        try:
            if each.get("type") == "indicator":
                check_marked(each, levels)
                found.selectors += _selectors(each, producer, found.stripped, before=len(found.selectors))
            elif each.get("type") == "intrusion-set":
                check_marked(each, levels)
                found.rings.append(_ring(each, producer, notes, found.stripped))
        except RefusedError as reason:
            found.refused[str(reason)] += 1
    return found


def _objects(path: str, content: bytes) -> list[object]:
    try:
        bundle = bounded.load(content)
    except DataError as error:
        raise DataError(f"{inert(path)}: {error}") from None
    objects = bundle.get("objects") if isinstance(bundle, dict) and bundle.get("type") == "bundle" else None
    if not isinstance(objects, list):
        raise DataError(f"{inert(path)} is no STIX bundle: it has no type bundle with a list of objects")
    return objects


def _whole(objects: Iterable[object], found: Found) -> Iterator[Object]:
    for each in objects:
        try:
            yield checks.mapping(each)
        except RefusedError as reason:
            found.refused[str(reason)] += 1


def _makers(objects: list[Object], producer: str) -> set[str]:
    return {
        each_id
        for each in objects
        if each.get("type") == "identity" and each.get("name") == producer
        for each_id in [each.get("id")]
        if isinstance(each_id, str)
    }


def _is_ours(each: Object, makers: set[str], found: Found) -> bool:
    # Observables have no maker; nothing is read from them.
    if each.get("type") not in _READ and "created_by_ref" not in each:
        return True
    maker = each.get("created_by_ref")
    if len(makers) == 1 and isinstance(maker, str) and maker in makers:
        return True
    if len(makers) > 1:
        found.refused["several identities have the producer's name, so that nobody knows whose it is"] += 1
    else:
        found.refused["it is made by somebody else than the producer"] += 1
    return False


def _strip(each: Object, stripped: Counter[str]) -> None:
    """Count what nobody here reads, for whoever put it there may have meant another program to obey it."""
    extensions = each.get("extensions")
    inside = extensions if isinstance(extensions, dict) else {}
    for name in each:
        _strip_name(name, stripped)
    for extension, facts in inside.items():
        if extension != EXTENSION:
            stripped["an extension of somebody else: left out"] += 1
        for name in facts if isinstance(facts, dict) else ():
            _strip_name(name, stripped)


def _strip_name(name: str, stripped: Counter[str]) -> None:
    if name == "opencti_operation":
        stripped["an order to another program (opencti_operation): left out"] += 1
    elif name.startswith(("x_", "opencti_")):
        stripped["a property that is in no standard (x_...): left out"] += 1


def _notes(objects: list[Object], levels: Mapping[str, set[str]]) -> dict[str, list[str]]:
    notes: dict[str, list[str]] = {}
    for each in objects:
        refs, content = each.get("object_refs"), each.get("content")
        if each.get("type") != "note" or each.get("revoked") is True or not isinstance(content, str):
            continue
        try:
            check_marked(each, levels)
        except RefusedError:
            continue
        for ref in refs if isinstance(refs, list) else ():
            if isinstance(ref, str):
                notes.setdefault(ref, []).append(content)
    return notes


def _selectors(each: Object, producer: str, stripped: Counter[str], *, before: int) -> list[ReceivedSelector]:
    if before > MOST_SELECTORS:
        raise RefusedError(f"it comes after {MOST_SELECTORS:,} selectors, and no list has so many")
    if each.get("pattern_type", "stix") != "stix":
        raise RefusedError("its pattern is of no shape that we take")
    ours = _extension(each)
    valid = checks.validity(each.get("valid_from"), each.get("valid_until"), stripped)
    rings = sorted({checks.ring(ring) for ring in checks.items(ours.get("rings"))})
    if not 1 <= len(rings) <= MOST_RINGS:
        raise RefusedError("it belongs to no ring")
    said_of = list(_said(each.get("pattern"), ours))
    if len(rings) * len(said_of) > MOST_OF_ONE:
        raise RefusedError(f"it stands for more than {MOST_OF_ONE:,} selectors")
    return [
        said.of(
            producer,
            _id(each),
            ring,
            valid=valid,
            confidence=checks.confidence(each.get("confidence")),
            accounts=checks.accounts(ours.get("accounts")),
            soft=checks.soft(ours),
            revoked=checks.flag(each.get("revoked")),
            modified=checks.time(each.get("modified")),
        )
        for said in said_of
        for ring in rings
    ]


def _said(pattern: object, ours: Object) -> list[Said]:
    kind, sketches = ours.get("kind"), ours.get("minhash")
    # Templates may have all bands in common and still differ a little, so a pattern may have several sketches.
    listed = sketches if isinstance(sketches, list) else [sketches]
    if not 1 <= len(listed) <= MOST_SKETCHES:
        raise RefusedError(f"a template has no sketch, or more than {MOST_SKETCHES}")
    found = {said.value: said for said in (patterns.said(pattern, sketch, kind) for sketch in listed)}
    for said in found.values():
        words = (ours.get("kind"), ours.get("scheme"), ours.get("key_id", ""))
        if words != (said.kind, said.scheme.value, said.key_id):
            raise RefusedError("its pattern and its extension say different things")
    return [found[value] for value in sorted(found)]


def _ring(
    each: Object, producer: str, notes: Mapping[str, list[str]], stripped: Counter[str]
) -> ReceivedRing:
    ours = _extension(each)
    ring = checks.ring(ours.get("ring"))
    title = f"LINKAGE {producer} {ring}"
    if each.get("name") != title:
        raise RefusedError("its name is not LINKAGE, the producer and the ring")
    object_id = _id(each)
    words = [word.removeprefix(f"{title}: ") for word in notes.get(object_id, ())]
    first, last = checks.seen(each.get("first_seen"), each.get("last_seen"))
    return ReceivedRing(
        producer=producer,
        object_id=object_id,
        ring=ring,
        score=checks.score(ours.get("ring_score")),
        reviewers=checks.reviewers(ours.get("reviewers")),
        revoked=checks.flag(each.get("revoked")),
        modified=checks.time(each.get("modified")),
        first_seen=first,
        last_seen=last,
        summary=checks.sentences("\n".join(words), stripped),
    )


def _extension(each: Object) -> Object:
    extensions = each.get("extensions")
    ours = extensions.get(EXTENSION) if isinstance(extensions, dict) else None
    if not isinstance(ours, dict):
        raise RefusedError("it has no extension of ours, so that it belongs to no ring")
    return ours


def _id(each: Object) -> str:
    found = checks.object_id(each.get("id"))
    if not _ID.fullmatch(found) or not found.startswith(f"{each.get('type')}--"):
        raise RefusedError("its id is none")
    return found
