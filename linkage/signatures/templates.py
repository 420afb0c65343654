"""Templates: the shingles of one wrapper joined, so that a wrapper is one identifier and has words to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from linkage.signatures.groups import group_near_duplicates
from linkage.signatures.minhash import permutation_parameters

if TYPE_CHECKING:
    from linkage.signatures.wrappers import WrapperShingles

_SKETCH = (
    32  # values of a MinHash of prompts; in bands of 4, nine tenths in common are found 999 times of 1,000
)
_INSIDE = (
    0.9  # the part of its prompts that carry a larger template too, from which a template is inside that
)
_SAME_HOLDERS = (
    0.8  # the part of another's holders from which a template that comes with it tells nothing new
)


@dataclass(frozen=True)
class Templates:
    """Who holds which template; one place in the first three arrays is one account and template.

    Args:
        accounts: the account's code, ascending.
        templates: the least shingle hash of the template, ascending within an account.
        shares: the share of what the account sent that carries the template.
        shingles: every shingle of every template, by template and hash.
        shingle_templates: the template each of them belongs to.
        prompts: the place of each prompt that carries half of a template or more, among prompts by account, and
        prompt_templates: the template that it carries.
    """

    accounts: npt.NDArray[np.int64]
    templates: npt.NDArray[np.uint64]
    shares: npt.NDArray[np.float64]
    shingles: npt.NDArray[np.uint64]
    shingle_templates: npt.NDArray[np.uint64]
    prompts: npt.NDArray[np.int64]
    prompt_templates: npt.NDArray[np.uint64]


def join_templates(
    wrappers: WrapperShingles, *, similarity: float = 0.8, least_part: float = 0.5, edge: int = 2
) -> Templates:
    """Join the shingles that come in the same prompts into templates, and say who holds each.

    Shingles join when the sets of prompts that carry them are alike. Two wrappers of equally many prompts that
    share a sentence cannot be joined by it: their prompts are at most half of the sentence's each. Being the same
    prompts, they are the same accounts', so no pair of accounts is ever looked at, and a template that twenty
    thousand hold costs no more for each holder than one that two hold.

    >>> import pyarrow as pa
    >>> from linkage.signatures.wrappers import wrapper_shingles
    >>> wrapper = "grade the essay below from one to ten and name its weakest paragraph first"
    >>> texts = pa.array([f"{wrapper}: {essay}" for essay in ("cats", "dogs", "trains", "rain")])
    >>> templates = join_templates(wrapper_shingles(texts, [7, 7, 9, 9], [1, 1, 1, 1]))
    >>> templates.accounts.tolist(), len(set(templates.templates.tolist())), templates.shares.tolist()
    ([7, 9], 1, [1.0, 1.0])

    Args:
        wrappers: who wraps prompts in which shingles.
        similarity: the share of common prompts from which two shingles are one template's.
        least_part: the part of a template's shingles that an account must hold to hold the template.
        edge: a template of at most so many shingles that lies inside a larger one is no template: it is where
            the larger one meets the content. Two of a third of all shingles are about ten words.
    """
    firsts = _joined(wrappers, similarity)
    held = _held(wrappers, firsts, least_part)
    inside = _inside(wrappers, firsts)
    dropped = _nested(inside, firsts, held.templates, edge)
    return _named(wrappers.known, firsts, held, inside, dropped)


@dataclass(frozen=True)
class _Held:
    """Which account holds which template, by the place of the template's first shingle."""

    accounts: npt.NDArray[np.int64]
    templates: npt.NDArray[np.int64]
    shares: npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Inside:
    """Which templates each prompt carries half of or more, one prompt after the other, and where each prompt's end."""

    templates: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int64]


