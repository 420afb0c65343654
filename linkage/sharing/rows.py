"""What is shared as plain rows, for lines of JSON and for spreadsheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.sharing.order import members_of, rings_of
from linkage.sharing.selectors import held_selectors, patterns_of
from linkage.sharing.stix_indicators import action_of, indicator_id
from linkage.sharing.stix_objects import Maker

if TYPE_CHECKING:
    from datetime import datetime

    from linkage.sharing.ids import Ids
    from linkage.sharing.model import Package, SharedRing
    from linkage.sharing.selectors import Held

Row = dict[str, object]
"""One line: values by column."""

SELECTOR_COLUMNS = (
    "id",
    "ring",
    "kind",
    "scheme",
    "key_id",
    "token",
    "bands",
    "valid_from",
    "valid_until",
    "confidence",
    "accounts",
    "action",
    "revoked",
)


def selector_rows(package: Package, ids: Ids) -> list[Row]:
    """List what to look for: a row for each selector of each ring that stands, of those taken back too.

    Args:
        package: what is shared.
        ids: the names that our objects have everywhere.

    Returns:
        The rows by ring and pattern. Their ``id`` is that of the STIX indicator, so a selector of two rings has
        the same in both rows.
    """
    maker = Maker(package, ids)
    held = held_selectors(package)
    return [
        _selector_row(maker, ring, held[pattern], revoked=revoked)
        for ring in rings_of(package)
        if not ring.revoked
        for pattern, revoked in patterns_of(ring).items()
    ]


def ring_rows(package: Package, ids: Ids) -> list[Row]:
    """List the rings; of one that is taken back neither members nor why.

    Args:
        package: what is shared.
        ids: the names that our objects have everywhere.

    Returns:
        A row for each ring, by name.
    """
    maker = Maker(package, ids)
    return [_ring_row(maker, ring) for ring in rings_of(package)]


def moment(at: datetime | None) -> str | None:
    """Write a time to the second.

    >>> from datetime import datetime
    >>> moment(datetime(2026, 9, 3, 1, 12, 9))
    '2026-09-03T01:12:09Z'
    """
    return None if at is None else at.isoformat(timespec="seconds") + "Z"


def _selector_row(maker: Maker, ring: SharedRing, held: Held, *, revoked: bool) -> Row:
    selector = held.selector
    values = (
        indicator_id(maker, held.pattern),
        ring.ring,
        selector.kind,
        selector.scheme.value,
        selector.key_id,
        selector.value,
        sorted(selector.bands),
        moment(selector.valid_from),
        moment(selector.valid_until),
        selector.confidence,
        selector.accounts,
        # Whoever overlooks the last column does at least nothing.
        "look" if revoked else action_of(selector),
        revoked,
    )
    return dict(zip(SELECTOR_COLUMNS, values, strict=True))


def _ring_row(maker: Maker, ring: SharedRing) -> Row:
    package = maker.package
    members = [] if ring.revoked else members_of(ring)
    return {
        "id": maker.name("intrusion-set", ring.ring),
        "ring": ring.ring,
        "producer": package.producer,
        "tlp": package.tlp.value,
        "terms": package.terms,
        "created": moment(ring.created),
        "modified": moment(ring.modified),
        "revoked": ring.revoked,
        "score": ring.score,
        "linked": ring.linked,
        "extraction": ring.extraction,
        "score_model": package.score_model,
        "reviewed": ring.reviewers > 0,
        "reviewers": ring.reviewers,
        "first_seen": moment(ring.first_seen),
        "last_seen": moment(ring.last_seen),
        "networks": [] if ring.revoked else sorted(set(ring.networks)),
        "summary": [] if ring.revoked else list(ring.summary),
        "accounts": len(members),
        "selectors": 0 if ring.revoked else sum(not revoked for revoked in patterns_of(ring).values()),
        "members": [
            {"token": each.token, "created": moment(each.created), "confidence": each.confidence}
            for each in members
        ],
    }
