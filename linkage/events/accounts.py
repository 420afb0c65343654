"""Accounts that are described more than once: facts that agree are put together, the others set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.events.contract import TABLES

if TYPE_CHECKING:
    from linkage.tables import Table

_FACTS = tuple(name for name in TABLES["accounts"].checked_columns if name not in {"account_id", "extra"})


def settle_accounts(staged: Table) -> None:
    """Mark the descriptions that contradict an account's first one as faulty.

    First means earliest ``created_at``, then smallest key: never the order of rows or files. The first
    description that has a fact settles it, and a description stays if all its facts agree with those.
    Call ``join_accounts`` when the faulty rows are gone.
    """
    database = staged.database
    if not _repeated(staged):
        return
    database.execute(
        f"""
        update {staged.name} set fault_column = c.fact, fault = 'says otherwise than an earlier description of this '
            || 'account, in ' || c.facts || '; keep one row an account', excerpt = null
        from (
            with {_facts(staged)},
            settled as (
                select account_id, fact, arg_min(value, row(coalesce(made_at, 'infinity'), staged_key)) as value from facts group by all
            )
            select staged_key, min(f.fact) as fact, string_agg(f.fact, ', ' order by f.fact) as facts
            from facts f join settled s using (account_id, fact)
            where f.value <> s.value
            group by staged_key
        ) c
        where {staged.name}.staged_key = c.staged_key
        """
    )


def join_accounts(staged: Table) -> None:
    """Put the descriptions of an account that agree together into one row."""
    if not _repeated(staged):
        return
    database = staged.database
    # All that is left agrees, so the largest is the only one.
    facts = ", ".join(f"max({fact}) as {fact}" for fact in _FACTS)
    beside = [column for column in staged.columns if column not in {"account_id", "extra", *_FACTS}]
    columns = ", ".join(("account_id", *_FACTS, "extra", *beside))
    kept = ", ".join(f"any_value({column}) as {column}" for column in beside)
    database.execute(
        f"""
        create temp table {staged.name}_joined as
        select account_id, {facts},
            map_from_entries(list_sort(list_distinct(flatten(list(map_entries(extra)))))) as extra, {kept}
        from {staged.name}
        where account_id in ({_REPEATED.format(staged=staged.name)})
        group by account_id
        """
    )
    database.execute(
        f"delete from {staged.name} where account_id in (select account_id from {staged.name}_joined)"
    )
    database.execute(f"insert into {staged.name} ({columns}) select {columns} from {staged.name}_joined")
    database.execute(f"drop table {staged.name}_joined")


_REPEATED = "select account_id from {staged} group by account_id having count(*) > 1"


def _repeated(staged: Table) -> bool:
    found = staged.database.execute(f"{_REPEATED.format(staged=staged.name)} limit 1").fetchall()
    return bool(found)


def _facts(staged: Table) -> str:
    """Write each repeated account's facts one under the other, those of ``extra`` among them."""
    each = "\n union all ".join(
        f"select account_id, staged_key, created_at as made_at, '{fact}' as fact, {fact}::varchar as value from repeated"
        for fact in _FACTS
    )
    return f"""
        repeated as (select * from {staged.name} where account_id in ({_REPEATED.format(staged=staged.name)})),
        known as ({each}
            union all
            select account_id, staged_key, created_at, entry.key, entry.value
            from (select *, unnest(map_entries(extra)) as entry from repeated)),
        facts as (select * from known where value is not null)
    """
