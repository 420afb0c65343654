"""Selectors as STIX indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.inert import inert
from linkage.sharing.model import Scheme
from linkage.sharing.stix_objects import Maker, Object, extended, stamp

if TYPE_CHECKING:
    from linkage.sharing.model import Selector
    from linkage.sharing.selectors import Held


def indicator_id(maker: Maker, pattern: str) -> str:
    """Name the indicator of a pattern."""
    return maker.name("indicator", pattern)


def make_indicator(maker: Maker, held: Held) -> Object:
    """Make the indicator of a selector; it lives as long as one of its rings does.

    Args:
        maker: makes the objects of the package.
        held: the selector and its rings.

    Returns:
        The indicator; it is the same in the bundle of each of its rings.
    """
    selector = held.selector
    return maker.observable("indicator", held.pattern) | {
        "created_by_ref": maker.producer,
        "created": stamp(held.created),
        "modified": stamp(held.modified),
        **({"revoked": True} if held.revoked else {}),
        "name": _name(selector),
        "description": _description(selector),
        "indicator_types": ["anomalous-activity"],
        "pattern": held.pattern,
        "pattern_type": "stix",
        "pattern_version": "2.1",
        "valid_from": stamp(selector.valid_from),
        "valid_until": stamp(selector.valid_until),
        "confidence": selector.confidence,
        "extensions": extended(
            kind=selector.kind,
            scheme=selector.scheme.value,
            rings=list(held.rings),
            accounts=selector.accounts,
            action=action_of(selector),
            **({"key_id": selector.key_id} if selector.key_id else {}),
            **({"minhash": selector.value} if selector.scheme is Scheme.minhash else {}),
        ),
    }


def action_of(selector: Selector) -> str:
    """Say what a selector is for: to be logged where it is met, or only to be looked at where many share it."""
    return "look" if selector.soft else "log"


def _name(selector: Selector) -> str:
    kind = inert(selector.kind)
    if selector.scheme is Scheme.raw:
        return f"{kind} {inert(selector.value)}"
    return f"{kind} token {selector.value[:12]} ({selector.scheme.value}, {inert(selector.key_id)})"


def _description(selector: Selector) -> str:
    shared = " It lies in a network that many rent or share." if selector.soft else ""
    return (
        f"At least {selector.accounts} accounts of a ring were seen with it.{shared} "
        "A reason to look at an account, and never alone to act against one."
    )
