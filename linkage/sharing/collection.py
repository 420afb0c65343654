"""Lists on a TAXII server: the objects that go there, and those that come from there as a file that nobody signed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkage.errors import DataError
from linkage.sharing import bounded
from linkage.sharing.taxii import latest, pull

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
    current = latest([*last["makers"], *makers, *pulled.objects])
    kept = {
        "added_last": pulled.added_last or last["added_last"],
        "makers": [each for each in current if _is_maker(each, producer)],
    }
    bundle = json.dumps({"type": "bundle", "id": "bundle--fetched", "objects": current})
    if len(bundle) > bounded.MOST_BYTES:
        raise DataError(
            "the collection holds more than is taken in at once; ask its keeper for one of its own"
        )
    return Fetched(len(latest(pulled.objects)), bundle.encode(), (name, json.dumps(kept, sort_keys=True)))


def _is_maker(each: Object, producer: str) -> bool:
    return each.get("type") == "identity" and each.get("name") == producer
