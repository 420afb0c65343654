"""Fragments of one operation are joined: communities whose members hold each other's private identifiers."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphs import StarGraph, components
from graphs.twofold import joined_twofold
from linkage.tables import Table, derive, from_arrow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from linkage.evidence.collect import Evidence

    Numbers = NDArray[np.int64]
    Floats = NDArray[np.float64]

LEAST_BITS = 6.0
"""Surprise from which accounts reach over; as at least two must, what joins is worth twelve bits and more."""
LEAST_SHARE = 0.04
"""So large a part of the smaller side must reach over: two accounts of a hundred join nobody."""
LEAST_ADDRESS = 6.0
FEWEST_ADDRESSES = 3
"""A member works from another community's addresses when it was seen on three of theirs, each worth six bits: one
is a neighbour's in the same data centre."""
ADDRESS_SHARE = 0.5
"""Addresses can be stumbled on, cards cannot: half of a community must work from those of the other."""
ROUNDS = 8
USED = 0.25
"""Of an account's use, from which a habit counts as one."""
AT_HOME = 0.8
"""Of a habit's holders, so many are in the communities that it joins."""
MOST_PUBLIC = 0.5
"""What looks more public than this joins nobody."""
ONE_LAW = 0.05
"""The chance under one law from which two groups may have signed up in one campaign."""
FEWEST_TIMES = 3
"""Fewest known sign-up times of each."""


def join_fragments(communities: Table, evidence: Evidence) -> Table:
    """Join communities that reach over to each other more than chance explains, and in more than one way.

    A member reaches over when it holds an exclusive identifier, such as a card, that is at home in another
    community. Chance is how common those identifiers are outside both; the surprise is the Chernoff bound of a
    Poisson tail. Half of a community reaches over, too, when it works from another's rare addresses. Joined is what
    stays joined whichever one account is taken away, so that a bait account holds nothing together, nor does a chain
    of them, but a round of single ones does. What is joined may then reach further.

    Args:
        communities: account, community.
        evidence: what accounts share.

    Returns:
        account, community.
    """
    for _ in range(ROUNDS):
        rows = communities.arrow("account")
        accounts, labels = rows["account"].to_numpy(), rows["community"].to_numpy()
        reaching = _reaching(communities, evidence)
        if not len(reaching):
            break
        joined = _joined(
            *(reaching[name].to_numpy() for name in ("account", "own", "home")), sizes=np.bincount(labels)
        )
        if len(np.unique(joined)) == len(joined):
            break
        communities = from_arrow(
            communities.database, pa.table({"account": accounts, "community": joined[labels]})
        )
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


def join_at_home(communities: Table, evidence: Evidence) -> Table:
    """Join communities that have one habit that hardly anybody has elsewhere, and signed up in the same weeks.

    The search divides an operation where parts of it share more, such as a card or an address each. A wrapper that
    half of each part uses for a quarter of its prompts, and of whose holders four in five are in these parts, says
    that they are one. Honest people may use it as well, as a community of their own: they did not sign up when the
    operation did. So a part joins the largest one only if one law could have drawn the times of both (two-sample
    test of Kolmogorov and Smirnov). What looks public joins nobody. Nor are two parts joined by a sentence that both
    use when each has, in the same family of evidence, a habit of its own: parts of one operation say all of its
    wrapper, while strangers may have a sentence of theirs in common.

    Args:
        communities: account, community.
        evidence: what accounts share.

    Returns:
        account, community.
    """
    rows = derive(
        "select account, community, epoch(created_at) as born from communities join people using (account)",
        communities=communities,
        people=evidence.people,
    ).arrow("account")
    labels, born = rows["community"].to_numpy(), rows["born"].to_numpy()
    using = derive(
        _USING,
        [USED, MOST_PUBLIC],
        communities=communities,
        holdings=evidence.holdings,
        identifiers=evidence.identifiers,
    ).rows("identifier, size desc, community")
    own = {
        (community, family) for _, family, community, _, holders, every in using if holders >= AT_HOME * every
    }
    ends: list[tuple[int, int]] = []
    for habit, (_, parts) in enumerate(groupby(using, key=itemgetter(0))):
        (_, family, first, _, holders, everybody), *others = parts
        along = [first]
        for _, _, community, _, more, _ in others:
            apart = {(first, family), (community, family)} <= own
            if not apart and _one_campaign(born[labels == first], born[labels == community]):
                along.append(community)
                holders += more
        if len(along) > 1 and holders >= AT_HOME * everybody:
            ends += [(community, habit) for community in along]
    if not ends:
        return communities
    graph = StarGraph.of(*np.array(ends).T, left=int(labels.max()) + 1)
    joined = components(graph).alone_numbered()
    return from_arrow(
        communities.database, pa.table({"account": rows["account"], "community": joined[labels]})
    )


def _one_campaign(some: Floats, others: Floats) -> bool:
    """Say whether one law could have drawn both groups' sign-up times; where they are unknown, nothing is said."""
    from scipy.stats import ks_2samp  # noqa: PLC0415 - scipy is slow to load

    some, others = some[~np.isnan(some)], others[~np.isnan(others)]
    return min(len(some), len(others)) >= FEWEST_TIMES and bool(
        ks_2samp(some, others, method="asymp").pvalue >= ONE_LAW
    )


