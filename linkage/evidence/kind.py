"""What a kind of evidence promises: to say which account was seen with which identifier."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import pyarrow as pa

from linkage.tables import Table, derive, transform

if TYPE_CHECKING:
    from linkage.settings import EvidenceSettings
    from linkage.tables import Logs

SIGHTINGS = "account, kind, level, identifier, first_seen, last_seen, count, share, example"
EXAMPLE_LENGTH = 160
PLACEHOLDERS = frozenset(
    (
        *("", "-", "--", "?", "0", "na", "n/a", "nan", "nil", "none", "null", "undefined", "unknown"),
        *("anonymous", "(null)", "not set", "(not set)", "redacted", "masked", "xxx", "test", "default"),
        *("missing", "empty"),
    )
)


@dataclass(frozen=True)
class Level:
    """One fineness of a kind: an address is finer than its block, a card finer than its BIN.

    Args:
        name: the word for one identifier of this level.
        plural: the word for several.
        creates: whether one identifier of this level can link its holders by itself.
        habit: whether an account shows it by how much of its use carries it, as with a template; a card that
            paid once has paid.
    """

    name: str
    plural: str
    creates: bool = False
    habit: bool = True


class Freezing(StrEnum):
    """How identifiers of a kind are written where how common they are is kept or shared."""

    plain = "plain"
    """As they are: they name nobody, or they are signatures that do not show the text."""
    digest = "digest"
    """As a SHA-256, because they name people; one who guesses a value can still confirm it."""
    never = "never"
    """Not at all: they mean nothing in another period."""


@dataclass(frozen=True)
class Seen:
    """What a kind saw.

    Args:
        sightings: as ``EvidenceKind.sightings`` gives them.
        forms: level, identifier, form: how identifiers that are groups are written for others to recognise them, in
            one form or several, if it was asked for; those left out are recognised by themselves.
        earlier: level, identifier, accounts, total: what frozen frequencies say of groups, recognised by their form.
    """

    sightings: Table
    forms: Table | None = None
    earlier: Table | None = None


class EvidenceKind(ABC):
    """A way in which accounts betray that they belong together.

    The class docstring is read by investigators: it says when this evidence is strong and when it misleads.
    """

    name: str
    """The word in settings, tables and on the command line."""
    label: str
    """The words on screen."""
    family: str
    """Kinds of one family say the same thing in different fineness: only the most telling level counts."""
    reads: tuple[str, str]
    """The table and the column it needs; the kind is skipped, and said so, where the column is empty."""
    example_length: int = EXAMPLE_LENGTH
    """So many characters of an example tell that an event shows the same: a wrapper begins alike and ends anew."""
    also_reads: tuple[str, ...] = ()
    """Further columns of that table."""
    levels: tuple[Level, ...]
    """From fine to coarse."""
    receivable: bool = False
    """Whether somebody else can give this evidence to a victim, so that it must never ban alone."""
    heard: str | None = None
    """Where it is what somebody else says of accounts, who: it adds to a link and is never a half of one."""
    copyable: bool = False
    """Whether somebody who has seen it at a victim can repeat it, so that it bans nobody where few of a ring hold it."""
    rare: bool = False
    """Whether most logs have nothing for it, so that its absence is not worth a word."""
    freezing: Freezing = Freezing.digest
    """How its identifiers are written in frozen frequencies."""
    defaults: EvidenceSettings
    """What it may weigh unless the settings say otherwise."""
    examples: tuple[tuple[str, str | None], ...] = ()
    """Raw values and the identifiers they become; None links nobody."""

    @property
    def about(self) -> str:
        """When this evidence is strong and when it misleads, in one paragraph."""
        return " ".join((inspect.getdoc(type(self)) or "").split())

    @abstractmethod
    def clean(self, raw: str) -> str | None:
        """Write one raw value as an identifier; None for what says nothing."""

    @abstractmethod
    def sightings(self, logs: Logs, people: Table) -> Table:
        """Say which account was seen with which identifier.

        Returns:
            account, kind, level (0 is the finest), identifier, first_seen, last_seen, count, share of the
            account's sightings of this kind and level that carry the identifier, and an example of what was seen.
        """

    def look(self, logs: Logs, people: Table, *, forms: bool = False) -> Seen:  # noqa: ARG002 - for groups
        """Say which account was seen with which identifier and, if asked for, how others would recognise it."""
        return Seen(self.sightings(logs, people))

    def caption(self, identifier: str) -> str:
        """Say an identifier to a person."""
        return identifier

    def sentence(self, level: int, identifiers: int, accounts: int) -> str:
        """Say how many identifiers of a level tie how many accounts."""
        word = self.levels[level]
        noun, verb = (word.name, "ties") if identifiers == 1 else (word.plural, "tie")
        return f"{identifiers:,} {noun} {verb} {accounts:,} accounts"


class SharedValue(EvidenceKind):
    """A kind whose identifiers are the cleaned values of one column."""

    def coarser(self, identifier: str) -> str | None:  # noqa: ARG002 - most kinds have one level
        """Write an identifier of the finest level as one of the next; None where there is none."""
        return None

    def sightings(self, logs: Logs, people: Table) -> Table:
        """Clean each distinct value once, then count."""
        table, column = self.reads
        source: Table = getattr(logs, table)
        raws = raw_sightings(source, people, column, logs.reference if table == "events" else None)
        cleaned = self._cleaned(raws)
        found = derive(
            """
            select account, ? as kind, level, identifier,
                min(first_seen) as first_seen, max(last_seen) as last_seen, sum(count)::bigint as count,
                min(raw) as example
            from raws
            join cleaned using (raw)
            group by all
            """,
            [self.name],
            raws=raws,
            cleaned=cleaned,
        )
        return with_share(found)

    def _cleaned(self, raws: Table) -> Table:
        distinct = derive("select distinct raw from raws", raws=raws)
        return transform(distinct, self._cleaned_batch, _CLEANED)

    def _cleaned_batch(self, raws: pa.RecordBatch) -> pa.RecordBatch:
        rows: list[tuple[str, int, str]] = []
        for raw in raws["raw"].to_pylist():
            identifier = None if is_placeholder(raw) else self.clean(raw)
            if identifier is None:
                continue
            rows.append((raw, 0, identifier))
            coarse = self.coarser(identifier)
            if coarse is not None:
                rows.append((raw, 1, coarse))
        return _columns(rows)


def is_placeholder(raw: str) -> bool:
    """Say whether a value stands for no value.

    >>> is_placeholder(" Unknown "), is_placeholder("198.51.100.7")
    (True, False)
    """
    return raw.strip().lower() in PLACEHOLDERS


def raw_sightings(source: Table, people: Table, column: str, reference: Table | None = None) -> Table:
    """Count each account's raw values of one column, in the window and in the reference.

    Returns:
        account, raw, first_seen, last_seen, count.
    """
    expression = _column(source, column)
    seen = "happened_at" if "happened_at" in source.columns else "cast(null as timestamp)"
    tables = {"source": source, "people": people}
    query = f"""
        select account_id, false as reference, cast({expression} as varchar) as raw, {seen} as happened_at
        from source
        """
    if reference is not None:
        tables["earlier"] = reference
        query += f"""
        union all
        select account_id, true as reference, cast({expression} as varchar) as raw, happened_at from earlier
        """
    return derive(
        f"""
        select account, raw,
            min(happened_at) as first_seen, max(happened_at) as last_seen, count(*) as count
        from ({query})
        join people using (account_id, reference)
        where raw is not null
        group by account, raw
        """,
        **tables,
    )


def with_share(found: Table) -> Table:
    """Add to sightings the share of the account's own sightings, by kind and level."""
    shared = derive(
        f"""
        select {SIGHTINGS}
        from (select *, count / sum(count) over (partition by account, kind, level) as share from found)
        """,
        found=found,
    )
    found.drop()
    return shared


def _column(source: Table, column: str) -> str:
    if column in source.columns:
        return f'"{column}"'
    quoted = column.replace("'", "''")
    return f"extra['{quoted}']"


_CLEANED = pa.schema([("raw", pa.string()), ("level", pa.int32()), ("identifier", pa.string())])


def _columns(rows: list[tuple[str, int, str]]) -> pa.RecordBatch:
    raw, level, identifier = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.record_batch([pa.array(raw), pa.array(level), pa.array(identifier)], schema=_CLEANED)
