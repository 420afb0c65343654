"""What a case remembers of sharing: secrets, the audit log, lists sent and received, and what was in them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from linkage.store import Case
from linkage.tables import from_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

_AT_ONCE = 50_000
"""Rows that are handed over in one piece."""


@dataclass(frozen=True)
class List:
    """A list that was sent or received.

    Args:
        sequence: the how-manieth.
        manifest: the bytes of its manifest.
        content: the SHA-256 of what it says, whatever its number and dates.
    """

    sequence: int
    manifest: bytes
    content: str


@dataclass(frozen=True)
class Records:
    """The tables of a case that are about sharing. Changes belong inside ``case.changing()``.

    Args:
        case: an open case.
    """

    case: Case

    def secrets(self) -> dict[str, bytes]:
        """Give the secrets by name."""
        return dict(self._rows("select name, content from secrets order by name"))

    def keep_secret(self, name: str, content: bytes) -> None:
        """Keep a secret that is not there yet."""
        self._do("insert into secrets values (?, ?)", [name, content])

    def replace_secret(self, name: str, content: bytes) -> None:
        """Keep a secret, in place of the one of that name."""
        self._do("insert or replace into secrets values (?, ?)", [name, content])

    def drop_secret(self, name: str) -> None:
        """Forget a secret."""
        self._do("delete from secrets where name = ?", [name])

    def audit(self) -> list[tuple[int, str, str]]:
        """List the audit log: number, document and digest, in the order they were written."""
        return [
            (number, document, digest)
            for number, document, digest in self._rows("from audit order by number")
        ]

    def add_to_audit(self, number: int, document: str, digest: str) -> None:
        """Add a line to the audit log; nothing is ever changed there."""
        self._do("insert into audit values (?, ?, ?)", [number, document, digest])
        self.case.note("audit", str(number))

    def last_list(self, direction: str, partner: str) -> List | None:
        """Give the last list sent (``out``) to a partner or received (``in``) from one."""
        rows = self._rows(
            """
            select sequence, manifest, content from lists where direction = ? and partner = ?
            order by sequence desc limit 1
            """,
            [direction, partner],
        )
        return List(*rows[0]) if rows else None

    def keep_list(self, direction: str, partner: str, kept: List) -> None:
        """Remember a list."""
        self._do(
            "insert into lists by name select ? as direction, ? as partner, ? as sequence, ? as manifest, ? as content",
            [direction, partner, kept.sequence, kept.manifest, kept.content],
        )

    def shared(self, partner: str) -> dict[str, str]:
        """Give the document of each ring that a partner was told of, as it was told last."""
        return dict(
            self._rows("select ring, document from shared where partner = ? order by ring", [partner])
        )

    def partners_told(self, ring: str) -> list[str]:
        """Name the partners that were told of a ring."""
        return [
            name
            for (name,) in self._rows("select partner from shared where ring = ? order by partner", [ring])
        ]

    def keep_shared(self, partner: str, documents: Iterable[tuple[str, str]]) -> None:
        """Remember what a partner is told of each ring, in place of what it was told before."""
        for ring, document in documents:
            self._do("insert or replace into shared values (?, ?, ?)", [partner, ring, document])

    def shared_values(self) -> frozenset[str]:
        """Give the digests of all values that were ever shared."""
        return frozenset(digest for (digest,) in self._rows("select digest from shared_values"))

    def keep_shared_values(self, digests: Iterable[str]) -> None:
        """Remember that values were shared."""
        self._many(
            "insert or ignore into shared_values select digest from {rows}",
            {"digest": "varchar"},
            [[digest] for digest in sorted(set(digests))],
        )

    def hub_tokens(self, key_id: str) -> dict[str, str]:
        """Give the tokens that a hub made under a key, by the digest of the value."""
        return dict(self._rows("select digest, token from hub_tokens where key_id = ?", [key_id]))

    def keep_hub_tokens(self, key_id: str, rows: Iterable[Sequence[str]], *, pinned: Sequence[str]) -> None:
        """Remember tokens (digest of the value, token) of a key, and forget those of keys that are not pinned."""
        self._do("delete from hub_tokens where not list_contains(?, key_id)", [list(pinned)])
        self._many(
            "insert into hub_tokens by name select * from {rows}",
            {"key_id": "varchar", "digest": "varchar", "token": "varchar"},
            [(key_id, *row) for row in rows],
        )

    def revoked(self) -> dict[str, str]:
        """Give the rings that were taken back, and why."""
        return dict(self._rows("select ring, reason from revoked order by ring"))

    def revoke(self, ring: str, reason: str, at: datetime) -> None:
        """Take a ring back; once is enough."""
        self._do("insert or ignore into revoked values (?, ?, ?)", [ring, reason, at])

    def reviewers(self) -> dict[str, int]:
        """Count for each ring the people that confirmed it."""
        last_words = {(subject, by): judgement for subject, judgement, _, by, _ in self.case.judgements()}
        return dict(
            sorted(
                Counter(
                    subject for (subject, _), judgement in last_words.items() if judgement == "confirm"
                ).items()
            )
        )

    def last_judgements(self) -> dict[str, str]:
        """Give what was said last of each ring and account."""
        return {subject: judgement for subject, judgement, *_ in self.case.judgements()}

    def created(self) -> dict[str, datetime | None]:
        """Say when accounts were made, as far as it is known."""
        return dict(
            self._rows(
                "select account_id, created_at from accounts where created_at is not null order by all"
            )
        )

    def received(self, producer: str) -> dict[str, tuple[datetime, bool, str]]:
        """Give what a partner told: modified, revoked and document, by object id; tombstones among them."""
        rows = self._rows(
            "select object_id, modified, revoked, document from received where producer = ? order by object_id",
            [producer],
        )
        return {object_id: (modified, revoked, document) for object_id, modified, revoked, document in rows}

    def rings_told_by(self, producer: str) -> frozenset[str]:
        """Name the rings of which a partner told us, those that it took back among them."""
        return frozenset(name.rpartition(" ")[2] for name in self.received(producer))

    def ring_ids_of(self, producer: str) -> dict[str, str]:
        """Give the ids that a partner's rings have there, as a signed list told them."""
        named = (name.split(" ") for name in self.received(producer) if name.startswith("ring "))
        return {ring: object_id for _, object_id, ring in named}

    def keep_received(self, producer: str, rows: Iterable[Sequence[object]]) -> None:
        """Remember objects: object id, modified, revoked, document."""
        self._many(
            "insert or replace into received by name select * from {rows}",
            {
                "producer": "varchar",
                "object_id": "varchar",
                "modified": "timestamp",
                "revoked": "boolean",
                "document": "varchar",
            },
            ([producer, *row] for row in rows),
        )

    def producers(self) -> list[str]:
        """Name the partners from whom something was received."""
        return [name for (name,) in self._rows("select distinct producer from received order by producer")]

    def signals(self) -> list[tuple[str, str]]:
        """List account and signal of what partners' lists say of our accounts."""
        return [
            (account, signal)
            for account, signal in self._rows("select account_id, signal from partner_signals order by all")
        ]

    def signal_sources(self) -> list[tuple[str, str, str]]:
        """List account, signal and the name of each selector that the signal rests on."""
        return self._rows("select account_id, signal, selector from signal_sources order by all")

    def keep_signals(self, rows: Iterable[Sequence[object]], sources: Iterable[Sequence[str]]) -> bool:
        """Put signals in place of those that were matched before, and say whether anything changed.

        Signals that came with the logs rest on no selector of ours, and stay.

        Args:
            rows: account_id, signal, happened_at.
            sources: account, signal and selector: what each rests on.
        """
        matched = "(account_id, signal) in (select (account_id, signal) from signal_sources)"
        before = self._rows(f"select account_id, signal, happened_at from partner_signals where {matched}")
        after = sorted((tuple(row) for row in rows), key=repr)
        changed = sorted(before, key=repr) != after
        if changed:
            self._do(f"delete from partner_signals where {matched}")
            self._many(
                "insert into partner_signals by name "
                "select * from {rows} anti join partner_signals using (account_id, signal)",
                {"account_id": "varchar", "signal": "varchar", "happened_at": "timestamp"},
                after,
            )
            self._stale()
        self._do("delete from signal_sources")
        self._many(
            "insert into signal_sources by name select * from {rows}",
            {"account_id": "varchar", "signal": "varchar", "selector": "varchar"},
            sorted(map(tuple, sources)),
        )
        return changed

    def free(self, gone: Iterable[tuple[str, str]]) -> None:
        """Take signals away, given by account and signal; the others stay as they are."""
        self._many(
            "delete from partner_signals where (account_id, signal) in (select (account_id, signal) from {rows})",
            {"account_id": "varchar", "signal": "varchar"},
            sorted(gone),
        )
        self._stale()

    def _stale(self) -> None:
        """Let the next run be computed anew."""
        self.case.note_change()

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple]:  # type: ignore[type-arg]
        return self.case.database.execute(query, list(values)).fetchall()

    def _do(self, query: str, values: Sequence[object] = ()) -> None:
        self.case.database.execute(query, list(values))

    def _many(self, query: str, columns: Mapping[str, str], rows: Iterable[Sequence[object]]) -> None:
        """Hand many rows over as a table that the query calls ``{rows}``: one by one they take a thousand times as long."""
        remaining = iter(rows)
        while some := list(islice(remaining, _AT_ONCE)):
            handed = from_columns(
                self.case.database, columns, dict(zip(columns, zip(*some, strict=True), strict=True))
            )
            self.case.database.execute(query.replace("{rows}", handed.name))
            handed.drop()
