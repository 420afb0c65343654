"""The loop over what two accounts share: added up for one account after the other, so that no pair is ever stored."""

# ruff: noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - numba wants plain arrays and plain loops

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from linkage.signatures.compiled import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

Number = TypeVar("Number", bound="np.generic")


@compiled
def add_up(
    first: int, last: int, starts: Numbers, identifiers: Numbers, families: Numbers, caps: Floats, bits: Floats,
    mutual: Floats, holder_starts: Numbers, holders: Numbers, holder_mutual: Floats, step: float, least: float,
) -> tuple[Numbers, Numbers, Floats]:  # fmt: skip
    """Return the heavy pairs of each of some accounts with later ones: the account, the other, and the bits.

    Args:
        first: the first account wanted, and
        last: the one after the last.
        starts: where each account's rows start in the next five, and the last one's end.
        identifiers: what is held; the rows of an account by family, and there the most bits first.
        families: the family of each.
        caps: the most bits that it may add with others of its family.
        bits: what it is worth.
        mutual: how far the others use it as the account does.
        holder_starts: where the holders of each identifier start in the next two, and the last one's end.
        holders: who holds it, ascending.
        holder_mutual: how far the others use it as that holder does.
        step: what each next identifier of a family counts, of the one before.
        least: the bits of a heavy pair.
    """
    everybody = len(starts) - 1
    total, sums, tops, latest = (
        np.zeros(everybody),
        np.zeros(everybody),
        np.zeros(everybody),
        np.zeros(everybody),
    )
    powers = np.zeros(everybody)
    there, unsorted = np.zeros(everybody, np.bool_), np.zeros(everybody, np.bool_)
    touched, met = np.empty(everybody, np.int64), np.empty(everybody, np.int64)
    seen = np.zeros(everybody, np.bool_)
    size = 0
    ones, others, weights = np.empty(1024, np.int64), np.empty(1024, np.int64), np.empty(1024)
    for account in range(first, last):
        partners = 0
        row = starts[account]
        while row < starts[account + 1]:
            family, begin, count = families[row], row, 0
            while row < starts[account + 1] and families[row] == family:
                identifier = identifiers[row]
                stop = holder_starts[identifier + 1]
                at = holder_starts[identifier]
                at += np.searchsorted(holders[at:stop], account, side="right")
                for place in range(at, stop):
                    other = holders[place]
                    worth = bits[row] * min(mutual[row], holder_mutual[place])
                    if not there[other]:
                        there[other] = True
                        touched[count] = other
                        count += 1
                        sums[other], tops[other], latest[other], powers[other] = worth, caps[row], worth, step
                        continue
                    # Sums are taken from the best on; where one that only visited comes too early, they are taken anew.
                    unsorted[other] |= worth > latest[other]
                    sums[other] += worth * powers[other]
                    tops[other] = max(tops[other], caps[row])
                    latest[other] = worth
                    powers[other] *= step
                row += 1
            for place in range(count):
                other = touched[place]
                if unsorted[other]:
                    sums[other] = sum_sorted(
                        begin,
                        row,
                        other,
                        identifiers,
                        bits,
                        mutual,
                        holder_starts,
                        holders,
                        holder_mutual,
                        step,
                    )
                    unsorted[other] = False
                total[other] += to_millionths(min(tops[other], sums[other]))
                there[other] = False
                if not seen[other]:
                    seen[other] = True
                    met[partners] = other
                    partners += 1
        kept = 0
        for place in range(partners):
            other = met[place]
            seen[other] = False
            total[other] = to_millionths(total[other])
            if total[other] >= least:
                met[kept] = other
                kept += 1
            else:
                total[other] = 0.0
        met[:kept].sort()
        if size + kept > len(ones):
            room = 2 * (size + kept)
            ones, others, weights = (
                longer(ones, size, room),
                longer(others, size, room),
                longer(weights, size, room),
            )
        for other in met[:kept]:
            ones[size], others[size], weights[size] = account, other, total[other]
            total[other] = 0.0
            size += 1
    return ones[:size].copy(), others[:size].copy(), weights[:size].copy()


@compiled
def sum_sorted(
    begin: int, end: int, other: int, identifiers: Numbers, bits: Floats, mutual: Floats, holder_starts: Numbers,
    holders: Numbers, holder_mutual: Floats, step: float,
) -> float:  # fmt: skip
    """Add up what rows of an account say of it and another, the best first."""
    worths = np.empty(16)
    count = 0
    for row in range(begin, end):
        start, stop = holder_starts[identifiers[row]], holder_starts[identifiers[row] + 1]
        at = start + np.searchsorted(holders[start:stop], other)
        while at < stop and holders[at] == other:
            if count == len(worths):
                worths = longer(worths, count, 2 * count)
            worths[count] = bits[row] * min(mutual[row], holder_mutual[at])
            count += 1
            at += 1
    worths[:count].sort()
    added, power = 0.0, 1.0
    for place in range(count - 1, -1, -1):
        added += worths[place] * power
        power *= step
    return added


@compiled
def to_millionths(value: float) -> float:
    """Round to six digits, halves upwards, as the database does."""
    scaled = value * 1e6
    whole = np.floor(scaled)
    if scaled - whole >= 0.5:
        whole += 1.0
    rounded: float = whole / 1e6
    return rounded


@compiled
def longer(values: npt.NDArray[Number], size: int, room: int) -> npt.NDArray[Number]:
    """Return the first ``size`` values in an array of ``room``."""
    larger = np.empty(room, values.dtype)
    larger[:size] = values[:size]
    return larger
