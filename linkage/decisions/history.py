"""The life of a ring, from what a case wrote down of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from linkage.rings.lineage import Life

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linkage.rings.lives import Happening


@dataclass(frozen=True)
class Step:
    """One thing that happened to a ring.

    Args:
        at: when: for what became of it, the last event of the logs then.
        what: the word for it.
        accounts: how many members it had afterwards; None where people did something.
        score: its score afterwards.
        details: who joined, who said what, who was told.
    """

    at: datetime | None
    what: str
    accounts: int | None
    score: float | None
    details: str

    def row(self) -> dict[str, Any]:
        """Write it as plain values."""
        return {
            "at": None if self.at is None else f"{self.at:%Y-%m-%dT%H:%M:%SZ}",
            "what": self.what,
            "accounts": self.accounts,
            "score": self.score,
            "details": self.details,
        }


@dataclass(frozen=True)
class History:
    """The life of a ring.

    Args:
        life: what is remembered of it.
        steps: what happened, first things first.
    """

    life: Life
    steps: tuple[Step, ...]

    def sentence(self) -> str:
        """Say the whole in a sentence."""
        life = self.life
        born = f"born {life.born_at:%Y-%m-%d}" if life.born_at else "born nobody knows when"
        now = (
            f"ended; {len(life.members):,} members are remembered"
            if life.ended
            else f"{len(life.members):,} members"
        )
        return (
            f"{life.ring}: {born}, {now}, {len(life.former):,} former ones, {len(life.marks):,} identifiers"
        )

    def document(self) -> dict[str, Any]:
        """Write it as plain values."""
        life = self.life
        return {
            "ring": life.ring,
            "born": None if life.born_at is None else f"{life.born_at:%Y-%m-%dT%H:%M:%SZ}",
            "ended": life.ended,
            "members": sorted(life.members),
            "former": sorted(life.former),
            "identifiers": [
                {
                    "kind": mark.kind,
                    "level": mark.level,
                    "value": mark.value,
                    "bits": mark.bits,
                    "part": mark.part,
                }
                for mark in life.marks
            ],
            "steps": [step.row() for step in self.steps],
        }


def tell_history(life: Life, happenings: Iterable[Happening], audit: Sequence[str]) -> History:
    """Put together what became of a ring and what people did with it.

    Args:
        life: what is remembered of it.
        happenings: what became of it.
        audit: the lines of the audit log, in order.
    """
    return History(life, (*map(turned, happenings), *_done(life.ring, audit)))


def turned(each: Happening) -> Step:
    """Tell what became of a ring in one run."""
    return Step(each.as_of, each.turn.state.value, each.accounts, each.score, _details(each))


def _details(each: Happening) -> str:
    parts = [
        f"{len(names):,} {word}"
        for word, names in (("joined", each.turn.joined), ("left", each.turn.gone))
        if names
    ]
    return "; ".join([*parts, *([f"with {', '.join(each.turn.kin)}"] if each.turn.kin else [])])


def _done(ring: str, audit: Sequence[str]) -> Iterable[Step]:
    for line in audit:
        said = json.loads(line)
        details = said["details"]
        at = datetime.fromisoformat(said["at"]).replace(tzinfo=None)
        if details.get("subject") == ring and said["what"] == "judge":
            yield Step(at, details["judgement"], None, None, f"{said['by']}: {details['reason']}")
        elif ring in (details.get("rings") or ()) or details.get("ring") == ring:
            partner = details.get("partner")
            yield Step(at, said["what"], None, None, f"{said['by']}{f' for {partner}' if partner else ''}")
