"""Passages: longer runs of words that turn up in the prompts of a few accounts, once or many times."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from linkage.signatures.shelf import forget, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.signatures.samples import Samples

    Hashes = npt.NDArray[np.uint64]
    Numbers = npt.NDArray[np.int64]

LEAST_SHINGLES = 4
"""Sampled shingles of a passage at least; with one of three sampled, some sixteen words that are the same."""
_AT_ONCE = 1 << 20  # texts whose shingles are looked at before they leave memory
_HASHES = 1 << 25  # shingles that are counted at a time
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
    owners = np.asarray(accounts, dtype=np.int64)
    known, keys = _held_by_few(samples, owners, most, np.asarray(excluded, dtype=np.uint64))
    group, sizes, firsts = _same_holders(known, keys)
    large = sizes[group] >= least
    rows, groups = _carried(samples, known[large], group[large], least)
    pairs = np.unique(np.stack([groups, owners[rows]]), axis=1)[0]
    shared = np.bincount(pairs, minlength=len(sizes))[groups] >= 2
    return Passages(rows[shared], firsts[groups[shared]])


def _held_by_few(samples: Samples, owners: Numbers, most: int, excluded: Hashes) -> tuple[Hashes, Hashes]:
    """Find the shingles that several accounts hold, but not too many: them, ascending, and who holds each.

    Those of one range of hashes are counted at a time: most shingles are held by one account, or by everybody.

    Returns:
        The shingles, and of each the sum of its holders' scattered codes, modulo 2^64: no two sets of a few accounts
        have the same but by chance.
    """
    from linkage.signatures.passage_kernels import count_holders, table_of  # noqa: PLC0415 - numba

    order, scattered = np.argsort(owners, kind="stable"), _scattered(owners)
    found = [(np.empty(0, np.uint64), np.empty(0, np.uint64))]
    for low, high in _ranges(samples.hashes):
        known = _distinct(_between(samples.hashes, low, high))
        known = known[~np.isin(known, excluded)]
        if not len(known):
            continue
        table, keys = table_of(known), np.zeros(len(known), np.uint64)
        holders, latest = np.zeros(len(known), np.int64), np.full(len(known), -1, np.int64)
        for first in range(0, len(order), _AT_ONCE):
            rows = order[first : first + _AT_ONCE]
            count_holders(
                samples.hashes, samples.ends, rows, owners, scattered, known, table, holders, latest, keys
            )
            forget(samples.hashes)
        few = (holders >= 2) & (holders <= most)
        found.append((known[few], keys[few]))
    shingles, sums = zip(*found, strict=True)
    return np.concatenate(shingles), np.concatenate(sums)


def _carried(samples: Samples, known: Hashes, group: Numbers, least: int) -> tuple[Numbers, Numbers]:
    """Say which text carries enough shingles of which group."""
    from linkage.signatures.passage_kernels import carry_enough, table_of  # noqa: PLC0415 - numba

    table, texts = table_of(known), len(samples.ends)
    found = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    for begin in range(0, texts, _AT_ONCE):
        end = min(begin + _AT_ONCE, texts)
        found.append(carry_enough(samples.hashes, samples.ends, begin, end, known, table, group, least))
        forget(samples.hashes)
    rows, groups = zip(*found, strict=True)
    return np.concatenate(rows), np.concatenate(groups)


def _ranges(hashes: Hashes) -> Iterator[tuple[int, int]]:
    """Part the hashes into ranges that hold some ``_HASHES`` of them each, both ends taken in."""
    top = max((int(hashes[part].max()) for part in parts_of(hashes)), default=0)
    ranges = len(hashes) // _HASHES + 1
    borders = [(top + 1) * place // ranges for place in range(ranges + 1)]
    yield from ((low, following - 1) for low, following in pairwise(borders))


def _between(hashes: Hashes, low: int, high: int) -> Hashes:
    least, most = np.uint64(low), np.uint64(high)
    found = [np.empty(0, np.uint64)]
    for part in parts_of(hashes):
        some = hashes[part]
        found.append(some[(some >= least) & (some <= most)])
    return np.concatenate(found)


def _distinct(hashes: Hashes) -> Hashes:
    """Sort the distinct ones; ``numpy.unique`` fills a table of hashes first, and takes forty times as long."""
    ordered = np.sort(hashes)
    fresh = np.ones(len(ordered), np.bool_)
    fresh[1:] = ordered[1:] != ordered[:-1]
    return ordered[fresh]


def _same_holders(known: Hashes, keys: Hashes) -> tuple[Numbers, npt.NDArray[np.int64], Hashes]:
    """Group shingles by who holds them: the group of each, the sizes, and each group's least shingle."""
    _, places, group, sizes = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    return group, sizes, known[places]


def _scattered(codes: Numbers) -> Hashes:
    """Give each code a number that looks random (the finaliser of SplitMix64, Steele et al. 2014)."""
    mixed = codes.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    result: Hashes = mixed ^ (mixed >> np.uint64(31))
    return result
