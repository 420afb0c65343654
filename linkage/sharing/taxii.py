"""TAXII 2.1: bring changes to a collection of a server, and fetch what others changed.

Servers alter objects: what no seal covers is as true as the server is trusted.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from linkage.errors import DataError
from linkage.inert import inert
from linkage.sharing.readers.versions import latest
from linkage.sharing.taxii_wire import MOST_BYTES, connected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from linkage.sharing.taxii_wire import Wire

__all__ = ["Profile", "Pulled", "Pushed", "goes", "latest", "pull", "push"]

Object = dict[str, object]

BATCH = 500
"""Objects in one request: queues and servers break on more."""
MOST_PAGES = 10_000
MOST_OBJECTS = 500_000
_PAGE = 500
# Ids in one question, so that its address stays short enough for every server.
_IDS = 40
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)


class Profile(StrEnum):
    """What a server is given."""

    whole = "whole"
    """All but the extension-definition: one makes every later answer of medallion an error. It is in the files."""
    sdo_only = "sdo-only"
    """No observables and no markings either, for servers that break on objects without ``modified``."""


@dataclass(frozen=True)
class Pushed:
    """What became of the objects.

    Args:
        new: how many the server took in.
        known: how many it had already, in that version.
        failed: how many it has not.
    """

    new: int
    known: int
    failed: int


@dataclass(frozen=True)
class Pulled:
    """What a collection held.

    Args:
        objects: all versions of them, in the order of the server.
        added_last: when the server had the last of them, in its words: what to ask from next time.
    """

    objects: tuple[Object, ...]
    added_last: str | None


def push(
    collection_url: str,
    objects: Iterable[Object],
    *,
    user: str | None = None,
    password: str | None = None,
    profile: Profile = Profile.whole,
) -> Pushed:
    """Bring objects to a collection. To bring them again changes nothing.

    A server calls it a failure when it has an object already, so what it says it could not take in is asked for.

    Args:
        collection_url: such as ``https://taxii.example.com/api/collections/<id>/``.
        objects: STIX objects.
        user: who asks.
        password: and the secret.
        profile: what is brought.

    Returns:
        How many were new, known, and refused.

    Raises:
        DataError: the address is not one to trust, or the server cannot be reached, does not let us or breaks.
        MissingPartError: the TAXII client is not installed.
    """
    chosen = list(_once(each for each in objects if goes(each, profile)))
    new = known = failed = 0
    with connected(_checked(collection_url), user=user, password=password) as wire:
        for start in range(0, len(chosen), BATCH):
            batch = chosen[start : start + BATCH]
            answer = wire.add(batch)
            missing = _missing(wire, batch, answer.failures) if answer.failed else 0
            new += answer.new
            known += max(0, answer.failed - missing)
            failed += min(missing, answer.failed) + answer.pending
    return Pushed(new, known, failed)


def pull(  # noqa: PLR0913 - what is asked, of whom, and three bounds
    collection_url: str,
    *,
    added_after: str | None = None,
    user: str | None = None,
    password: str | None = None,
    most_pages: int = MOST_PAGES,
    most_objects: int = MOST_OBJECTS,
    most_bytes: int = MOST_BYTES,
) -> Pulled:
    """Fetch all versions of the objects that a collection got since then.

    Args:
        collection_url: such as ``https://taxii.example.com/api/collections/<id>/``.
        added_after: what the last ``Pulled.added_last`` said. It is the server's time: objects carry their makers',
            and what was made earlier may come later.
        user: who asks.
        password: and the secret.
        most_pages: after so many it is refused.
        most_objects: the same.
        most_bytes: the same, of all answers together.

    Returns:
        The objects, and from when to ask next time. ``latest`` keeps the last version of each.

    Raises:
        DataError: the address is not one to trust, or the server cannot be reached, does not let us, breaks, or
            goes on for ever.
        MissingPartError: the TAXII client is not installed.
    """
    after = last = None if added_after is None else _moment(added_after, "the time from which to ask")
    objects: list[Object] = []
    following: str | None = None
    with connected(_checked(collection_url), user=user, password=password, most_bytes=most_bytes) as wire:
        for _ in range(most_pages):
            page = wire.objects(added_after=after, following=following, limit=_PAGE)
            objects += page.objects
            if len(objects) > most_objects:
                raise DataError(
                    f"the collection holds more than {most_objects:,} objects; ask from a later time"
                )
            if page.added_last is not None:
                last = _later(last, _moment(page.added_last, "the time that the server names"))
            if not page.more:
                return Pulled(tuple(objects), last)
            following = page.following
            if following is None:
                # A server need not name the next page; then the time says where to go on.
                if last == after:
                    raise DataError("the server has more and does not say where; ask its keeper")
                after = last
    raise DataError(f"the collection has more than {most_pages:,} pages; ask from a later time")


def goes(each: Object, profile: Profile) -> bool:
    """Say whether an object is brought to a server of this profile."""
    if each.get("type") == "extension-definition":
        return False
    return profile is Profile.whole or ("modified" in each and each.get("type") != "marking-definition")


def _once(objects: Iterable[Object]) -> Iterator[Object]:
    seen: set[tuple[str, str]] = set()
    for each in objects:
        name = (str(each.get("id")), str(each.get("modified")))
        if name not in seen:
            seen.add(name)
            yield each


def _missing(wire: Wire, batch: Sequence[Object], failures: frozenset[str]) -> int:
    """Count those that the server has in no such version; a server need not name what failed."""
    asked = [each for each in batch if not failures or each.get("id") in failures]
    missing = 0
    for start in range(0, len(asked), _IDS):
        some = asked[start : start + _IDS]
        there = wire.versions([str(each.get("id")) for each in some])
        for each in some:
            versions = there.get(str(each.get("id")), frozenset())
            modified = each.get("modified")
            same = bool(versions) if modified is None else _instant(modified) in map(_instant, versions)
            missing += not same
    return missing


def _checked(url: str) -> str:
    """Refuse an address over which a password could be read, or that holds one."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise DataError(
            "the address of the collection is none; write https://host/root/collections/id/"
        ) from None
    if parts.username or parts.password:
        raise DataError("the address of the collection holds a user or password; give them apart from it")
    if parts.query or parts.fragment or not host or parts.scheme not in {"http", "https"}:
        raise DataError("the address of the collection is none; write https://host/root/collections/id/")
    if parts.scheme == "http" and not _is_loopback(host):
        raise DataError(f"{inert(host)} would be asked without encryption; write https:// before it")
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _moment(text: str, whose: str) -> str:
    if not _TIME.fullmatch(text) or _instant(text) is None:
        raise DataError(f"{whose} is none; it is written as 2026-09-03T01:12:09.000000Z")
    return text


def _instant(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None


def _later(one: str | None, other: str) -> str:
    before, after = _instant(one), _instant(other)
    return one if one is not None and before and after and before >= after else other
