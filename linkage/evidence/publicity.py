"""How public an identifier looks: whether its holders could be anybody, drawn blindly from everybody."""

from __future__ import annotations

from linkage.evidence.chance import INSIDE_NETWORKS
from linkage.tables import Table, derive

LEAST_HOLDERS = 5
"""Fewer say nothing: any four accounts can be unlike each other by chance."""
PLAIN, DOUBTFUL = -2.0, -6.0
"""How rarely strangers look so, as log2 of the chance: one draw in 4 is plainly public, one in 64 not at all.

In 22 simulated worlds without a reference, 88 in 100 of the templates of strangers lie above the second, none of the
117 that 30 members of a ring or more hold, and 18 of the 107 that fewer of them hold, mostly fragments of those.
"""
RAREST = 32
"""Identifiers of one account that are looked at beside; as many as are paired when accounts are linked."""


def publicity(identifiers: Table, holdings: Table, people: Table) -> Table:
    """Grade from 0 to 1 how public each identifier of a habit looks, from its holders alone.

    A template that an operation keeps to itself is held by accounts that were opened in its campaigns, that share
    cards, addresses, bank numbers and bursts, or that each carry a like part of the load. A public one is held by
    whoever came across it. So three tests are made of whether holders are a blind draw from everybody:

    - of their sign-up times (Kolmogorov and Smirnov, with Stephens' correction for small samples);
    - of what else they share outside the family, beyond what popularity and common network operators explain (the
      Chernoff bound of a Poisson tail, times the identifiers tried);
    - of how much they do: whether dabblers and heavy users are mixed as among everybody (the Chernoff bound of the
      lower tail of chi-squared, for the variance of the logarithm).

    The lowest of the chances decides, on a sliding scale; accounts of unknown age are never called a blind draw.
    Neither hours nor the share of use tell the two apart: people of many countries fill the clock together just as a
    ring does, and users of a public harness send everything through it.

    Args:
        identifiers: identifier, family, accounts, creates, habit.
        holdings: account, identifier.
        people: account, reference, created_at, events, operator.

    Returns:
        identifier, publicity; identifiers too rare to tell are left out.
    """
    tested = derive(
        "select identifier, family, accounts from identifiers where creates and habit and accounts >= ?",
        [LEAST_HOLDERS],
        identifiers=identifiers,
    )
    window = derive(
        "select account, created_at, events, operator from people where not reference", people=people
    )
    return derive(
        """
        with graded as (
            select identifier, (
                    least(coalesce(opened.chance, -1000), coalesce(shared.chance, 0), coalesce(busy.chance, 0)) - ?
                ) / (? - ?) as grade
            from tested
            left join opened using (identifier)
            left join shared using (identifier)
            left join busy using (identifier)
        )
        select identifier, round(least(1.0, greatest(0.0, grade)), 6) as publicity
        from graded
        """,
        [DOUBTFUL, PLAIN, DOUBTFUL],
        tested=tested,
        opened=derive(_OPENED, tested=tested, holdings=holdings, people=window),
        busy=derive(_BUSY, tested=tested, holdings=holdings, people=window),
        shared=derive(_SHARED, tested=tested, holdings=holdings, people=window, identifiers=identifiers),
    )


# Everybody's sign-up times are the measure, not the calendar: a launch wave is no campaign. The tail is the
# asymptotic one, 2 exp(-2 d^2), with d corrected after Stephens (1970).
_OPENED = """
    with ranked as (
        select account, (
                rank() over (order by created_at) - 0.5 + (count(*) over (partition by created_at) - 1) / 2
            ) / count(*) over () as place
        from people
        where created_at is not null
    ),
    ordered as (
        select identifier, accounts, place,
            row_number() over (partition by identifier order by place) as nth,
            count(*) over (partition by identifier) as n
        from tested
        join holdings using (identifier)
        join ranked using (account)
    ),
    apart as (
        select identifier, (sqrt(n) + 0.12 + 0.11 / sqrt(n)) * max(greatest(nth / n - place, place - (nth - 1) / n)) as d
        from ordered
        where n >= 0.8 * accounts
        group by identifier, n
    )
    select identifier, least(0.0, 1 - 2 * d * d / ln(2)) as chance from apart
    """

_BUSY = """
    with busy as (select account, log2(events) as much from people where events > 0),
    everybody as (select var_samp(much) as spread from busy),
    own as (
        select identifier, count(*) - 1 as freedom, var_samp(much) as spread
        from tested
        join holdings using (identifier)
        join busy using (account)
        group by identifier
        having freedom > 0
    )
    select identifier, case
            when own.spread >= everybody.spread then 0.0
            when own.spread <= 0 then -1000.0
            else freedom / 2 * (log2(own.spread / everybody.spread) + (1 - own.spread / everybody.spread) / ln(2))
        end as chance
    from own
    cross join everybody
    """

# What links pairs of identifiers, in short: their number against independence over everybody, and against
# independence inside each network operator, whichever explains more.
_SHARED = f"""
    with beside as (
        select account, identifier, family, accounts
        from holdings
        join identifiers using (identifier)
        where family not in (select family from tested)
        qualify row_number() over (partition by account order by accounts, identifier) <= {RAREST}
    ),
    pairs as (
        select tested.identifier as first, beside.identifier as second, count(*) as n,
            any_value(tested.accounts) as firsts, any_value(beside.accounts) as seconds
        from tested
        join holdings using (identifier)
        join beside using (account)
        group by all
    ),
    tries as (select first, count(*) as tried from pairs group by first),
    often as (select * from pairs where n >= 3),
    population as (select count(*) as accounts from people),
    networks as (select operator, count(*) as size from people where operator is not null group by all),
    {INSIDE_NETWORKS.strip()},
    expected as (
        select first, n, greatest(firsts * seconds / population.accounts, coalesce(local.expected, 0)) as expected
        from often
        cross join population
        left join local using (first, second)
    )
    select first as identifier,
        least(0.0, log2(any_value(tried)) + min(
            case when n > expected then (n - expected) / ln(2) - n * log2(n / expected) else 0 end
        )) as chance
    from expected
    join tries using (first)
    group by first
    """
