"""Passages: longer runs of words that turn up in the prompts of a few accounts, once or many times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from linkage.signatures.samples import Samples

    Hashes = npt.NDArray[np.uint64]
    Numbers = npt.NDArray[np.int64]

LEAST_SHINGLES = 4
"""Sampled shingles of a passage at least; with one of three sampled, some sixteen words that are the same."""
MOST_HOLDERS = 50
"""What more accounts say is a saying, a template, or a text that everybody quotes."""


@dataclass(frozen=True)
class Passages:
    """Which text carries which passage; one place is one text and passage.

    Args:
        rows: the text.
        passages: the passage, by its least shingle hash; ascending within a text.
    """

    rows: Numbers
    passages: Hashes


def find_passages(
    samples: Samples,
    accounts: npt.ArrayLike,
    *,
    least: int = LEAST_SHINGLES,
    most: int = MOST_HOLDERS,
    excluded: npt.ArrayLike = (),
) -> Passages:
    """Put shingles together that exactly the same accounts have in their texts.

    A wrapper comes back in an account's own prompts; a passage need not: it is what one account was answered and
    another asks about, or a task that is given to several. What the same accounts have in common is one passage, wherever
    it stands. No pair of accounts is looked at: shingles of the same
    holders are one group, and its holders have enough of it in one text.

    >>> import pyarrow as pa
    >>> from linkage.signatures.samples import shared_samples
    >>> answer = "the tide turns when the moon has passed the meridian and the harbour begins to empty again"
    >>> texts = pa.array([f"why is that so? {answer}", f"{answer} mark this from one to ten", "something else entirely"])
    >>> owners = np.array([0, 1, 2], np.int32)
    >>> find_passages(shared_samples(texts, owners, scale=1), owners).rows.tolist()
    [0, 1]

    Args:
        samples: the shingles of each text, as from ``shared_samples``.
        accounts: the code of the account that sent each text.
        least: fewest sampled shingles of a passage.
        most: most accounts that have it.
        excluded: hashes of shingles that are part of no passage, such as those of public texts.
    """
    from linkage.signatures.passage_kernels import carry_enough, count_holders  # noqa: PLC0415 - numba

    owners = np.asarray(accounts, dtype=np.int64)
    known = _distinct(samples.hashes)
    known = known[~np.isin(known, np.asarray(excluded, dtype=np.uint64))]
    numbers, keys = np.empty(len(samples.hashes), np.int32), np.zeros(len(known), np.uint64)
    order = np.argsort(owners, kind="stable")
    holders = count_holders(
        samples.hashes, samples.ends, order, owners, _scattered(owners), known, numbers, keys
    )
    group, sizes, firsts = _same_holders(known, keys, (holders >= 2) & (holders <= most))
    grouped = np.flatnonzero(group >= 0)
    group[grouped[sizes[group[grouped]] < least]] = -1
    rows, groups = carry_enough(numbers, samples.ends, group, least)
    pairs = np.unique(np.stack([groups, owners[rows]]), axis=1)[0]
    shared = np.bincount(pairs, minlength=len(sizes))[groups] >= 2
    return Passages(rows[shared], firsts[groups[shared]])


def _distinct(hashes: Hashes) -> Hashes:
    """Sort the distinct ones; ``numpy.unique`` fills a table of hashes first, and takes forty times as long."""
    ordered = np.sort(hashes)
    fresh = np.ones(len(ordered), np.bool_)
    fresh[1:] = ordered[1:] != ordered[:-1]
    return ordered[fresh]


def _same_holders(
    known: Hashes, keys: Hashes, few: npt.NDArray[np.bool_]
) -> tuple[Numbers, npt.NDArray[np.int64], Hashes]:
    """Group shingles by who holds them: the group of each, -1 for none, the sizes, and each group's least shingle.

    Args:
        known: the shingles, ascending.
        keys: the sum of the holders' scattered codes, modulo 2^64: no two sets of a few accounts have the same but by
            chance.
        few: whether several accounts, but not too many, hold it.
    """
    good = np.flatnonzero(few)
    _, places, found, sizes = np.unique(
        keys[good], return_index=True, return_inverse=True, return_counts=True
    )
    group = np.full(len(known), -1, dtype=np.int64)
    group[good] = found
    return group, sizes, known[good[places]]


def _scattered(codes: Numbers) -> Hashes:
    """Give each code a number that looks random (the finaliser of SplitMix64, Steele et al. 2014)."""
    mixed = codes.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    result: Hashes = mixed ^ (mixed >> np.uint64(31))
    return result
