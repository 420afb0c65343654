"""The loops over the shingles that prompts carry: their MinHashes, and which template lies inside which."""

# ruff: noqa: PLR0913, PLR0917 - numba wants plain arrays

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linkage.signatures.compiled import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]
    Numbers = npt.NDArray[np.int32]
    Hashes = npt.NDArray[np.uint64]
    Hashes32 = npt.NDArray[np.uint32]

NONE = np.int64(-1)
LOOKS = 64  # of a prompt's templates are looked at as parents; honest prompts carry a handful


@compiled
def sketch_prompts(
    carried: Numbers,
    ends: Rows,
    contents: Hashes,
    multipliers: Hashes32,
    increments: Hashes32,
    sketches: Hashes32,
) -> None:
    """Take each prompt into the MinHash of every shingle that it carries."""
    start = 0
    for row in range(len(ends)):
        element = np.uint32(contents[row] >> np.uint64(32))
        for at in range(start, ends[row]):
            sketch = sketches[carried[at]]
            for slot in range(len(sketch)):
                value = np.uint32(multipliers[slot] * element + increments[slot])
                sketch[slot] = min(sketch[slot], value)
        start = ends[row]


@compiled
def templates_in_prompts(
    carried: Numbers, ends: Rows, firsts: Rows, sizes: Rows, template_ends: Rows
) -> Numbers:
    """Return the templates of which each prompt carries at least half the shingles.

    Args:
        carried: the shingles of each prompt, one prompt after the other.
        ends: where each prompt's shingles end.
        firsts: the template of each shingle.
        sizes: how many shingles each template has.
        template_ends: receives where each prompt's templates end.
    """
    size, start = 0, 0
    found = np.empty(len(carried), np.int32)
    counts = np.zeros(len(sizes), np.int32)
    for row in range(len(ends)):
        for at in range(start, ends[row]):
            template = firsts[carried[at]]
            counts[template] += 1
            if 2 * counts[template] == sizes[template] or 2 * counts[template] == sizes[template] + 1:
                found[size] = template
                size += 1
        for at in range(start, ends[row]):
            counts[firsts[carried[at]]] = 0
        start = ends[row]
        template_ends[row] = size
    return found[:size].copy()


@compiled
def elect_parents(
    templates: Numbers, ends: Rows, ranks: Rows, sizes: Rows, limits: npt.NDArray[np.float64],
    parents: Rows, part_inside: npt.NDArray[np.float64],
) -> None:  # fmt: skip
    """Name for each template the higher one that most of its prompts carry as their highest, if one does in most.

    A majority vote in two passes: pairs of templates are never stored, and a prompt made to carry thousands costs
    a bounded number of looks for each.

    Args:
        templates: the templates of each prompt, one prompt after the other.
        ends: where each prompt's templates end.
        ranks: every template's rank, all different.
        sizes: a size of every template, and
        limits: the largest size that a template's parent may have.
        parents: receives the elected; -1 where it is nobody.
        part_inside: receives the part of the template's prompts that carry the elected so.
    """
    votes = np.zeros(len(ranks), np.int64)
    prompts = np.zeros(len(ranks), np.int64)
    parents[:] = NONE
    for counting in range(2):
        start = 0
        for row in range(len(ends)):
            for at in range(start, ends[row]):
                template = templates[at]
                highest = highest_above(templates, start, ends[row], template, ranks, sizes, limits)
                if counting:
                    votes[template] += parents[template] == highest
                    prompts[template] += 1
                elif votes[template] == 0:
                    parents[template], votes[template] = highest, 1
                else:
                    votes[template] += 1 if parents[template] == highest else -1
            start = ends[row]
        if not counting:
            votes[:] = 0
    for template in range(len(ranks)):
        part_inside[template] = votes[template] / max(prompts[template], 1)


@compiled
def highest_above(
    templates: Numbers, start: int, stop: int, template: int, ranks: Rows, sizes: Rows,
    limits: npt.NDArray[np.float64],
) -> np.int64:  # fmt: skip
    """Find the highest in rank of a prompt's templates that is above one of them and not too large for it."""
    highest = NONE
    for at in range(start, min(stop, start + LOOKS)):
        other = np.int64(templates[at])
        above = ranks[other] > (ranks[template] if highest == NONE else ranks[highest])
        if above and sizes[other] <= limits[template]:
            highest = other
    return highest
