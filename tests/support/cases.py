"""Cases: a few lines to fill one with, and a way to find its rings."""

from __future__ import annotations

from datetime import datetime

from linkage import progress, runs
from linkage.events.contract import TABLES
from linkage.opening import open_case
from linkage.settings import Settings

AT = datetime(2026, 10, 1)  # noqa: DTZ001 - UTC, as the case keeps it
EVENTS = "account_id,timestamp\na,2026-09-01T00:00:00Z\nb,2026-09-02T00:00:00Z\n"
INPUTS = {name: table.checked_columns for name, table in TABLES.items()}


class Steps(list):
    """What was done, step by step."""

    def step(self, what):
        """Note a step."""
        self.append(what)


def find(path, settings=None):
    """Find the rings of a case; say what they are, and what was done for it."""
    steps = Steps()
    with open_case(path) as case, progress.listening(steps):
        finding = runs.find_in_case(case, settings or Settings())
        return [ring.document(members=True) for ring in finding.rings], steps
