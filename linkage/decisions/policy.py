"""Block, review or allow: the least that must be true before an account is acted on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linkage.rings.ring import Member, Ring

SURE_ENOUGH = 0.9
"""A member less sure than this to belong is for a person to look at."""


@dataclass(frozen=True)
class Decision:
    """What to do about an account, and why.

    Args:
        account_id: the account.
        ring: its ring.
        decision: ``block``, ``review`` or ``allow``.
        reason: why, in a sentence.
    """

    account_id: str
    ring: Ring
    member: Member
    decision: str
    reason: str


def decide(
    rings: Iterable[Ring],
    *,
    block_at: float,
    allowed: Mapping[str, str],
    judgements: Mapping[str, str] | None = None,
) -> list[Decision]:
    """Decide for each member of each ring.

    Args:
        rings: scored rings.
        block_at: the score from which members are blocked.
        allowed: account ids on the allowlist, and why.
        judgements: what people said last of rings and accounts.
    """
    said = judgements or {}
    return [
        Decision(member.account_id, ring, member, *_decide(ring, member, block_at, allowed, said))
        for ring in rings
        for member in ring.members
    ]


def _decide(
    ring: Ring, member: Member, block_at: float, allowed: Mapping[str, str], said: Mapping[str, str]
) -> tuple[str, str]:
    own, ours = said.get(member.account_id), said.get(ring.ring)
    why = "; ".join(reason.sentence for reason in ring.evidence) or "no evidence left"
    if member.account_id in allowed:
        return "allow", f"on the allowlist: {allowed[member.account_id]}"
    if "dismiss" in {own, ours}:
        return "allow", "a person dismissed it"
    if ring.score < block_at:
        return "review", f"the ring's score {ring.score:.2f} is below {block_at:g}"
    if "watch" in {own, ours}:
        return "review", "a person is watching it"
    if member.role == "neighbour":
        return "review", "all that ties it to the ring could have been given to a victim"
    if member.confidence < SURE_ENOUGH:
        return "review", f"only {member.confidence:.2f} sure that it belongs"
    return "block", why
