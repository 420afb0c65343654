"""Whether others use an identifier as its holder does, or only came by: a visit must not tie the one visited."""

from __future__ import annotations

from linkage.tables import Table, derive

VISITED = 0.4
"""Of the account's own use: where the others use it no more than that, they only visited."""
MUTUAL = 0.7
"""Of the account's own use: from there on they use it as it does."""


def with_mutual(holdings: Table, identifiers: Table, people: Table) -> Table:
    """Say of each holding how far the other holders use the identifier as much as the account does.

    Whoever wants a stranger taken for one of its own goes through the stranger's home and repeats the stranger's
    prompt now and then. To its members both are a small part of what they do, to the victim all of it. The members
    of an operation share what they share on one footing, by whatever part of their use it is.

    Measured by the mean part of use of the other holders over the account's own part, 0 up to ``VISITED``, 1 from
    ``MUTUAL`` on and straight between. Parts are added as whole numbers of a millionth, so that the order of rows
    cannot change a digit. What is no habit, such as a card, cannot be visited.

    Args:
        holdings: account, identifier, count, share and more.
        identifiers: identifier, family, habit and more.
        people: account, events and more.

    Returns:
        The holdings, and ``mutual``, 0 to 1.
    """
    return derive(
        """
        with used as not materialized (
            select holdings.*, habit,
                -- A system prompt's share is one of the requests that have any; here it is one of all requests.
                greatest(1, round(1e6 * case when family = 'prompt' then least(1, count / greatest(events, 1))
                    else share end))::bigint as part
            from holdings
            join identifiers using (identifier)
            join people using (account)
        ),
        totals as (select identifier, sum(part) as parts, count(*) as holders from used group by identifier),
        compared as (
            select used.*, (parts - part) / greatest(1, holders - 1) / part as others
            from used
            join totals on totals.identifier = used.identifier  -- engines put what is joined by using first
        )
        select compared.* exclude (habit, part, others),
            case when habit then round(greatest(0, least(1, (others - ?) / (? - ?))), 6) else 1 end as mutual
        from compared
        order by account, identifier
        """,
        [VISITED, MUTUAL, VISITED],
        holdings=holdings,
        identifiers=identifiers,
        people=people,
    )
