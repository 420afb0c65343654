"""Which addresses belong on a list for a firewall, and what to say at its head."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from linkage.sharing.addresses import Network, network_of
from linkage.sharing.selectors import held_selectors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkage.sharing.model import Package

# Nobody's ring is half the internet: what is wider is a mistake, and Cloudflare takes nothing wider.
_WIDEST = {4: 8, 6: 12}


@dataclass(frozen=True)
class Listed:
    """An address or a network to watch.

    Args:
        network: where it is.
        until: when it leaves the list.
        rings: whose it is.
    """

    network: Network
    until: datetime
    rings: tuple[str, ...]

    @property
    def about(self) -> str:
        """Name its rings, as many as fit beside it.

        >>> from datetime import datetime
        >>> import ipaddress
        >>> at, network = datetime(2026, 9, 3), ipaddress.ip_network("198.51.100.7")
        >>> Listed(network, at, ("R-1", "R-2", "R-3")).about
        'R-1 R-2 and more'
        """
        return " ".join(self.rings[:2]) + (" and more" if len(self.rings) > 2 else "")


def now_of(package: Package) -> datetime | None:
    """Say when the package was made: its latest change, for a clock would give other bytes each time."""
    return max((ring.modified for ring in package.rings), default=None)


def seconds_left(entry: Listed, now: datetime | None) -> int:
    """Say how long an entry stays on a list that was made ``now``."""
    return 0 if now is None else max(1, int((entry.until - now).total_seconds()))


def about_list(package: Package) -> list[str]:
    """Say in a few lines what a list is, for the comments at its head."""
    now = now_of(package)
    start = "nowhere, for no ring is shared" if now is None else f"{now.isoformat()}Z"
    return [
        f"Addresses of rings, from {package.producer} to {package.recipient}, TLP:{package.tlp.upper()}",
        "For logs and challenges, never to drop: others may come from the same addresses.",
        f"Timeouts run from {start}, when what is in it last changed: load it anew rather than late.",
    ]


def listed(package: Package) -> list[Listed]:
    """Choose the addresses that a firewall may watch: of live rings, still valid, and not shared by many.

    A network that lies within another of the list is left out, for no firewall takes both.

    Args:
        package: what is shared.

    Returns:
        Each network once, IPv4 first, in order.
    """
    now = now_of(package)
    if now is None:
        return []
    found = [
        Listed(network, each.selector.valid_until, each.rings)
        for each in held_selectors(package).values()
        if not each.revoked and not each.selector.soft and each.selector.valid_until > now
        for network in [network_of(each.selector)]
        if network is not None
    ]
    return merged(each for each in found if each.network.prefixlen >= _WIDEST[each.network.version])


def merged(entries: Iterable[Listed]) -> list[Listed]:
    """Keep each network once, the later end and all its rings, and none within another.

    >>> from datetime import datetime
    >>> import ipaddress
    >>> at = datetime(2026, 9, 3)
    >>> wide, narrow = ipaddress.ip_network("198.51.100.0/24"), ipaddress.ip_network("198.51.100.7")
    >>> [str(each.network) for each in merged([Listed(narrow, at, ("R-1",)), Listed(wide, at, ("R-2",))])]
    ['198.51.100.0/24']
    """
    kept: list[Listed] = []
    for entry in sorted(entries, key=lambda each: (*_place(each.network), each.until, each.rings)):
        last = kept[-1] if kept else None
        if last is None or not _holds(last.network, entry.network):
            kept.append(entry)
        elif last.network == entry.network:
            rings = tuple(sorted({*last.rings, *entry.rings}))
            kept[-1] = replace(last, until=max(last.until, entry.until), rings=rings)
    return kept


def _place(network: Network) -> tuple[int, int, int]:
    return network.version, int(network.network_address), network.prefixlen


def _holds(outer: Network, inner: Network) -> bool:
    if outer.version != inner.version or outer.prefixlen > inner.prefixlen:
        return False
    return inner.supernet(new_prefix=outer.prefixlen) == outer
