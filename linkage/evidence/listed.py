"""Texts and templates that are on a list of public ones, recognised by what they are like, not by equality."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from linkage.signatures.minhash import sign
from linkage.signatures.samples import WORDS
from linkage.signatures.shelf import parts_of
from linkage.signatures.templates import Templates, join_templates
from linkage.signatures.words import shingle_hashes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from linkage.signatures.wrappers import WrapperShingles

SIMILARITY = 0.6
"""The share of common shingles from which a text is a listed one; as much as makes two prompts near-duplicates."""
LEFT_OVER = 3
"""Sampled shingles that a changed word of a listed template leaves at most: five runs of words hold the word, and one
run of three is sampled. Three are about a dozen words, so a longer text of somebody's own stays an identifier."""
_SLOT = re.compile(r"\{\w*\}")


def resembles_any(signatures: NDArray[np.uint32], texts: Sequence[str]) -> NDArray[np.bool_]:
    """Say which signatures are those of listed texts, or much like one.

    >>> listed = "You are a patient tutor. Ask one question at a time and wait for the answer."
    >>> asked = pa.array([listed.replace("patient", "very patient"), "Which train leaves for the coast at nine?"])
    >>> resembles_any(sign(asked), [listed]).tolist()
    [True, False]

    Args:
        signatures: rows of ``sign``.
        texts: the list; a slot is written ``{so}``.
    """
    found = np.zeros(len(signatures), dtype=np.bool_)
    if not texts or not len(signatures):
        return found
    listed = sign(pa.array([_SLOT.sub(" ", text) for text in texts], pa.string()))
    columns = listed.shape[1]
    # What shares no value in a quarter of the columns with anything listed is nothing listed: this looks at each
    # signature once, where comparing all with all would look at each once for every text of the list.
    for part in parts_of(signatures):
        some = signatures[part]
        maybe = np.zeros(len(some), dtype=np.bool_)
        for column in range(0, columns, 4):
            maybe |= np.isin(some[:, column], listed[:, column])
        rows = np.flatnonzero(maybe)
        for each in listed:
            found[part.start + rows] |= (some[rows] == each).sum(axis=1) >= SIMILARITY * columns
    return found


def listed_shingles(texts: Sequence[str]) -> NDArray[np.uint64]:
    """Hash every run of words of listed texts, as prompts are sampled; none goes over a slot.

    >>> len(listed_shingles(["one two three four five six"]))
    2
    """
    pieces = [piece for text in texts for piece in _SLOT.split(text)]
    return np.concatenate([np.empty(0, np.uint64), *(shingle_hashes(piece, WORDS) for piece in pieces)])


def private_templates(wrappers: WrapperShingles, texts: Sequence[str]) -> Templates:
    """Join wrappers into templates, leaving out listed ones and what slight changes to them leave over.

    What stands around a listed text and is longer than a changed word or two stays a template of its own.

    Args:
        wrappers: who wraps prompts in which shingles.
        texts: the list; a slot is written ``{so}``.
    """
    listed = np.isin(wrappers.known, listed_shingles(texts))
    if not listed.any():
        return join_templates(wrappers)
    beside = dict(zip(wrappers.known.tolist(), _beside(wrappers, listed).tolist(), strict=True))
    joined = join_templates(_without(wrappers, listed))
    left_over = [
        first
        for first, shingles in shingles_by_template(joined).items()
        if len(shingles) <= LEFT_OVER
        and 2 * len(shingles) <= np.median([beside[each] for each in shingles.tolist()])
    ]
    held, named, carried = (
        ~np.isin(each, np.array(left_over, np.uint64))
        for each in (joined.templates, joined.shingle_templates, joined.prompt_templates)
    )
    return Templates(
        joined.accounts[held],
        joined.templates[held],
        joined.shares[held],
        joined.shingles[named],
        joined.shingle_templates[named],
        joined.prompts[carried],
        joined.prompt_templates[carried],
    )


def _beside(wrappers: WrapperShingles, listed: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Say of each known shingle how many listed ones its prompts carry, on average."""
    prompts = np.repeat(np.arange(len(wrappers.carried_ends)), np.diff(wrappers.carried_ends, prepend=0))
    carried = np.bincount(
        prompts, weights=listed[wrappers.carried].astype(np.float64), minlength=len(wrappers.carried_ends)
    )
    total = len(listed)
    sums = np.bincount(wrappers.carried, weights=carried[prompts], minlength=total)
    return sums / np.maximum(np.bincount(wrappers.carried, minlength=total), 1)


def _without(wrappers: WrapperShingles, listed: NDArray[np.bool_]) -> WrapperShingles:
    """Take listed shingles out of the wrappers, and number the others anew."""
    kept = ~listed[wrappers.carried]
    held = ~listed[np.searchsorted(wrappers.known, wrappers.shingles)]
    numbers = (np.cumsum(~listed) - 1).astype(wrappers.carried.dtype)
    return replace(
        wrappers,
        accounts=wrappers.accounts[held],
        shingles=wrappers.shingles[held],
        prompts=wrappers.prompts[held],
        shares=wrappers.shares[held],
        known=wrappers.known[~listed],
        carried=numbers[wrappers.carried[kept]],
        carried_ends=np.concatenate([[0], np.cumsum(kept)])[wrappers.carried_ends].astype(np.int64),
    )


def shingles_by_template(templates: Templates) -> dict[int, NDArray[np.uint64]]:
    """Give each template its shingles, in order."""
    order = np.lexsort((templates.shingles, templates.shingle_templates))
    firsts, starts = np.unique(templates.shingle_templates[order], return_index=True)
    parts = np.split(templates.shingles[order], starts[1:]) if len(firsts) else []
    return {int(first): part for first, part in zip(firsts, parts, strict=True)}
