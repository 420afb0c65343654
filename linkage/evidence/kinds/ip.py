"""Accounts that came from the same address, or the same small block of addresses."""

from __future__ import annotations

import bisect
import ipaddress
import socket

from linkage.evidence.kind import Level, SharedValue
from linkage.settings import EvidenceSettings

_NO_ONE = tuple(
    ipaddress.ip_network(block)
    for block in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"),
        *("::/64", "64:ff9b:1::/48", "100::/64", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
)
"""Private, shared, loopback, link-local, benchmark, multicast and reserved blocks. The documentation blocks are
not here: nothing real comes from them, and invented examples must come from somewhere."""
_MAPPED = bytes(10) + b"\xff\xff"
"""What an IPv4 address begins with when it is written as IPv6."""
_SPANS = {
    version: tuple(
        zip(
            *sorted(
                (int(block.network_address), int(block.broadcast_address))
                for block in _NO_ONE
                if block.version == version
            ),
            strict=True,
        )
    )
    for version in (4, 6)
}


class SharedIp(SharedValue):
    """Accounts seen from one address (IPv6: one /64), or from one block (/24, /48).

    Strong for addresses of hosting networks and for several addresses shared at once.
    Misleads behind carrier NATs, offices, campuses and VPN exits, where strangers share an address, and behind
    residential proxies, whose exits are innocent homes. Somebody else can give it to a victim.
    """

    name = "ip"
    label = "address"
    family = "network"
    reads = ("events", "ip")
    levels = (Level("address", "addresses"), Level("address block", "address blocks"))
    receivable = True
    defaults = EvidenceSettings(cap=14.0, largest=200)
    examples = (
        ("198.51.100.7", "198.51.100.7"),
        (" 198.51.100.7:443 ", "198.51.100.7"),
        ("2001:DB8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("10.1.2.3", None),
        ("0.0.0.0", None),  # noqa: S104 - an address to leave out, not one to listen on
        ("::1", None),
        ("somewhere", None),
    )

    def clean(self, raw: str) -> str | None:
        """Write an address in its shortest form, an IPv6 address as its /64."""
        if raw.endswith("::/64"):
            raw = raw.removesuffix("/64")
        bare = _bare(raw.strip())
        # The C library's parser: ten times as fast as ipaddress, and a log has millions of addresses.
        family = socket.AF_INET6 if ":" in bare else socket.AF_INET
        try:
            packed = socket.inet_pton(family, bare)
        except (OSError, ValueError):
            return None
        packed = packed.removeprefix(_MAPPED)
        if _links_nobody(int.from_bytes(packed, "big"), 4 if len(packed) == 4 else 6):
            return None
        if len(packed) == 4:
            return socket.inet_ntop(socket.AF_INET, packed)
        return f"{socket.inet_ntop(socket.AF_INET6, packed[:8] + bytes(8))}/64"

    def coarser(self, identifier: str) -> str | None:
        """Widen an address to its /24, a /64 to its /48."""
        if ":" not in identifier:
            return f"{identifier.rsplit('.', 1)[0]}.0/24"
        packed = socket.inet_pton(socket.AF_INET6, identifier.removesuffix("/64"))
        return f"{socket.inet_ntop(socket.AF_INET6, packed[:6] + bytes(10))}/48"


def _links_nobody(number: int, version: int) -> bool:
    """Say whether an address lies in one of the blocks; these are sorted and do not overlap."""
    starts, ends = _SPANS[version]
    place = bisect.bisect_right(starts, number) - 1
    return place >= 0 and number <= ends[place]


def _bare(raw: str) -> str:
    """Take off a port, brackets and a zone."""
    if raw.startswith("["):
        raw = raw[1:].partition("]")[0]
    elif raw.count(":") == 1:
        raw = raw.partition(":")[0]
    return raw.partition("%")[0]
