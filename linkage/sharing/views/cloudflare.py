"""Addresses for a list of Cloudflare."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

from linkage.sharing.addresses import written
from linkage.sharing.lists import listed, merged
from linkage.sharing.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.sharing.ids import Ids
    from linkage.sharing.lists import Listed
    from linkage.sharing.model import Package

MOST_ROWS = 10_000


class CloudflareView(View):
    """Addresses to upload as a custom list of Cloudflare, with up to 10,000 rows a file.

    Their descriptions say until when an address is meant; the list itself forgets nothing, so upload each new one in
    place of the old. Use it with the action *log* or *managed challenge*. Cloudflare takes IPv6 up to /64, so a single
    IPv6 address stands for its /64.
    """

    name = "cloudflare"
    always = False

    def files(self, package: Package, ids: Ids) -> Iterator[tuple[str, bytes]]:  # noqa: ARG002 - lists have no ids
        """Write rows of address and description."""
        entries = merged(_widened(each) for each in listed(package))
        for number, start in enumerate(range(0, max(1, len(entries)), MOST_ROWS), start=1):
            name = "lists/cloudflare.csv" if number == 1 else f"lists/cloudflare-{number}.csv"
            yield name, _table(entries[start : start + MOST_ROWS])


def _widened(entry: Listed) -> Listed:
    network = entry.network
    if network.version == 4 or network.prefixlen <= 64:
        return entry
    return replace(entry, network=network.supernet(new_prefix=64))


def _table(entries: list[Listed]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        (written(each.network), f"{each.about} until {each.until:%Y-%m-%d}") for each in entries
    )
    return out.getvalue().encode()
