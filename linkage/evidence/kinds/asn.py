"""Accounts that came through the same network operator."""

from __future__ import annotations

from linkage.evidence.kind import Freezing, Level, SharedValue
from linkage.settings import EvidenceSettings

_NO_ONE = frozenset((0, 23456, 65535, 4294967295))
"""Numbers that name no operator (RFC 7607, RFC 6793, RFC 7300)."""


class SharedAsn(SharedValue):
    """Accounts seen from one autonomous system.

    Telling only for small or abused networks, and then only beside something else.
    Misleads for every large carrier, cloud and campus: most accounts of a country share three of them.
    """

    name = "asn"
    label = "network operator"
    family = "network"
    reads = ("events", "asn")
    levels = (Level("network operator", "network operators"),)
    receivable = True
    freezing = Freezing.plain
    defaults = EvidenceSettings(cap=4.0, largest=200)
    examples = (
        ("AS64500", "AS64500"),
        ("64500", "AS64500"),
        ("as064500 ", "AS64500"),
        ("none", None),
        ("0", None),
    )

    def clean(self, raw: str) -> str | None:
        """Write every number as AS<number>."""
        digits = raw.strip().upper().removeprefix("AS").strip()
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 12 or int(digits) in _NO_ONE:
            return None
        return f"AS{int(digits)}"
