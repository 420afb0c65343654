"""Which of our accounts hold values of another lab's rings, found out with it alone: what goes into an exchange.

How two sets are compared so that neither lab sees the other's is in ``psi``; here is what is in them, and what each
side keeps from one file to the next.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkage.errors import DataError
from linkage.inert import inert
from linkage.sharing import bounded
from linkage.sharing.gates import NEVER, shareable
from linkage.sharing.own_values import OwnValues
from linkage.sharing.proposal import comparable
from linkage.sharing.psi import ClientState, ServerState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from linkage.decisions.policy import Decision
    from linkage.evidence.collect import Evidence
    from linkage.evidence.kind import EvidenceKind
    from linkage.rings.ring import Ring
    from linkage.settings import SharingSettings
    from linkage.sharing.warninglists import WarningLists
    from linkage.tables import Logs

_FORMAT = "linkage psi state 1"
_LARGEST_STATE = 128 << 20


@dataclass(frozen=True)
class Exchange:
    """What one side keeps of an exchange; whoever has it can go through what the other side sent.

    Args:
        partner: with whom it is.
        state: of the side that answers, or of the one that asks.
    """

    partner: str
    state: ServerState | ClientState

    def document(self) -> bytes:
        """Write it for a file that only its owner may read."""
        told: dict[str, object] = {
            "format": _FORMAT,
            "partner": self.partner,
            "kind": self.state.kind,
            "key": base64.b64encode(self.state.key).decode(),
        }
        if isinstance(self.state, ServerState):
            told["most_asked"] = self.state.most_asked
        else:
            told["values"] = list(self.state.values)
        return json.dumps(told).encode() + b"\n"

    @classmethod
    def of(cls, content: bytes | Path) -> Exchange:
        """Read it again.

        Raises:
            DataError: it is no state of an exchange.

        >>> kept = Exchange("lab-b", ServerState(bytes(32), "payment", 20_000))
        >>> Exchange.of(kept.document()) == kept
        True
        """
        told = bounded.load(content, most_bytes=_LARGEST_STATE)
        try:
            if not isinstance(told, dict) or told["format"] != _FORMAT:
                raise TypeError  # noqa: TRY301 - it is answered as all else that is wrong with it
            partner, kind, key = (
                str(told["partner"]),
                str(told["kind"]),
                base64.b64decode(told["key"], validate=True),
            )
            if "values" in told:
                return cls(partner, ClientState(key, kind, tuple(map(str, told["values"]))))
            return cls(partner, ServerState(key, kind, int(told["most_asked"])))
        except (KeyError, TypeError, ValueError):
            raise DataError(
                "this is no state of an exchange; name the file that 'linkage psi' wrote with --state"
            ) from None

    def serving(self) -> ServerState:
        """Give the state of the side that answers.

        Raises:
            DataError: it is of the side that asks.
        """
        if not isinstance(self.state, ServerState):
            raise DataError(
                "this state is of the lab that asks: the other lab answers, with the one of its setup"
            )
        return self.state

    def asking(self) -> ClientState:
        """Give the state of the side that asks.

        Raises:
            DataError: it is of the side that answers.
        """
        if not isinstance(self.state, ClientState):
            raise DataError("this state is of the lab that answers: only the lab that asked can finish")
        return self.state


def served_values(  # noqa: PLR0913 - whose values, and all that keeps them back
    rings: Iterable[Ring],
    decisions: Sequence[Decision],
    evidence: Evidence,
    lists: WarningLists,
    settings: SharingSettings,
    *,
    kind: str,
    gone: Collection[str] = (),
) -> list[str]:
    """List what the side that answers puts in: values of rings that a person confirmed, past all gates.

    Args:
        rings: as found.
        decisions: of their members; only of those whom we block ourselves anything goes in.
        evidence: what accounts share.
        lists: networks that must not go out.
        settings: whether fingerprints of cards mean the same at both labs.
        kind: of the values.
        gone: rings that were taken back.

    Raises:
        DataError: the kind is never shared, or nothing of it may go out.
    """
    _check_kind(kind)
    confirmed = {ring.ring for ring in rings if ring.judgement == "confirm"} - set(gone)
    blocked: dict[str, dict[str, float]] = {ring: {} for ring in sorted(confirmed)}
    for decision in decisions:
        if decision.decision == "block" and decision.ring.ring in blocked:
            blocked[decision.ring.ring][decision.account_id] = decision.member.confidence
    passed, _ = shareable(blocked, evidence, lists)
    values = {each.value for each in passed if each.kind == kind and comparable(kind, each.value, settings)}
    if not values:
        raise DataError(
            f"no value of kind '{inert(kind)}' of a confirmed ring passes the gates, so there is nothing to answer with;"
            " 'linkage export --for PARTNER --dry-run' says what is held back and why"
        )
    return sorted(values)


def asked_values(
    logs: Logs, kinds: Sequence[EvidenceKind], settings: SharingSettings, *, kind: str
) -> list[str]:
    """List what the side that asks puts in: all values of a kind that accounts of ours hold.

    Raises:
        DataError: the kind is never shared, or no account holds any of it that the other lab could have, too.
    """
    _check_kind(kind)
    held = [value for value in OwnValues(logs, kinds).values(kind) if comparable(kind, value, settings)]
    if not held:
        raise DataError(
            f"no account holds a value of kind '{inert(kind)}' that another lab could have, too; "
            "'linkage kinds' lists the kinds, and of cards only payment account references are such "
            "unless sharing.fingerprints says otherwise"
        )
    return held


def holders(logs: Logs, kinds: Sequence[EvidenceKind], *, kind: str, values: Iterable[str]) -> list[str]:
    """Name the accounts of ours that hold any of some values, each once."""
    found = OwnValues(logs, kinds).holders(kind, values)
    return sorted({account_id for accounts in found.values() for account_id in accounts})


def _check_kind(kind: str) -> None:
    if kind in NEVER or kind == "prompt":
        raise DataError(
            f"values of kind '{inert(kind)}' are not compared so: they are shared by thousands, or written by each "
            "lab in its own way; take payment, ip or a kind that you declared"
        )
