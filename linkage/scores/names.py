"""Under what names a ring's accounts stand, and in which networks: a company's are its own, and whoever hides has many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.tables import Logs, Table, derive

if TYPE_CHECKING:
    from collections.abc import Mapping


def list_names(logs: Logs, people: Table) -> Table:
    """List the organisation and the mail domain that each account gives, in lower case, and its network operator.

    Returns:
        account, sort (org, mail or network), name.
    """
    return derive(
        """
        with given as (
            select account, unnest(['org', 'mail', 'network']) as sort,
                unnest([org, email_domain, operator::varchar]) as raw
            from people
            left join accounts using (account_id)
            where not reference
        )
        select account, sort, lower(trim(raw)) as name from given where trim(raw) <> ''
        """,
        people=people,
        accounts=logs.accounts,
    )


def measure_names(names: Table, senders: Table) -> Mapping[int, Mapping[str, float | None]]:
    """Measure how large a part of a sender's accounts stands under one name, or in one network, that others hardly have.

    Args:
        names: as from ``list_names``.
        senders: account, sender (a number; several accounts are one).

    Returns:
        By sender ``name``: the share of its accounts with its most telling organisation or mail domain, less the share
        among all accounts of which anything is known; and ``network``, the same of its network. Nothing for a sender of which none is known.
    """
    rows = derive(
        """
        with sizes as (select sender, count(*) as size from senders group by sender),
        everybody as (select count(distinct account) as size from names),
        common as (
            select sort, name, count(*) / any_value(everybody.size) as share from names, everybody group by sort, name
        ),
        held as (select sender, sort, name, count(*) as accounts from names join senders using (account) group by all)
        select sender,
            round(max(held.accounts / sizes.size - common.share) filter (sort <> 'network'), 6) as name,
            round(max(held.accounts / sizes.size - common.share) filter (sort = 'network'), 6) as network
        from held
        join sizes using (sender)
        join common using (sort, name)
        group by sender
        """,
        names=names,
        senders=senders,
    )
    return {sender: {"name": name, "network": network} for sender, name, network in rows.rows("sender")}
