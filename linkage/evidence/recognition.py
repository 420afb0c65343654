"""How groups of prompts are told to another period, and what an earlier one told of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linkage.evidence.forms import read_shingles, read_signature, shingles_form, signature_form
from linkage.evidence.listed import shingles_by_template
from linkage.evidence.wordings import prompt_names, template_names
from linkage.tables import Table, derive, from_arrow

if TYPE_CHECKING:
    from linkage.evidence.prompts import Prompts
    from linkage.tables import Logs

COVERED = 0.5
"""The part of a template's shingles from which a frozen one is taken for it: what an account must hold to hold it."""
TEXTS = 4
"""Texts by which a group of near-duplicates is recognised."""
_FORMS = pa.schema([("level", pa.int32()), ("identifier", pa.string()), ("form", pa.string())])
_TOLD = pa.schema(
    [("level", pa.int32()), ("identifier", pa.string()), ("accounts", pa.int64()), ("total", pa.int64())]
)


@dataclass(frozen=True)
class FrozenPrompts:
    """What an earlier period was frozen to, of one word.

    Args:
        contents: signatures (32 bits) or shingle hashes (64 bits), one array each.
        counts: how many accounts held each, of how many.
    """

    contents: tuple[NDArray[Any], ...]
    counts: tuple[tuple[int, int | None], ...]

    @classmethod
    def of(cls, logs: Logs, word: str) -> Self:
        """Read what the frozen frequencies hold of one word: ``prompt``, ``system prompt``, ``template``."""
        told = derive(
            "select distinct identifier, accounts, total from frequencies where kind = 'prompt' and starts_with(identifier, ?)",
            [f"{word} "],
            frequencies=logs.reference_frequencies,
        )
        read = read_shingles if word == "template" else read_signature
        found = [
            (content, (accounts, total))
            for form, accounts, total in told.rows()
            if (content := read(word, form)) is not None
        ]
        return cls(tuple(content for content, _ in found), tuple(counts for _, counts in found))


def prompt_forms(prompts: Prompts, word: str, *, level: int) -> Table:
    """Write each group of near-duplicates by the signatures of its first text and of some less like it.

    Later texts may resemble the group where its first text does not show.

    Returns:
        level, identifier, form.
    """
    rows = np.flatnonzero(prompts.labels >= 0)
    heads = prompts.labels[rows]
    alike = (prompts.signatures[rows] == prompts.signatures[heads]).sum(axis=1)
    order = np.lexsort((rows, -alike, heads))
    firsts, starts = np.unique(heads[order], return_index=True)
    names = prompt_names(prompts, word)
    written = [
        {"level": level, "identifier": names[int(head)], "form": form}
        for head, texts in zip(firsts, np.split(rows[order], starts[1:]), strict=False)
        for form in sorted({signature_form(word, prompts.signatures[row]) for row in _some(texts)})
    ]
    return from_arrow(prompts.asked.database, pa.Table.from_pylist(written, _FORMS))


def _some(texts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Take the first text, the last one and some between."""
    places = np.linspace(0, len(texts) - 1, min(TEXTS, len(texts)))
    return texts[places.round().astype(np.int64)]


def template_forms(prompts: Prompts, word: str, *, level: int) -> Table:
    """Write each template by its shingles.

    Returns:
        level, identifier, form.
    """
    names = template_names(prompts, word)
    rows = [
        {"level": level, "identifier": names[first], "form": shingles_form(word, shingles)}
        for first, shingles in shingles_by_template(prompts.templates).items()
    ]
    return from_arrow(prompts.asked.database, pa.Table.from_pylist(rows, _FORMS))


def earlier_prompts(prompts: Prompts, word: str, frozen: FrozenPrompts, *, level: int) -> Table:
    """Say how common each group of near-duplicates was, where a frozen text fell into it.

    Returns:
        level, identifier, accounts, total.
    """
    names = prompt_names(prompts, word) if (prompts.frozen_labels >= 0).any() else {}
    rows = [
        {"level": level, "identifier": names[int(label)], "accounts": accounts, "total": total}
        for label, (accounts, total) in zip(prompts.frozen_labels, frozen.counts, strict=True)
        if label >= 0
    ]
    return from_arrow(prompts.asked.database, pa.Table.from_pylist(rows, _TOLD))


def earlier_templates(prompts: Prompts, word: str, frozen: FrozenPrompts, *, level: int) -> Table:
    """Say how common each template was, where a frozen one covers it.

    Returns:
        level, identifier, accounts, total.
    """
    held, database = prompts.templates, prompts.asked.database
    if not frozen.contents:
        return from_arrow(database, _TOLD.empty_table())
    names = template_names(prompts, word)
    ours = pa.table(
        {
            "identifier": pa.array([names[int(each)] for each in held.shingle_templates], pa.string()),
            "shingle": held.shingles,
        }
    )
    theirs = pa.table(
        {
            "frozen": pa.array(
                np.repeat(np.arange(len(frozen.contents)), [len(content) for content in frozen.contents]),
                pa.int64(),
            ),
            "shingle": pa.array(np.concatenate([np.empty(0, np.uint64), *frozen.contents]), pa.uint64()),
        }
    )
    counts = pa.table(
        {
            "frozen": pa.array(range(len(frozen.counts)), pa.int64()),
            "accounts": pa.array([accounts for accounts, _ in frozen.counts], pa.int64()),
            "total": pa.array([total for _, total in frozen.counts], pa.int64()),
        }
    )
    return derive(
        """
        with sizes as (select identifier, count(*) as size from ours group by identifier)
        select cast(? as integer) as level, identifier, any_value(accounts) as accounts, any_value(total) as total
        from ours
        join theirs using (shingle)
        join counts using (frozen)
        join sizes using (identifier)
        group by identifier, frozen
        having count(*) >= ? * any_value(size)
        """,
        [level, COVERED],
        ours=from_arrow(database, ours),
        theirs=from_arrow(database, theirs),
        counts=from_arrow(database, counts),
    )
