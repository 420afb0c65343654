"""Who is in the logs: every account once, numbered, with the network operator it mostly comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.tables import Table, derive, is_here

if TYPE_CHECKING:
    from linkage.tables import Logs

_INSIDE = r"^(0|10|127|169\.254|172\.(1[6-9]|2\d|3[01])|192\.168|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.|^(f[cdef]|::)"
"""Addresses behind somebody's own router: they name no operator, or all who log so would be one network."""

SORTED_AT_ONCE = 1_500_000
"""Events whose texts are sorted at a time: some 400 bytes each fit beside each other into a gigabyte."""


def gather_people(logs: Logs) -> Table:
    """Number every account of the window and of the reference, oldest first.

    The numbering follows what accounts did, not what they are called, so that renaming them only renames.
    An account of the reference is a person of its own there: it counts for frequencies, never for rings.

    Returns:
        account (0, 1, …), account_id, reference, created_at, first_seen, last_seen, events, operator.
    """
    doings = derive(
        """
        select account_id, false as reference, happened_at, ip, asn, true as event from events
        union all
        select account_id, false as reference, happened_at, null as ip, null as asn, false as event from payments
        union all
        select account_id, true as reference, happened_at, ip, asn, true as event from reference
        """,
        events=logs.events,
        payments=logs.payments,
        reference=logs.reference,
    )
    people = derive(
        """
        with seen as (
            select account_id, reference,
                min(happened_at) as first_seen,
                max(happened_at) as last_seen,
                count(*) filter (event) as events
            from doings
            group by all
        ),
        everybody as (
            select account_id, reference from seen
            union
            select account_id, false from accounts
        )
        select
            row_number() over (
                order by reference, created_at nulls last, first_seen nulls last, last_seen, events, account_id
            ) - 1 as account,
            account_id,
            reference,
            created_at,
            first_seen,
            last_seen,
            coalesce(events, 0) as events,
            operator
        from everybody
        left join seen using (account_id, reference)
        left join accounts using (account_id)
        left join operators using (account_id, reference)
        """,
        doings=doings,
        accounts=logs.accounts,
        operators=_operators(doings),
    )
    doings.drop()
    return people


def people_in_parts(people: Table, events: int = SORTED_AT_ONCE) -> list[Table]:
    """Part the accounts, in order, so that each part has some ``events`` and can be sorted within memory.

    Where the rows are elsewhere, sorting is shared out there: all accounts are one part.

    >>> from linkage.tables import from_columns, open_database
    >>> types = {"account": "bigint", "account_id": "varchar", "reference": "boolean", "events": "bigint"}
    >>> three = {"account": [0, 1, 2], "account_id": ["a", "b", "c"], "reference": [False] * 3, "events": [4, 2, 5]}
    >>> [part.rows() for part in people_in_parts(from_columns(open_database(), types, three), 6)]
    [[(0, 'a', False), (1, 'b', False)], [(2, 'c', False)]]

    Returns:
        Tables of account, account_id, reference; one at least.
    """
    if not is_here(people):
        return [people]
    borders = derive(
        """
        select min(account) as first, max(account) as last
        from (select account, greatest(sum(events) over (order by account) - 1, 0) // ? as part from people)
        group by part
        """,
        [events],
        people=people,
    )
    part = "select account, account_id, reference from people where account between ? and ?"
    return [derive(part, border, people=people) for border in borders.rows()] or [people]


def _operators(doings: Table) -> Table:
    """Find the network each account mostly comes from: its ASN, or the address block where none is given."""
    return derive(
        rf"""
        with named as (
            select account_id, reference, coalesce(
                'AS' || nullif(ltrim(regexp_extract(upper(trim(asn)), '^(?:AS)?(\d+)$', 1), '0'), ''),
                case when not regexp_matches(ip, '{_INSIDE}') then coalesce(
                    nullif(regexp_extract(ip, '^(\d+\.\d+)\.\d+\.\d+$', 1), ''),
                    nullif(lower(regexp_extract(ip, '^([0-9A-Fa-f]+:[0-9A-Fa-f]*):', 1)), '')
                ) end
            ) as operator
            from doings
            where event
        ),
        counted as (
            select account_id, reference, operator, count(*) as uses
            from named
            where operator is not null
            group by all
        )
        select account_id, reference, operator
        from counted
        qualify row_number() over (partition by account_id, reference order by uses desc, operator) = 1
        """,
        doings=doings,
    )
