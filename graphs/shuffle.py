"""Deal things out anew among like holders: what is left over is what chance and likeness explain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def shuffle_inside(strata: NDArray[np.int64], *, seed: int) -> NDArray[np.int64]:
    """Draw for each place another place of the same stratum, each place exactly once.

    Args:
        strata: the stratum of each place.
        seed: the same seed gives the same shuffle.

    Returns:
        For each place the place whose things it is given.

    >>> import numpy as np
    >>> given = shuffle_inside(np.array([0, 1, 0, 1, 0]), seed=1)
    >>> sorted(given.tolist()), np.array([0, 1, 0, 1, 0])[given].tolist()
    ([0, 1, 2, 3, 4], [0, 1, 0, 1, 0])
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    # Sorting by stratum and then by a random number shuffles every stratum at once.
    ordered = np.argsort(strata, kind="stable")
    drawn = np.lexsort((rng.random(len(strata)), strata))
    given = np.empty(len(strata), dtype=np.int64)
    given[ordered] = drawn
    return given
