"""What stands in a case of what partners said: the later word counts, and a signed word comes before a file's."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from pydantic import TypeAdapter

from linkage.sharing.received import ReceivedRing, ReceivedSelector
from linkage.sharing.records import Records

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linkage.store import Case

Said: TypeAlias = ReceivedRing | ReceivedSelector

UNSIGNED = "unsigned "
"""How the names of what nobody signed begin, so that it is never taken for what was signed."""
_RING, _SELECTOR = TypeAdapter(ReceivedRing), TypeAdapter(ReceivedSelector)


def standing_selectors(case: Case, now: datetime) -> list[ReceivedSelector]:
    """List what partners say that still counts: not taken back, not expired, of a ring that stands."""
    found: list[ReceivedSelector] = []
    for producer in Records(case).producers():
        stored = stored_of(case, producer)
        live = [each for each in _live(stored) if each.valid_from <= now < each.valid_until]
        # What a signed list and a file say alike counts once.
        found += {
            (each.ring, each.kind, each.scheme, each.key_id, each.value): each for each in live
        }.values()
    return sorted(found, key=lambda each: (each.producer, each.ring, each.kind, each.scheme, each.value))


def stored_of(case: Case, producer: str) -> dict[str, Said]:
    """Read what a partner said, by the name that it is kept under."""
    found: dict[str, Said] = {}
    for name, (_, _, document) in Records(case).received(producer).items():
        found[name] = (_RING if name.removeprefix(UNSIGNED).startswith("ring ") else _SELECTOR).validate_json(
            document
        )
    return found


def row_of(name: str, each: Said, now: datetime) -> list[object]:
    """Write what a partner said as a row of the case."""
    if isinstance(each, ReceivedRing):
        document = _RING.dump_json(each)
    else:
        # The bytes of a sketch are its value once more.
        document = _SELECTOR.dump_json(replace(each, sketch=b""))
    return [name, each.modified or now, each.revoked, document.decode()]


def by_name(told: Iterable[Said], mark: str, now: datetime) -> dict[str, Said]:
    """Name what is told: a selector of several rings comes once for each, and a template once for each sketch.

    Args:
        told: rings and selectors.
        mark: how the names begin: ``UNSIGNED``, or nothing.
        now: the time.
    """
    named: dict[str, Said] = {}
    for each in told:
        what = "ring" if isinstance(each, ReceivedRing) else f"selector {each.value}"
        # A file may say any time; what it says is of today at the latest.
        dated = replace(each, modified=min(each.modified, now)) if mark and each.modified else each
        named[f"{mark}{what} {each.object_id} {each.ring}"] = dated
    return named


def merged(
    before: Mapping[str, Said],
    told: Mapping[str, Said],
    *,
    whole: bool,
    now: datetime,
) -> Iterable[tuple[str, Said]]:
    """Let the later word count; what was taken back stays so until a later word.

    Args:
        before: what was said, by name.
        told: what is said now, by name.
        whole: whether that is all: what it leaves out counts no more.
        now: the time.
    """
    for name, each in told.items():
        known = before.get(name)
        # The number of a signed list says which is the later; of files only what they say themselves.
        earlier = known is not None and (each.modified or now) < (known.modified or now)
        same = known is not None and each.modified == known.modified
        again = known is not None and known.revoked and not each.revoked and (earlier or same)
        if known is not None and (again or (earlier and not whole)):
            yield name, known
        else:
            yield name, each
    for name, each in before.items():
        if name not in told:
            yield name, replace(each, revoked=True) if whole else each


def free(case: Case, producer: str, stored: Mapping[str, Said], now: datetime) -> list[str]:
    """Take back what followed from selectors that count no more, and name the accounts that nothing points to now."""
    live = [each for each in _live(stored) if now < each.valid_until]
    standing, rings = {each.mark for each in live}, {f"{producer} {each.ring}" for each in live}
    records = Records(case)
    resting: dict[tuple[str, str], set[str]] = defaultdict(set)
    for account, signal, mark in records.signal_sources():
        resting[account, signal].add(mark)
    # What came with the logs names a ring and no selector.
    gone = [
        row
        for row in records.signals()
        if row[1].startswith(f"{producer} ")
        and (resting[row].isdisjoint(standing) if row in resting else row[1] not in rings)
    ]
    if not gone:
        return []
    records.free(gone)
    pointed = {account for account, _ in records.signals()}
    return sorted({account for account, _ in gone} - pointed)


def _live(stored: Mapping[str, Said]) -> list[ReceivedSelector]:
    """Leave out what was taken back, and what is of rings that were; a signed word on a ring comes before a file's."""
    said: dict[str, tuple[datetime, bool]] = {}
    # The names of what nobody signed come last: a file may take back later than the signed word, and bring nothing back.
    for name, each in sorted(stored.items(), key=lambda named: (named[0].startswith(UNSIGNED), named[0])):
        if isinstance(each, ReceivedRing):
            at = each.modified or datetime.min  # noqa: DTZ901 - times are naive UTC throughout
            known = said.get(each.ring)
            if known is None or not name.startswith(UNSIGNED) or (each.revoked and at >= known[0]):
                said[each.ring] = (at, each.revoked)
    gone = {ring for ring, (_, revoked) in said.items() if revoked}
    return [
        each
        for each in stored.values()
        if isinstance(each, ReceivedSelector) and not each.revoked and each.ring not in gone
    ]
