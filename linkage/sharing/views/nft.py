"""Addresses for nftables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.sharing.addresses import written
from linkage.sharing.lists import about_list, listed, now_of, seconds_left
from linkage.sharing.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from linkage.sharing.ids import Ids
    from linkage.sharing.lists import Listed
    from linkage.sharing.model import Package


class NftView(View):
    """Addresses as a table of nftables that counts and logs who comes from them, and drops nobody.

    Load it with ``nft -f``; it replaces the table ``linkage`` that stood before, and no other.
    """

    name = "nft"
    always = False

    def files(self, package: Package, ids: Ids) -> Iterator[tuple[str, bytes]]:  # noqa: ARG002 - lists have no ids
        """Write the table."""
        now = now_of(package)
        entries = listed(package)
        lines = [
            *(f"# {line}" for line in about_list(package)),
            "# Named first, so that there is one to delete.",
            "table inet linkage",
            "delete table inet linkage",
            "table inet linkage {",
            *(line for version in (4, 6) for line in _set(version, entries, now)),
            "\tchain watch {",
            "\t\ttype filter hook input priority -10; policy accept;",
            '\t\tip saddr @ring4 counter limit rate 10/second log prefix "linkage: "',
            '\t\tip6 saddr @ring6 counter limit rate 10/second log prefix "linkage: "',
            "\t}",
            "}",
        ]
        yield "lists/linkage.nft", ("\n".join(lines) + "\n").encode()


def _set(version: int, entries: list[Listed], now: datetime | None) -> list[str]:
    ours = [each for each in entries if each.network.version == version]
    elements = [
        f'\t\t\t{written(each.network)} timeout {seconds_left(each, now)}s comment "{each.about}",'
        for each in ours
    ]
    return [
        f"\tset ring{version} {{",
        f"\t\ttype ipv{version}_addr",
        "\t\tflags interval, timeout",
        # An empty list of elements is an error.
        *(["\t\telements = {", *elements, "\t\t}"] if elements else []),
        "\t}",
    ]
