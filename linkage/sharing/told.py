"""What partners were told, as the case remembers it."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from linkage.errors import DataError
from linkage.sharing.audit import record
from linkage.sharing.model import SharedRing
from linkage.sharing.records import Records
from linkage.sharing.tokens import framed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from linkage.sharing.keyring import Keyring
    from linkage.store import Case

_RINGS = TypeAdapter(SharedRing)


def rings_told(case: Case, partner: str) -> dict[str, SharedRing]:
    """Read what a partner was told of each ring last."""
    return {ring: _RINGS.validate_json(document) for ring, document in Records(case).shared(partner).items()}


def keep_told(case: Case, partner: str, rings: Iterable[SharedRing]) -> None:
    """Note what a partner is told of each ring now."""
    Records(case).keep_shared(partner, ((ring.ring, _RINGS.dump_json(ring).decode()) for ring in rings))


@dataclass(frozen=True)
class Words:
    """What stands in every object beside what is said of its ring; where it changes, each object is a new version.

    Args:
        tlp: how far a list may be passed on.
        terms: under which it is shared.
        score_model: the calibration.
    """

    tlp: str
    terms: str
    score_model: str

    @classmethod
    def last_told(cls, case: Case, partner: str) -> Words | None:
        """Read what stood in the last list to a partner; None where there was none."""
        said = case.fact(f"words {partner}")
        return None if said is None else cls(**json.loads(said))

    def keep(self, case: Case, partner: str) -> None:
        """Note it as what a partner was told last."""
        case.note(f"words {partner}", json.dumps(vars(self), sort_keys=True))


def value_digest(keys: Keyring, kind: str, value: str) -> str:
    """Write down that a value was shared, so that its echo is known again and nobody can read it there."""
    return hmac.digest(keys.ids.secret, framed(b"shared", kind.encode(), value.encode()), "sha256").hex()


def take_back(case: Case, ring: str, reason: str, *, by: str, now: datetime) -> list[str]:
    """Take a ring back, and name the partners that were told of it and must be told again.

    Raises:
        DataError: nobody was told of it.
    """
    records = Records(case)
    told = records.partners_told(ring)
    if not told:
        raise DataError("no partner was told of such a ring; 'linkage audit' lists what was shared")
    with case.changing():
        records.revoke(ring, reason, now)
        record(case, "revoke", at=now, by=by, ring=ring, reason=reason)
    return told
