"""The case: one DuckDB file that holds tables, results, versions and what people decided."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from linkage.errors import DataError
from linkage.tables import Logs, Table, open_database

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

VERSION = 3
_UPGRADABLE = frozenset({"1", "2"})
"""Versions that only lack tables."""
_KEYED = ("events", "payments", "reference")
"""Tables whose rows never change: a row is there or it is not."""
_DESCRIBED = {
    "accounts": "account_id",
    "allowlist": "kind, value",
    "known_shared": "kind, value",
    "partner_signals": "account_id, signal",
    "reference_frequencies": "kind, identifier",
}
"""Tables that describe something: what is said of it later replaces what was said before."""
_OWN = {
    "quarantine": (
        "file varchar, line bigint, place varchar, table_name varchar, column_name varchar, excerpt varchar,"
        " reason varchar"
    ),
    "files": (
        "file varchar, table_name varchar, rows_read bigint, accepted bigint, quarantined bigint,"
        " seen_before bigint, digest varchar"
    ),
    "batches": "table_name varchar, digest varchar",
    "facts": "name varchar primary key, value varchar",
    "rings": "place integer, ring varchar, number integer, document varchar",
    "judgements": "subject varchar, judgement varchar, reason varchar, decided_by varchar, decided_at timestamp",
    "audit": "number integer primary key, document varchar, digest varchar",
    "secrets": "name varchar primary key, content blob",
    "lists": "direction varchar, partner varchar, sequence integer, manifest blob, content varchar",
    "shared": "partner varchar, ring varchar, document varchar, primary key (partner, ring)",
    "shared_values": "digest varchar primary key",
    "hub_tokens": "key_id varchar, digest varchar, token varchar",
    "signal_sources": "account_id varchar, signal varchar, selector varchar",
    "revoked": "ring varchar primary key, reason varchar, revoked_at timestamp",
    "received": (
        "producer varchar, object_id varchar, modified timestamp, revoked boolean, document varchar,"
        " primary key (producer, object_id)"
    ),
}
_LATER = {"partner_signals": "account_id varchar, signal varchar, happened_at timestamp"}
"""Input tables that the first version had not."""
_MARKS = frozenset({*_KEYED, *_DESCRIBED, "facts", "rings", "judgements"}) - {*_LATER}
"""Tables by which a case of any version is known."""
_MAGIC = b"DUCK"
_SMALLEST = 3 * 4096
"""Bytes of the headers, which a new file gets first: a smaller one is a file whose making was cut short."""


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

    def add(self, tables: Mapping[str, Table], quarantine: Table, files: Iterable[tuple[Any, ...]]) -> int:
        """Add checked rows that are not there yet.

        What is said later of an account, or of a listed value, replaces what was said before. A batch that was
        added once changes nothing, however often and in whatever order it comes back.

        Args:
            tables: the checked input tables by name.
            quarantine: the rows set aside.
            files: file, table, rows read, accepted, quarantined, seen before, digest.

        Returns:
            How many rows are new or changed.
        """
        with self.changing():
            changed = sum(self._add_rows(name, tables[name]) for name in _KEYED)
            changed += sum(
                self._add_descriptions(name, key, tables[name]) for name, key in _DESCRIBED.items()
            )
            self.database.execute(
                f"insert into quarantine by name from {quarantine.name} except from quarantine"
            )
            seen = set(self.database.execute("from files").fetchall())
            for row in sorted(set(files) - seen, key=repr):
                self.database.execute("insert into files values (?, ?, ?, ?, ?, ?, ?)", list(row))
            if changed:
                self.note("data", str(int(self.fact("data") or 0) + 1))
        return changed

    def judge(self, subject: str, judgement: str, reason: str, decided_by: str, decided_at: datetime) -> None:
        """Write down what a person decided; nothing is ever overwritten. It belongs inside ``changing``."""
        self.database.execute(
            "insert into judgements values (?, ?, ?, ?, ?)",
            [subject, judgement, reason, decided_by, decided_at],
        )

    def judgements(self) -> list[tuple[str, str, str, str, datetime]]:
        """List what people decided, in that order."""
        return self.database.execute("select * from judgements order by rowid").fetchall()

    def remember(
        self, tables: Mapping[str, Table], rings: Sequence[Mapping[str, Any]], names: Mapping[int, str]
    ) -> None:
        """Keep what a run found, in place of what the last one did.

        Args:
            tables: the run's tables by name.
            rings: the documents of the rings, best first.
            names: the name of each ring number.
        """
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

    def _add_rows(self, name: str, rows: Table) -> int:
        """Add rows whose key is not there yet."""
        result = self.database.execute(
            f"insert into {name} by name select * from {rows.name} anti join {name} using (row_key)"
        )
        return int(result.fetchall()[0][0])

    def _add_descriptions(self, name: str, key: str, rows: Table) -> int:
        """Replace what is described otherwise now, unless this very batch was added before."""
        batch = (name, _digest(rows))
        if not len(rows) or batch in self.database.execute("from batches").fetchall():
            return 0
        self.database.execute("insert into batches values (?, ?)", batch)
        said = _merged(rows) if name == "accounts" else f"from {rows.name}"
        self.database.execute(
            f"""
            create or replace temp table fresh as
            with said as ({said}), told as (from said except from {name})
            select * from said semi join told using ({key})
            """
        )
        self.database.execute(f"delete from {name} where ({key}) in (select ({key}) from fresh)")
        result = self.database.execute(f"insert into {name} by name from fresh").fetchall()
        self.database.execute("drop table fresh")
        return int(result[0][0])


def _digest(rows: Table) -> str:
    """Write down which rows these are, whatever their order."""
    return str(
        rows.one(
            f"""
            select sha256(coalesce(string_agg(content, '' order by content), ''))
            from (select sha256(to_json(batch)::varchar) as content from {rows.name} as batch)
            """
        )[0]
    )


def _merged(rows: Table) -> str:
    """Fill what the new descriptions of accounts leave open with what is known already."""
    known = ", ".join(
        f"coalesce(said.{column}, known.{column}) as {column}"
        for column in rows.columns
        if column not in {"account_id", "extra"}
    )
    return f"""
        select said.account_id, {known}, case when known.account_id is null then said.extra else
            map_from_entries(list_sort(map_entries(map_concat(known.extra, said.extra)))) end as extra
        from {rows.name} as said
        left join accounts as known using (account_id)
        """


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
            A case made here is gone again if the block fails.
        memory: DuckDB's memory limit.

    Raises:
        DataError: there is no such file, it is no case, or somebody else has it open.
    """
    fresh = _is_fresh(path)
    if fresh and inputs is None:
        raise DataError(f"there is no case at {path}: make one with 'linkage ingest SOURCE --case {path}'")
    if fresh:
        _remove(path)
    database = _opened(path, memory)
    try:
        yield _prepared(Case(database), path, inputs)
    except BaseException:
        database.close()
        if fresh:
            _remove(path)
        raise
    finally:
        database.close()


