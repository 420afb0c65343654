"""What people decided of rings and accounts: an input of the next run."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkage.rings.ring import Ring


class Judgement(StrEnum):
    """What a person can say of a ring or an account."""

    confirm = "confirm"
    dismiss = "dismiss"
    watch = "watch"


def with_judgements(rings: Iterable[Ring], judgements: Iterable[tuple[Any, ...]]) -> tuple[Ring, ...]:
    """Write beside each ring what was said of it last.

    Args:
        rings: as scored.
        judgements: subject, judgement, reason, who and when, in the order they were made.
    """
    latest = {subject: judgement for subject, judgement, *_ in judgements}
    return tuple(replace(ring, judgement=latest.get(ring.ring)) for ring in rings)
