"""The distinct texts of each account, or what was signed of them elsewhere, handed over in parts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from linkage.evidence.afar import signed_afar
from linkage.evidence.people import people_in_parts
from linkage.evidence.public import ELICITATION
from linkage.shelf import shelve_in_parts
from linkage.signatures.ready import LEAST_BYTES, READY
from linkage.tables import Table, derive, fetch, from_arrow, is_here

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.tables import Database, Logs

AT_ONCE = 100_000
"""Texts that stand in memory at a time."""
SENTENCE = 160
"""Characters of the longest sentence that is taken for a mere request for reasoning; a wrapper may be one sentence."""


def ready_bytes(column: str) -> str:
    """Write how the bytes of a ready signature are read; null for what is none."""
    content = f"try(from_base64(substr({column}, {len(READY) + 1})))"
    return f"""case when starts_with({column}, '{READY}')
        and octet_length({content}) >= {LEAST_BYTES} and octet_length({content}) % 8 = 0 then {content} end"""


def distinct_texts(logs: Logs, people: Table, column: str, *, least: int) -> Table:
    """List what each account said, each text once.

    Returns:
        row, account, text, ready, count, first_seen, last_seen; rows are numbered by account and text. Where the text
        is not there, ``ready`` is what was signed of it: its bytes are in the order that the texts had.
    """
    signed = column == "prompt" and _any_ready(logs)
    # Without them nothing of them is sorted along, which would take half as long again.
    ready = f"case when prompt is null then {ready_bytes('prompt_signature')} end" if signed else "null::blob"
    key = "account, text, ready" if signed else "account, text"
    return shelve_in_parts(
        f"""
        with said as (
            select account_id, false as reference, {column} as text, {ready} as ready, happened_at from events
            union all
            select account_id, true as reference, {column} as text, {ready} as ready, happened_at from reference
        ),
        grouped as (
            select {key}, count(*) as count, min(happened_at) as first_seen, max(happened_at) as last_seen
            from said
            join part using (account_id, reference)
            where length(text) >= ? or ready is not null
            group by {key}
        )
        -- Numbered as they come out of the sort: a window with an order of its own would sort all texts once more.
        select row_number() over () - 1 as row, account, text, {"ready" if signed else "null::blob as ready"},
            count, first_seen, last_seen
        from (from grouped order by {key})
        """,
        [least],
        parts=people_in_parts(people),
        number="row",
        events=logs.events,
        reference=logs.reference,
    )


def _any_ready(logs: Logs) -> bool:
    found = derive(
        """
        select 1 as found from events where starts_with(prompt_signature, ?)
        union all
        select 1 as found from reference where starts_with(prompt_signature, ?)
        limit 1
        """,
        [READY, READY],
        events=logs.events,
        reference=logs.reference,
    )
    return len(found) > 0


@dataclass(frozen=True)
class Batch:
    """Some of the texts, all of which are there, or none.

    Args:
        rows: their numbers.
        texts: the texts.
        rest: what is left of them without requests for reasoning.
        ready: the bytes that were signed of them, instead; none where the texts are there.
    """

    rows: slice
    texts: pa.ChunkedArray
    rest: pa.ChunkedArray
    ready: pa.ChunkedArray | None


@dataclass(frozen=True)
class Texts:
    """The texts that are read, never all of them in memory.

    Args:
        asked: row, account, text, ready, count.
        owners: the account of each row.
        counts: how often it was sent.
        letters: how many bytes they have together.
    """

    asked: Table
    owners: NDArray[np.int32]
    counts: NDArray[np.int64]
    letters: int

    @classmethod
    def of(cls, asked: Table) -> Texts:
        """Look at the texts once, to know how much room they take."""
        columns = "select row, account::integer as account, count from asked"
        rows = fetch(columns, asked=asked) if is_here(asked) else derive(columns, asked=asked).arrow("row")
        (letters,) = asked.one(f"select coalesce(sum(strlen(text)), 0) from {asked.name}")
        return cls(asked, rows["account"].to_numpy(), rows["count"].to_numpy(), int(letters))

    def batches(self) -> Iterator[Batch]:
        """Hand over the texts and what is left of them, in order; where they are elsewhere, what is signed of them."""
        if not is_here(self.asked):
            for signed in signed_afar(self.asked, _REST, _ASKING):
                yield from _of_one_sort(signed)
            return
        for first in range(0, len(self.owners), AT_ONCE):
            batch = fetch(_BATCH, [ELICITATION, first, first + AT_ONCE], asked=self.asked)
            yield from _of_one_sort(batch.append_column("rest", _rest_of(batch, self.asked.database)))


def _rest_of(batch: pa.Table, database: Database) -> pa.ChunkedArray:
    """Take requests for reasoning out of the few texts of a batch that have any."""
    asks = batch["asks"].combine_chunks().fill_null(False)
    asking = from_arrow(database, batch.select(["row", "text"]).filter(asks))
    rest = fetch(f"{_SENTENCES} order by row", [SENTENCE, ELICITATION], asking=asking)
    asking.drop()
    whole = batch["text"].combine_chunks()
    return pa.chunked_array([pc.replace_with_mask(whole, asks, rest["rest"].combine_chunks())])


def _of_one_sort(batch: pa.Table) -> Iterator[Batch]:
    """Part a batch where texts are followed by signatures without them, and back."""
    first = batch["row"][0].as_py()
    signed = batch["ready"].is_valid().to_numpy()
    borders = [0, *(np.flatnonzero(signed[1:] != signed[:-1]) + 1).tolist(), len(signed)]
    for start, stop in pairwise(borders):
        part = batch.slice(start, stop - start)
        yield Batch(
            slice(first + start, first + stop),
            part["text"],
            part["rest"],
            part["ready"] if signed[start] else None,
        )


# Sentences that only ask for reasoning are everybody's, in whatever words: they link nobody, or whole rings melt
# together through them. What is left is where wrappers are looked for. In two steps: where both stand in one case, the
# database takes every text apart.
_SENTENCES = r"""
    select row, array_to_string(list_filter(
            regexp_extract_all(text, '[^.!?\n]*[.!?\n]*'),
            lambda sentence: length(sentence) > ? or not regexp_matches(sentence, ?)
        ), '') as rest
    from asking
    """

# As they lie: texts are in the order of their rows, and a range of them is read in order.
_BATCH = "select row, text, ready, regexp_matches(text, ?) as asks from asked where row >= ? and row < ?"

# The same for a batch of texts that are elsewhere.
_REST = f"""
    with asking as (select row, text from batch where regexp_matches(text, ?)),
    cut as ({_SENTENCES.strip()})
    select row, batch.text, coalesce(cut.rest, batch.text) as rest from batch left join cut using (row) order by row
    """
_ASKING = [ELICITATION, SENTENCE, ELICITATION]
