"""The case: one DuckDB file that holds tables, results, versions and what people decided."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linkage.tables import Logs, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import BinaryIO

    import duckdb

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
OWN = {
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
LATER = {"partner_signals": "account_id varchar, signal varchar, happened_at timestamp"}
"""Input tables that the first version had not."""
BESIDE = "changes beside evidence"
"""The fact that counts them."""
MARKS = frozenset({*_KEYED, *_DESCRIBED, "facts", "rings", "judgements"}) - {*LATER}
"""Tables by which a case of any version is known."""


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

    def note_change(self, *, evidence: bool = True) -> None:
        """Note that rows have changed, so that the last run is stale. It belongs inside ``changing``.

        Args:
            evidence: whether they are any that evidence is made of; the allowlist is none.
        """
        for name in ("data",) if evidence else ("data", BESIDE):
            self.note(name, str(int(self.fact(name) or 0) + 1))

    def logs_version(self) -> int:
        """Number the states of the rows that evidence is made of.

        Changes beside them are counted, not those of them: an earlier version of the program counts neither.
        """
        return int(self.fact("data") or 0) - int(self.fact(BESIDE) or 0)

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
            return self.add_within(tables, quarantine, files)

    def add_within(
        self, tables: Mapping[str, Table], quarantine: Table, files: Iterable[tuple[Any, ...]]
    ) -> int:
        """Add as ``add`` does, beside other changes. It belongs inside ``changing``."""
        changed = {name: self._add_rows(name, tables[name]) for name in _KEYED}
        changed |= {name: self._add_descriptions(name, key, tables[name]) for name, key in _DESCRIBED.items()}
        self.database.execute(f"insert into quarantine by name from {quarantine.name} except from quarantine")
        seen = set(self.database.execute("from files").fetchall())
        for row in sorted(set(files) - seen, key=repr):
            self.database.execute("insert into files values (?, ?, ?, ?, ?, ?, ?)", list(row))
        if any(changed.values()):
            self.note_change(evidence=any(rows for name, rows in changed.items() if name != "allowlist"))
        return sum(changed.values())

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
        found = [ring["ring"] for ring in rings]
        self.database.execute(
            """
            insert into rings
            select unnest(?::integer[]), unnest(?::varchar[]), unnest(?::integer[]), unnest(?::varchar[])
            """,
            [
                list(range(len(found))),
                found,
                [numbers[name] for name in found],
                [json.dumps(ring) for ring in rings],
            ],
        )

    def hand_over(self, tables: Mapping[str, Table]) -> None:
        """Keep what was worked out elsewhere, in place of what was handed over before.

        Args:
            tables: its tables by name.
        """
        for name, table in tables.items():
            self.database.execute(f"create or replace table handed_{name} as from {table.name}")

    def handed(self, names: Iterable[str]) -> dict[str, Table]:
        """Name the tables that were handed over."""
        return {name: Table(self.database, f"handed_{name}") for name in names}

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
