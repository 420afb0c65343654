"""The case: one DuckDB file that holds tables, results, versions and what people decided."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from linkage.errors import DataError
from linkage.locking import DOOR, BusyError, hold, in_turn, is_held, is_open_here, release
from linkage.tables import Logs, Table, open_database

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import BinaryIO

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
    "pictures": "ring varchar primary key, document varchar",
    "precedents": "ring varchar, kind varchar, level integer, value varchar, accounts bigint",
    "judgements": "subject varchar, judgement varchar, reason varchar, decided_by varchar, decided_at timestamp",
    "judged": "line bigint primary key, document varchar",
    "allowances": (
        "kind varchar, value varchar, reason varchar, until timestamp, taken_back boolean, decided_by varchar,"
        " decided_at timestamp"
    ),
    "lives": "ring varchar primary key, document varchar",
    "turns": (
        "number bigint primary key, run bigint, as_of timestamp, ring varchar, state varchar, accounts bigint,"
        " score double, joined varchar[], gone varchar[], kin varchar[]"
    ),
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
_ATTACHED = "linkage_case"
WAIT = 30.0
"""Most seconds to wait for somebody else who has the case, unless the settings say otherwise."""


class Case:
    """An open case file.

    Args:
        database: the open connection.
        file: its bytes, where it is held for reading, so that a copy can be made of it.
    """

    def __init__(self, database: duckdb.DuckDBPyConnection, file: BinaryIO | None = None) -> None:
        self.database = database
        self._file = file

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
        """List what people decided and did not take back, in that order."""
        return [said for _, said in self.standing()]

    def standing(self) -> list[tuple[int, tuple[str, str, str, str, datetime]]]:
        """List what stands of what people said, each with its line: an ``undo`` takes back the last of its subject."""
        last: dict[str, list[int]] = {}
        kept: dict[int, tuple[str, str, str, str, datetime]] = {}
        for line, said in enumerate(self.said(), start=1):
            before = last.setdefault(said[0], [])
            if said[1] != "undo":
                kept[line] = said
                before.append(line)
            elif before:
                del kept[before.pop()]
        return sorted(kept.items())

    def said(self) -> list[tuple[str, str, str, str, datetime]]:
        """List all that people ever said, what was taken back and the taking back among it, in that order."""
        return self.database.execute("select * from judgements order by rowid").fetchall()

    def copy_to(self, path: Path) -> None:
        """Copy the file while it is held for reading, so that nobody has to wait for what is done with the copy.

        Raises:
            ValueError: it was not opened for reading.
        """
        if self._file is None:
            raise ValueError("a case is copied while it is held for reading")
        self._file.seek(0)
        with path.open("wb") as copy:
            shutil.copyfileobj(self._file, copy, 1 << 24)
        # What a killed writer had promised and not yet written down stands beside.
        beside = Path(f"{self._file.name}.wal")
        if beside.exists():
            shutil.copyfile(beside, f"{path}.wal")

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

    def keep_pictures(self, pictures: Mapping[str, Mapping[str, Any]], *, anew: bool) -> None:
        """Keep the pictures of rings.

        Args:
            pictures: the document of each ring, by name.
            anew: whether they take the place of all that was kept.
        """
        if anew:
            self.database.execute("delete from pictures")
        for ring, document in pictures.items():
            self.database.execute(
                "insert or replace into pictures values (?, ?)",
                [ring, json.dumps(document, separators=(",", ":"))],
            )

    def pictures(self) -> dict[str, str]:
        """Give the pictures of the last run that are kept, as JSON, by ring."""
        return dict(self.database.execute("from pictures order by ring").fetchall())

    def precedents(self) -> Table:
        """Name the table of what judged rings of earlier runs shared."""
        return Table(self.database, "precedents")

    def keep_precedents(self, identifiers: Table) -> None:
        """Keep what judged rings share; what is known of them already stays as it is."""
        self.database.execute(
            f"""
            insert into precedents by name
            select * from {identifiers.name} anti join precedents using (ring, kind, level, value)
            """
        )

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
def open_case(  # noqa: PLR0913 - how a file is opened
    path: Path,
    inputs: Mapping[str, Mapping[str, str]] | None = None,
    *,
    memory: str | None = None,
    wait: float = WAIT,
    reading: bool = False,
    within: duckdb.DuckDBPyConnection | None = None,
) -> Iterator[Case]:
    """Open a case file, when it is our turn: one program writes, or several read.

    Args:
        path: the file.
        inputs: the columns of each input table, to make the case where there is none; without them it must exist.
            A case made here is gone again if the block fails.
        memory: DuckDB's memory limit.
        wait: most seconds to wait for another program that has it open.
        reading: whether nothing will be changed, so that others can read meanwhile.
        within: a database to open it in, so that what was made there can be stored; tables there without a name in
            the case keep theirs, if they are temporary.

    Raises:
        DataError: there is no such file, it is no case, or somebody else has it open for too long.
    """
    if reading:
        with _held(path, memory, wait) as case:
            yield case
        return
    door = _Door(path, inputs, memory, within=within)
    door.open(wait)
    try:
        yield _prepared(Case(door.database), path, inputs)
    except BaseException:
        door.close()
        if door.fresh and not is_open_here(path) and not is_held(path):
            _remove(path)
        raise
    else:
        door.close()


def check_place(path: Path, *, wait: float = WAIT) -> None:
    """See to it that a case is there, or that one can be made, before long work is begun for it.

    Raises:
        DataError: neither is so.
    """
    if is_open_here(path):
        return
    if not _is_fresh(path):
        with open_case(path, wait=wait, reading=True):
            pass
    elif not path.absolute().parent.is_dir():
        raise DataError(f"the case {path} cannot be opened: its folder is not there; make it first")


@contextmanager
def _held(path: Path, memory: str | None, wait: float) -> Iterator[Case]:
    """Hold a case for reading; one of an earlier version is brought up to date first."""
    door = _Door(path, None, memory, reading=True)
    door.open(wait)
    try:
        outdated = _version(Case(door.database), path) in _UPGRADABLE
        if not outdated:
            yield _prepared(Case(door.database, door.file), path, None)
    finally:
        door.close()
    if outdated:
        with open_case(path, memory=memory, wait=wait):
            pass
        with _held(path, memory, wait) as case:
            yield case


class _Door:
    """The way into a case file and out of it again."""

    database: duckdb.DuckDBPyConnection
    fresh = False
    file: BinaryIO | None = None

    def __init__(
        self,
        path: Path,
        inputs: Mapping[str, Mapping[str, str]] | None,
        memory: str | None,
        *,
        reading: bool = False,
        within: duckdb.DuckDBPyConnection | None = None,
    ) -> None:
        self._path, self._inputs, self._memory, self._reading, self._within = (
            path, inputs, memory, reading, within,
        )  # fmt: skip
        self._before = ""

    def open(self, wait: float) -> None:
        """Open the file when it is our turn."""
        try:
            in_turn(self._try, wait=wait, name=f"the case {self._path}")
        except BusyError:
            raise DataError(
                f"the case {self._path} cannot be opened: another program had it open for {wait:g} seconds; "
                "wait for it to end, or give it longer with the setting wait"
            ) from None

    def close(self) -> None:
        """Leave the file."""
        with DOOR:
            if self._within is None:
                self.database.close()
            else:
                self._within.execute(f'use "{self._before}"')
                self._within.execute(f"detach {_ATTACHED}")
            release(self._path, self.file)

    def _try(self) -> None:
        with DOOR:
            self.fresh = not is_open_here(self._path) and self._is_fresh()
            if self._reading:
                self.file = self._path.open("rb")
            try:
                self.database = _opened(self._path, self._memory, reading=self._reading, within=self._within)
            except BaseException:
                if self.file is not None and not is_open_here(self._path):
                    self.file.close()
                raise
            hold(self._path)
            if self._within is not None:
                self._before = str(self._within.execute("select current_database()").fetchall()[0][0])
                self._within.execute(f"use {_ATTACHED}")

    def _is_fresh(self) -> bool:
        fresh = _is_fresh(self._path)
        if fresh and self._path.exists():
            if is_held(self._path):  # somebody is making it
                raise BusyError
            if self._inputs is not None:
                _remove(self._path)
        if fresh and self._inputs is None:
            raise DataError(
                f"there is no case at {self._path}: make one with 'linkage ingest SOURCE --case {self._path}'"
            )
        return fresh


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


def _opened(
    path: Path, memory: str | None, *, reading: bool, within: duckdb.DuckDBPyConnection | None
) -> duckdb.DuckDBPyConnection:
    try:
        if within is None:
            return open_database(path.absolute(), memory=memory, reading=reading)
        quoted = str(path.absolute()).replace("'", "''")
        within.execute(f"attach '{quoted}' as {_ATTACHED} (type duckdb)")
    except duckdb.Error as error:
        # DuckDB's sentence names the path, which may hold any word.
        said = str(error).replace(str(path.absolute()), "").lower()
        if any(words in said for words in _LOCKED):
            raise BusyError from None
        if "no such file" in said:
            why = "its folder is not there; make it first"
        elif "permission denied" in said or "read-only" in said:
            why = "writing there is not permitted; name another --case"
        else:
            why = "it is damaged, or of another version of DuckDB; name another --case"
        raise DataError(f"the case {path} cannot be opened: {why}") from None
    return within


_LOCKED = ("conflicting lock", "could not set lock", "different configuration", "unique file handle")
"""What DuckDB says where another program has the file, or another thread of ours."""


def _prepared(case: Case, path: Path, inputs: Mapping[str, Mapping[str, str]] | None) -> Case:
    tables = _tables(case)
    if not tables and inputs is not None:
        with case.changing():
            for name, columns in inputs.items():
                listed = ", ".join(f"{column} {type_}" for column, type_ in columns.items())
                case.database.execute(f"create table {name} ({listed})")
            for name, listed in _OWN.items():
                case.database.execute(f"create table {name} ({listed})")
            case.note("version", str(VERSION))
    version = _version(case, path)
    if version in _UPGRADABLE:
        version = _upgraded(case, tables)
    if version != str(VERSION):
        newer = version is not None and version.isdecimal() and int(version) > VERSION
        raise DataError(
            f"the case {path} is of version {version}, this linkage reads {VERSION}: "
            f"{'take a newer linkage' if newer else 'ingest it anew'}"
        )
    return case


def _tables(case: Case) -> set[str]:
    rows = case.database.execute(
        "select table_name from duckdb_tables() where database_name = current_database() and not temporary"
    )
    return {name for (name,) in rows.fetchall()}


def _version(case: Case, path: Path) -> str | None:
    tables = _tables(case)
    if not tables:
        raise DataError(f"the case {path} is empty: fill it with 'linkage ingest SOURCE --case {path}'")
    if not tables >= _MARKS:
        raise DataError(f"{path} is a DuckDB file of something else: name another --case")
    return case.fact("version")


def _upgraded(case: Case, tables: set[str]) -> str:
    with case.changing():
        for name, listed in (_OWN | _LATER).items():
            if name not in tables:
                case.database.execute(f"create table {name} ({listed})")
        case.note("version", str(VERSION))
    return str(VERSION)
