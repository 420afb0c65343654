"""Accounts that signed up together, more densely than chance explains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.evidence.kind import EvidenceKind, Freezing, Level, with_share
from linkage.settings import EvidenceSettings
from linkage.tables import Table, derive

if TYPE_CHECKING:
    from linkage.tables import Logs

WINDOWS_MINUTES = (10, 60, 360, 1440)
"""From a script's burst to a day's work; a campaign that takes longer leaves no sign-up evidence."""
LEAST_SURPRISE_BITS = 20.0
"""A year has about 2^20 half-overlapping windows of these widths: one false burst a year and network."""


class SignupBurst(EvidenceKind):
    """Accounts created in one burst: more in a few minutes or hours than that time and network explain.

    Strong for a small network in a quiet hour; worth nothing in a world-wide launch wave, because the burst is
    measured against the local rate, not a fixed window.
    Misleads for classes, hackathons and company roll-outs, which sign up together in earnest.
    """

    name = "signup"
    label = "sign-up burst"
    family = "signup"
    reads = ("accounts", "created_at")
    levels = (Level("sign-up burst", "sign-up bursts"),)
    freezing = Freezing.never
    defaults = EvidenceSettings(cap=6.0, largest=20_000)

    def clean(self, raw: str) -> str | None:
        """A burst is found, not read: nothing is cleaned."""
        return raw

    def sightings(self, logs: Logs, people: Table) -> Table:  # noqa: ARG002 - people know when they signed up
        """Give each account the most surprising window it signed up in, if any is surprising enough."""
        windows = derive(_WINDOWS, signups=_signups(people))
        bursts = derive(_SURPRISE, [LEAST_SURPRISE_BITS], windows=windows, days=_days(people))
        found = derive(
            """
            select account, 'signup' as kind, 0 as level, identifier,
                created_at as first_seen, created_at as last_seen, 1::bigint as count,
                created_at::varchar as example
            from windows
            join bursts using (scope, width, half, slot)
            qualify row_number() over (partition by account order by surprise desc, identifier) = 1
            """,
            windows=windows,
            bursts=bursts,
        )
        windows.drop()
        return with_share(found)


def _signups(people: Table) -> Table:
    return derive(
        """
        select account, created_at, epoch(created_at)::bigint as moment, unnest(['*', operator]) as scope
        from people
        where created_at is not null and not reference
        """,
        people=people,
    )


_WINDOWS = f"""
    with widths as (select unnest({[60 * minutes for minutes in WINDOWS_MINUTES]}) as width),
    halves as (select unnest([0, 1]) as half)
    select account, created_at, scope, width, half,
        floor((moment + half * width / 2) / width)::bigint as slot,
        cast(floor(moment / 86400) as bigint) as day
    from signups, widths, halves
    where scope is not null
    """


def _days(people: Table) -> Table:
    """Count sign-ups by scope and day, for the local rate."""
    return derive(
        """
        select scope, floor(moment / 86400)::bigint as day, count(*) as signups
        from signups
        where scope is not null
        group by all
        """,
        signups=_signups(people),
    )


# The expected number in a window is the scope's rate in the four weeks around it, as far as the data reach, raised
# where the whole world signs up faster than its own rate (a launch). Surprise is the Chernoff bound of a Poisson tail,
# n log2(n / expected) - (n - expected) / ln 2 (Mitzenmacher and Upfal, Probability and Computing, theorem 5.4).
_SURPRISE = """
    with counted as (
        select scope, width, half, slot, min(day) as day, count(*) as n
        from windows
        group by all
    ),
    near as (
        select scope, width, half, slot, any_value(n) as n, sum(signups) as around,
            least(any_value(last), any_value(counted.day) + 14)
                - greatest(any_value(first), any_value(counted.day) - 14) + 1 as length
        from counted
        join days using (scope)
        cross join (select min(day) as first, max(day) as last from days)
        where days.day between counted.day - 14 and counted.day + 14
        group by all
    ),
    rated as (
        select *, (around - n + 1) * width / (length * 86400.0) as rate from near
    ),
    expected as (
        select mine.*,
            mine.rate * greatest(
                1, case when mine.scope = '*' then 1 else (world.n - mine.n + 1) / greatest(world.rate, 1) end
            ) as expected
        from rated as mine
        join rated as world on world.scope = '*'
            and (world.width, world.half, world.slot) = (mine.width, mine.half, mine.slot)
    )
    select *
    from (
        select scope, width, half, slot,
            round(n * log2(n / expected) - (n - expected) / ln(2), 6) as surprise,
            replace(
                strftime(make_timestamp((slot * width - half * width / 2)::bigint * 1000000), '%Y-%m-%d %H:%M'), ' ', 'T'
            )
                || '/' || (width / 60)::bigint || 'min'
                || case when scope = '*' then '' else ' on ' || scope end as identifier
        from expected
        where n >= 3 and n > expected
    )
    where surprise >= ?
    """
