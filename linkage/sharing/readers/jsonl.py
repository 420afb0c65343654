"""Lines of JSON: ``selectors.jsonl`` and ``rings.jsonl``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.errors import DataError
from linkage.inert import inert
from linkage.sharing import bounded
from linkage.sharing.model import Scheme
from linkage.sharing.readers import checks, values
from linkage.sharing.readers.markings import check_levels, level
from linkage.sharing.readers.reader import Found, Reader, RefusedError
from linkage.sharing.received import ReceivedRing, ReceivedSelector

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from linkage.sharing.readers.values import Said

Line = dict[str, object]
_FILES = ("rings.jsonl", "selectors.jsonl")
_BAD_LINE = "a line of JSON cannot be read"


class JsonLines(Reader):
    """Lines of JSON. They carry no marking of their own save a ring's ``tlp``, which must be none that forbids."""

    name = "jsonl"

    def knows(self, path: str) -> bool:
        """Say whether a file is one of the two."""
        return path in _FILES

    def read(self, files: Mapping[str, bytes], producer: str) -> Found:
        """Read all lines; which file a line stands in says nothing, what it holds does."""
        found = Found()
        # A selector has no time of change; its ring has. One whose ring may not be kept may not, either.
        modified: dict[str, datetime | None] = {}
        barred: set[str] = set()
        # Read twice, because all lines at once take ten times the memory of their text.
        for line in _lines(files, found.refused):
            if "token" not in line:
                _add_ring(line, producer, found, modified, barred)
        for line in _lines(files):
            if "token" in line:
                _add_selector(line, producer, found, modified, barred)
        return found


def _lines(files: Mapping[str, bytes], refused: Counter[str] | None = None) -> Iterator[Line]:
    """Give the lines that are objects, and count the others where somebody asks for that."""
    for path, content in files.items():
        good = bad = 0
        try:
            for line in bounded.load_lines(content):
                if isinstance(line, dict):
                    good += 1
                    yield line
                else:
                    bad += 1
        except DataError as error:
            raise DataError(f"{inert(path)}: {error}") from None
        if bad and not good:
            raise DataError(
                f"{inert(path)} holds no JSON lines: not one of its {bad:,} lines is an object of JSON"
            )
        if bad and refused is not None:
            refused[_BAD_LINE] += bad


def _add_ring(
    line: Line, producer: str, found: Found, modified: dict[str, datetime | None], barred: set[str]
) -> None:
    _strip(line, found.stripped)
    try:
        if "tlp" in line:
            check_levels({level(line["tlp"])})
    except RefusedError as reason:
        found.refused[str(reason)] += 1
        barred.add(str(line.get("ring")))
        return
    try:
        ring = _ring(line, producer, found.stripped)
    except RefusedError as reason:
        found.refused[str(reason)] += 1
    else:
        found.rings.append(ring)
        modified[ring.ring] = ring.modified


def _ring(line: Line, producer: str, stripped: Counter[str]) -> ReceivedRing:
    _check_producer(line, producer)
    ring = checks.ring(line.get("ring"))
    revoked = checks.flag(line.get("revoked"))
    first, last = checks.seen(line.get("first_seen"), line.get("last_seen"))
    return ReceivedRing(
        producer=producer,
        object_id=checks.object_id(line.get("id", ring)),
        ring=ring,
        # Of a ring that is taken back nothing else need be said.
        score=0.0 if revoked and "score" not in line else checks.score(line.get("score")),
        reviewers=checks.reviewers(line.get("reviewers")),
        revoked=revoked,
        modified=checks.time(line.get("modified")),
        first_seen=first,
        last_seen=last,
        summary=checks.sentences(line.get("summary"), stripped),
    )


def _add_selector(
    line: Line,
    producer: str,
    found: Found,
    modified: Mapping[str, datetime | None],
    barred: set[str],
) -> None:
    _strip(line, found.stripped)
    try:
        selector = _selector(line, producer, modified, found.stripped)
    except RefusedError as reason:
        found.refused[str(reason)] += 1
    else:
        if selector.ring in barred:
            found.refused["its ring may not be kept"] += 1
        else:
            found.selectors.append(selector)


def _selector(
    line: Line, producer: str, modified: Mapping[str, datetime | None], stripped: Counter[str]
) -> ReceivedSelector:
    _check_producer(line, producer)
    said = _said(line)
    ring = checks.ring(line.get("ring"))
    valid = checks.validity(line.get("valid_from"), line.get("valid_until"), stripped)
    return said.of(
        producer,
        checks.object_id(line.get("id")),
        ring,
        valid=valid,
        confidence=checks.confidence(line.get("confidence")),
        accounts=checks.accounts(line.get("accounts")),
        soft=checks.soft(line),
        revoked=checks.flag(line.get("revoked")),
        modified=modified.get(ring),
    )


def _said(line: Line) -> Said:
    kind, key_id, token = line.get("kind"), line.get("key_id"), line.get("token")
    try:
        scheme = Scheme(str(line.get("scheme")))
    except ValueError:
        raise RefusedError("its scheme is none that we know") from None
    if scheme is Scheme.raw:
        return values.raw(kind, token)
    if scheme is Scheme.minhash:
        return values.template(kind, key_id, token, line.get("bands"))
    return values.token(kind, scheme, key_id, token)


def _check_producer(line: Line, producer: str) -> None:
    if line.get("producer", producer) != producer:
        raise RefusedError("it is made by somebody else than the producer")


def _strip(line: Line, stripped: Counter[str]) -> None:
    for name in line:
        if name.startswith(("x_", "opencti_")):
            stripped["a property that is in no standard (x_...): left out"] += 1
