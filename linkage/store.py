"""The case: one DuckDB file that holds tables, settings, results and what people decided."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb

from linkage.errors import DataError
from linkage.tables import Logs, Table, open_database

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

VERSION = 1
_KEYS = {
    "accounts": "account_id",
    "events": "row_key",
    "payments": "row_key",
    "reference": "row_key",
    "allowlist": "kind, value",
    "known_shared": "kind, value",
    "reference_frequencies": "kind, identifier",
}
_OWN = {
    "quarantine": (
        "file varchar, line bigint, place varchar, table_name varchar, column_name varchar, excerpt varchar,"
        " reason varchar"
    ),
    "files": (
        "file varchar, table_name varchar, rows_read bigint, accepted bigint, quarantined bigint, digest varchar"
    ),
    "facts": "name varchar primary key, value varchar",
    "rings": "place integer, ring varchar, number integer, document varchar",
    "judgements": "subject varchar, judgement varchar, reason varchar, decided_by varchar, decided_at timestamp",
    "audit": "at timestamp, what varchar, detail varchar",
}


class Case:
    """An open case file.

    Args:
        database: the open connection.
    """

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self.database = database

    @property
    def logs(self) -> Logs:
        """The input tables."""
        return Logs(**{name: Table(self.database, name) for name in Logs.__dataclass_fields__})

    def fact(self, name: str) -> str | None:
        """Look up one of the things a case knows about itself."""
        rows = self.database.execute("select value from facts where name = ?", [name]).fetchall()
        return str(rows[0][0]) if rows else None

    def note(self, name: str, value: str) -> None:
        """Write down one of the things a case knows about itself."""
        self.database.execute("insert or replace into facts values (?, ?)", [name, value])

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Make all changes inside the block, or none of them."""
        self.database.execute("begin")
        try:
            yield
        except BaseException:
            self.database.execute("rollback")
            raise
        self.database.execute("commit")

    def add(self, tables: Mapping[str, Table], quarantine: Table, files: Iterable[tuple[Any, ...]]) -> None:
        """Add checked rows that are not there yet; what is newly known of an account replaces what was.

        Args:
            tables: the checked input tables by name.
            quarantine: the rows set aside.
            files: file, table, rows read, accepted, quarantined, digest.
        """
        with self.changing():
            changed = sum(self._add_rows(name, key, tables[name]) for name, key in _KEYS.items())
            self.database.execute(f"insert into quarantine by name from {quarantine.name} except from quarantine")
            seen = set(self.database.execute("from files").fetchall())
            for row in sorted(set(files) - seen):
                self.database.execute("insert into files values (?, ?, ?, ?, ?, ?)", list(row))
            if changed:
                self.note("data", str(int(self.fact("data") or 0) + 1))

    def judge(self, subject: str, judgement: str, reason: str, decided_by: str, decided_at: datetime) -> None:
        """Write down what a person decided; nothing is ever overwritten."""
        with self.changing():
            self.database.execute(
                "insert into judgements values (?, ?, ?, ?, ?)", [subject, judgement, reason, decided_by, decided_at]
            )
            self.note("judged", str(int(self.fact("judged") or 0) + 1))

    def judgements(self) -> list[tuple[str, str, str, str, datetime]]:
        """List what people decided, in that order."""
        return self.database.execute("select * from judgements order by rowid").fetchall()

    def remember(self, tables: Mapping[str, Table], rings: Sequence[Mapping[str, Any]], names: Mapping[int, str]) -> None:
        """Keep what a run found, in place of what the last one did."""
        for name, table in tables.items():
            self.database.execute(f"create or replace table run_{name} as from {table.name}")
        self.database.execute("delete from rings")
        numbers = {name: number for number, name in names.items()}
        for place, ring in enumerate(rings):
            row = [place, ring["ring"], numbers[ring["ring"]], json.dumps(ring)]
            self.database.execute("insert into rings values (?, ?, ?, ?)", row)

    def recall(self, names: Iterable[str]) -> dict[str, Table]:
        """Name the tables of the last run."""
        return {name: Table(self.database, f"run_{name}") for name in names}

    def recall_rings(self) -> list[tuple[int, dict[str, Any]]]:
        """List number and document of the last run's rings, best first."""
        rows = self.database.execute("select number, document from rings order by place").fetchall()
        return [(number, json.loads(document)) for number, document in rows]

    def _add_rows(self, name: str, key: str, rows: Table) -> int:
        fresh = _merged(name, rows) if name == "accounts" else rows.name
        new = f"select * from ({fresh}) except select * from {name}" if name == "accounts" else f"""
            select * from {fresh} anti join {name} using ({key})
            """
        self.database.execute(f"create or replace temp table fresh_rows as {new}")
        if name == "accounts":
            self.database.execute("delete from accounts where account_id in (select account_id from fresh_rows)")
        self.database.execute(f"insert into {name} by name from fresh_rows")
        count = len(Table(self.database, "fresh_rows"))
        self.database.execute("drop table fresh_rows")
        return count


def _merged(name: str, rows: Table) -> str:
    """Fill what the new rows leave open with what is known already."""
    known = ", ".join(
        f"coalesce(new.{column}, old.{column}) as {column}" for column in rows.columns if column != "account_id"
    )
    return f"select new.account_id, {known} from {rows.name} as new left join {name} as old using (account_id)"


@contextmanager
def open_case(
    path: Path,
    inputs: Mapping[str, Mapping[str, str]] | None = None,
    *,
    memory: str | None = None,
) -> Iterator[Case]:
    """Open a case file.

    Args:
        path: the file.
        inputs: the columns of each input table, to make the case where there is none; without them it must exist.
        memory: DuckDB's memory limit.

    Raises:
        DataError: there is no such file, it is no case, or somebody else has it open.
    """
    if inputs is None and not path.exists():
        raise DataError(f"there is no case at {path}: make one with 'linkage ingest SOURCE --case {path}'")
    try:
        database = open_database(path, memory=memory)
    except duckdb.Error as error:
        held = "lock" in str(error).lower()
        why = "another linkage has it open: wait for it to end" if held else "it is no case: name another --case"
        raise DataError(f"the case {path} cannot be opened: {why}") from None
    try:
        yield _prepared(Case(database), path, inputs)
    finally:
        database.close()


def _prepared(case: Case, path: Path, inputs: Mapping[str, Mapping[str, str]] | None) -> Case:
    tables = {name for (name,) in case.database.execute("select table_name from duckdb_tables()").fetchall()}
    if not tables and inputs is not None:
        with case.changing():
            for name, columns in inputs.items():
                listed = ", ".join(f"{column} {type_}" for column, type_ in columns.items())
                case.database.execute(f"create table {name} ({listed})")
            for name, listed in _OWN.items():
                case.database.execute(f"create table {name} ({listed})")
            case.note("version", str(VERSION))
    elif "facts" not in tables:
        raise DataError(f"{path} is a DuckDB file of something else: name another --case")
    version = case.fact("version")
    if version != str(VERSION):
        raise DataError(f"the case {path} is of version {version}, this linkage reads {VERSION}: ingest it anew")
    return case
