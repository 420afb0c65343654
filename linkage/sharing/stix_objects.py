"""What all our STIX objects have in common, and those that stand in every bundle."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from linkage.sharing.ids import Ids
from linkage.sharing.model import Package, Tlp

if TYPE_CHECKING:
    from datetime import datetime

    from linkage.sharing.model import SharedRing

Object = dict[str, object]
"""A STIX object, ready to be written as JSON."""

# The same for every lab, so that each knows the other's: the project stands behind the extension, no lab does.
EXTENSION = "extension-definition--6e8b2218-e249-490b-aad6-e736008da0cf"
PROJECT = "identity--a8d65f36-4778-4f67-9a47-7a89341971cc"
# Objects that never change were made when this mapping was.
SINCE = "2026-01-01T00:00:00.000Z"

# From the extension of OASIS for TLP 2.0; ids and times are fixed there.
_TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
_TLP_SINCE = "2022-10-01T00:00:00.000Z"
TLP_MARKINGS = {
    Tlp.clear: "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    Tlp.green: "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    Tlp.amber: "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    Tlp.amber_strict: "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
}

_OBSERVABLES = frozenset({"autonomous-system", "ipv4-addr", "ipv6-addr", "user-account"})

_EXTENSION_SCHEMA = (
    "On an intrusion-set: ring, ring_score, linked and extraction (0 to 1), score_model, accounts, review_status, "
    "reviewers. On an observed-data: ring, account_confidence (0 to 100 by user_id). On an indicator: kind, "
    "scheme, key_id, rings, accounts, action (log or look), minhash (a keyed one-bit sketch in base32). On a note: seal (a manifest, and "
    "the SHA-256 of objects), signature."
)


def stamp(at: datetime) -> str:
    """Write a time as STIX wants it.

    >>> from datetime import datetime
    >>> stamp(datetime(2026, 9, 3, 1, 12, 9))
    '2026-09-03T01:12:09.000Z'
    """
    return at.isoformat(timespec="milliseconds") + "Z"


def title_of(package: Package, ring: str) -> str:
    """Name a ring so that no other lab's ring has the same name: OpenCTI takes equal names for one thing."""
    return f"LINKAGE {package.producer} {ring}"


@dataclass(frozen=True)
class Maker:
    """Makes objects of one package: each under its name, from its producer, and marked.

    Args:
        package: what is shared.
        ids: the names that our objects have everywhere.
    """

    package: Package
    ids: Ids

    @cached_property
    def producer(self) -> str:
        """The id of the identity that stands behind all of it."""
        return self.name("identity", self.package.producer)

    @cached_property
    def markings(self) -> list[str]:
        """The markings of every object: how far it may go, and what it may be used for."""
        terms = [self.name("marking-definition", "terms", self.package.terms)] if self.package.terms else []
        return [TLP_MARKINGS[self.package.tlp], *terms]

    def name(self, kind: str, *parts: str) -> str:
        """Name an object: its STIX type and an id that says nothing to others, of an address as of a ring."""
        uuid = self.ids.uuid(kind, *parts)
        if kind in _OBSERVABLES:
            # Strict readers want a UUID of version 5 here; one made from the value would tell the value.
            uuid = f"{uuid[:14]}5{uuid[15:]}"
        return f"{kind}--{uuid}"

    def observable(self, kind: str, *parts: str, **facts: object) -> Object:
        """Make an observable of facts that never change: a server refuses another version of one."""
        return {
            "type": kind,
            "spec_version": "2.1",
            "id": self.name(kind, *parts),
            "object_marking_refs": self.markings,
            **facts,
        }

    def of_ring(self, ring: SharedRing, kind: str, *parts: str, **facts: object) -> Object:
        """Make an object that is as old as its ring, and is taken back with it."""
        taken_back = {"revoked": True} if ring.revoked else {}
        return (
            self.observable(kind, *parts)
            | {
                "created_by_ref": self.producer,
                "created": stamp(ring.created),
                "modified": stamp(ring.modified),
            }
            | taken_back
            | facts
        )

    def relationship(
        self, ring: SharedRing, source: str, word: str, target: str, *, revoked: bool = False
    ) -> Object:
        """Tie two objects by a word of the specification, such as ``indicates``, or say that they are no longer tied."""
        return self.of_ring(
            ring,
            "relationship",
            source,
            word,
            target,
            relationship_type=word,
            source_ref=source,
            target_ref=target,
            **({"revoked": True} if revoked else {}),
        )

    def header(self) -> list[Object]:
        """Make what stands in every bundle: who says it, how far it may go, and what our extension means."""
        dated: Object = {"spec_version": "2.1", "created": SINCE, "modified": SINCE}
        marked: Object = {"object_marking_refs": [TLP_MARKINGS[self.package.tlp]]}
        producer: Object = {
            "type": "identity",
            "id": self.producer,
            "created_by_ref": self.producer,
            "name": self.package.producer,
            "identity_class": "organization",
        }
        project: Object = {
            "type": "identity",
            "id": PROJECT,
            "name": "Linkage",
            "description": "The program that made these objects; its extension-definition says what they carry.",
            "identity_class": "system",
        }
        return [
            producer | dated | marked,
            project | dated | marked,
            _extension() | dated | marked,
            _tlp(self.package.tlp),
            *self._terms(),
        ]

    def _terms(self) -> list[Object]:
        if not self.package.terms:
            return []
        terms: Object = {
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": self.markings[1],
            "created_by_ref": self.producer,
            "created": SINCE,
            "object_marking_refs": [TLP_MARKINGS[self.package.tlp]],
            "definition_type": "statement",
            "definition": {"statement": self.package.terms},
        }
        return [terms]


def extended(**facts: object) -> Object:
    """Say in our extension what STIX has no word for; custom properties elsewhere are refused by strict readers."""
    return {EXTENSION: {"extension_type": "property-extension", **facts}}


def taken_back(objects: list[Object], at: datetime) -> list[Object]:
    """Revoke objects that were shared before, such as the ones a later export no longer has.

    Markings, extension-definitions and observables cannot be revoked, so they are left out; so are identities, for
    their other objects stand.

    Args:
        objects: what was shared.
        at: when it is taken back; later than each was modified.

    Returns:
        The later version of each object.

    >>> from datetime import datetime
    >>> old = {"type": "note", "id": "note--1", "modified": "2026-09-03T01:12:09.000Z"}
    >>> taken_back([old], datetime(2026, 9, 4))
    [{'type': 'note', 'id': 'note--1', 'modified': '2026-09-04T00:00:00.000Z', 'revoked': True}]
    """
    return [
        each | {"modified": stamp(at), "revoked": True}
        for each in objects
        if "modified" in each and each["type"] not in {"identity", "extension-definition"}
    ]


def _extension() -> Object:
    return {
        "type": "extension-definition",
        "id": EXTENSION,
        "created_by_ref": PROJECT,
        "name": "Linkage",
        "description": "Scores, review and tokens of rings of accounts that one operation runs.",
        "schema": _EXTENSION_SCHEMA,
        "version": "1.0.0",
        "extension_types": ["property-extension"],
    }


def _tlp(level: Tlp) -> Object:
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": TLP_MARKINGS[level],
        "created": _TLP_SINCE,
        "name": f"TLP:{level.upper()}",
        "extensions": {_TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": level.value}},
    }
