"""Missing values and placeholders, spread over everybody alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from linkage.simulation.people import Numbers, Words

# What systems write when they know nothing; None is an empty cell.
PLACEHOLDERS: dict[str, tuple[str | None, ...]] = {
    "ip": ("unknown", "0.0.0.0", None, "-"),  # noqa: S104 - a placeholder, nothing is bound to it
    "asn": (None, "unknown", "AS0"),
    "user_agent": (None, "unknown", "-"),
    "org": ("unknown", None, "personal", "n/a"),
    "email_domain": (None, "unknown"),
    "plan": (None, "unknown"),
    "bin": (None, "000000", "unknown"),
}


def blank(rng: np.random.Generator, column: str, values: Words, who: Numbers, *, accounts: int) -> Words:
    """Replace some 13 % of a column: everything of some accounts, and single values of others.

    >>> import numpy as np
    >>> rows = np.arange(1000)
    >>> left = blank(np.random.Generator(np.random.PCG64(1)), "asn", rows.astype(object), rows, accounts=1000)
    >>> 80 < sum(value in PLACEHOLDERS["asn"] for value in left) < 180
    True
    """
    options = np.array(PLACEHOLDERS[column], dtype=object)
    silent = rng.random(accounts) < 0.08
    missing = silent[who] | (rng.random(len(values)) < 0.055)
    own = rng.integers(
        0, len(options), accounts
    )  # an account's program writes the same placeholder each time
    return np.where(missing, options[own[who]], values).astype(object)
