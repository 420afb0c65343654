"""What a ring is, in a few lines: size, dates, strongest evidence, who belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.rings.ring import Member, Reason
from linkage.tables import Table, derive

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from linkage.evidence.collect import Evidence
    from linkage.evidence.kind import EvidenceKind
    from linkage.rings.membership import Membership


FEW = 0.1
"""The part of a ring that holds what ties a member, below which somebody may have copied it from a victim: what an
operation gives to its accounts is in more of them."""
SURE = 0.5
"""Confidence without its most telling identifier, below which a member rests on that one."""


def reasons_by_ring(membership: Membership, kinds: Sequence[EvidenceKind]) -> dict[int, tuple[Reason, ...]]:
    """Say for each ring what ties its members, strongest first."""
    by_name = {kind.name: kind for kind in kinds}
    rows = derive(
        """
        with sizes as (select ring, count(*) as size from members group by ring),
        counted as (
            select ring, kind, level, count(*) as identifiers, max(holders) as most
            from shared
            where bits > 0
            group by all
        )
        select ring, kind, level, round(sum(bits) / any_value(size), 2) as bits, any_value(identifiers) as identifiers,
            count(*) as accounts
        from parts
        join sizes using (ring)
        join counted using (ring, kind, level)
        group by all
        """,
        members=membership.members,
        parts=membership.parts,
        shared=membership.shared,
    )
    found: dict[int, list[Reason]] = {}
    for ring, name, level, bits, identifiers, accounts in rows.rows("bits desc, ring, kind, level"):
        sentence = by_name[name].sentence(level, identifiers, accounts)
        found.setdefault(ring, []).append(Reason(name, bits, identifiers, accounts, sentence))
    return {ring: tuple(reasons) for ring, reasons in found.items()}


def members_by_ring(
    membership: Membership,
    evidence: Evidence,
    extraction: Mapping[int, float],
    kinds: Sequence[EvidenceKind],
    roles: Mapping[int, str],
) -> dict[int, tuple[Member, ...]]:
    """List the members of each ring, surest first.

    Args:
        membership: who belongs, and why.
        evidence: for the account ids.
        extraction: account number to its own extraction score, where one is known.
        kinds: the kinds of evidence, which say what somebody else can give to a victim.
        roles: account number to the role of those who are more than members.
    """
    rows = derive(
        """
        with sizes as (select ring, count(*) as size from members group by ring),
        held as materialized (select ring, account, identifier from members join holdings using (account)),
        spread as (
            select ring, account, kind, level, max(holders) as holders
            from held
            join shared using (ring, identifier)
            group by all
        ),
        own as (
            select ring, account, bool_or(
                not list_contains($1, kind)
                and not (list_contains($2, kind) and coalesce(holders, 0) < $3 * size and least < $4)
            ) as own
            from parts
            join sizes using (ring)
            join members using (ring, account)
            left join spread using (ring, account, kind, level)
            where parts.bits > 0 and kind <> 'signup'
            group by all
        )
        select ring, members.account, account_id, confidence, least, coalesce(own, false) as own
        from members
        join people using (account)
        left join own using (ring, account)
        """,
        [
            [kind.name for kind in kinds if kind.receivable],
            [kind.name for kind in kinds if kind.copyable],
            FEW,
            SURE,
        ],
        members=membership.members,
        parts=membership.parts,
        shared=membership.shared,
        holdings=evidence.holdings,
        people=evidence.people,
    )
    found: dict[int, list[Member]] = {}
    for ring, account, account_id, confidence, least, own in rows.rows("ring, confidence desc, account_id"):
        role = roles.get(account, "member") if own else "neighbour"
        member = Member(account_id, confidence, extraction.get(account), role, least)
        found.setdefault(ring, []).append(member)
    return {ring: tuple(members) for ring, members in found.items()}


def spans(
    membership: Membership, evidence: Evidence
) -> dict[int, tuple[int, datetime | None, datetime | None]]:
    """Count the events of each ring and find the first and the last."""
    rows = derive(
        """
        select ring, sum(events)::bigint as events, min(first_seen) as first_seen, max(last_seen) as last_seen
        from members
        join people using (account)
        group by ring
        """,
        members=membership.members,
        people=evidence.people,
    )
    return {ring: (events, first, last) for ring, events, first, last in rows.rows("ring")}


def oldest_first(membership: Membership, evidence: Evidence) -> dict[int, list[str]]:
    """List the account ids of each ring, oldest first."""
    rows: Table = derive(
        "select ring, account, account_id from members join people using (account)",
        members=membership.members,
        people=evidence.people,
    )
    found: dict[int, list[str]] = {}
    for ring, _, account_id in rows.rows("ring, account"):
        found.setdefault(ring, []).append(account_id)
    return found
