"""A MISP feed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from linkage.sharing.ascii_json import write_json
from linkage.sharing.misp_events import make_events
from linkage.sharing.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.sharing.ids import Ids
    from linkage.sharing.misp_events import Event
    from linkage.sharing.model import Package

_IN_MANIFEST = frozenset({"Orgc", "Tag", "info", "date", "analysis", "threat_level_id", "timestamp"})


class MispView(View):
    """A MISP feed: put the folder ``misp`` behind any web server, or name it as a local feed.

    Each ring is an event; a large ring goes on in events that extend its first. Accounts are objects, and selectors
    attributes, of which only those meant for logs have ``to_ids``. What is taken back, a ring or a selector of one,
    stays in the feed without ``to_ids``, for MISP forgets nothing that a feed leaves out.
    """

    name = "misp"

    def files(self, package: Package, ids: Ids) -> Iterator[tuple[str, bytes]]:
        """Write the events, their manifest and the hashes of their values."""
        manifest: dict[str, object] = {}
        hashes: list[str] = []
        for event in make_events(package, ids):
            uuid = event["uuid"]
            yield f"misp/{uuid}.json", write_json({"Event": event}) + b"\n"
            manifest[uuid] = {name: value for name, value in event.items() if name in _IN_MANIFEST}
            hashes += [f"{_hash(value)},{uuid}\n" for value in _values(event)]
        yield "misp/manifest.json", write_json(manifest) + b"\n"
        yield "misp/hashes.csv", "".join(hashes).encode()


def _values(event: Event) -> Iterator[str]:
    yield from (attribute["value"] for attribute in event["Attribute"])
    yield from (attribute["value"] for each in event["Object"] for attribute in each["Attribute"])


def _hash(value: str) -> str:
    # By these MISP finds in which event of the feed a value stands; nothing rests on them.
    return hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()
