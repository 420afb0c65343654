"""Block, review or allow: the least that must be true before an account is acted on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkage.rings.ring import Member, Ring

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SURE_ENOUGH = 0.9
"""A member less sure than this to belong is for a person to look at."""
DOUBTFUL = {
    "neighbour": "all that ties it to the ring could have been given to, or copied from, a victim",
    "compromised": "its key may have been stolen: what ties it to the ring lies within a few days of a life of its own",
    "bridge": "it alone holds two parts of the ring together: it may stand between two operations",
}
"""Roles whose account a person must look at, and why."""


@dataclass(frozen=True)
class Decision:
    """What to do about an account, and why.

    Args:
        account_id: the account.
        ring: its ring.
        member: its place there.
        decision: ``block``, ``review`` or ``allow``.
        reason: why, in a sentence.
    """

    account_id: str
    ring: Ring
    member: Member
    decision: str
    reason: str


def decide(  # noqa: PLR0913 - all that people said comes together here
    rings: Iterable[Ring],
    *,
    block_at: float,
    allowed: Mapping[str, str],
    judgements: Mapping[str, str] | None = None,
    judged: Mapping[str, frozenset[str]] | None = None,
    cleared: Mapping[str, str] | None = None,
) -> list[Decision]:
    """Decide for each member of each ring.

    The allowlist comes first, then what a person said: of the account or, where nothing was said of it, of its
    ring. Only then the score, the evidence and the confidence.

    Args:
        rings: scored rings.
        block_at: the score from which members are blocked.
        allowed: account ids on the allowlist, and why.
        judgements: what people said last of rings and accounts.
        judged: the accounts of rings when that was said: who joined later was confirmed, or dismissed, by nobody.
            Where none is given, nobody joined later. Of a ring that is not among them, nobody is known to have been
            confirmed, and nobody to have joined since it was dismissed.
        cleared: accounts of dismissed rings, and which; a ring that takes them in does not take that from them.
    """
    said, elsewhere = judgements or {}, cleared or {}
    return [
        Decision(
            member.account_id,
            ring,
            member,
            *_decide(
                ring,
                member,
                block_at,
                allowed,
                said,
                late=judged is not None and member.account_id not in judged.get(ring.ring, ()),
                joined=member.account_id not in (judged or {}).get(ring.ring, {member.account_id}),
                cleared=elsewhere.get(member.account_id, ring.ring),
            ),
        )
        for ring in rings
        for member in ring.members
    ]


def _decide(  # noqa: PLR0913 - all that a decision depends on
    ring: Ring,
    member: Member,
    block_at: float,
    allowed: Mapping[str, str],
    said: Mapping[str, str],
    *,
    late: bool,
    joined: bool,
    cleared: str,
) -> tuple[str, str]:
    own, of_ring = said.get(member.account_id), said.get(ring.ring)
    if member.account_id in allowed:
        return "allow", f"on the allowlist: {allowed[member.account_id]}"
    if own is None and of_ring == "dismiss":
        return _of_dismissed(ring, joined=joined)
    if own == "dismiss":
        return "allow", "a person dismissed it"
    if late and of_ring == "confirm":
        of_ring = None
    why = "; ".join(reason.sentence for reason in ring.evidence) or "no evidence left"
    if own == "confirm":
        return "block", f"{why}; a person confirmed the account"
    doubt = _doubt(ring, member, block_at, own or of_ring)
    if cleared != ring.ring:
        doubt = f"a person dismissed {cleared}, of which it was a member"
    if doubt is not None:
        return "review", doubt
    return "block", f"{why}; a person confirmed the ring" if of_ring == "confirm" else why


def _of_dismissed(ring: Ring, *, joined: bool) -> tuple[str, str]:
    """Allow who was looked at; news of the ring, and who came later, are for a person."""
    if ring.news:
        return "review", f"a person dismissed the ring, but {'; '.join(ring.news)}"
    if joined:
        return "review", "it joined a ring that a person had dismissed before: nobody has looked at it"
    return "allow", "a person dismissed it"


def _doubt(ring: Ring, member: Member, block_at: float, said: str | None) -> str | None:
    """Find what speaks against blocking; a confirmed ring needs no score, but its members must belong."""
    if said == "watch":
        return "a person is watching it"
    if ring.score < block_at and said != "confirm":
        return f"the ring's score {ring.score:.2f} is below {block_at:g}"
    if member.role in DOUBTFUL:
        return DOUBTFUL[member.role]
    if member.confidence < SURE_ENOUGH:
        return f"only {member.confidence:.2f} sure that it belongs"
    return None
