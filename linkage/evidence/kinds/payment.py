"""Accounts that are paid for by the same instrument."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.evidence.kind import SIGHTINGS, Level, SharedValue
from linkage.settings import EvidenceSettings
from linkage.tables import Table, derive

if TYPE_CHECKING:
    from linkage.tables import Logs


class SharedPayment(SharedValue):
    """Accounts that share a card or another payment instrument, or the bank number (BIN) of their cards.

    Strong: few strangers share a card. A BIN says little, because a country's large banks issue most cards.
    Misleads for corporate cards, agencies that pay for clients, families, and stolen cards whose honest owner
    is a victim; and it is silent where a ring buys a virtual card for every account.
    """

    name = "payment"
    label = "payment"
    family = "payment"
    reads = ("payments", "fingerprint")
    levels = (
        Level("card", "cards", creates=True, habit=False),
        Level("bank number", "bank numbers", habit=False),
    )
    defaults = EvidenceSettings(cap=22.0, largest=50)
    examples = (("fp_9a1c", "fp_9a1c"), ("  fp_9a1c ", "fp_9a1c"), ("unknown", None))

    def clean(self, raw: str) -> str | None:
        """Keep the fingerprint as it is, without the space around it."""
        return raw.strip() or None

    def caption(self, identifier: str) -> str:
        """Show no more of an instrument than tells it from its neighbours."""
        return f"…{identifier[-6:]}" if len(identifier) > 6 else identifier

    def sentence(self, level: int, identifiers: int, accounts: int) -> str:
        """Say how many cards pay for how many accounts."""
        if level > 0:
            return super().sentence(level, identifiers, accounts)
        return f"{identifiers:,} {'card pays' if identifiers == 1 else 'cards pay'} for {accounts:,} accounts"

    def sightings(self, logs: Logs, people: Table) -> Table:
        """Say who was paid for by which card, and of which bank number."""
        cards = super().sightings(logs, people)
        banks = _BankNumber().sightings(logs, people)
        return derive(
            f"""
            select {SIGHTINGS} from cards
            union all
            select {SIGHTINGS} from (
                select account, 'payment' as kind, 1 as level, identifier, first_seen, last_seen, count, share, example
                from banks
            )
            """,
            cards=cards,
            banks=banks,
        )


class _BankNumber(SharedValue):
    """The coarser level of a card."""

    name = "payment"
    label = "bank number"
    family = "payment"
    reads = ("payments", "bin")
    levels = (Level("bank number", "bank numbers"),)
    defaults = EvidenceSettings()

    def clean(self, raw: str) -> str | None:
        """Keep six to eight digits."""
        digits = raw.strip()
        return digits if digits.isascii() and digits.isdigit() and 6 <= len(digits) <= 8 else None
