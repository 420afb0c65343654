"""How many accounts would hold two identifiers by chance, among people who are alike by their network operator."""

from __future__ import annotations

SMALLEST_NETWORK = 250
"""Accounts that an operator is taken to have at least, so that a ring that is its own network cannot explain itself."""

INSIDE_NETWORKS = f"""
    inside as (
        select identifier, operator, count(*) as holders
        from holdings
        join people using (account)
        where operator is not null and identifier in (select first from often union select second from often)
        group by all
    ),
    local as (
        select first, second, sum(a.holders * b.holders / greatest(size, {SMALLEST_NETWORK})) as expected
        from often
        join inside as a on a.identifier = first
        join inside as b on b.identifier = second and b.operator = a.operator
        join networks on networks.operator = a.operator
        group by all
    )
"""
"""Parts of a statement that give ``local``: first, second, expected, from independence inside each network operator.

They stand between its other parts, and read ``holdings`` and ``people`` of the statement, its ``often`` (the pairs:
first, second) and its ``networks`` (operator, size).
"""
