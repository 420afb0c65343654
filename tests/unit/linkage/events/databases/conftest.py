"""A way to read a database, beside a file of the same rows."""

from __future__ import annotations

import csv
import io

import pytest

from linkage.events import examine_source
from linkage.tables import open_database


@pytest.fixture
def read():
    """Read sources into a database of their own."""
    database = open_database()

    def read(*sources, columns=None):
        return examine_source(database, [str(source) for source in sources], columns)

    yield read
    database.close()


def rows_of(reading, table="events"):
    """Give the checked rows with their keys."""
    return sorted(map(repr, reading[table].rows()))


def as_csv(header, rows):
    """Write rows as CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()
