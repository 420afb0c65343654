"""A declared column as a kind of evidence: configuration alone."""

from __future__ import annotations

from linkage.evidence.kind import Level, SharedValue
from linkage.settings import EvidenceSettings


class SharedColumn(SharedValue):
    """Accounts that share a value of a column declared in the settings.

    As strong as the column is private: a device number says much, a browser version next to nothing.
    Misleads where the value is a default, a common product or copied by everybody.
    """

    defaults = EvidenceSettings(cap=8.0, largest=50)

    def __init__(self, name: str, *, column: str, table: str = "events") -> None:
        self.name = name
        self.label = name.replace("_", " ")
        self.family = name
        self.reads = (table, column)
        self.levels = (Level(self.label, f"{self.label} values"),)

    def clean(self, raw: str) -> str | None:
        """Fold the space around and inside a value."""
        return " ".join(raw.split()) or None
