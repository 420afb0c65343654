"""What the last run of a case worked out and the next need not: evidence and activity, where nothing they are made of changed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from linkage.evidence.collect import Evidence
from linkage.scores.observe import Activity

if TYPE_CHECKING:
    from linkage.settings import Settings
    from linkage.store import Case
    from linkage.tables import Table

FACT = "evidence"
EVIDENCE = tuple(each.name for each in fields(Evidence) if each.name != "skipped")
ACTIVITY = tuple(each.name for each in fields(Activity))


@dataclass(frozen=True)
class Unchanged:
    """What still holds of the last run.

    Args:
        evidence: what accounts share.
        activity: what they do, added up.
    """

    evidence: Evidence
    activity: Activity


def unchanged(case: Case | None, settings: Settings) -> Unchanged | None:
    """Give what still holds of the last run of a case; None where rows or settings that it is made of have changed.

    The run must be one of this version of the program. Nothing of it depends on the allowlist, on what people said, or on how links, rings and scores are made.

    Args:
        case: an open case.
        settings: every knob.
    """
    if case is None or case.fact(FACT) != _key(case, settings):
        return None
    evidence = Evidence(**case.recall(EVIDENCE), skipped=tuple(json.loads(case.fact("skipped") or "[]")))
    return Unchanged(evidence, Activity(**case.recall(ACTIVITY)))


def keep_unchanged(
    case: Case, evidence: Evidence, activity: Activity, settings: Settings
) -> dict[str, Table]:
    """Note by what the next run will know that these still hold. It belongs inside ``changing``.

    Args:
        case: an open case.
        evidence: what accounts share.
        activity: what they do, added up.
        settings: every knob.

    Returns:
        The tables to be kept, by name; none where the case has them, because they still hold.
    """
    key = _key(case, settings)
    if case.fact(FACT) == key:
        return {}
    case.note(FACT, key)
    case.note("skipped", json.dumps(evidence.skipped))
    return {
        **{name: getattr(evidence, name) for name in EVIDENCE},
        **{name: getattr(activity, name) for name in ACTIVITY},
    }


def _key(case: Case, settings: Settings) -> str:
    """Write down what evidence and activity depend on, beside the program: the rows, some of the settings."""
    knobs = settings.model_dump_json(include={"evidence", "expire_days"})
    parts = (*EVIDENCE, *ACTIVITY, case.logs_version(), knobs)
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
