"""What an account wraps around ever-new content: the shingles that return in its prompts, sampled by hash."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from linkage.errors import DataError
from linkage.signatures.samples import SCALE, WORDS, shared_samples
from linkage.signatures.shelf import forget

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

    from linkage.signatures.samples import Samples


_AT_ONCE = 1 << 20  # texts whose shingles are looked at before they leave memory


@dataclass(frozen=True)
class WrapperShingles:
    """Who wraps prompts in which shingles; one place in the first four arrays is one account and shingle.

    Args:
        accounts: the account's code, ascending.
        shingles: the shingle's hash, ascending within an account.
        prompts: how many distinct prompts of the account carry it.
        shares: the share of what the account sent that carries it.
        known: every shingle there is, once, ascending.
        carried: which of ``known`` each prompt carries, by number, one prompt after the other.
        carried_ends: where each prompt's numbers end in ``carried``.
        contents: a hash of each prompt's words.
    """

    accounts: npt.NDArray[np.int64]
    shingles: npt.NDArray[np.uint64]
    prompts: npt.NDArray[np.int64]
    shares: npt.NDArray[np.float64]
    known: npt.NDArray[np.uint64]
    carried: npt.NDArray[np.int32]
    carried_ends: npt.NDArray[np.int64]
    contents: npt.NDArray[np.uint64]


def wrapper_shingles(  # noqa: PLR0913 - each is a setting somebody will turn
    texts: pa.Array | pa.ChunkedArray,
    accounts: npt.ArrayLike,
    counts: npt.ArrayLike,
    *,
    least_share: float = 0.08,
    least_prompts: int = 2,
    words: int = WORDS,
    scale: int = SCALE,
    public: Iterable[str] = (),
    excluded: npt.ArrayLike = (),
) -> WrapperShingles:
    """Find the shingles that return in an account's prompts and that another account wraps prompts in as well.

    A row is one distinct text of one account. A shingle that only one account wraps prompts in links nobody and
    is left out.

    >>> import pyarrow as pa
    >>> wrapper = "grade the essay below from one to ten and name its weakest paragraph first"
    >>> texts = pa.array([f"{wrapper}: {essay}" for essay in ("cats", "dogs", "trains", "rain")])
    >>> found = wrapper_shingles(texts, [7, 7, 9, 9], [1, 1, 1, 1], scale=1)
    >>> len(found.known), sorted(set(found.accounts.tolist())), set(found.shares.tolist())
    (10, [7, 9], {1.0})

    Args:
        texts: the prompts.
        accounts: the code of the account that sent each, from 0.
        counts: how often it sent it.
        least_share: the least share of the account's distinct prompts that carry a wrapper's shingle.
        least_prompts: and the least number of them; 1 lets an account's only prompt count.
        words: how many words a shingle has.
        scale: one shingle in so many is kept, the same ones in every text.
        public: phrases anybody uses, such as "think step by step"; no shingle holds a word of one.
        excluded: hashes of shingles known to be public (see ``shingle_hashes``).
    """
    owners, sent = _checked(len(texts), accounts, counts)
    samples = shared_samples(texts, owners, words=words, scale=scale, public=public)
    return wrappers_of(
        samples, owners, sent, least_share=least_share, least_prompts=least_prompts, excluded=excluded
    )


def wrappers_of(  # noqa: PLR0913 - as above
    samples: Samples,
    owners: npt.NDArray[np.int32],
    sent: npt.NDArray[np.int64],
    *,
    least_share: float = 0.08,
    least_prompts: int = 2,
    excluded: npt.ArrayLike = (),
) -> WrapperShingles:
    """Find the wrappers in texts that were sampled before; see ``wrapper_shingles``.

    Args:
        samples: as from ``shared_samples``.
        owners: the code of the account that sent each text, from 0.
        sent: how often it sent it.
        least_share: the least share of the account's distinct prompts that carry a wrapper's shingle.
        least_prompts: and the least number of them.
        excluded: hashes of shingles known to be public.
    """
    from linkage.signatures.wrapper_kernels import count_wrappers, find_carried  # noqa: PLC0415 - numba

    order = np.argsort(owners, kind="stable")
    codes, firsts = np.unique(owners[order], return_index=True)
    borders = np.append(firsts, len(owners)).astype(np.int64)
    counted = []
    for first, last in _blocks(borders):
        own = borders[first : last + 1]
        accounts, *found = count_wrappers(
            samples.hashes, samples.ends, order, own, least_prompts, least_share
        )
        counted.append((accounts + first, *found))
        forget(samples.hashes)
    holders, shingles, prompts = (np.concatenate(column) for column in zip(*counted, strict=True))
    del counted
    known, numbers, shared = _known(shingles, np.asarray(excluded, dtype=np.uint64))
    holders, shingles, prompts = holders[shared], shingles[shared], prompts[shared]
    starts = np.searchsorted(holders, np.arange(len(borders)))
    carrying, ends = np.zeros(len(shingles), dtype=np.int64), np.zeros(len(owners), dtype=np.int64)
    carried, size = np.empty(len(samples.hashes), np.int32), 0
    for first, last in _blocks(borders):
        part = find_carried(
            samples.hashes, samples.ends, order, borders[first : last + 1], starts[first : last + 1], shingles,
            numbers, sent, carrying, ends,
        )  # fmt: skip
        ends[borders[first] : borders[last]] += size
        carried[size : size + len(part)] = part
        size += len(part)
        forget(samples.hashes)
    carried = carried[:size]
    totals = np.bincount(np.searchsorted(codes, owners), weights=sent, minlength=len(codes))
    shares = carrying / totals[holders]
    contents = samples.contents[order]
    return WrapperShingles(
        codes[holders].astype(np.int64), shingles, prompts, shares, known, carried, ends, contents
    )


def _blocks(borders: npt.NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Part the accounts so that some ``_AT_ONCE`` texts come together; at least one part, were it empty."""
    places = np.searchsorted(borders, np.arange(0, borders[-1], _AT_ONCE)[1:])
    yield from pairwise(np.unique([0, *places, len(borders) - 1]).tolist() if len(borders) > 1 else (0, 0))


def _checked(
    rows: int, accounts: npt.ArrayLike, counts: npt.ArrayLike
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    owners, sent = np.asarray(accounts, dtype=np.int64), np.asarray(counts, dtype=np.int64)
    if len(owners) != rows or len(sent) != rows:
        raise DataError(
            f"{rows} texts came with {len(owners)} accounts and {len(sent)} counts; give one of each"
        )
    if rows and (owners.min() < 0 or owners.max() > np.iinfo(np.int32).max):
        raise DataError("account codes must be numbers from 0 to 2,147,483,647")
    return owners.astype(np.int32), sent


def _known(
    shingles: npt.NDArray[np.uint64], excluded: npt.NDArray[np.uint64]
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Number the shingles with two holders or more that are not excluded, and say which of ``shingles`` they are."""
    known, numbers, holders = np.unique(shingles, return_inverse=True, return_counts=True)
    good = (holders > 1) & ~np.isin(known, excluded)
    shared = good[numbers]
    return known[good], (np.cumsum(good) - 1)[numbers[shared]], shared
