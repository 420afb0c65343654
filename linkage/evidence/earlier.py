"""What frozen frequencies of an earlier period say of the identifiers seen now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.tables import Table, derive

if TYPE_CHECKING:
    from linkage.evidence.gather import Gathered

UNLISTED = "*"
"""Stands in a frozen list for every identifier of its kind that the list leaves out: the list is complete."""
DIGEST = "sha256:"
"""What an identifier begins with that is not written as it is."""


def digest_of(kind: str, identifier: str) -> str:
    """Write, as SQL over two columns, the digest that stands for an identifier.

    >>> digest_of("kind", "value")
    "'sha256:' || sha256(kind || ' ' || value)"
    """
    return f"'{DIGEST}' || sha256({kind} || ' ' || {identifier})"


def earlier_counts(gathered: Gathered, frequencies: Table) -> Table:
    """Say how many accounts of how many held each identifier earlier, where a frozen list has it.

    Identifiers are found by themselves, by their digest, or, where they are groups, by their form. Where several
    lists or several entries of one have an identifier, the largest share counts.

    Returns:
        kind, level, value, accounts, total; total is null where a list does not say it.
    """
    return derive(
        f"""
        with listed as (
            select kind, identifier as form, accounts, total
            from frequencies
            where identifier <> ?
        ),
        seen as (
            select distinct kind, level, identifier as value
            from sightings
            where kind in (select kind from listed)
        ),
        found as (
            select seen.kind, level, value, accounts, total
            from seen
            join listed on listed.kind = seen.kind and form = value
            union all
            select seen.kind, level, value, accounts, total
            from seen
            join listed on listed.kind = seen.kind and form = {digest_of("seen.kind", "value")}
            where seen.kind in (select kind from listed where starts_with(form, ?))
            union all
            select kind, level, identifier, accounts, total from earlier
        )
        select kind, level, value, accounts, total
        from found
        qualify row_number() over (
            partition by kind, level, value
            order by (accounts + 0.5) / (total + 1) desc nulls last, total desc nulls last, accounts desc
        ) = 1
        """,
        [UNLISTED, DIGEST],
        frequencies=frequencies,
        sightings=gathered.sightings,
        earlier=gathered.earlier,
    )


def unlisted_totals(frequencies: Table) -> Table:
    """Say of each kind with a complete list how many accounts held none of what it leaves out.

    Returns:
        kind, total.
    """
    return derive(
        "select kind, max(total) as total from frequencies where identifier = ? and total > 0 group by kind",
        [UNLISTED],
        frequencies=frequencies,
    )
