"""What is too old counts no more: otherwise honest neighbours would share more and more by waiting."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import TYPE_CHECKING

from linkage.tables import Table, derive, from_arrow, is_here, open_database

if TYPE_CHECKING:
    from datetime import datetime

    from linkage.tables import Logs

_names = itertools.count()
NEWEST = 0.999
"""The part of what happened that lies before the end of the logs: a wrong clock or two must not make all else old."""

ALONE = 30
"""Days of silence before the newest thousandth, or a part of it, after which it is taken for a wrong clock."""


def end_of(logs: Logs) -> datetime | None:
    """Give the last event of the logs; not one of the newest thousandth that lies alone, long after all the rest.

    One clock that runs ahead would otherwise end every entry of an allowlist, and hide that a ring came back.

    Args:
        logs: the checked tables.
    """
    rows = derive(
        """
        with late as (
            select happened_at, happened_at - lag(happened_at) over (order by happened_at) as silence from newest
        )
        select max(happened_at)
        from late
        where happened_at < coalesce(
            (select min(happened_at) from late where silence > to_days(?::integer)), 'infinity'::timestamp
        )
        """,
        [ALONE],
        newest=_newest(logs),
    ).rows()
    found: datetime | None = rows[0][0]
    return found


def _newest(logs: Logs) -> Table:
    """List the times of the newest thousandth of what happened; the first of them is its limit."""
    if is_here(logs.events):
        return derive(
            f"""
            with dated as ({_DATED})
            select happened_at from dated where happened_at >= (select quantile_disc(happened_at, ?) from dated)
            """,
            [NEWEST],
            events=logs.events,
            payments=logs.payments,
        )
    # The same rows, without the order of all the others.
    dated = derive(_DATED, events=logs.events, payments=logs.payments)
    rows = len(dated)
    few = derive(
        "select happened_at from dated order by happened_at desc limit ?",
        [rows - math.ceil(NEWEST * rows) + 1],
        dated=dated,
    )
    newest = from_arrow(open_database(), few.arrow())
    few.drop()
    dated.drop()
    return newest


_DATED = """
    select happened_at from events where happened_at is not null
    union all
    select happened_at from payments where happened_at is not null
    """


def recent(logs: Logs, days: int) -> Logs:
    """Leave out what happened more than ``days`` before the end of the logs, and who has not been seen since.

    Time counts to the last event of the logs, never to today, so that the same logs give the same rings. Nothing is
    deleted. A reference is an earlier period by its nature, and stays whole.

    Args:
        logs: the checked tables.
        days: how long what happened counts.

    Returns:
        The same tables where nothing is that old.
    """
    first, last = derive(
        """
        select min(happened_at), max(happened_at)
        from (select happened_at from events union all select happened_at from payments)
        """,
        events=logs.events,
        payments=logs.payments,
    ).rows()[0]
    if first is None or (last - first).days < days:
        return logs
    limit = derive(
        "select min(happened_at) - to_days(?::integer) as happened_at from newest",
        [days],
        newest=_newest(logs),
    )
    if not is_here(logs.events):
        limit = from_arrow(logs.events.database, limit.arrow())
    events, payments = _since(logs.events, limit), _since(logs.payments, limit)
    accounts = _view(
        logs.accounts,
        f"""
        select * from {logs.accounts.name}
        where created_at >= (select happened_at from {limit.name})
            or account_id in (select account_id from {events.name} union select account_id from {payments.name})
            or (
                created_at is null and account_id not in (
                    select account_id from {logs.events.name} union select account_id from {logs.payments.name}
                )
            )
        """,
    )
    return replace(logs, accounts=accounts, events=events, payments=payments)


def _since(table: Table, limit: Table) -> Table:
    """Look at the rows of a table that are not too old; those without a time stay."""
    return _view(
        table,
        f"""
        select * from {table.name}
        where happened_at is null or happened_at >= (select happened_at from {limit.name})
        """,
    )


def _view(table: Table, query: str) -> Table:
    """Name a select: rows of logs are many, and are not copied."""
    name = f"recent_{next(_names)}"
    table.database.execute(f"create temp view {name} as {query}")
    return Table(table.database, name)
