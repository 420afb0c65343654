"""Identifiers made of prompts: groups of near-duplicates, the wrappers around them, and passages in them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from linkage.evidence.kind import EXAMPLE_LENGTH
from linkage.evidence.listed import listed_shingles
from linkage.evidence.prompts import BESIDE
from linkage.signatures.passages import find_passages
from linkage.signatures.shelf import parts_of
from linkage.tables import Table, derive, from_arrow, leaving_room

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from numpy.typing import NDArray

    from linkage.evidence.prompts import Prompts

SAYS_IT = 0.25
"""Of what accounts send, from which a template, or a prompt that comes again, says all that a passage in it would."""
NOT_HERE = "(text not in the logs)"
"""What is shown of a text of which only the signature is there."""
KEPT = 60
"""Bytes of what is kept of each text, for identifiers to be made of it."""
FIRST = "min(row) filter (ready is null)"
"""The row of the first text in order: as rows are in that order, none needs to be read to find it."""


def near_duplicates(prompts: Prompts, word: str) -> Table:
    """Make one identifier of each group of near-duplicate texts.

    Returns:
        account, identifier, first_seen, last_seen, count, share, example.
    """
    rows = np.flatnonzero(prompts.labels >= 0)
    words = _put_beside(prompts.labels[rows], *_named_heads(prompts, word))
    grouped = from_arrow(prompts.asked.database, pa.table({"row": rows, "identifier": words}))
    found = derive(
        f"""
        with totals as (select account, sum(count) as total from asked group by account)
        select account, identifier, min(first_seen) as first_seen, max(last_seen) as last_seen,
            sum(count)::bigint as count, sum(count) / any_value(total) as share, {FIRST} as row
        from asked
        join grouped using (row)
        join totals using (account)
        group by account, identifier
        """,
        asked=prompts.asked,
        grouped=grouped,
    )
    return _with_examples(found, prompts.asked)


def passages(prompts: Prompts, word: str, public: Sequence[str] = ()) -> Table:
    """Make one identifier of each passage that turns up in the prompts of a few accounts.

    What is said once has been said: the share is 1, however much else an account says. What lies within templates and
    groups of near-duplicates that its holders use for much of what they send is no passage: these say it already.

    Args:
        prompts: what was read.
        word: what an identifier begins with.
        public: texts that everybody uses; what they say is no passage.

    Returns:
        account, identifier, first_seen, last_seen, count, share, example.
    """
    database, held = prompts.asked.database, prompts.templates
    with leaving_room(database, BESIDE * len(prompts.owners)):
        found = find_passages(prompts.samples, prompts.owners, excluded=listed_shingles(public))
    labelled = np.flatnonzero(prompts.labels >= 0)
    told = derive(
        _PASSAGES,
        [SAYS_IT],
        asked=prompts.asked,
        carried=from_arrow(database, pa.table({"passage": found.passages, "row": found.rows})),
        wrapped=from_arrow(database, pa.table({"row": held.prompts, "whole": held.prompt_templates})),
        alike=from_arrow(
            database, pa.table({"row": labelled, "whole": prompts.labels[labelled].astype(np.uint64)})
        ),
        names=_names(prompts, word, found.passages),
    )
    return _with_examples(told, prompts.asked)


_PASSAGES = f"""
    with totals as (select account, sum(count) as total from asked group by account),
    within as (
        select true as template, row, whole from wrapped
        union all
        select false as template, row, whole from alike
    ),
    shares as (
        select account, template, whole, sum(count) / any_value(total) as share
        from within
        join asked using (row)
        join totals using (account)
        group by account, template, whole
    ),
    sizes as (select passage, count(*) as size from carried group by passage),
    told as (
        select passage
        from carried
        join sizes using (passage)
        join asked using (row)
        join within using (row)
        join shares using (account, template, whole)
        where share >= ?
        group by passage
        having count(distinct row) = any_value(size)
    )
    select account, identifier, min(first_seen) as first_seen, max(last_seen) as last_seen,
        sum(count)::bigint as count, 1.0 as share, {FIRST} as row
    from carried
    join asked using (row)
    join names using (passage)
    where passage not in (select passage from told)
    group by account, identifier
    """


def templates(prompts: Prompts, word: str) -> Table:
    """Make one identifier of each wrapper that comes back around different content.

    Returns:
        account, identifier, first_seen, last_seen, count, share, example.
    """
    held, names = prompts.templates, template_names(prompts, word)
    known = np.array(sorted(names), np.uint64)
    # By the number of their name: a prompt carries several, and words would be grouped by the ten million.
    words, numbers = np.unique([names[int(each)] for each in known] or [""], return_inverse=True)
    database = prompts.asked.database

    def numbered(templates: NDArray[np.uint64], **columns: NDArray[Any]) -> Table:
        places = numbers[np.searchsorted(known, templates)].astype(np.int32)
        return from_arrow(database, pa.table({**columns, "number": places}))

    holding = derive(
        f"""
        with totals as (
            select account, min(first_seen) as first_seen, max(last_seen) as last_seen, sum(count) as total,
                {FIRST} as row
            from asked
            group by account
        ),
        spans as (
            select account, number, min(first_seen) as first_seen, max(last_seen) as last_seen, {FIRST} as row
            from asked
            join carried using (row)
            group by account, number
        )
        -- An account may hold a template piece by piece, no prompt with half of it; then all its prompts speak.
        select account, identifier, coalesce(spans.first_seen, totals.first_seen) as first_seen,
            coalesce(spans.last_seen, totals.last_seen) as last_seen,
            greatest(1, round(share * total))::bigint as count, share, coalesce(spans.row, totals.row) as row
        from found
        join totals using (account)
        join names using (number)
        left join spans using (account, number)
        """,
        asked=prompts.asked,
        found=numbered(held.templates, account=held.accounts, share=held.shares),
        carried=numbered(held.prompt_templates, row=held.prompts),
        names=from_arrow(
            database, pa.table({"number": np.arange(len(words), dtype=np.int32), "identifier": words})
        ),
    )
    return _with_examples(holding, prompts.asked)


def room_beside(prompts: Prompts) -> AbstractContextManager[None]:
    """Leave room for what is kept of the texts, while identifiers are made of it."""
    return leaving_room(prompts.asked.database, KEPT * len(prompts.owners))


def _with_examples(found: Table, asked: Table) -> Table:
    """Show of each sighting the text whose row it names, as far as it is shown; only these texts are looked up."""
    shown = derive(
        f"select row, left(text, {EXAMPLE_LENGTH}) as text from asked where row in (select row from found)",
        asked=asked,
        found=found,
    )
    told = derive(
        f"""
        select found.* exclude (row), coalesce(text, '{NOT_HERE}') as example
        from found
        left join shown using (row)
        """,
        found=found,
        shown=shown,
    )
    for each in (found, shown):
        each.drop()
    return told


def _names(prompts: Prompts, word: str, hashes: NDArray[np.uint64]) -> Table:
    """Name what is known by a hash: passage, identifier."""
    known = np.unique(hashes)
    words = pa.array([_name(word, each.tobytes()) for each in known], pa.string())
    return from_arrow(prompts.asked.database, pa.table({"passage": known, "identifier": words}))


def _put_beside(numbers: NDArray[Any], known: NDArray[Any], words: pa.Array) -> pa.Array:
    """Give the word of each number; ``known`` ascend."""
    return words.take(pa.array(np.searchsorted(known, numbers)))


def prompt_names(prompts: Prompts, word: str) -> dict[int, str]:
    """Name each group of near-duplicates, by its first row."""
    heads, words = _named_heads(prompts, word)
    return dict(zip(heads.tolist(), words.to_pylist(), strict=True))


def _named_heads(prompts: Prompts, word: str) -> tuple[NDArray[np.int64], pa.Array]:
    """Give the first row of each group of near-duplicates, ascending, and its name; millions are no objects."""
    heads = np.flatnonzero(prompts.labels == np.arange(len(prompts.labels)))
    parts = [pa.array([], pa.string())]
    for part in parts_of(prompts.signatures):
        own = heads[slice(*np.searchsorted(heads, (part.start, part.stop)))]
        parts.append(pa.array([_name(word, prompts.signatures[head].tobytes()) for head in own], pa.string()))
    return heads, pa.concat_arrays(parts)


def template_names(prompts: Prompts, word: str) -> dict[int, str]:
    """Name each template, by its least shingle."""
    return {
        int(template): _name(word, template.tobytes())
        for template in np.unique(prompts.templates.shingle_templates)
    }


def _name(word: str, content: bytes) -> str:
    return f"{word} {hashlib.sha256(content).hexdigest()[:10]}"
