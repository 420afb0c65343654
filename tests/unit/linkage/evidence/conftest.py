"""Checked tables from a few rows."""

from __future__ import annotations

import pytest
from given import make_logs

from linkage.evidence.collect import collect_evidence
from linkage.evidence.kinds import chosen_kinds
from linkage.settings import EvidenceSettings


@pytest.fixture(scope="session", name="make_logs")
def _make_logs():
    """A way to make checked tables: table name to rows; what is left out is empty."""
    return make_logs


@pytest.fixture(scope="session")
def collect(make_logs):
    """A way to collect evidence from rows; settings by kind."""

    def collect(settings=None, **rows):
        given = {name: EvidenceSettings(**values) for name, values in (settings or {}).items()}
        return collect_evidence(make_logs(**rows), *chosen_kinds(given))

    return collect


@pytest.fixture(scope="session")
def worth():
    """A way to read off what each shared identifier is worth."""
    return lambda evidence: {
        row["value"]: row for row in evidence.identifiers.arrow("identifier").to_pylist()
    }
