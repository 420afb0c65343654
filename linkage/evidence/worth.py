"""What a shared identifier is worth, in bits: how rarely a stranger holds it too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from linkage.evidence.chance import SMALLEST_NETWORK
from linkage.evidence.earlier import earlier_counts, unlisted_totals
from linkage.evidence.shared import known_identifiers
from linkage.tables import Table, derive, from_arrow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linkage.evidence.gather import Gathered
    from linkage.evidence.kind import EvidenceKind
    from linkage.settings import EvidenceSettings
    from linkage.tables import Logs


def weigh(
    gathered: Gathered, logs: Logs, kinds: Sequence[EvidenceKind], settings: Mapping[str, EvidenceSettings]
) -> Table:
    """Keep the identifiers that two accounts of the window share, and say what each is worth and why.

    Returns:
        identifier, kind, family, level, value, accounts, earlier, population, earlier_population, cap, habit, bits,
        why, creates (see ``Evidence``), by_list (earlier is from a frozen list, which does not say whose it was).
    """
    return derive(
        _WORTH,
        sightings=gathered.sightings,
        people=gathered.people,
        told=earlier_counts(gathered, logs.reference_frequencies),
        unlisted=unlisted_totals(logs.reference_frequencies),
        described=from_arrow(gathered.people.database, _described(kinds, settings)),
        known=known_identifiers(gathered.sightings, logs.known_shared, kinds),
    )


# Worth is log2(1 / u), u the chance that an account that has nothing to do with this one was seen with the same
# identifier: term frequency as in Fellegi and Sunter's model (Linacre et al., Splink, "term frequency
# adjustments"), smoothed by half a holder. It is read off the reference where there is one, because a big ring
# makes its own identifiers common in the window. Holders of an address are counted among the accounts of its own
# network operator, so that people behind one carrier or campus do not vouch for each other; an operator seen with
# few accounts is taken for one of more (see ``SMALLEST_NETWORK``).
# However rare a value is, two strangers share some value as rare with the chance that two accounts share another one:
# where everybody says many things that one or two others say as well, to have said one of them says little.
# Where an earlier period is told twice, as events and frozen, the larger share counts; an identifier that a complete
# frozen list leaves out was held by none of its accounts.
_WORTH = f"""
    with held as (
        select kind, level, identifier as value,
            count(*) filter (not reference) as accounts,
            count(*) filter (reference) as earlier
        from sightings
        join people using (account)
        group by all
        having accounts >= 2
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
            -- Nobody else is held against a network, and prompts are most of all sightings.
            where operator is not null and kind in (select kind from described where family = 'network')
            group by kind, level, identifier, operator
            qualify row_number() over (partition by kind, level, identifier order by inside desc, operator) = 1
        )
        join networks using (operator)
        group by all
    ),
    counted as (
        select held.kind, described.family, held.level, held.value, held.accounts, held.earlier,
            case when described.family = 'network'
                then least(greatest(coalesce(local.accounts, 0), {SMALLEST_NETWORK}), population.accounts)
                else population.accounts end as population,
            case when described.family = 'network'
                then least(greatest(coalesce(local.earlier, 0), {SMALLEST_NETWORK}), population.earlier)
                else population.earlier end as earlier_population,
            told.accounts as told, nullif(told.total, 0) as told_total,
            case when described.family = 'network' and unlisted.total > 0
                then least(greatest(coalesce(local.accounts, 0), {SMALLEST_NETWORK}), unlisted.total)
                else coalesce(unlisted.total, 0) end as unlisted_total,
            described.cap, described.creates, described.habit, described.largest, described.heard, known.why as known
        from held
        cross join population
        join described using (kind, level)
        left join told using (kind, level, value)
        left join unlisted using (kind)
        left join local using (kind, level, value)
        left join known using (kind, level, value)
    ),
    compared as (
        select *,
            told_total is not null and (
                earlier_population = 0
                or (told + 0.5) / (told_total + 1) >= (earlier + 0.5) / (earlier_population + 1)
            ) as by_list
        from counted
    ),
    settled as (
        select kind, family, level, value, accounts,
            case when by_list then told
                when told_total is null then greatest(earlier, coalesce(told, 0))
                else earlier end as earlier,
            population,
            case when by_list then told_total
                when told is null and earlier = 0 then greatest(earlier_population, unlisted_total)
                else earlier_population end as earlier_population,
            cap, creates, habit, largest, heard, known, by_list
        from compared
    )
    select
        row_number() over (order by kind, level, value) - 1 as identifier,
        kind, family, level, value, accounts, earlier, population, earlier_population, cap, habit,
        round(least(rarity, coincidence), 6) as bits,
        case when known is not null then known
            when heard is not null then 'known from ' || heard
            when accounts > largest then 'a hub: ' || accounts || ' holders' end as why,
        creates and why is null as creates,
        by_list
    from (
        select *,
            -log2(least(
                (accounts + 0.5) / (population + 1),
                case when earlier_population > 0 then (earlier + 0.5) / (earlier_population + 1) else 1 end
            )) as rarity,
            -log2(
                (
                    sum(accounts * (accounts - 1)) over (partition by kind, level order by accounts)
                    - accounts * (accounts - 1) + 1
                )
                / (select accounts * greatest(accounts - 1, 1) from population)
            ) as coincidence
        from settled
    )
    """


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
                "heard": kind.heard,
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
                ("heard", pa.string()),
            ]
        ),
    )
