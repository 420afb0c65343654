"""A world in which only chance links accounts: who holds what is dealt out anew, family by family."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphs.shuffle import shuffle_inside
from linkage.tables import Table, derive, from_arrow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from linkage.evidence.collect import Evidence

SMALLEST_STRATUM = 250
"""Accounts of smaller networks are shuffled among each other, or a ring that is its own network would keep its things."""


def shuffled(evidence: Evidence, *, seed: int) -> Evidence:
    """Deal each family's identifiers out anew among the accounts of one network operator.

    What an account holds of one family goes as a bundle to another account behind the same operator; families are
    dealt out independently, addresses stay where they are, and sign-up times go with the sign-up family. How popular
    a template is, how many sit behind a carrier and how large a sign-up wave was is as before; that the same accounts
    share a card, a template and an hour is then chance (the decoys of target-decoy tests: Elias and Gygi 2007).

    Args:
        evidence: what accounts share.
        seed: the same seed gives the same decoy.
    """
    people = derive("select * from people where not reference", people=evidence.people).arrow("account")
    strata = strata_of(people["operator"])
    accounts = people["account"].to_numpy()
    families = [
        family
        for (family,) in derive(
            "select distinct family from identifiers", identifiers=evidence.identifiers
        ).rows()
    ]
    parts = []
    for place, family in enumerate(sorted({*families, "signup"} - {"network"})):
        given = shuffle_inside(strata, seed=seed * 1000 + place)
        # ``given`` names the account whose bundle each account gets, so that bundle's owner becomes this account.
        parts.append(
            pa.table({"account": accounts[given], "stand_in": accounts, "dealt": [family] * len(accounts)})
        )
    dealt = from_arrow(evidence.people.database, pa.concat_tables(parts))
    return replace(
        evidence,
        people=_people(evidence, dealt),
        holdings=_dealt(evidence.holdings, evidence, dealt),
        earlier_holdings=_dealt(evidence.earlier_holdings, evidence, dealt),
    )


def strata_of(operators: pa.ChunkedArray) -> NDArray[np.int64]:
    """Number accounts by their network operator; small operators and unknown ones are one stratum, number 0.

    >>> strata_of(pa.chunked_array([["AS64500"] * 250 + ["AS64501", None]]))[[0, -2, -1]].tolist()
    [1, 0, 0]
    """
    encoded = operators.combine_chunks().dictionary_encode()
    codes = encoded.indices.fill_null(len(encoded.dictionary)).to_numpy(zero_copy_only=False).astype(np.int64)
    names = [*encoded.dictionary.to_pylist(), None]
    sizes = np.bincount(codes, minlength=len(names))
    large = sorted(
        place for place, name in enumerate(names) if name is not None and sizes[place] >= SMALLEST_STRATUM
    )
    numbers = np.zeros(len(names), dtype=np.int64)
    numbers[sorted(large, key=lambda place: str(names[place]))] = np.arange(1, len(large) + 1)
    strata: NDArray[np.int64] = numbers[codes]
    return strata


def _people(evidence: Evidence, dealt: Table) -> Table:
    return derive(
        """
        with others as (
            select stand_in, created_at from dealt join people using (account) where dealt = 'signup'
        )
        select people.* replace (
            case when stand_in is null then people.created_at else others.created_at end as created_at
        )
        from people
        left join others on stand_in = account
        """,
        people=evidence.people,
        dealt=dealt,
    )


def _dealt(holdings: Table, evidence: Evidence, dealt: Table) -> Table:
    # Nobody looks at an example of what only chance links, and examples are most of what a holding takes.
    plain = ", null::varchar as example" if "example" in holdings.columns else ""
    return derive(
        f"""
        select holdings.* replace (coalesce(stand_in, holdings.account) as account{plain})
        from holdings
        join identifiers using (identifier)
        left join dealt on dealt.account = holdings.account and dealt.dealt = identifiers.family
        """,
        holdings=holdings,
        identifiers=evidence.identifiers,
        dealt=dealt,
    )
