"""The exact answer to which prompts are alike, every pair compared, and what part of it signatures find."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from made_prompts import families, wrapped
from scipy.sparse import csr_array

from linkage.signatures.groups import group_near_duplicates
from linkage.signatures.minhash import sign
from linkage.signatures.samples import shared_samples
from linkage.signatures.templates import join_templates
from linkage.signatures.words import shingle_hashes
from linkage.signatures.wrappers import wrappers_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

AT_ONCE = 500  # rows of the matrix of all pairs that stand in memory


def recall_of_near_duplicates(count: int, seed: int) -> str:
    """Say which part of the pairs at and above each similarity is in one group, and how alike pairs of a group are."""
    texts = families(count, seed)
    labels = group_near_duplicates(sign(pa.array(texts)))
    found = {0.8: [0, 0], 0.6: [0, 0]}
    grouped, alike = 0, 0
    for first, common, sizes, other in all_pairs(texts, 3):
        jaccard = common / (sizes[:, None] + other[None, :] - common)
        rows, columns = np.nonzero(jaccard >= min(found))
        later = columns > rows + first
        rows, columns = rows[later], columns[later]
        same = (labels[rows + first] == labels[columns]) & (labels[columns] >= 0)
        for least, counts in found.items():
            enough = jaccard[rows, columns] >= least
            counts[0] += int((same & enough).sum())
            counts[1] += int(enough.sum())
        ours = (labels[first : first + len(sizes), None] == labels[None, :]) & (labels >= 0)[None, :]
        ours &= np.arange(len(labels))[None, :] > np.arange(first, first + len(sizes))[:, None]
        grouped += int(ours.sum())
        alike += int((jaccard[ours] >= 0.4).sum())
    lines = [
        f"  near-duplicates, Jaccard >= {least}: {part}/{of} pairs in one group, {part / of:.4f}"
        for least, (part, of) in found.items()
    ]
    return "\n".join(
        [*lines, f"  pairs in one group with Jaccard >= 0.4: {alike}/{grouped}, {alike / grouped:.4f}"]
    )


def recall_of_wrappers(count: int, seed: int) -> str:
    """Say which part of the pairs of accounts that have much of a prompt in common hold a template in common.

    A pair of accounts counts when at least two prompts of either have at least so much of their shingles in common
    with a prompt of the other: what comes back is a wrapper.
    """
    made = wrapped(count, seed)
    texts = pa.array(made.texts)
    sent = np.ones(len(made.texts), np.int64)
    held = join_templates(wrappers_of(shared_samples(texts, made.accounts), made.accounts, sent))
    holders = csr_array(
        (np.ones(len(held.accounts)), (held.accounts, np.unique(held.templates, return_inverse=True)[1])),
        shape=(made.accounts.max() + 1, len(np.unique(held.templates))),
    )
    together = (holders @ holders.T).toarray() > 0
    exact = wrapping_pairs(made.texts, made.accounts, least=0.4)
    found, wanted = int((together & exact).sum()) // 2, int(exact.sum()) // 2
    strangers = np.triu(together & ~wrapping_pairs(made.texts, made.accounts, least=0.1), 1)
    return (
        f"  wrappers, containment >= 0.4: {found}/{wanted} pairs of accounts hold a template in common, "
        f"{found / wanted:.4f}; {int(strangers.sum())} pairs do with less than 0.1"
    )


def wrapping_pairs(texts: Sequence[str], accounts: np.ndarray, *, least: float) -> np.ndarray:
    """Say which two accounts each have two prompts of which such a part is in a prompt of the other."""
    total = int(accounts.max()) + 1
    often = np.zeros((total, total), np.int64)
    for first, common, sizes, _ in all_pairs(texts, 5):
        contained = common >= least * np.maximum(sizes, 1)[:, None]
        for row, account in enumerate(accounts[first : first + len(sizes)]):
            often[account, np.unique(accounts[contained[row]])] += 1
    enough = (often >= 2) & (often.T >= 2)
    np.fill_diagonal(enough, val=False)
    return enough


def all_pairs(texts: Sequence[str], words: int) -> Iterator[tuple[int, np.ndarray, np.ndarray, np.ndarray]]:
    """Give some rows' number, how many shingles they share with every text, and how many these rows and all texts have."""
    shingled = [shingle_hashes(text, words) for text in texts]
    sizes = np.array([len(each) for each in shingled])
    _, columns = np.unique(np.concatenate(shingled), return_inverse=True)
    ends = np.concatenate([[0], np.cumsum(sizes)])
    matrix = csr_array((np.ones(len(columns), np.int32), columns, ends))
    turned = matrix.T.tocsr()
    for first in range(0, len(texts), AT_ONCE):
        common = (matrix[first : first + AT_ONCE] @ turned).toarray()
        yield first, common, sizes[first : first + AT_ONCE], sizes
