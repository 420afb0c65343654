"""An upstream detector of a world: it rates each account by itself, well or badly, and is often wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping

ALIKE = {
    "research": 1.0,
    "hijacked": 0.7,
    "evaluation_team": 0.6,
    "honest_reseller": 0.6,
    "evaluation": 0.5,
    "gateway": 0.5,
    "runners": 0.5,
    "tutors": 0.5,
    "aggregator": 0.4,
    "hackathon": 0.4,
    "harness_users": 0.3,
    "service_desk": 0.3,
}
"""Honest crowds that a detector takes for extraction too: at most so much of what it sees in a ring."""
_AMONG_RINGS = (0.6, 1.3)  # no detector sees every ring equally well
_OF_GROUPS = 0.15  # what a group has in common, whatever it is
_UNRATED = 0.1
_USUAL = -2.2  # most accounts are rated near a tenth


def rate(tables: Mapping[str, pa.Table], quality: float, rng: np.random.Generator) -> pa.Table:
    """Rate every account of a world as a detector would that sees one account at a time.

    Each account has a standard normal error of its own. On average a member of a ring is rated ``quality`` standard
    deviations higher: 0.5 puts a member above an honest account in 64 of 100 pairs, 1.6 in 87 and 2.4 in 95. Each ring
    is seen better or worse than that, and honest crowds that do what rings do are rated higher too, up to ``ALIKE`` of it.

    Args:
        tables: ``accounts`` and ``truth`` of a world.
        quality: how well it sees, in standard deviations.
        rng: the stream of chances.

    Returns:
        ``accounts`` with ``extraction_score``, 0 to 1; null for one account in ten.

    >>> tables = {
    ...     "accounts": pa.table({"account_id": ["a", "b"]}),
    ...     "truth": pa.table({"account_id": ["a", "b"], "ring": [None, "r-1"], "crowd": [None, None]}),
    ... }
    >>> scores = rate(tables, 9.0, np.random.default_rng(1))["extraction_score"].to_pylist()
    >>> scores[0] < 0.5 < scores[1]
    True
    """
    known = {row["account_id"]: row for row in tables["truth"].to_pylist()}
    rows = [known[account] for account in tables["accounts"]["account_id"].to_pylist()]
    groups = [row["ring"] or row["crowd"] or "" for row in rows]
    rings = {row["ring"] for row in rows if row["ring"]}
    raised = {"": 0.0}
    for group in sorted(set(groups) - {""}):
        if group in rings:
            raised[group] = quality * rng.uniform(*_AMONG_RINGS)
        else:
            alike = ALIKE.get(group.rsplit("-", 1)[0], 0.0)
            raised[group] = quality * alike * rng.uniform() + rng.normal(0, _OF_GROUPS)
    seen = _USUAL + np.array([raised[group] for group in groups]) + rng.normal(0, 1, len(groups))
    scores = pa.array(np.round(1 / (1 + np.exp(-seen)), 3), mask=rng.random(len(groups)) < _UNRATED)
    return tables["accounts"].append_column("extraction_score", scores)
