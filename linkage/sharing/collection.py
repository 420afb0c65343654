"""Lists on a TAXII server: the objects that go there, and those that come from there, signed or as a file nobody signed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkage.errors import DataError
from linkage.sharing import bounded
from linkage.sharing.keyring import keyring
from linkage.sharing.manifest import MANIFEST
from linkage.sharing.manifest_fields import LARGEST_MANIFEST
from linkage.sharing.seal import is_seal, seal
from linkage.sharing.taxii import goes, latest, pull

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from linkage.sharing.taxii import Profile
    from linkage.store import Case

Object = dict[str, object]


def objects_in(folder: Path) -> Iterator[Object]:
    """List the STIX objects of a list that was written, bundle after bundle; what stands in several comes several times.

    Raises:
        DataError: a bundle cannot be read.
    """
    for path in sorted(folder.glob("stix/*.json")):
        bundle = bounded.load(path)
        objects = bundle.get("objects") if isinstance(bundle, dict) else None
        for each in objects if isinstance(objects, list) else ():
            if isinstance(each, dict):
                yield each


@dataclass(frozen=True)
class Fetched:
    """What a collection has that we had not asked for yet.

    Args:
        objects: the last version of each.
        bundle: they and the producer's identity, as a bundle.
        keep: what to note once the bundle was taken in, so that next time only what is newer is asked for.
    """

    objects: int
    bundle: bytes
    keep: tuple[str, str]


def fetch(
    case: Case, url: str, *, producer: str, user: str | None = None, password: str | None = None
) -> Fetched:
    """Fetch what came to a collection since the last time.

    Args:
        case: an open case, which knows when that was.
        url: of the collection.
        producer: whose objects are wanted.
        user: who asks.
        password: and the secret.

    Raises:
        DataError: the server cannot be reached, does not let us or breaks.
        MissingPartError: the TAXII client is not installed.
    """
    # The address may hold more than a case should tell.
    name = f"taxii {hashlib.sha256(f'{producer} {url}'.encode()).hexdigest()[:32]}"
    last = json.loads(case.fact(name) or '{"added_last": null, "makers": []}')
    pulled = pull(url, added_after=last["added_last"], user=user, password=password)
    # Identities came the first time and do not come again, and without its maker no object is taken.
    makers = [each for each in pulled.objects if _is_maker(each, producer)]
    plain = [each for each in pulled.objects if not is_seal(each)]
    current = latest([*last["makers"], *makers, *plain])
    kept = {
        "added_last": pulled.added_last or last["added_last"],
        "makers": [each for each in current if _is_maker(each, producer)],
    }
    bundle = json.dumps({"type": "bundle", "id": "bundle--fetched", "objects": current})
    if len(bundle) > bounded.MOST_BYTES:
        raise DataError(
            "the collection holds more than is taken in at once; ask its keeper for one of its own"
        )
    return Fetched(len(latest(plain)), bundle.encode(), (name, json.dumps(kept, sort_keys=True)))


def fetch_all(url: str, *, user: str | None = None, password: str | None = None) -> tuple[Object, ...]:
    """Fetch all versions of all objects of a collection: a signed list covers old ones, too.

    Raises:
        DataError: the server cannot be reached, does not let us or breaks.
        MissingPartError: the TAXII client is not installed.
    """
    return pull(url, added_after=None, user=user, password=password).objects


def sealed_objects(folder: Path, case: Case, profile: Profile) -> Iterator[Object]:
    """List the STIX objects of a list that was written and, last, the note that covers those that go to a server.

    Raises:
        DataError: the list cannot be read.
    """
    objects = [each for each in objects_in(folder) if goes(each, profile)]
    keys = keyring(case)
    yield from objects
    document = bounded.read(folder / MANIFEST, most_bytes=LARGEST_MANIFEST)
    yield seal(objects, document, keys.signing, keys.ids)


def _is_maker(each: Object, producer: str) -> bool:
    return each.get("type") == "identity" and each.get("name") == producer
