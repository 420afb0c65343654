"""STIX 2.1 bundles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.errors import DataError
from linkage.sharing.stix import make_parts, write_bundle
from linkage.sharing.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.sharing.ids import Ids
    from linkage.sharing.model import Package


class StixView(View):
    """STIX 2.1 bundles for threat-intelligence platforms such as OpenCTI, one for each ring.

    A bundle holds at most 1,000 objects and all that its objects refer to; a larger ring goes on in ``<ring>-2.json``
    and so on. What is taken back comes with ``revoked``.
    """

    name = "stix"

    def files(self, package: Package, ids: Ids) -> Iterator[tuple[str, bytes]]:
        """Write a bundle for each part of each ring.

        Raises:
            DataError: a ring is called like a part of another, such as ``R-1-2``.
        """
        written: set[str] = set()
        for part in make_parts(package, ids):
            path = f"stix/{part.stem}.json"
            if path in written:
                raise DataError(f"a ring and a part of another would both be {path}; rename one of the two")
            written.add(path)
            yield path, write_bundle(part.bundle, part.objects)
