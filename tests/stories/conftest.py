"""How a story is told: tiny data with a name, and the rings that are found in it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from given import make_logs

from linkage import pipeline
from linkage.settings import load_settings

if TYPE_CHECKING:
    from linkage.tables import Logs

YEAR = datetime(2026, 1, 1)  # noqa: DTZ001 - UTC, as the checked tables keep it
SEPTEMBER = datetime(2026, 9, 1)  # noqa: DTZ001
NOUNS = (
    "anchor", "apron", "basket", "beacon", "bellows", "bobbin", "bucket", "cellar", "chisel", "cistern",
    "cobble", "crane", "cradle", "dairy", "ferry", "fiddle", "flask", "forge", "furnace", "garden",
    "gate", "girder", "hammer", "hedge", "hinge", "kiln", "ladder", "lantern", "lathe", "lever",
    "loft", "mallet", "mill", "mortar", "orchard", "oven", "paddle", "pantry", "pulley", "quarry",
    "rafter", "rope", "saddle", "sickle", "sluice", "spindle", "stable", "tannery", "thatch", "trellis",
)  # fmt: skip


@dataclass
class Story:
    """A few accounts and what they did; times are hours after the first of September."""

    accounts: list[dict] = field(default_factory=list)
    events: list[dict] = field(default_factory=list)
    payments: list[dict] = field(default_factory=list)
    known_shared: list[dict] = field(default_factory=list)
    reference: list[dict] = field(default_factory=list)
    dice: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 - a story, no secret

    def signs_up(self, account: str, *, day: float = 0.0, **facts) -> None:
        """Make an account so many days after the first of January."""
        self.accounts.append({"account_id": account, "created_at": YEAR + timedelta(days=day), **facts})

    def asks(
        self, account: str, prompt: str = "", *, hour: float = 0.0, before: bool = False, **what
    ) -> None:
        """Send one request; ``before`` puts it into the reference."""
        at = SEPTEMBER + timedelta(hours=hour)
        row = {"account_id": account, "happened_at": at, "prompt": prompt or None, **what}
        (self.reference if before else self.events).append(row)

    def pays(self, account: str, card: str, **what) -> None:
        """Pay with a card."""
        self.payments.append({"account_id": account, "fingerprint": card, **what})

    def words(self, count: int = 12) -> str:
        """Say something that nobody else says."""
        return " ".join(self.dice.choices(NOUNS, k=count)) + f" {self.dice.randrange(10**6)}"

    def lives(
        self, account: str, number: int, *, address: str = "", card: str = "", network: str = ""
    ) -> None:
        """Lead an honest life: a card, an address, four prompts by day, all its own unless something is said."""
        self.signs_up(account, day=(7 * number) % 240 + self.dice.random())
        self.pays(account, card or f"card of {account}")
        for nth in range(4):
            self.asks(
                account,
                self.words(),
                hour=24 * nth + 8 + 10 * self.dice.random(),
                ip=address or f"2001:db8:{number:x}:1::{nth}",
                asn=network or f"AS{64500 + number % 7}",
                response_tokens=self.dice.randrange(40, 1600),
            )

    def honest(self, count: int = 300) -> None:
        """Add honest accounts that share nothing but large networks."""
        for number in range(1, count + 1):
            self.lives(f"honest_{number:03}", number)

    def logs(self) -> Logs:
        """Give the story as checked tables."""
        rows = ("accounts", "events", "payments", "known_shared", "reference")
        return make_logs(**{name: getattr(self, name) for name in rows})

    def find(self, **flags) -> pipeline.Finding:
        """Go the whole way; flags are settings, with ``__`` for the dot."""
        given = {name.replace("__", "."): value for name, value in flags.items()}
        return pipeline.find(self.logs(), load_settings(environment={}, flags=given).settings)

    def rings(self, **flags) -> list[list[str]]:
        """Find the rings and list their members, by name."""
        found = [sorted(member.account_id for member in ring.members) for ring in self.find(**flags).rings]
        return sorted(found)


@pytest.fixture
def story() -> Story:
    """A story with nobody in it yet."""
    return Story()


@pytest.fixture
def town() -> Story:
    """A story that begins with three hundred honest accounts."""
    told = Story()
    told.honest()
    return told
