"""Several ways to look for rings: where their groups overlap, the way whose members' evidence says most is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphs import StarGraph, components
from linkage.tables import Table, derive, from_arrow

if TYPE_CHECKING:
    from collections.abc import Sequence

OVERLAP = 0.2
"""Of the smaller of two groups, in the other: from there on both are sights of one thing."""


def most_telling(views: Sequence[Table]) -> Table:
    """Keep of several groupings, wherever their groups are sights of one thing, those of the view that tells most.

    What a group tells is the sum of its members' log odds, in bits, of belonging to it. The fragments of an operation
    tell less than the whole, because what they share with each other makes their own identifiers common; and a whole
    that two operations were melted into tells less than the two, because what each has for itself holds only a part of
    it. An account that is in two of the groups kept stays in that which tells more.

    Args:
        views: ring, account, bits, prior: groupings of the same accounts, an account at most once in each; of views
            that tell as much the first is believed.

    Returns:
        ring, account.
    """
    if len(views) == 1:
        return derive("select ring, account from view", view=views[0])
    names = [f"view_{place}" for place in range(len(views))]
    every = " union all ".join(f"select {place} as view, * from {name}" for place, name in enumerate(names))
    placed = derive(
        f"""
        select dense_rank() over (order by view, ring) - 1 as sight, view, account,
            round(1000 * (bits - prior))::bigint as tells
        from ({every})
        """,
        **dict(zip(names, views, strict=True)),
    )
    things = _things(placed)
    return derive(
        """
        with told as (select view, sight, thing, sum(tells) as tells from placed join things using (sight) group by all),
        views as (select thing, view, sum(tells) as tells from told group by all),
        believed as (
            select thing, view from views qualify row_number() over (partition by thing order by tells desc, view) = 1
        )
        select sight as ring, account
        from placed
        join things using (sight)
        join believed using (thing, view)
        join told using (sight)
        qualify row_number() over (partition by account order by told.tells desc, sight) = 1
        """,
        placed=placed,
        things=things,
    )


def _things(placed: Table) -> Table:
    """Put groups together that are sights of one thing: sight, thing."""
    overlaps = derive(
        """
        with sizes as (select sight, count(*) as size from placed group by all),
        common as (
            select a.sight as one, b.sight as other, count(*) as accounts
            from placed as a
            join placed as b using (account)
            where a.sight < b.sight
            group by all
        )
        select one, other
        from common
        join sizes as a on a.sight = one
        join sizes as b on b.sight = other
        where common.accounts >= ? * least(a.size, b.size)
        """,
        [OVERLAP],
        placed=placed,
    ).arrow("one, other")
    ones, others = (overlaps[name].to_numpy() for name in ("one", "other"))
    pairs = np.arange(len(ones))
    sights = len(derive("select distinct sight from placed", placed=placed))
    graph = StarGraph.of(np.concatenate([ones, others]), np.concatenate([pairs, pairs]), left=sights)
    labels = components(graph).alone_numbered()
    return from_arrow(placed.database, pa.table({"sight": np.arange(sights), "thing": labels}))