def _is_fresh(path: Path) -> bool:
    """Say whether nothing is there but, at most, a file whose making was cut short; refuse what is no DuckDB file.

    We look ourselves, because DuckDB would fetch extensions from the network for files of other databases.
    """
    try:
        if not path.exists():
            return True
        with path.open("rb") as file:
            start = file.read(_SMALLEST)
    except OSError as error:
        raise DataError(f"the case {path} cannot be opened: {error.strerror}") from None
    if not start or (len(start) < _SMALLEST and start[8:12] == _MAGIC):
        return True
    if start[8:12] != _MAGIC:
        raise DataError(f"the case {path} cannot be opened: it is no DuckDB file; name another --case")
    return False


def _remove(path: Path) -> None:
    for name in (path, Path(f"{path}.wal")):
        name.unlink(missing_ok=True)


def _opened(path: Path, memory: str | None) -> duckdb.DuckDBPyConnection:
    try:
        return open_database(path.absolute(), memory=memory)
    except duckdb.Error as error:
        # DuckDB's sentence names the path, which may hold any word.
        said = str(error).replace(str(path.absolute()), "").lower()
        if "conflicting lock" in said or "could not set lock" in said:
            why = "another program has it open; wait for it to end"
        elif "no such file" in said:
            why = "its folder is not there; make it first"
        elif "permission denied" in said or "read-only" in said:
            why = "writing there is not permitted; name another --case"
        else:
            why = "it is damaged, or of another version of DuckDB; name another --case"
        raise DataError(f"the case {path} cannot be opened: {why}") from None


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
    elif not tables:
        raise DataError(f"the case {path} is empty: fill it with 'linkage ingest SOURCE --case {path}'")
    elif not tables >= _MARKS:
        raise DataError(f"{path} is a DuckDB file of something else: name another --case")
    version = case.fact("version")
    if version in _UPGRADABLE:
        version = _upgraded(case, tables)
    if version != str(VERSION):
        newer = version is not None and version.isdecimal() and int(version) > VERSION
        raise DataError(
            f"the case {path} is of version {version}, this linkage reads {VERSION}: "
            f"{'take a newer linkage' if newer else 'ingest it anew'}"
        )
    return case


def _upgraded(case: Case, tables: set[str]) -> str:
    with case.changing():
        for name, listed in (_OWN | _LATER).items():
            if name not in tables:
                case.database.execute(f"create table {name} ({listed})")
        case.note("version", str(VERSION))
    return str(VERSION)
