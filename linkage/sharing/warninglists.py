"""Networks of everybody: what lies in them must not go out as somebody's address, or only as something to look at."""

from __future__ import annotations

import bisect
import ipaddress
import socket
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any

from linkage.errors import MissingPartError, SettingsError
from linkage.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_RESERVED = (
    ("private", ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")),
    ("carrier NAT", ("100.64.0.0/10",)),
    ("loopback", ("127.0.0.0/8", "::1/128")),
    ("link local", ("169.254.0.0/16", "fe80::/10", "fec0::/10")),
    ("multicast", ("224.0.0.0/4", "ff00::/8")),
    # 2001::/23 has Teredo in it, 2002::/16 is 6to4: both hide an IPv4 address of somebody. ::/8 has IPv4 addresses
    # written as IPv6, which are looked up as what they are before it comes to this.
    (
        "special use",
        (
            "0.0.0.0/8",
            "192.0.0.0/24",
            "192.88.99.0/24",
            "240.0.0.0/4",
            "::/8",
            "100::/64",
            "2001::/23",
            "2002::/16",
        ),
    ),
)
"""Blocks that are nobody's (RFC 6890 and the registries after it), by the name they are shown with."""
_DOCUMENTATION = (
    ("documentation", ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")),
    ("benchmarks", ("198.18.0.0/15",)),
)


class Grade(StrEnum):
    """What follows for an address that lies in a listed network."""

    hard = "hard"
    """It does not go out: strangers share it, or it is a service of everybody's."""
    soft = "soft"
    """It goes out with less confidence, and never to be blocked: many rent there."""


@dataclass(frozen=True)
class Listed:
    """Why an address is not like any other.

    Args:
        grade: what follows.
        name: of the list, such as ``cloudflare``.
    """

    grade: Grade
    name: str


class WarningLists:
    """The lists, read once, when the first address is looked up.

    Args:
        extra: networks of the user's that never go out, such as a partner's egress, by a name for each list.
        examples: leave the documentation and benchmark blocks out. Nothing real comes from them, so they are on the
            lists; but invented worlds have no other addresses, and would have nothing to share.

    Raises:
        SettingsError: an extra network is none.
    """

    def __init__(self, extra: Mapping[str, Sequence[str]] | None = None, *, examples: bool = False) -> None:
        self._extra = [
            (name, _network(name, text)) for name, texts in (extra or {}).items() for text in texts
        ]
        self._examples = examples

    def class_of(self, address: str) -> Grade | None:
        """Say what follows for an address or a block.

        >>> lists = WarningLists()
        >>> lists.class_of("8.8.8.8"), lists.class_of("52.95.110.1"), lists.class_of("81.2.69.142")
        (<Grade.hard: 'hard'>, <Grade.soft: 'soft'>, None)
        """
        found = self.find(address)
        return found.grade if found else None

    def find(self, address: str) -> Listed | None:
        """Find the list of an address or a block; a hard one before a soft one.

        Args:
            address: an address, or a block such as ``2001:db8:1:2::/64``. A block is on a list where it lies in a
                network of it or has one in it. Text that is neither must not go out either.

        >>> WarningLists(examples=True).find("203.0.113.7")
        >>> WarningLists({"lab-b": ["203.0.113.0/28"]}, examples=True).find("203.0.113.7")
        Listed(grade=<Grade.hard: 'hard'>, name='lab-b')
        >>> WarningLists().find("2606:4700::/64").name
        'cloudflare'
        """
        try:
            network = _plain(_parsed(address))
        except ValueError:
            return Listed(Grade.hard, "not an address")
        for grade, networks in self._networks.items():
            name = networks.name_of(network)
            if name is not None:
                return Listed(grade, name)
        return None

    @cached_property
    def _networks(self) -> dict[Grade, _Networks]:
        reserved = _RESERVED if self._examples else _RESERVED + _DOCUMENTATION
        found = {grade: _Networks() for grade in Grade}
        for name, networks in reserved:
            found[Grade.hard].add(name, networks)
        for name, network in self._extra:
            found[Grade.hard].add(name, [str(network)])
        for grade, name, shipped in _shipped():
            found[grade].add(name, shipped)
        return found


class _Networks:
    """Networks of one grade; of equal ones, the first has the name."""

    def __init__(self) -> None:
        self._trees = {4: _tree(32), 6: _tree(128)}

    def add(self, name: str, networks: Iterable[str]) -> None:
        for network in networks:
            tree = self._trees[6 if ":" in network else 4]
            if not tree.has_key(network):
                tree[network] = name

    def name_of(self, network: Network) -> str | None:
        tree = self._trees[network.version]
        name: str | None = tree.get(str(network))
        if name is None and network.prefixlen < network.max_prefixlen:
            starts = self._starts[network.version]
            place = bisect.bisect_left(starts, int(network[0]))
            if place < len(starts) and starts[place] <= int(network[-1]):
                name = tree.get(str(type(network[0])(starts[place])))
        return name

    @cached_property
    def _starts(self) -> dict[int, list[int]]:
        """Where networks begin, for blocks that may have one in them."""
        # The C library's parser: there are a hundred thousand.
        return {
            version: sorted(
                int.from_bytes(socket.inet_pton(family, network.partition("/")[0]), "big")
                for network in self._trees[version]
            )
            for version, family in ((4, socket.AF_INET), (6, socket.AF_INET6))
        }


def _tree(bits: int) -> Any:  # noqa: ANN401 - the library has no types
    """Make a compiled tree of networks, which those who share nothing do without."""
    try:
        import pytricia  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415 - optional
    except ModuleNotFoundError:
        raise MissingPartError(
            "sharing needs pytricia, an optional part: pip install 'linkage-rings[sharing]'"
        ) from None
    return pytricia.PyTricia(bits)


def _shipped() -> Iterator[tuple[Grade, str, Iterator[str]]]:
    """Read the shipped lists; their makers' file says how they are written."""
    file = resources.files("linkage.sharing") / "warninglists.txt"
    with file.open(encoding="ascii") as lines:
        for line in lines:
            if not line.startswith("#"):
                grade, name, _, *networks = line.rstrip("\n").split(" ")
                yield Grade(grade), name, _whole(networks)


def _whole(networks: Iterable[str]) -> Iterator[str]:
    """Give back the octets that a network has in common with the one before it.

    >>> list(_whole(["8.8.4.4", "8.8", "9.0.0/24", "2001:db8::/32"]))
    ['8.8.4.4', '8.8.8.8', '8.9.0.0/24', '2001:db8::/32']
    """
    before: list[str] = []
    for network in networks:
        if ":" in network:
            yield network
            continue
        octets = network.split(".")
        octets = before[: 4 - len(octets)] + octets
        yield ".".join(octets)
        before = [*octets[:3], octets[3].partition("/")[0]]


def _parsed(text: str) -> Network:
    network = ipaddress.ip_network(text)
    # ``fe80::1%eth0`` says by which of its ports a machine reaches it: no other machine knows it by that.
    if "%" in str(network):
        raise ValueError
    return network


def _plain(network: Network) -> Network:
    """Take an IPv4 address that is written as IPv6 for what it is."""
    mapped = network[0].ipv4_mapped if isinstance(network, ipaddress.IPv6Network) else None
    return ipaddress.IPv4Network(mapped) if mapped and network.prefixlen == 128 else network


def _network(name: str, text: str) -> Network:
    try:
        return _parsed(text)
    except ValueError:
        raise SettingsError(
            f"{inert(text)!r} in the list {inert(name)!r} is not a network such as 192.0.2.0/24 or 2001:db8::/32"
        ) from None
