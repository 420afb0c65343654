"""In which order rings and what is in them are written, and under which names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkage.errors import DataError
from linkage.inert import inert

if TYPE_CHECKING:
    from linkage.sharing.model import Package, Selector, SharedMember, SharedRing

# Names become files, and comments in lists of firewalls.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_LAB = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def rings_of(package: Package) -> list[SharedRing]:
    """Order the rings of a package by name.

    Raises:
        DataError: a name cannot be that of a file, two rings have the same, or a lab has a name that is none.
    """
    if not all(map(_LAB.fullmatch, (package.producer, package.recipient))):
        raise DataError(
            "the name of a lab is not of the form 'lab-a'; take up to 64 lower case letters, digits and hyphens"
        )
    names = [ring.ring for ring in package.rings]
    bad = sorted(name for name in set(names) if not _NAME.fullmatch(name))
    twice = sorted(name for name in set(names) if names.count(name) > 1)
    if bad:
        raise DataError(
            f"{len(bad)} rings have names that no file can have, such as '{inert(bad[0])}'; "
            "take up to 64 letters, digits and hyphens"
        )
    if twice:
        raise DataError(f"{len(twice)} rings come twice, such as {twice[0]}; each may be shared once")
    return sorted(package.rings, key=lambda each: each.ring)


def members_of(ring: SharedRing) -> list[SharedMember]:
    """Order members, surest first."""
    return sorted(ring.members, key=lambda each: (-each.confidence, each.token))


def selectors_of(ring: SharedRing) -> list[Selector]:
    """Order selectors by what they are and their value."""
    return sorted(
        ring.selectors, key=lambda each: (each.kind, each.scheme.value, each.key_id, each.value, each.bands)
    )
