"""Under what names a ring's accounts stand: a company's under its own, and whoever hides under many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.tables import Logs, Table, derive

if TYPE_CHECKING:
    from collections.abc import Mapping


def list_names(logs: Logs, people: Table) -> Table:
    """List the organisation and the mail domain that each account gives, in lower case.

    Returns:
        account, sort (org or mail), name.
    """
    return derive(
        """
        with given as (
            select account, unnest(['org', 'mail']) as sort, unnest([org, email_domain]) as raw
            from people
            join accounts using (account_id)
            where not reference
        )
        select account, sort, lower(trim(raw)) as name from given where trim(raw) <> ''
        """,
        people=people,
        accounts=logs.accounts,
    )


def measure_names(names: Table, senders: Table) -> Mapping[int, Mapping[str, float | None]]:
    """Measure how large a part of a sender's accounts stands under one name that others hardly have.

    Args:
        names: as from ``list_names``.
        senders: account, sender (a number; several accounts are one).

    Returns:
        By sender ``name``: the share of its accounts with its most telling organisation or mail domain, less the share
        among all accounts. Nothing for a sender that gives no name.
    """
    rows = derive(
        """
        with sizes as (select sender, count(*) as size from senders group by sender),
        everybody as (select sort, count(*) as size from names group by sort),
        common as (
            select sort, name, count(*) / any_value(everybody.size) as share
            from names
            join everybody using (sort)
            group by sort, name
        ),
        held as (select sender, sort, name, count(*) as accounts from names join senders using (account) group by all)
        select sender, round(max(held.accounts / sizes.size - common.share), 6) as name
        from held
        join sizes using (sender)
        join common using (sort, name)
        group by sender
        """,
        names=names,
        senders=senders,
    )
    return {sender: {"name": name} for sender, name in rows.rows("sender")}