_USING = """
    with sizes as (select community, count(*) as size from communities group by all),
    inside as (
        select identifier, family, community, count(*) as holders, count(*) filter (share >= $1) as users
        from holdings
        join communities using (account)
        join identifiers using (identifier)
        where creates and habit and publicity < $2
        group by all
    )
    select identifier, inside.family, community, size, holders, accounts + earlier as everybody
    from inside
    join sizes using (community)
    join identifiers using (identifier)
    where 2 * users >= size
    """


def _reaching(communities: Table, evidence: Evidence) -> pa.Table:
    """List who reaches over: account, its own community, and the one that is home to what it holds."""
    placed = derive(
        _PLACED,
        communities=communities,
        holdings=evidence.holdings,
        identifiers=evidence.identifiers,
    )
    return derive(
        _REACHING,
        [LEAST_BITS, LEAST_ADDRESS, FEWEST_ADDRESSES, ADDRESS_SHARE],
        communities=placed,
        holdings=evidence.holdings,
        identifiers=evidence.identifiers,
        people=evidence.people,
    ).arrow("account, own, home")


def _joined(accounts: Numbers, owns: Numbers, homes: Numbers, *, sizes: Numbers) -> Numbers:
    """Label the communities that stay joined without any one account; the weakly joined are let go first."""
    while True:
        _, numbers = np.unique(accounts, return_inverse=True)
        ends = np.concatenate([owns, homes]), np.concatenate([numbers, numbers])
        labels = joined_twofold(StarGraph.of(*ends, left=len(sizes))).alone_numbered()
        kept = labels[owns] == labels[homes]
        accounts, owns, homes = accounts[kept], owns[kept], homes[kept]
        touching = np.unique(
            np.stack([np.concatenate([owns, homes]), np.concatenate([accounts, accounts])]), axis=1
        )[0]
        reaching = np.bincount(touching, minlength=len(sizes))
        others = np.bincount(labels, sizes, minlength=len(sizes))[labels] - sizes
        weak = (reaching > 0) & (reaching < LEAST_SHARE * np.minimum(sizes, others))
        if not weak.any():
            return labels
        firm = ~(weak[owns] | weak[homes])
        accounts, owns, homes = accounts[firm], owns[firm], homes[firm]


# An account that holds the cards of two communities is often in neither: no run of the search could decide. It
# reaches from that one with whom it shares the card that most hold.
_PLACED = """
    with home as (
        select identifier, community, count(*) as holders
        from holdings
        join communities using (account)
        join identifiers using (identifier)
        where creates and not habit
        group by identifier, community
        having count(*) >= 2
        qualify row_number() over (partition by identifier order by count(*) desc, community) = 1
    ),
    lost as (
        select account, min_by(community, (-holders, identifier)) as community
        from holdings
        join home using (identifier)
        where account not in (select account from communities)
        group by account
        having count(distinct community) >= 2
    )
    select account, community, false as lost from communities
    union all
    select account, community, true as lost from lost
    """

_REACHING = """
    with sizes as (select community, count(*) as size from communities where not lost group by all),
    everybody as (select count(*) as size from people where not reference),
    inside as (
        select identifier, community, count(*) as holders
        from holdings
        join communities using (account)
        join identifiers using (identifier)
        where creates and not habit
        group by all
    ),
    home as (
        select identifier, community, holders
        from inside
        where holders >= 2
        qualify row_number() over (partition by identifier order by holders desc, community) = 1
    ),
    private as (
        select identifier, home.community as home, inside.community as own,
            (identifiers.accounts - home.holders - inside.holders + 0.5) / (everybody.size + 1) as chance
        from home
        join inside using (identifier)
        join identifiers using (identifier)
        cross join everybody
        where inside.community <> home.community
    ),
    expected as (
        select own, home, round(sum(chance) * any_value(sizes.size), 9) as expected
        from private
        join sizes on sizes.community = own
        group by all
    ),
    reaching as (
        select distinct account, own, home
        from private
        join holdings using (identifier)
        join communities using (account)
        where communities.community = own
    ),
    counted as (select own, home, count(*) as accounts from reaching group by all),
    surprising as (
        select own, home
        from counted
        join expected using (own, home)
        where accounts > expected
            and accounts * log2(accounts / expected) - (accounts - expected) / ln(2) >= ?
    ),
    seats as (
        select identifier, community, account, count(*) over (partition by identifier, community) as holders
        from holdings
        join communities using (account)
        join identifiers using (identifier)
        where not lost and family = 'network' and level = 0 and not creates and bits >= ?
            and coalesce(why, '') not like 'known%'
    ),
    offices as (
        select identifier, community
        from seats
        where holders >= 2
        qualify row_number() over (partition by identifier order by holders desc, community, account) = 1
    ),
    working as (
        select account, seats.community as own, offices.community as home
        from seats
        join offices using (identifier)
        where seats.community <> offices.community
        group by all
        having count(*) >= ?
    ),
    halves as (
        select own, home
        from working
        join sizes on sizes.community = own
        group by own, home
        having count(*) >= 2 and count(*) >= ? * any_value(size)
    )
    select account, own, home from reaching join surprising using (own, home)
    union
    select account, own, home from working join halves using (own, home)
    """
