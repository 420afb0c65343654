"""Pairs of accounts, weighed by the sum of all that the two share: few things in common that many hold in part."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from linkage import progress
from linkage.tables import Table, derive

if TYPE_CHECKING:
    from linkage.evidence.collect import Evidence
    from linkage.settings import PairSettings

NEXT = 0.5
"""What the next rarest identifier of a family adds after a rarer one: they are rarely independent."""


def pair_accounts(evidence: Evidence, settings: PairSettings) -> Table:
    """Weigh the pairs of accounts by what they share, and keep the heavy ones.

    An operation that changes everything, but never everything at once, leaves no identifier and no pair of
    identifiers that ties it together; each two of its accounts share other things. What only visited counts less
    (see ``linkage.evidence.visits``), and what has more holders than ``largest`` not at all: pairs grow with the
    square of the holders.

    Among n accounts that share things by chance alone, each has 2^-b partners with whom it shares b bits beyond log2(n):
    so from how many bits on a pair is heavy grows with the number of accounts.

    Args:
        evidence: what accounts share.
        settings: from which bits on a pair is heavy, and how many holders an identifier may have.

    Returns:
        account, centre, weight: each pair is a centre of its own, with a spoke for either account.
    """
    progress.at("pairing accounts")
    (everybody,) = derive("select count(*) from people where not reference", people=evidence.people).rows()[0]
    holdings = derive(
        """
        select account, identifier, family, cap, bits, mutual
        from holdings
        join identifiers using (identifier)
        where bits > 0 and identifiers.accounts between 2 and ? and coalesce(why, '') not like 'known%'
        """,
        [settings.largest],
        holdings=evidence.holdings,
        identifiers=evidence.identifiers,
    )
    return derive(
        """
        with numbered as (select row_number() over (order by first, second) - 1 as centre, * from pairs)
        select unnest([first, second]) as account, centre, weight from numbered
        """,
        pairs=heavy_pairs(holdings, math.log2(max(1, everybody)) + settings.least_bits),
    )


def heavy_pairs(holdings: Table, least_bits: float) -> Table:
    """Add up the rarity (inverse document frequency) of all that two accounts share.

    Coordination networks are made in this way (Pacheco et al., ICWSM 2021, weigh traces by TF-IDF), and so is
    record linkage with term frequencies, but for its learnt weights. Within a family the next best counts half, and
    no family more than its cap.

    Args:
        holdings: account, identifier, family, cap, bits and mutual (0 to 1). The table is dropped.
        least_bits: of a heavy pair.

    Returns:
        first, second (accounts), weight (bits).
    """
    # Rounded family by family, so that the order of the terms cannot move a sum across the threshold.
    pairs = derive(
        """
        with families as (
            select a.account as first, b.account as second, a.family, max(a.cap) as cap,
                list(a.bits * least(a.mutual, b.mutual) order by a.bits * least(a.mutual, b.mutual) desc) as worths
            from holdings as a
            join holdings as b using (identifier)
            where a.account < b.account
            group by all
        ),
        capped as (
            select first, second, round(least(
                cap, list_sum(list_transform(worths, lambda worth, place: worth * pow(?, place - 1)))
            ), 6) as bits
            from families
        ),
        heavy as (select first, second, round(sum(bits), 6) as weight from capped group by all having weight >= ?)
        select first, second, weight from heavy
        """,
        [NEXT, least_bits],
        holdings=holdings,
    )
    holdings.drop()
    return pairs
