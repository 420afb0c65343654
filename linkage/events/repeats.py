"""Rows that say exactly what an earlier row says: accepted, and stored once."""

from __future__ import annotations

from collections import Counter

from linkage.tables import Table


def drop_repeats(staged: Table) -> Counter[int]:
    """Keep one row of each content, the first by file and line; count the others by file."""
    database, repeats = staged.database, "repeated_rows"
    database.execute(
        f"""
        create temp table {repeats} as
        select place, staged_file
        from (
            select rowid as place, staged_file,
                row_number() over (partition by staged_key order by staged_file, staged_line) as nth
            from {staged.name}
            where staged_key in (select staged_key from {staged.name} group by staged_key having count(*) > 1)
        )
        where nth > 1
        """
    )
    counts = rows_by_file(Table(database, repeats))
    if counts:
        database.execute(f"delete from {staged.name} where rowid in (select place from {repeats})")
    database.execute(f"drop table {repeats}")
    return counts


def rows_by_file(staged: Table) -> Counter[int]:
    """Count the staged rows by the number of their file."""
    rows = staged.database.execute(f"select staged_file, count(*) from {staged.name} group by all").fetchall()
    return Counter(dict(rows))
