"""The events behind what a ring shares: a few for each identifier, found for all rings in one question a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from linkage.explain import Sighted
from linkage.tables import Table, derive, from_arrow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from linkage.evidence.collect import Evidence
    from linkage.evidence.kind import EvidenceKind
    from linkage.pictures.material import Material
    from linkage.tables import Logs

MOST = 60
"""Identifiers of a ring that are listed with their events, those that tie most members first."""
OF_EACH_KIND = 8
"""So many of every kind are listed, however little they say."""
EACH = 4
"""Members of whom an event is shown, for each identifier."""
LONGEST = 1_200
"""Characters shown of what was seen."""

Sightings = dict[tuple[int, int], list[Sighted]]
"""By ring and identifier."""


def listed(material: Material) -> list[int]:
    """Choose the identifiers that are listed: by how many members they tie, in bits; some of every kind."""
    order = sorted(
        range(len(material.shared)),
        key=lambda place: (-material.shared[place].here * material.shared[place].bits, place),
    )
    of_kind: dict[str, list[int]] = {}
    for place in order:
        of_kind.setdefault(material.shared[place].kind, []).append(place)
    first = {place for places in of_kind.values() for place in places[:OF_EACH_KIND]}
    chosen = [
        *(place for place in order if place in first),
        *(place for place in order if place not in first),
    ]
    return sorted(chosen[:MOST], key=order.index)


def find_sightings(
    materials: Sequence[Material], evidence: Evidence, kinds: Sequence[EvidenceKind], logs: Logs
) -> Sightings:
    """Find for each listed identifier the first event of a few members that shows it."""
    database = evidence.people.database
    told = [(m.number, m.shared[place]) for m in materials for place in listed(m)]
    asked = from_arrow(
        database,
        pa.table(
            {
                "ring": pa.array([number for number, _ in told], pa.int64()),
                "identifier": pa.array([each.identifier for _, each in told], pa.int64()),
                "kind": pa.array([each.kind for _, each in told], pa.string()),
            }
        ),
    )
    members = from_arrow(
        database,
        pa.table(
            {
                "ring": pa.array([m.number for m in materials for _ in m.people], pa.int64()),
                "account": pa.array([p.account for m in materials for p in m.people], pa.int64()),
                "account_id": pa.array([p.account_id for m in materials for p in m.people], pa.string()),
            }
        ),
    )
    examples = derive(
        f"""
        select ring, identifier, kind, account_id, example
        from asked
        join holdings using (identifier)
        join members using (ring, account)
        qualify row_number() over (partition by ring, identifier order by account) <= {EACH}
        """,
        asked=asked,
        holdings=evidence.holdings,
        members=members,
    )
    found: Sightings = {}
    for kind in kinds:
        for ring, identifier, account_id, at, seen in _events(kind, examples, logs):
            found.setdefault((ring, identifier), []).append(Sighted(account_id, at, seen))
    return found


def _events(
    kind: EvidenceKind, examples: Table, logs: Logs
) -> list[tuple[int, int, str, datetime | None, str]]:
    """Find the first event of each account that shows what its example shows, whole."""
    table, column = kind.reads
    source: Table = getattr(logs, table)
    when = "created_at" if table == "accounts" else "happened_at"
    known = source.columns
    columns = [f'cast("{name}" as varchar)' for name in (column, *kind.also_reads) if name in known]
    names = [] if columns else [column]
    columns = columns or ["extra[?]"]
    length = kind.example_length
    shown = " ".join(f"when left({each}, {length}) = left(example, {length}) then {each}" for each in columns)
    rows = derive(
        f"""
        with mine as (select * from examples where kind = ?),
        shown as (
            select ring, identifier, account_id, {when} as moment, left(case {shown} end, {LONGEST}) as seen
            from source
            join mine using (account_id)
        )
        select * from shown
        where seen is not null
        qualify row_number() over (partition by ring, identifier, account_id order by moment, seen) = 1
        """,
        [kind.name, *names * 2],
        examples=examples,
        source=source,
    )
    return rows.rows("ring, identifier, account_id")
