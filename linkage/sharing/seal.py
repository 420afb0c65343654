"""A signed list that travels through a server: beside its objects, a note that says which they are, signed.

Servers hand out objects one by one, of several lists and labs, and some alter them. The note holds the manifest of a
list and the SHA-256 of each of its objects that is read, signed with the key that signs the list. What it does not
cover counts for nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkage.errors import DataError
from linkage.inert import inert
from linkage.sharing.ascii_json import write_json
from linkage.sharing.manifest import Manifest
from linkage.sharing.minisign import verify
from linkage.sharing.stix_objects import EXTENSION, TLP_MARKINGS, Object, extended, stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from linkage.sharing.ids import Ids
    from linkage.sharing.minisign import SigningKey

READ = frozenset({"indicator", "intrusion-set", "note"})
"""Objects from which something is read; the others are for platforms.

An identity is no such object, for it never gets a later version: a server keeps the one of the first list, whatever
marking it had then. The seal says which is the producer's."""
_FORMAT = "linkage seal 1"


@dataclass(frozen=True)
class Sealed:
    """A list out of a collection, as it was signed.

    Args:
        manifest: what it says of itself.
        document: the same, as it was signed.
        objects: the producer's identity, and those that are read.
    """

    manifest: Manifest
    document: bytes = field(repr=False)
    objects: tuple[Object, ...] = field(repr=False)


def seal(objects: Iterable[Object], document: bytes, key: SigningKey, ids: Ids) -> Object:
    """Make the note that covers the objects of a list; the same each time.

    Args:
        objects: all that are brought to the server.
        document: the manifest of the list.
        key: signs our lists.
        ids: the names that our objects have everywhere.
    """
    manifest = Manifest.of(document)
    digests = sorted({_digest(each) for each in objects if each.get("type") in READ})
    # In lines, for whoever reads bounds how long a text may be.
    maker = f"identity--{ids.uuid('identity', manifest.producer)}"
    covered: Object = {
        "format": _FORMAT,
        "maker": maker,
        "manifest": document.decode().splitlines(),
        "objects": digests,
    }
    title = f"{manifest.producer} to {manifest.recipient} {manifest.sequence}"
    signature = key.sign(write_json(covered), trusted_comment=title)
    return {
        "type": "note",
        "spec_version": "2.1",
        "id": f"note--{ids.uuid('note', 'seal', manifest.recipient, str(manifest.sequence))}",
        "created_by_ref": maker,
        "created": stamp(manifest.created),
        "modified": stamp(manifest.created),
        "object_marking_refs": [TLP_MARKINGS[manifest.tlp]],
        "object_refs": [maker],
        "content": f"Signed list {title}",
        "extensions": extended(seal=covered, signature=signature.decode()),
    }


def unsealed(
    objects: Sequence[Mapping[str, object]], keys: Sequence[str], *, me: str, producer: str
) -> Sealed:
    """Find the newest list of a producer for us, and the objects that it covers.

    Args:
        objects: all that a collection holds.
        keys: the producer's, as they are pinned.
        me: our name among labs.
        producer: whose list is wanted.

    Raises:
        DataError: there is none that one of the keys signed, or an object of it is missing or was altered.
    """
    found = [each for each in _signed(objects, keys) if _is_for(each[0], me=me, producer=producer)]
    if not found:
        raise DataError(
            f"the collection holds no list from {inert(producer)} to us that a pinned key signed; take the folder of a "
            "signed list instead, or vouch for the collection with --unsigned"
        )
    manifest, document, maker, digests = max(found, key=lambda each: each[0].sequence)
    held = {_digest(each): dict(each) for each in objects if each.get("type") in READ}
    missing = sum(digest not in held for digest in digests)
    if missing:
        raise DataError(
            f"{missing:,} of {len(digests):,} objects of list {manifest.sequence} are missing in the collection, or the "
            "server altered them; ask the partner to bring the list again, or for its folder"
        )
    identity: Object = {"type": "identity", "id": maker, "name": producer}
    return Sealed(manifest, document, (identity, *(held[digest] for digest in digests)))


def is_seal(each: Mapping[str, object]) -> bool:
    """Say whether an object is such a note, signed by whomever."""
    return each.get("type") == "note" and _seal_of(each) is not None


def _signed(
    objects: Iterable[Mapping[str, object]], keys: Sequence[str]
) -> Iterator[tuple[Manifest, bytes, str, list[str]]]:
    """Give what stands in each note that one of the keys signed; nothing is read in the others."""
    for each in filter(is_seal, objects):
        covered, signature = _seal_of(each) or ({}, "")
        try:
            verify(_written(covered), signature.encode(errors="replace"), keys)
            yield _parsed(covered)
        except DataError:
            continue


def _seal_of(each: Mapping[str, object]) -> tuple[Object, str] | None:
    extensions = each.get("extensions")
    facts = extensions.get(EXTENSION) if isinstance(extensions, dict) else None
    match facts:
        case {"seal": dict(covered), "signature": str(signature)}:
            return covered, signature
        case _:
            return None


def _parsed(covered: Object) -> tuple[Manifest, bytes, str, list[str]]:
    match covered:
        case {"format": str(word), "maker": str(maker), "manifest": [*lines], "objects": [*digests]} if (
            word == _FORMAT and all(isinstance(each, str) for each in (*lines, *digests))
        ):
            document = "".join(f"{line}\n" for line in lines).encode()
            return Manifest.of(document), document, maker, [str(each) for each in digests]
        case _:
            raise DataError("it is no seal of a list")


def _is_for(manifest: Manifest, *, me: str, producer: str) -> bool:
    return manifest.recipient == me and manifest.producer == producer


def _digest(each: Mapping[str, object]) -> str:
    return hashlib.sha256(_written(each)).hexdigest()


def _written(value: Mapping[str, object]) -> bytes:
    try:
        return write_json(dict(value))
    except (TypeError, ValueError):  # what cannot be written was never signed
        return b""
