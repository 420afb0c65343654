"""Accounts that another lab's list points to."""

from __future__ import annotations

from linkage.evidence.kind import Freezing, Level, SharedValue
from linkage.settings import EvidenceSettings


class PartnerSignal(SharedValue):
    """Accounts in which a partner recognises members of one of its rings.

    A reason to look, never a verdict: it adds to what accounts share here, links nobody by itself, and an account that
    nothing else ties is not blocked for it. Misleads where a partner lists what honest people share, by mistake
    or because somebody there wants it.
    """

    name = "partner"
    label = "partner signal"
    family = "partner"
    reads = ("partner_signals", "signal")
    levels = (Level("ring of a partner", "rings of partners", habit=False),)
    receivable = True
    rare = True
    heard = "a partner"
    freezing = Freezing.never
    # No more than half of what lets a pair of accounts count: a partner alone must not make a ring.
    defaults = EvidenceSettings(cap=6.0, largest=200)
    examples = (("lab-b R-7K2M9Q", "lab-b R-7K2M9Q"), (" ", None))

    def clean(self, raw: str) -> str | None:
        """Keep the signal as it is, without the space around it."""
        return raw.strip() or None
