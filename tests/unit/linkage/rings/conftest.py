"""Evidence written down by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyarrow as pa
import pytest

from linkage.evidence.collect import Evidence
from linkage.tables import from_arrow, open_database

YEAR = datetime(2026, 1, 1)  # noqa: DTZ001 - UTC, as the checked tables keep it
CARD = {"kind": "payment", "family": "payment", "level": 0, "cap": 22.0, "habit": False, "creates": True}
PEOPLE = pa.schema(
    [("account", pa.int64()), ("account_id", pa.string()), ("reference", pa.bool_())]
    + [(name, pa.timestamp("us")) for name in ("created_at", "first_seen", "last_seen")]
    + [("events", pa.int64()), ("operator", pa.string())]
)
HOLDINGS = pa.schema(
    [("account", pa.int64()), ("identifier", pa.int64())]
    + [(name, pa.timestamp("us")) for name in ("first_seen", "last_seen")]
    + [("count", pa.int64()), ("share", pa.float64()), ("mutual", pa.float64())]
    + [("example", pa.string())]
)
IDENTIFIERS = pa.schema(
    [("identifier", pa.int64()), ("kind", pa.string()), ("family", pa.string()), ("level", pa.int32())]
    + [("value", pa.string())]
    + [(name, pa.int64()) for name in ("accounts", "earlier", "population", "earlier_population")]
    + [("cap", pa.float64()), ("habit", pa.bool_()), ("bits", pa.float64()), ("why", pa.string())]
    + [("creates", pa.bool_()), ("publicity", pa.float64())]
)


@pytest.fixture(scope="session")
def make_evidence():
    """A way to write evidence down: how many people, and a dictionary for each identifier.

    ``held`` lists its accounts (or account to share), ``mutual`` those that others only visited; whatever else is said overrides that of a card. Accounts
    are made a day apart unless ``born`` says, account to days after the first of January.
    """

    def make(size, *identifiers, born=None, earlier=()):
        database = open_database()
        database.execute("set threads = 1")
        days = {number: float(number) for number in range(size)} if born is None else born
        people = [
            {"account": n, "account_id": f"acct_{n}", "reference": False, "events": 0}
            | ({"created_at": YEAR + timedelta(days=days[n])} if n in days else {})
            for n in range(size)
        ]
        holdings, rows = [], []
        for number, given in enumerate(identifiers):
            held = given["held"]
            shares = held if isinstance(held, dict) else dict.fromkeys(held, 1.0)
            holdings += [
                {"account": account, "identifier": number, "count": 1, "share": share, "example": "x"}
                | {"mutual": given.get("mutual", {}).get(account, 1.0)}
                for account, share in shares.items()
            ]
            rows.append(
                {"identifier": number, "value": f"value {number}", "accounts": len(shares), "earlier": 0}
                | {"population": size, "earlier_population": 0, "bits": 8.0, "why": None, "publicity": 0.0}
                | CARD
                | {name: value for name, value in given.items() if name not in {"held", "mutual"}}
            )
        before = [{"account": account, "identifier": identifier} for account, identifier in earlier]
        return Evidence(
            from_arrow(database, pa.Table.from_pylist(people, PEOPLE)),
            from_arrow(database, pa.Table.from_pylist(rows, IDENTIFIERS)),
            from_arrow(database, pa.Table.from_pylist(holdings, HOLDINGS)),
            from_arrow(
                database, pa.Table.from_pylist(before, pa.schema([HOLDINGS.field(0), HOLDINGS.field(1)]))
            ),
            (),
        )

    return make


@pytest.fixture(scope="session")
def group():
    """A way to put accounts of evidence into numbered groups."""

    def group(evidence, *groups, word="ring"):
        rows = [
            {word: number, "account": account} for number, members in enumerate(groups) for account in members
        ]
        schema = pa.schema([(word, pa.int64()), ("account", pa.int64())])
        return from_arrow(evidence.people.database, pa.Table.from_pylist(rows, schema))

    return group
