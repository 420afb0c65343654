"""Make one list of the forms that a partner wrote it in: no form may say more than another."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import Counter

    from linkage.sharing.readers.reader import Found
    from linkage.sharing.readers.values import Said
    from linkage.sharing.received import ReceivedRing, ReceivedSelector

_DISAGREE = "the forms of the list say different things of it"


def agree(
    found: list[Found], refused: Counter[str]
) -> tuple[tuple[ReceivedRing, ...], tuple[ReceivedSelector, ...]]:
    """Join what the forms say.

    STIX has one indicator for all rings that a value belongs to, and the lines have one of each ring, so that their
    numbers may differ: the smaller is taken, the shorter time, and whatever takes something back. Of what a value is
    they may not differ.

    Args:
        found: what each form said, the most telling first.
        refused: counts to which is added what they do not agree on.

    Returns:
        The rings by name, and the selectors by ring, kind and value.
    """
    rings = _rings([ring for one in found for ring in one.rings], refused)
    revoked = {ring.ring for ring in rings if ring.revoked}
    selectors = _selectors(found, refused)
    return rings, tuple(
        replace(each, revoked=True) if each.ring in revoked else each
        for each in sorted(selectors, key=_order)
    )


def _rings(rings: list[ReceivedRing], refused: Counter[str]) -> tuple[ReceivedRing, ...]:
    kept: dict[str, ReceivedRing] = {}
    bad: set[str] = set()
    for ring in rings:
        before = kept.setdefault(ring.ring, ring)
        if before is ring:
            continue
        if not (before.revoked or ring.revoked) and abs(before.score - ring.score) > 0.01:
            bad.add(ring.ring)
        kept[ring.ring] = _narrower_ring(before, ring)
    if bad:
        refused[_DISAGREE] += len(bad)
    # One that any form takes back is taken back, whatever else they differ on.
    return tuple(kept[name] for name in sorted(kept) if name not in bad or kept[name].revoked)


def _narrower_ring(one: ReceivedRing, other: ReceivedRing) -> ReceivedRing:
    return replace(
        one,
        score=min(one.score, other.score),
        reviewers=min(one.reviewers, other.reviewers),
        revoked=one.revoked or other.revoked,
        first_seen=one.first_seen or other.first_seen,
        last_seen=one.last_seen or other.last_seen,
        # The lines keep sentences apart.
        summary=other.summary or one.summary,
    )


def _selectors(found: list[Found], refused: Counter[str]) -> list[ReceivedSelector]:
    forms = [_by_object(one.selectors) for one in found]
    joined: list[ReceivedSelector] = []
    for name in sorted({name for form in forms for name in form}):
        said = [form[name] for form in forms if name in form]
        joined += _joined(said, refused)
    return joined


def _by_object(selectors: list[ReceivedSelector]) -> dict[str, list[ReceivedSelector]]:
    ordered = sorted(selectors, key=lambda each: (each.object_id, *_order(each)))
    return {name: list(same) for name, same in groupby(ordered, key=lambda each: each.object_id)}


def _joined(forms: list[list[ReceivedSelector]], refused: Counter[str]) -> list[ReceivedSelector]:
    """Join what the forms say of one object; if they differ on what it is, only that it is taken back stands."""
    differ = any({_what(each) for each in form} - {_what(each) for each in forms[0]} for form in forms[1:])
    kept: dict[tuple[str, str], ReceivedSelector] = {}
    bad: set[tuple[str, str]] = set()
    for each in (each for form in forms for each in form):
        place = (each.ring, each.value)
        before = kept.get(place)
        joined = each if before is None else _narrower(before, each)
        if joined is None:
            bad.add(place)
        else:
            kept[place] = joined
    if differ:
        bad |= set(kept)
    live = {place for place in bad if not kept[place].revoked}
    if live:
        refused[_DISAGREE] += len(live)
    return [each for place, each in kept.items() if place not in live]


def _narrower(one: ReceivedSelector, other: ReceivedSelector) -> ReceivedSelector | None:
    revoked = one.revoked or other.revoked
    valid_from, valid_until = max(one.valid_from, other.valid_from), min(one.valid_until, other.valid_until)
    if _what(one) != _what(other) or valid_until <= valid_from:
        return replace(one, revoked=True) if revoked else None
    return replace(
        one,
        valid_from=valid_from,
        valid_until=valid_until,
        confidence=min(one.confidence, other.confidence),
        accounts=min(one.accounts, other.accounts),
        soft=one.soft or other.soft,
        revoked=revoked,
        modified=one.modified or other.modified,
    )


def _what(each: ReceivedSelector | Said) -> tuple[object, ...]:
    return (each.kind, each.scheme, each.key_id, each.value, tuple(sorted(each.bands)))


def _order(each: ReceivedSelector) -> tuple[str, str, str, str, str, str]:
    return (each.ring, each.kind, each.scheme.value, each.key_id, each.value, each.object_id)
