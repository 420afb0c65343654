"""Addresses for ipset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.sharing.addresses import written
from linkage.sharing.lists import about_list, listed, now_of, seconds_left
from linkage.sharing.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.sharing.ids import Ids
    from linkage.sharing.model import Package

# The kernel counts in milliseconds in 31 bits, and refuses more.
MOST_SECONDS = 2_147_483
# The same always: a set that is there already must have been made with the same.
_MOST_ENTRIES = 1_048_576


class IpsetView(View):
    """Addresses as sets for iptables, ``linkage4`` and ``linkage6``, to be loaded with ``ipset restore``.

    What was in those sets before goes. Use them in a rule that logs: a set does nothing by itself. No entry stays
    longer than 24 days, the most that ipset allows.
    """

    name = "ipset"
    always = False

    def files(self, package: Package, ids: Ids) -> Iterator[tuple[str, bytes]]:  # noqa: ARG002 - lists have no ids
        """Write the sets."""
        now = now_of(package)
        lines = [f"# {line}" for line in about_list(package)]
        for version, family in ((4, "inet"), (6, "inet6")):
            made = f"hash:net family {family} maxelem {_MOST_ENTRIES} timeout {MOST_SECONDS}"
            lines += [f"create linkage{version} {made} -exist", f"flush linkage{version}"]
        lines += [
            f"add linkage{each.network.version} {written(each.network)} "
            f"timeout {min(seconds_left(each, now), MOST_SECONDS)}"
            for each in listed(package)
        ]
        yield "lists/linkage.ipset", ("\n".join(lines) + "\n").encode()
