"""Which selectors are addresses, and how they are written."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from linkage.sharing.model import Scheme

if TYPE_CHECKING:
    from linkage.sharing.model import Selector

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def network_of(selector: Selector) -> Network | None:
    """Read the address or network that a selector is; None where it is something else.

    >>> from datetime import datetime
    >>> from linkage.sharing.model import Scheme, Selector
    >>> at = datetime(2026, 9, 3)
    >>> network_of(Selector("ip", Scheme.raw, "198.51.100.7", "", at, at, 90, 2))
    IPv4Network('198.51.100.7/32')
    """
    # After a percent sign an IPv6 address takes any words, which no list wants.
    if selector.kind != "ip" or selector.scheme is not Scheme.raw or "%" in selector.value:
        return None
    try:
        return ipaddress.ip_network(selector.value, strict=False)
    except ValueError:
        return None


def written(network: Network) -> str:
    """Write a network, and a single address without its length.

    >>> import ipaddress
    >>> [written(ipaddress.ip_network(each)) for each in ("198.51.100.7/32", "2001:db8::/64")]
    ['198.51.100.7', '2001:db8::/64']
    """
    single = network.prefixlen == network.max_prefixlen
    return str(network.network_address) if single else str(network)
