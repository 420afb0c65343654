"""Evidence becomes links: a two-sided graph of accounts and what holds them together; a star, never a clique."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkage import progress
from linkage.evidence.chance import INSIDE_NETWORKS
from linkage.tables import Table, derive

if TYPE_CHECKING:
    from linkage.evidence.collect import Evidence
    from linkage.settings import LinkSettings

RAREST = 32
"""Identifiers of one account that are paired: pairs grow with the square, and the rarest say most."""
LEAST_SPOKE = 1.0
"""Bits that tie an account to a centre at least: below, it has used a public template now and then."""
IN_FULL = 8
"""Holders from which a single identifier weighs in full. What two or three share ties each of them to few others,
as in a family: at its full worth it would hold them apart from all that they share with many."""
LEAST_OPERATOR_LIFT = 3.0
"""Bits from which a network operator is half of a pair: customers of one carrier share a country's banks and
templates twice or four times as often as everybody, and by the thousand."""
MOST_LIFT = 6.0
"""Most bits that a pair adds to what its halves weigh: beyond, an account's many pairs would drown all else."""


@dataclass(frozen=True)
class Links:
    """What holds accounts together.

    Args:
        centres: centre, first, second (identifier numbers; second is null for a single one), accounts, bits,
            lift (of a pair: how many times as often it is held as chance explains, in bits), exclusive (a single
            identifier that is no habit).
        spokes: account, centre, weight.
    """

    centres: Table
    spokes: Table

    def exclusive(self) -> Table:
        """Give the spokes of single identifiers that are no habit: a card is held or not."""
        return derive(
            """
            select account, centre, weight from spokes join centres using (centre) where exclusive
            """,
            spokes=self.spokes,
            centres=self.centres,
        )


def link_accounts(evidence: Evidence, settings: LinkSettings) -> Links:
    """Make a star of each identifier that can link by itself, and of each pair of them that chance cannot explain."""
    progress.at("linking accounts")
    pairs = _pairs(evidence, settings)
    centres = derive(
        """
        select row_number() over (order by first, second nulls first) - 1 as centre, first, second, accounts, bits,
            lift, exclusive
        from (
            select identifier as first, null::bigint as second, accounts, bits, null::double as lift,
                not habit as exclusive
            from identifiers
            where creates and bits >= ?
            union all by name
            select first, second, accounts, bits, lift, false as exclusive from pairs
        )
        """,
        [settings.least_worth],
        identifiers=evidence.identifiers,
        pairs=pairs,
    )
    return Links(centres, _spokes(evidence, centres))


def thread_accounts(evidence: Evidence) -> Table:
    """Tie accounts by what only two to eight of them hold, each identifier at its full worth.

    Such threads hold families together, and those who deal one set of tasks out and give some of them to several; what
    a whole crowd has in common is not among them. How much of its use an account gives to one counts by its square root:
    who asks a lot meets others in this and that.

    Returns:
        account, centre, weight: as the spokes of ``Links``.
    """
    threads = derive(
        """
        select account, dense_rank() over (order by identifier) - 1 as centre,
            bits * sqrt(case when habit then share else 1 end) as weight
        from holdings
        join identifiers using (identifier)
        where creates and accounts between 2 and ?
        """,
        [IN_FULL],
        holdings=evidence.holdings,
        identifiers=evidence.identifiers,
    )
    return derive("select * from threads where weight >= ?", [LEAST_SPOKE], threads=threads)


