"""Accounts whose client says that it is the same program."""

from __future__ import annotations

from linkage.evidence.kind import Level, SharedValue
from linkage.settings import EvidenceSettings

SHOWN = 60
"""So many characters of a user agent are shown; what follows is nearly always the same list of engines."""


class SharedAgent(SharedValue):
    """Accounts whose requests name the same user agent.

    Telling only where the program is rare, such as an operator's own build, and then only beside something else.
    Misleads for every common toolkit and browser, and on the day after a release. A client says of itself what it
    likes, so that a ring can leave this evidence out, or wear the agent of others.
    """

    name = "agent"
    label = "user agent"
    family = "agent"
    reads = ("events", "user_agent")
    levels = (Level("user agent", "user agents"),)
    receivable = True
    # Beside a rare day of sign-ups or a rare issuer it completes a pair; more than a network operator's few bits
    # would let chance companions in a toolkit's release outweigh what accounts do.
    defaults = EvidenceSettings(cap=5.0, largest=50)
    examples = (
        ("acme-batch/1.4", "acme-batch/1.4"),
        (" python-requests/2.32.0  ", "python-requests/2.32.0"),
        ("unknown", None),
    )

    def clean(self, raw: str) -> str | None:
        """Fold the space around and inside a value."""
        return " ".join(raw.split()) or None

    def caption(self, identifier: str) -> str:
        """Show how a long one begins."""
        return identifier if len(identifier) <= SHOWN else f"{identifier[: SHOWN - 1]}…"
