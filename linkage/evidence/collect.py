"""Ask each kind for its sightings, and keep what accounts share, with its worth in bits and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from linkage import progress
from linkage.evidence.people import gather_people
from linkage.evidence.shared import known_identifiers
from linkage.tables import Table, derive, from_arrow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linkage.evidence.kind import EvidenceKind
    from linkage.settings import EvidenceSettings
    from linkage.tables import Logs


@dataclass(frozen=True)
class Evidence:
    """What accounts share.

    Args:
        people: account, account_id, reference, created_at, first_seen, last_seen, events, operator.
        identifiers: identifier (number), kind, family, level, value, accounts (holders), earlier (holders in the
            reference), population and earlier_population (the accounts among which they are counted), cap, habit, bits,
            why (it may not create a link), creates.
        holdings: account, identifier, first_seen, last_seen, count, share, example.
        earlier_holdings: account, identifier, of accounts of the window that held it in the reference already.
        skipped: sentences on kinds that found no column to read.
    """

    people: Table
    identifiers: Table
    holdings: Table
    earlier_holdings: Table
    skipped: tuple[str, ...]


def collect_evidence(
    logs: Logs, kinds: Sequence[EvidenceKind], settings: Mapping[str, EvidenceSettings]
) -> Evidence:
    """Ask each kind for its sightings and weigh them by rarity.

    Args:
        logs: the checked tables.
        kinds: what to look at.
        settings: per kind, with nothing left open (see ``kinds.effective``).
    """
    progress.at("gathering accounts")
    people = gather_people(logs)
    parts: list[Table] = []
    skipped: list[str] = []
    for kind in kinds:
        progress.at(f"looking for {kind.label} evidence")
        found = kind.sightings(logs, people)
        if len(found):
            parts.append(found)
        else:
            table, column = kind.reads
            skipped.append(
                f"{kind.name}: nothing in the column {column!r} of {table} that could link anybody"
            )
    sightings = _union(parts, people)
    identifiers = _identifiers(sightings, people, logs, kinds, settings)
    holdings = derive(
        """
        select account, identifiers.identifier, sightings.first_seen, sightings.last_seen, count, share, example
        from sightings
        join identifiers using (kind, level)
        join people using (account)
        where sightings.identifier = identifiers.value and not reference
        order by account, identifiers.identifier
        """,
        sightings=sightings,
        identifiers=identifiers,
        people=people,
    )
    earlier_holdings = derive(
        """
        select now.account, identifiers.identifier
        from sightings
        join identifiers using (kind, level)
        join people as before using (account)
        join people as now on now.account_id = before.account_id and not now.reference
        where sightings.identifier = identifiers.value and before.reference
        """,
        sightings=sightings,
        identifiers=identifiers,
        people=people,
    )
    sightings.drop()
    return Evidence(people, identifiers, holdings, earlier_holdings, tuple(skipped))


def _union(parts: list[Table], people: Table) -> Table:
    named = {f"part{number}": part for number, part in enumerate(parts)}
    query = " union all by name ".join(f"from {name}" for name in named) or (
        "select account, '' as kind, 0 as level, '' as identifier, first_seen, last_seen, events as count, 0.0 as share,"
        " '' as example from people limit 0"
    )
    return derive(query, people=people, **named)


# Worth is log2(1 / u), u the chance that an account that has nothing to do with this one was seen with the same
# identifier: term frequency as in Fellegi and Sunter's model (Linacre et al., Splink, "term frequency
# adjustments"), smoothed by half a holder. It is read off the reference where there is one, because a big ring
# makes its own identifiers common in the window. Holders of an address are counted among the accounts of its own
# network operator, so that people behind one carrier or campus do not vouch for each other; an operator seen with
# fewer than 250 accounts is taken for one of 250, so that a ring that is its own network cannot explain itself.
_WORTH = """
    with held as (
        select kind, level, identifier as value,
            count(*) filter (not reference) as accounts,
            count(*) filter (reference) as earlier
        from sightings
        join people using (account)
        group by all
        having accounts >= 2
    ),
    published as (
        select kind, identifier as value, max(accounts) as accounts, max(total) as total
        from frequencies
        group by all
    ),
    population as (
        select count(*) filter (not reference) as accounts, count(*) filter (reference) as earlier from people
    ),
    networks as (
        select operator, count(*) filter (not reference) as accounts, count(*) filter (reference) as earlier
        from people
        where operator is not null
        group by all
    ),
    local as (
        select kind, level, identifier as value, any_value(networks.accounts) as accounts,
            any_value(networks.earlier) as earlier
        from (
            select kind, level, identifier, operator, count(*) as inside
            from sightings
            join people using (account)
            where operator is not null
            group by kind, level, identifier, operator
            qualify row_number() over (partition by kind, level, identifier order by inside desc, operator) = 1
        )
        join networks using (operator)
        group by all
    ),
    counted as (
        select held.kind, described.family, held.level, held.value, held.accounts,
            greatest(held.earlier, coalesce(published.accounts, 0)) as earlier,
            case when described.family = 'network'
                then least(greatest(coalesce(local.accounts, 0), 250), population.accounts)
                else population.accounts end as population,
            case when published.total > 0 then published.total
                when described.family = 'network'
                then least(greatest(coalesce(local.earlier, 0), 250), population.earlier)
                else population.earlier end as earlier_population,
            described.cap, described.creates, described.habit, described.largest, known.why as known
        from held
        cross join population
        join described using (kind, level)
        left join published using (kind, value)
        left join local using (kind, level, value)
        left join known using (kind, level, value)
    )
    select
        row_number() over (order by kind, level, value) - 1 as identifier,
        kind, family, level, value, accounts, earlier, population, earlier_population, cap, habit,
        round(-log2(least(
            (accounts + 0.5) / (population + 1),
            case when earlier_population > 0 then (earlier + 0.5) / (earlier_population + 1) else 1 end
        )), 6) as bits,
        case when known is not null then known
            when accounts > largest then 'a hub: ' || accounts || ' holders' end as why,
        creates and why is null as creates
    from counted
    """


def _identifiers(
    sightings: Table,
    people: Table,
    logs: Logs,
    kinds: Sequence[EvidenceKind],
    settings: Mapping[str, EvidenceSettings],
) -> Table:
    described = from_arrow(people.database, _described(kinds, settings))
    return derive(
        _WORTH,
        sightings=sightings,
        people=people,
        frequencies=logs.reference_frequencies,
        described=described,
        known=known_identifiers(sightings, logs.known_shared, kinds),
    )


def _described(kinds: Sequence[EvidenceKind], settings: Mapping[str, EvidenceSettings]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "kind": kind.name,
                "level": number,
                "family": kind.family,
                "cap": settings[kind.name].cap,
                "largest": settings[kind.name].largest,
                "creates": level.creates,
                "habit": level.habit,
            }
            for kind in kinds
            for number, level in enumerate(kind.levels)
        ],
        pa.schema(
            [
                ("kind", pa.string()),
                ("level", pa.int32()),
                ("family", pa.string()),
                ("cap", pa.float64()),
                ("largest", pa.int64()),
                ("creates", pa.bool_()),
                ("habit", pa.bool_()),
            ]
        ),
    )
