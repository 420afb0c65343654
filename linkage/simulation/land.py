"""The world that honest people and rings share: countries, networks, banks, mail, programs, public templates."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from linkage.simulation.grammar import invent_name
from linkage.simulation.writer import Writer, topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.clock import Floats

RELAYS = ("relay.example.com", "hide.relay.example.org")
WORLD_MAIL = ("mail.example.com", "post.example.org", "inbox.example.net", "letters.example.com")
DISPOSABLE = tuple(
    f"{word}.example" for word in ("tempbox", "tenminutes", "dropmail", "oneday", "quickpost", "trashcan")
)
MODELS = ("model-small", "model-large", "model-reasoning")


@dataclass(frozen=True)
class Country:
    """Where somebody lives: clock, language, networks and banks go together."""

    name: str
    offset: float
    language: str
    weight: float


COUNTRIES = (
    Country("north", -5.0, "english", 0.24),
    Country("west", -8.0, "english", 0.12),
    Country("isles", 1.0, "english", 0.12),
    Country("middle", 2.0, "german", 0.12),
    Country("south", -3.0, "spanish", 0.10),
    Country("coast", 2.0, "spanish", 0.07),
    Country("straits", 7.0, "indonesian", 0.10),
    Country("plains", 5.5, "english", 0.13),
)


@dataclass(frozen=True)
class Network:
    """A network operator and where its addresses come from: an IPv6 prefix, or single IPv4 addresses."""

    asn: int
    prefix: str = ""
    seats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Template:
    """A text that many unrelated people use: a tutorial's prompt, an SDK's or a harness's system prompt."""

    text: str
    system: bool
    country: int | None = None


class Land:
    """Everything that is the same for all scenarios of one world.

    A *seat* is a place on the network: an IPv4 address, or the first four groups of an IPv6 /64.

    >>> land = Land(np.random.Generator(np.random.PCG64(1)), scale=1.0)
    >>> len(land.carriers) == len(COUNTRIES)
    True
    """

    def __init__(self, rng: np.random.Generator, *, scale: float) -> None:
        writer = Writer(rng)
        self._rng = rng
        asns = iter((rng.permutation(np.arange(64512, 65400))).tolist())
        large = iter(rng.permutation(np.arange(64496, 64512)).tolist())
        self._asns = asns
        self._spare = deque(
            _shuffled(rng, [f"{net}.{host}" for net in ("192.0.2", "198.51.100") for host in range(1, 255)])
        )
        self._companies = _company_networks()
        self.isps = tuple(
            tuple(
                Network(next(large) if k == 0 else next(asns), f"2001:db8:{16 * (3 * c + k) + 256:x}")
                for k in range(3)
            )
            for c in range(len(COUNTRIES))
        )
        pool = max(2, min(12, round(4 * math.sqrt(scale))))
        self.carriers = tuple(Network(next(large), seats=self.take(pool)) for _ in COUNTRIES)
        self.vpns = tuple(
            Network(next(asns), seats=self.take(max(4, min(24, round(6 * math.sqrt(scale))))))
            for _ in range(2)
        )
        hosts = tuple(_shuffled(rng, [f"203.0.113.{host}" for host in range(1, 255)]))
        self.hosters = (
            Network(next(asns), seats=hosts),
            *(Network(next(asns), f"3fff:{h + 1:x}") for h in range(2)),
        )
        self.exit_homes = tuple(
            self.home(int(rng.integers(len(COUNTRIES))), rng) for _ in range(max(8, round(40 * scale)))
        )
        self.banks = tuple(tuple(_digits(rng, 6) for _ in range(4)) for _ in COUNTRIES)
        self.virtual_bins = tuple(_digits(rng, 6) for _ in range(3))
        self.mail = tuple(
            f"{invent_name(writer.dice).lower()}.example.{end}" for end in _ends(len(COUNTRIES))
        )
        self.agents, self.agent_weights = _programs(rng)
        self.templates, self.template_weights = _templates(rng, writer)
        self.tutorials = tuple(_tutorial(writer, c) for c in range(len(COUNTRIES)))
        self.harness = Template(
            "You are a coding agent in a terminal. Read files before you change them, make the smallest change that "
            "works, run the tests, and report what you did. Tools: read_file, write_file, run, search. "
            "Never invent file names. Stop and ask when a command could destroy data.",
            system=True,
        )

    def take(self, count: int) -> tuple[str, ...]:
        """Give out ``count`` addresses that nobody else gets; IPv6 networks once IPv4 runs short."""
        return tuple(self._gate() for _ in range(count))

    def home(self, country: int, rng: np.random.Generator) -> tuple[str, int]:
        """Find a home in that country: seat and ASN."""
        isp = self.isps[country][int(min(rng.geometric(0.55) - 1, 2))]
        return home_seat(isp.prefix, int(rng.integers(0, 1 << 20))), isp.asn

    def new_asn(self) -> int:
        """Give out a network number that nobody else gets."""
        return int(next(self._asns))

    def _gate(self) -> str:
        # Carriers and VPNs draw first, so that documentation IPv4, which is scarce, goes to the most shared networks.
        if self._spare and self._rng.random() < 0.6:
            return self._spare.popleft()
        return next(self._companies)


