"""Accounts that share two things or more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphs import StarGraph, components
from linkage.suite.baseline import Baseline, every
from linkage.suite.sharing import COARSE, held
from linkage.tables import derive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphs import Partition
    from linkage.evidence.collect import Evidence
    from linkage.tables import Table


class TwoShared(Baseline):
    """Join accounts that share two identifiers or more, then take connected components.

    The rule of thumb of fraud desks: one thing in common is chance, two are not. Any kinds count, but not what
    comes with something finer (an address and its block, a prompt and its template), which would be one thing.
    """

    name = "two_shared"
    label = "two things shared"
    grid = every(largest=(50, 5, 20, 1000), shared=(2, 3))

    def partition(self, evidence: Evidence, knobs: Mapping[str, float]) -> Partition:
        """Take the components of accounts and the sets of identifiers they hold in common.

        Two accounts share two identifiers exactly if both hold some pair of identifiers. So no pair of accounts is
        ever made: an account has a few dozen pairs of identifiers, an identifier may have millions of pairs of
        accounts.
        """
        holdings = held(evidence, f"not {COARSE}", largest=knobs["largest"])
        sets = _pairs(holdings)
        holdings.drop()
        if knobs["shared"] > 2:
            pairs, sets = sets, _triples(sets)
            pairs.drop()
        rows = sets.arrow("account, found")
        sets.drop()
        return components(
            StarGraph.of(rows["account"].to_numpy(), rows["found"].to_numpy(), left=len(evidence.people))
        )


def _pairs(holdings: Table) -> Table:
    """Give the pairs of identifiers that two accounts or more hold both: account, first, second, found."""
    return derive(
        """
        with seen as (
            select a.account, a.identifier as first, b.identifier as second
            from holdings as a
            join holdings as b using (account)
            where a.identifier < b.identifier and (a.family <> b.family or a.level = b.level)
        ),
        common as (
            select first, second, row_number() over (order by first, second) - 1 as found
            from seen
            group by first, second
            having count(*) >= 2
        )
        select account, first, second, found from seen join common using (first, second)
        """,
        holdings=holdings,
    )


def _triples(pairs: Table) -> Table:
    """Put three pairs together to a triple, as in the apriori algorithm (Agrawal and Srikant 1994)."""
    return derive(
        """
        select a.account, dense_rank() over (order by a.first, a.second, b.second) - 1 as found
        from pairs as a
        join pairs as b on b.account = a.account and b.first = a.second
        join pairs as c on c.account = a.account and c.first = a.first and c.second = b.second
        """,
        pairs=pairs,
    )
