"""Ask every kind what it saw, and put the answers together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkage import progress
from linkage.evidence.kind import SIGHTINGS
from linkage.evidence.people import gather_people
from linkage.tables import Table, derive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkage.evidence.kind import EvidenceKind
    from linkage.tables import Logs


@dataclass(frozen=True)
class Gathered:
    """What all kinds saw.

    Args:
        people: every account, numbered.
        sightings: of all kinds, one under the other.
        forms: kind, level, identifier, form: how groups are recognised by others, if it was asked for.
        earlier: kind, level, identifier, accounts, total: what frozen frequencies say of groups.
        skipped: sentences on kinds that found no column to read.
    """

    people: Table
    sightings: Table
    forms: Table
    earlier: Table
    skipped: tuple[str, ...]


def gather(logs: Logs, kinds: Sequence[EvidenceKind], *, forms: bool = False) -> Gathered:
    """Ask each kind what it saw and, if ``forms`` are wanted, how others would recognise it."""
    progress.at("gathering accounts")
    people = gather_people(logs)
    parts: list[Table] = []
    written: list[tuple[str, Table]] = []
    earlier: list[tuple[str, Table]] = []
    skipped: list[str] = []
    for kind in kinds:
        progress.at(f"looking for {kind.label} evidence")
        seen = kind.look(logs, people, forms=forms)
        if not len(seen.sightings):
            table, column = kind.reads
            if not kind.rare:
                skipped.append(
                    f"{kind.name}: nothing in the column {column!r} of {table} that could link anybody"
                )
            continue
        parts.append(seen.sightings)
        written += [(kind.name, seen.forms)] if seen.forms else []
        earlier += [(kind.name, seen.earlier)] if seen.earlier else []
    return Gathered(
        people,
        _union(parts, people),
        _named(written, "level, identifier, '' as form", people),
        _named(earlier, "level, identifier, 0::bigint as accounts, 0::bigint as total", people),
        tuple(skipped),
    )


def _named(parts: list[tuple[str, Table]], columns: str, people: Table) -> Table:
    """Put tables of several kinds one under the other, with the kind beside each row."""
    tables = {f"part{number}": part for number, (_, part) in enumerate(parts)}
    queries = [f"select ? as kind, * from {name}" for name in tables] or [
        f"select '' as kind, {columns} from (select 0 as level, '' as identifier from people limit 0)"
    ]
    return derive(" union all by name ".join(queries), [kind for kind, _ in parts], people=people, **tables)


def _union(parts: list[Table], people: Table) -> Table:
    named = {f"part{number}": part for number, part in enumerate(parts)}
    query = " union all ".join(f"select {SIGHTINGS} from {name}" for name in named) or (
        "select account, '' as kind, 0 as level, '' as identifier, first_seen, last_seen, events as count, 0.0 as share,"
        " '' as example from people limit 0"
    )
    together = derive(query, people=people, **named)
    for part in parts:  # hundreds of bytes a row, which nobody reads again
        part.drop()
    return together
