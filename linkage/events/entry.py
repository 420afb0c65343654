"""One entry of the allowlist, given by hand: checked as one of a file is."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from linkage.errors import DataError
from linkage.events.read import examine_source
from linkage.tables import open_database


@dataclass(frozen=True)
class Entry:
    """An entry of the allowlist as it is stored.

    Args:
        kind: what the value is.
        value: what is allowed.
        reason: why.
        until: when it ends; None means never.
    """

    kind: str
    value: str
    reason: str
    until: datetime | None


def check_entry(kind: str, value: str, reason: str, until: str | None = None) -> Entry:
    """Check an entry as one of a file is checked.

    Raises:
        DataError: what is wrong with it.

    >>> check_entry("IP", "198.51.100.7 ", "the office", "2027-03-31").until
    datetime.datetime(2027, 3, 31, 0, 0)
    """
    with tempfile.TemporaryDirectory(prefix="linkage-") as folder:
        file = Path(folder) / "allowlist.jsonl"
        given = {"kind": kind, "value": value, "reason": reason, "until": until or ""}
        file.write_text(json.dumps(given) + "\n", "utf-8")
        database = open_database()
        try:
            reading = examine_source(database, [str(file)]).or_raise()
            faults = [f"{column}: {why}" for *_, column, _, why in reading.quarantine.rows()]
            rows = database.execute(
                f"select kind, value, reason, until from {reading['allowlist'].name}"
            ).fetchall()
        finally:
            database.close()
    if faults:
        raise DataError("; ".join(faults))
    return Entry(*rows[0])
