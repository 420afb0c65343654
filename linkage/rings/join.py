"""Fragments of one operation are joined: communities whose members hold each other's private identifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphs import StarGraph, components
from linkage.tables import Table, derive, from_arrow

if TYPE_CHECKING:
    from linkage.evidence.collect import Evidence

LEAST_BITS = 12.0
ROUNDS = 8
LEAST_SHARE = 0.05
"""So large a part of the two fragments (their geometric mean) must reach over: a bait account or two join nobody."""


def join_fragments(communities: Table, evidence: Evidence) -> Table:
    """Join communities that reach over to each other more than chance explains.

    A member reaches over when it holds an exclusive identifier, such as a card, that is at home in another
    community. Chance is how common those identifiers are outside both; the surprise is the Chernoff bound of a
    Poisson tail. What is joined may then reach further.

    Args:
        communities: account, community.
        evidence: what accounts share.

    Returns:
        account, community.
    """
    for _ in range(ROUNDS):
        bridges = derive(
            _BRIDGES,
            [LEAST_BITS, LEAST_SHARE],
            communities=communities,
            holdings=evidence.holdings,
            identifiers=evidence.identifiers,
            people=evidence.people,
        )
        if not len(bridges):
            break
        communities = _joined(communities, bridges)
    return communities


def follow_majority(communities: Table, guide: Table) -> Table:
    """Put those communities together most of whose members are in one community of the guide.

    Habits tell operations apart that share a public template; they also tell apart the parts of one that is held
    together by a chain of cards. The guide is what the exclusive evidence alone holds together.

    Accounts that are in no community, but in one of the guide that others follow, are put there: between two parts
    of a chain stands an account that belongs to both, so that no run of the search could decide on it.

    Args:
        communities: account, community.
        guide: account, community, of any part of the accounts.

    Returns:
        account, community.
    """
    return derive(
        """
        with votes as (
            select communities.community, guide.community as leader, count(*) as votes
            from communities
            join guide using (account)
            group by all
        ),
        sizes as (select community, count(*) as size from communities group by all),
        led as (select community, leader from votes join sizes using (community) where 2 * votes > size),
        placed as (
            select account, leader is null as alone, coalesce(leader, communities.community) as place
            from communities
            left join led using (community)
            union all
            select account, false as alone, guide.community as place
            from guide
            where guide.community in (select leader from led)
                and account not in (select account from communities)
        )
        select account, dense_rank() over (order by alone, place) - 1 as community
        from placed
        """,
        communities=communities,
        guide=guide,
    )


def _joined(communities: Table, bridges: Table) -> Table:
    rows = communities.arrow("account")
    accounts, labels = rows["account"].to_numpy(), rows["community"].to_numpy()
    ends = bridges.arrow("one, other")
    # A star graph of communities and the bridges between them: its components are what belongs together.
    numbers = np.arange(len(ends))
    graph = StarGraph.of(
        np.concatenate([ends["one"].to_numpy(), ends["other"].to_numpy()]),
        np.concatenate([numbers, numbers]),
        left=int(labels.max()) + 1,
    )
    joined = components(graph).alone_numbered()
    return from_arrow(communities.database, pa.table({"account": accounts, "community": joined[labels]}))


_BRIDGES = """
    with sizes as (select community, count(*) as size from communities group by all),
    everybody as (select count(*) as size from people where not reference),
    inside as (
        select identifier, community, count(*) as holders
        from holdings join communities using (account) join identifiers using (identifier)
        where creates and not habit
        group by all
    ),
    home as (
        select identifier, community, holders from inside
        where holders >= 2
        qualify row_number() over (partition by identifier order by holders desc, community) = 1
    ),
    private as (
        select identifier, home.community as home, inside.community as guest, inside.holders as reaching,
            (identifiers.accounts - home.holders - inside.holders + 0.5) / (everybody.size + 1) as chance
        from home join inside using (identifier) join identifiers using (identifier) cross join everybody
        where inside.community <> home.community
    ),
    reaching as (
        select guest, home, count(distinct account) as accounts
        from private join holdings using (identifier) join communities using (account)
        where communities.community = guest
        group by all
    ),
    expected as (
        select guest, home, sum(chance) * any_value(sizes.size) as expected
        from private join sizes on sizes.community = guest
        group by all
    ),
    bridges as (
        select least(guest, home) as one, greatest(guest, home) as other, sum(accounts) as accounts, sum(expected) as expected
        from reaching join expected using (guest, home)
        group by all
    )
    select one, other, accounts, expected
    from bridges join sizes as a on a.community = one join sizes as b on b.community = other
    where accounts > expected and accounts >= 2
        and accounts * log2(accounts / expected) - (accounts - expected) / ln(2) >= ?
        and accounts >= ? * sqrt(a.size * b.size)
    """
