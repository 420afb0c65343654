"""What people decided of rings and accounts: an input of the next run."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from linkage.decisions.news import news_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linkage.rings.ring import Ring


class Judgement(StrEnum):
    """What a person can say of a ring or an account; ``undo`` takes back what was said of it last."""

    confirm = "confirm"
    dismiss = "dismiss"
    watch = "watch"
    undo = "undo"


def with_judgements(
    rings: Iterable[Ring],
    judgements: Iterable[tuple[Any, ...]],
    judged: Mapping[str, Mapping[str, Any]] | None = None,
) -> tuple[Ring, ...]:
    """Write beside each ring what was said of it last and, where it was dismissed, what is new since.

    Args:
        rings: as scored.
        judgements: subject, judgement, reason, who and when, in the order they were made.
        judged: the document of each ring as it was when that was said.
    """
    latest = {subject: judgement for subject, judgement, *_ in judgements}
    before = judged or {}
    return tuple(
        replace(
            ring,
            judgement=latest.get(ring.ring),
            news=news_of(ring, before[ring.ring])
            if latest.get(ring.ring) == "dismiss" and ring.ring in before
            else (),
        )
        for ring in rings
    )