def home_seat(prefix: str, number: int) -> str:
    """Write the /64 with this number inside an operator's prefix such as ``2001:db8:110``.

    >>> home_seat("2001:db8:110", 0x20003)
    '2001:db8:112:3'
    """
    head, _, last = prefix.rpartition(":")
    return f"{head}:{int(last, 16) + (int(number) >> 16):x}:{int(number) & 0xFFFF:x}"


def _company_networks() -> Iterator[str]:
    number = 0
    while True:
        # Spread like real allocations, without ever meeting: an odd multiplier permutes 32 bits.
        mixed = number * 2_654_435_761 % (1 << 32)
        yield f"3fff:{0x800 + (mixed >> 24):x}:{mixed >> 8 & 0xFFFF:x}:{mixed & 0xFF:x}"
        number += 1


def _programs(rng: np.random.Generator) -> tuple[tuple[str, ...], Floats]:
    products = (
        "python-client",
        "node-client",
        "webapp",
        "mobile-app",
        "code-harness",
        "http-client",
        "ide-plugin",
        "sheet-addon",
    )
    agents = [f"{product}/{major}.{rng.integers(0, 9)}" for product in products for major in range(1, 5)]
    weights = 1 / np.arange(1, len(agents) + 1) ** 0.9
    return tuple(_shuffled(rng, agents)), weights / weights.sum()


def _templates(rng: np.random.Generator, writer: Writer) -> tuple[tuple[Template, ...], Floats]:
    """Make public templates, used by a Zipf law; made as private wrappers are, so that no wording tells them apart."""
    short = (
        "You are a helpful assistant.",
        "You are a helpful assistant. Answer in the user's language.",
        "Be concise.",
    )
    made = [
        Template(writer.wrapper(reason=bool(rng.random() < 0.35)), system=bool(rng.random() < 0.5))
        for _ in range(37)
    ]
    weights = 1 / np.arange(1, len(made) + 4) ** 1.1
    return (*(Template(text, system=True) for text in short), *made), weights / weights.sum()


def _tutorial(writer: Writer, country: int) -> Template:
    language = COUNTRIES[country].language
    topic = writer.dice.pick(topics())
    words = ("ask", "detail", "detail", "reason", "form")
    return Template(
        " ".join(writer.say(word, topic, language) for word in words), system=False, country=country
    )


def _shuffled(rng: np.random.Generator, values: list[str]) -> list[str]:
    return [values[place] for place in rng.permutation(len(values))]


def _digits(rng: np.random.Generator, count: int) -> str:
    # A leading 9 is nobody's card scheme, so that no BIN here belongs to a bank.
    return "9" + "".join(str(digit) for digit in rng.integers(0, 10, count - 1))


def _ends(count: int) -> list[str]:
    return [("com", "org", "net")[place % 3] for place in range(count)]
