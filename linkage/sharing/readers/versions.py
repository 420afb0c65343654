"""Of an object that was changed, only the last version counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.sharing.readers import checks
from linkage.sharing.readers.reader import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

Object = dict[str, object]


def latest(objects: Iterable[Object]) -> list[Object]:
    """Keep the last version of each object; of two of one time, the one that is taken back.

    An id is known together with who made the object: somebody who writes under another's id replaces nothing.
    What has no time of change never changes, and stays as it came first.

    Args:
        objects: in any order.

    Returns:
        One of each, by maker and id.

    >>> old = {"id": "indicator--1", "modified": "2026-09-03T01:12:09.000Z"}
    >>> new = {"id": "indicator--1", "modified": "2026-09-04T01:12:09.000Z", "revoked": True}
    >>> latest([new, old]) == [new]
    True
    """
    kept: dict[tuple[str, str], Object] = {}
    for each in objects:
        name = (str(each.get("created_by_ref", "")), str(each.get("id")))
        if name not in kept or _age(each) > _age(kept[name]):
            kept[name] = each
    return [kept[name] for name in sorted(kept)]


def _age(each: Object) -> tuple[bool, datetime | None, str, bool]:
    # Finer than a second, the text itself says which is later; it is compared only where the seconds are equal.
    written = each.get("modified")
    try:
        modified = checks.time(written)
    except RefusedError:
        return (False, None, "", False)
    fraction = str(written)[19:].rstrip("Z").ljust(7, "0")
    return (True, modified, fraction if "." in fraction else "." + "0" * 6, each.get("revoked") is True)