def _joined(wrappers: WrapperShingles, similarity: float) -> npt.NDArray[np.int64]:
    """Give every known shingle the first shingle of its template."""
    from linkage.signatures.template_kernels import sketch_prompts  # noqa: PLC0415 - numba takes its time

    sketches = np.full((len(wrappers.known), _SKETCH), 0xFFFFFFFF, dtype=np.uint32)
    parameters = permutation_parameters(_SKETCH)
    sketch_prompts(wrappers.carried, wrappers.carried_ends, wrappers.contents, *parameters, sketches)
    labels = group_near_duplicates(sketches, bands=_SKETCH // 4, similarity=similarity)
    return np.where(labels < 0, np.arange(len(labels)), labels)


def _held(wrappers: WrapperShingles, firsts: npt.NDArray[np.int64], least_part: float) -> _Held:
    template = firsts[np.searchsorted(wrappers.known, wrappers.shingles)]
    order = np.lexsort((wrappers.shares, template, wrappers.accounts))
    accounts, templates, shares = wrappers.accounts[order], template[order], wrappers.shares[order]
    changes = (np.diff(accounts) != 0) | (np.diff(templates) != 0)
    starts = np.flatnonzero(np.concatenate([np.ones(min(len(order), 1), dtype=np.bool_), changes]))
    counts = np.diff(np.append(starts, len(order)))
    enough = counts >= least_part * np.bincount(firsts, minlength=1)[templates[starts]]
    middle = starts + (counts - 1) // 2
    return _Held(accounts[starts[enough]], templates[starts[enough]], shares[middle[enough]])


def _inside(wrappers: WrapperShingles, firsts: npt.NDArray[np.int64]) -> _Inside:
    from linkage.signatures.template_kernels import templates_in_prompts  # noqa: PLC0415 - numba takes its time

    sizes, ends = np.bincount(firsts, minlength=len(firsts)), np.zeros_like(wrappers.carried_ends)
    return _Inside(templates_in_prompts(wrappers.carried, wrappers.carried_ends, firsts, sizes, ends), ends)


def _nested(
    inside: _Inside, firsts: npt.NDArray[np.int64], held: npt.NDArray[np.int64], edge: int
) -> npt.NDArray[np.bool_]:
    """Say which templates link nobody, or nobody whom another does not link already.

    A small one inside a larger one is where the larger one's words meet the content: "... the question: what is
    the". Its few holders ask alike, under a template that thousands may hold; they have nothing else in common.
    One that mostly comes with another, to the same accounts, is a revision of the other.
    """
    total = len(firsts)
    sizes, holders = np.bincount(firsts, minlength=total), np.bincount(held, minlength=total)
    prompts = np.bincount(inside.templates, minlength=total)
    dropped = holders < 2
    any_size = np.full(total, np.inf)
    parents, part = _parents(inside, (prompts, sizes), sizes, any_size)
    dropped |= (parents >= 0) & (part >= _INSIDE) & (sizes <= edge) & (sizes < sizes[parents])
    parents, part = _parents(inside, (sizes, prompts), holders, holders / _SAME_HOLDERS)
    dropped |= (parents >= 0) & (part > 0.5)
    return dropped


def _parents(
    inside: _Inside,
    keys: tuple[npt.NDArray[np.int64], ...],
    sizes: npt.NDArray[np.int64],
    limits: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Give each template the one above it, by ``keys``, that most of its prompts carry, and the part that does."""
    from linkage.signatures.template_kernels import elect_parents  # noqa: PLC0415 - numba takes its time

    total = len(sizes)
    ranks = np.empty(total, dtype=np.int64)
    ranks[np.lexsort((-np.arange(total), *keys))] = np.arange(total)
    parents, part = np.empty(total, dtype=np.int64), np.empty(total)
    elect_parents(inside.templates, inside.ends, ranks, sizes, limits, parents, part)
    return parents, part


def _named(
    known: npt.NDArray[np.uint64],
    firsts: npt.NDArray[np.int64],
    held: _Held,
    inside: _Inside,
    dropped: npt.NDArray[np.bool_],
) -> Templates:
    kept = ~dropped[held.templates]
    shingles = np.flatnonzero(~dropped[firsts])
    shingles = shingles[np.lexsort((shingles, firsts[shingles]))]
    prompts = np.repeat(np.arange(len(inside.ends)), np.diff(inside.ends, prepend=0))
    carrying = ~dropped[inside.templates]
    return Templates(
        held.accounts[kept],
        known[held.templates[kept]],
        held.shares[kept],
        known[shingles],
        known[firsts[shingles]],
        prompts[carrying],
        known[inside.templates[carrying]],
    )
