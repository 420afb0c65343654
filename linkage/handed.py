"""Evidence that was worked out elsewhere and handed to a case, with what scores need of the events left there."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING

from linkage.errors import DataError
from linkage.evidence.collect import Evidence
from linkage.scores.observe import Activity
from linkage.tables import from_arrow

if TYPE_CHECKING:
    from linkage.settings import Settings
    from linkage.store import Case
    from linkage.tables import Database

FACT = "handed"
_EVIDENCE = tuple(each.name for each in fields(Evidence) if each.name != "skipped")
_ACTIVITY = tuple(each.name for each in fields(Activity))


@dataclass(frozen=True)
class Handed:
    """What is handed to a case instead of events.

    Args:
        evidence: what accounts share.
        activity: what they do, added up.
        end: when the last event was.
        events: how many events there are at the source.
        brought: how many of them came along: those of accounts in rings.
    """

    evidence: Evidence
    activity: Activity
    end: datetime | None
    events: int
    brought: int = 0

    def brought_here(self, database: Database) -> Handed:
        """Copy the tables into a database of this program."""
        here = {name: from_arrow(database, getattr(self.evidence, name).arrow()) for name in _EVIDENCE}
        done = {name: from_arrow(database, getattr(self.activity, name).arrow()) for name in _ACTIVITY}
        evidence = Evidence(**here, skipped=self.evidence.skipped)
        return Handed(evidence, Activity(**done), self.end, self.events, self.brought)


def keep(case: Case, given: Handed, settings: Settings) -> None:
    """Keep what is handed over in a case; the next run goes on from it. It belongs inside ``changing``.

    Args:
        case: an open case.
        given: what is handed over, in a database that the case is open in.
        settings: those it was worked out with.
    """
    case.hand_over(
        {
            **{name: getattr(given.evidence, name) for name in _EVIDENCE},
            **{name: getattr(given.activity, name) for name in _ACTIVITY},
        }
    )
    told = {
        "settings": _knobs(settings),
        "skipped": given.evidence.skipped,
        "end": given.end.isoformat() if given.end else None,
        "events": given.events,
        "brought": given.brought,
    }
    case.note(FACT, json.dumps(told))
    case.note_change()


def handed(case: Case | None, settings: Settings) -> Handed | None:
    """Give what was handed to a case; None where its own events are all there is.

    Raises:
        DataError: it was worked out with other settings.
    """
    told = json.loads(case.fact(FACT) or "null") if case is not None else None
    if case is None or told is None:
        return None
    if told["settings"] != _knobs(settings):
        raise DataError(
            "the evidence of this case was worked out elsewhere, with other settings under [evidence] or of expire_days:"
            " ingest its sources with --engine again, or take the settings back"
        )
    evidence = Evidence(**case.handed(_EVIDENCE), skipped=tuple(told["skipped"]))
    end = datetime.fromisoformat(told["end"]) if told["end"] else None
    return Handed(evidence, Activity(**case.handed(_ACTIVITY)), end, told["events"], told["brought"])


def end_handed(case: Case | None) -> datetime | None:
    """Give the end of the logs whose events are elsewhere; None where they are here."""
    told = json.loads(case.fact(FACT) or "null") if case is not None else None
    return datetime.fromisoformat(told["end"]) if told and told["end"] else None


def has_account(case: Case, account_id: str) -> bool:
    """Say whether an account is among those of what was handed to a case."""
    if case.fact(FACT) is None:
        return False
    people = case.handed(["people"])["people"]
    (found,) = people.one(f"select count(*) from {people.name} where account_id = ?", [account_id])
    return bool(found)


def left_elsewhere(case: Case) -> str | None:
    """Say that a case cannot show all events, and which it has; None where it has all."""
    told = json.loads(case.fact(FACT) or "null")
    if told is None:
        return None
    return (
        f"of {told['events']:,} events this case holds the {told['brought']:,} of accounts that were in a ring when they"
        " were read on Spark; the others stay at their source: what is said of single events, texts and values of"
        " other accounts leaves them out"
    )


def _knobs(settings: Settings) -> str:
    return settings.model_dump_json(include={"evidence", "expire_days"})