# Two identifiers that many accounts hold both, more than chance explains: the Chernoff bound of the Poisson tail
# of their number, against what independence predicts over everybody and inside each network operator (people
# behind one carrier share its addresses, its bank and its language). Where an operator is itself one of the two,
# only everybody counts: inside it all hold it, and whatever they share would seem explained. Kept at a false
# discovery rate of one in a thousand (Benjamini and Hochberg 1995), over all pairs that any account holds.
_PAIRS = f"""
    with usable as (
        select account, identifier, family, kind, level, accounts
        from holdings
        join identifiers using (identifier)
        where coalesce(why, '') not like 'known%'
        qualify row_number() over (partition by account order by accounts, identifier) <= {RAREST}
    ),
    together as (
        select a.identifier as first, b.identifier as second, count(*) as accounts,
            any_value(a.accounts) as firsts, any_value(b.accounts) as seconds,
            any_value(a.kind = 'asn' or b.kind = 'asn') as names_operator
        from usable as a
        join usable as b using (account)
        where a.identifier < b.identifier
            and (a.family <> b.family or (a.kind = b.kind and a.level = b.level and a.level = 0))
            and not (a.kind = 'asn' and b.kind = 'signup')
        group by all
    ),
    population as (select count(*) as accounts from people where not reference),
    networks as (
        select operator, count(*) as size from people where not reference and operator is not null group by all
    ),
    counted as (
        select count(*) as pairs, count(*) filter (accounts >= 3) as often from together
    ),
    -- Inside networks more is expected, never less: what would not surprise enough over everybody is not looked at there.
    often as (
        select together.*, firsts * seconds / population.accounts as globally
        from together
        cross join population
        cross join counted
        where together.accounts >= 3 and together.accounts > globally
            and together.accounts * log2(together.accounts / globally) - (together.accounts - globally) / ln(2)
                >= least($2, log2(1000) + log2(pairs) - log2(counted.often)) - 0.001
    ),
    {INSIDE_NETWORKS.strip()},
    expected as (
        select first, second, accounts, names_operator,
            greatest(globally, case when $1 and not names_operator then coalesce(local.expected, 0) else 0 end)
                as expected
        from often
        left join local using (first, second)
    ),
    surprising as (
        select *, round(accounts * log2(accounts / expected) - (accounts - expected) / ln(2), 6) as bits,
            round(log2(accounts / expected), 6) as lift
        from expected
        where accounts > expected
    ),
    ranked as (
        select *,
            bits + log2(rank() over (order by bits desc)) - log2(pairs) as margin
        from surprising
        cross join counted
    )
    select first, second, accounts, bits, lift
    from ranked
    where (not names_operator or lift >= {LEAST_OPERATOR_LIFT})
        and bits >= $2 and bits >= (select min(bits) from ranked where margin >= log2(1000))
    """

_NO_PAIRS = """
    select identifier as first, identifier as second, accounts, bits, bits as lift from identifiers limit 0
    """


def _pairs(evidence: Evidence, settings: LinkSettings) -> Table:
    if not settings.pairs:
        return derive(_NO_PAIRS, identifiers=evidence.identifiers)
    return derive(
        _PAIRS,
        [settings.networks, settings.least_bits],
        holdings=evidence.holdings,
        identifiers=evidence.identifiers,
        people=evidence.people,
    )


def _spokes(evidence: Evidence, centres: Table) -> Table:
    """Weigh each spoke: an identifier's bits, for habits by the share of the account's own use that carries it.

    One prompt in a public template then makes no neighbour of anybody: a spoke of less than ``LEAST_SPOKE`` bits
    is left out. A pair's spokes carry its lift: what the second of the two says beside the first; where the others
    only visited, less or nothing (see ``linkage.evidence.visits``). The star of a single identifier keeps those who
    were visited: it is their own, and without it they would follow what little they share with strangers.
    """
    spokes = derive(
        """
        select account, centre,
            centres.bits * least(1, centres.accounts / ?) * case when habit then share else 1 end as weight
        from centres
        join holdings on holdings.identifier = first
        join identifiers using (identifier)
        where second is null
        union all by name
        select a.account, centre, least(lift, ?) * least(a.mutual, b.mutual) as weight
        from centres
        join holdings as a on a.identifier = first
        join holdings as b on b.identifier = second and b.account = a.account
        where second is not null
        """,
        [float(IN_FULL), MOST_LIFT],
        centres=centres,
        holdings=evidence.holdings,
        identifiers=evidence.identifiers,
    )
    return derive("select * from spokes where weight >= ?", [LEAST_SPOKE], spokes=spokes)
