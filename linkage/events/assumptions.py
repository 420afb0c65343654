"""What was assumed of the rows that were accepted, said aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from linkage.tables import Table


def say_assumptions(staged: Table, names: Sequence[str]) -> Iterator[str]:
    """Say for each file how many times were taken as UTC and how many identifiers were trimmed.

    Args:
        staged: the rows, before those at fault are taken away.
        names: what messages call each file, by its number.
    """
    assumed = staged.database.execute(
        f"""
        select staged_file, count(*) filter (zoneless), count(*) filter (trimmed)
        from {staged.name}
        where fault is null
        group by staged_file
        order by staged_file
        """
    ).fetchall()
    for number, zoneless, trimmed in assumed:
        if zoneless:
            yield f"{names[number]}: {zoneless:,} rows have times without a zone, taken as UTC"
        if trimmed:
            yield f"{names[number]}: {trimmed:,} rows have identifiers with white space around them, trimmed"


def say_strangers(tables: Mapping[str, Table]) -> Iterator[str]:
    """Say how many accounts are used or pay and are not in the accounts table, where one is given."""
    if not len(tables["accounts"]):
        return
    for name in ("events", "payments"):
        (strangers,) = tables[name].one(
            f"""
            select count(*)
            from (select distinct account_id from {tables[name].name})
            anti join {tables["accounts"].name} using (account_id)
            """
        )
        if strangers:
            yield f"{name}: {strangers:,} accounts have no row in accounts; they are linked all the same"
