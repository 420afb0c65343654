"""One pass over the text: every prompt is read once, signed, and searched for the wrapper around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from linkage.evidence.listed import private_templates, resembles_any
from linkage.evidence.public import PUBLIC_PHRASES
from linkage.evidence.texts import Texts, distinct_texts
from linkage.signatures.groups import group_near_duplicates
from linkage.signatures.minhash import sign
from linkage.signatures.ready import PERMUTATIONS, read_ready
from linkage.signatures.samples import Samples, Sampling
from linkage.signatures.shelf import forget, shelved
from linkage.signatures.templates import Templates
from linkage.signatures.wrappers import wrappers_of
from linkage.tables import Table, leaving_room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkage.tables import Logs

BESIDE = 150
"""Bytes of what stands in memory of each text, beside the tables, while texts are grouped."""


@dataclass(frozen=True)
class Prompts:
    """The distinct texts of each account, and what they are recognised by.

    Args:
        asked: as from ``distinct_texts``.
        owners: the account of each text.
        signatures: the MinHash of each text, one row each.
        labels: the first row of each text's group of near-duplicates; -1 where it has none or is a public text.
        frozen_labels: the same of each signature that an earlier period was frozen to.
        templates: who wraps prompts in which template.
        samples: the shingles of each text that another account has, too.
    """

    asked: Table
    owners: NDArray[np.int32]
    signatures: NDArray[np.uint32]
    labels: NDArray[np.int64]
    frozen_labels: NDArray[np.int64]
    templates: Templates
    samples: Samples


def read_prompts(  # noqa: PLR0913 - what is known beforehand comes from two sides
    logs: Logs,
    people: Table,
    column: str,
    *,
    least: int,
    public: Sequence[str] = (),
    frozen: Sequence[NDArray[np.uint32]] = (),
) -> Prompts:
    """Sign every text of a column, and find the wrappers around them.

    Args:
        logs: the checked tables.
        people: every account, numbered.
        column: ``prompt`` or ``system_prompt``.
        least: fewest characters of a text worth looking at.
        public: texts that everybody uses, whole templates among them; they link nobody, nor does what is much like
            them. The slots of a template are written ``{so}``.
        frozen: signatures of an earlier period's texts, which are grouped along with these.
    """
    texts = Texts.of(distinct_texts(logs, people, column, least=least))
    with leaving_room(texts.asked.database, BESIDE * len(texts.owners)):
        return _read(texts, public, frozen)


def _read(texts: Texts, public: Sequence[str], frozen: Sequence[NDArray[np.uint32]]) -> Prompts:
    """Sign the texts part by part, sample them, and group them by both."""
    sampling = Sampling(texts.owners, letters=texts.letters, public=PUBLIC_PHRASES)
    everything = shelved(len(texts.owners) + len(frozen), PERMUTATIONS)
    signatures = everything[: len(texts.owners)]
    everything[len(signatures) :] = frozen or 0
    for batch in texts.batches():
        if batch.ready is None:
            signatures[batch.rows] = sign(batch.texts, permutations=PERMUTATIONS)
            sampling.add(batch.rest)
        else:
            signed = read_ready(batch.ready.combine_chunks())
            signatures[batch.rows] = signed.minhashes
            sampling.add_ready(signed.samples)
        forget(everything)
    # Grouped first: then nothing of the wrappers stands beside what grouping needs.
    labels, frozen_labels = _grouped(everything, len(signatures), resembles_any(signatures, public))
    samples = sampling.shared()
    templates = private_templates(wrappers_of(samples, texts.owners, texts.counts), public)
    forget(samples.hashes)
    return Prompts(texts.asked, texts.owners, signatures, labels, frozen_labels, templates, samples)


def _grouped(
    signatures: NDArray[np.uint32], texts: int, public: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Group private texts and, after them, frozen ones, so that a group's first text is one of the window."""
    left_out = np.zeros(len(signatures), dtype=np.bool_)
    left_out[:texts] = public
    found = group_near_duplicates(signatures, left_out=left_out)
    found[found >= texts] = -1
    return found[:texts], found[texts:]
