"""What is known beside the run itself: identifiers that stood in rings somebody judged, and accounts known bad."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from linkage.tables import Table, derive, from_arrow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linkage.evidence.collect import Evidence
    from linkage.evidence.kind import EvidenceKind
    from linkage.rings.membership import Membership
    from linkage.tables import Logs

BAD = ("banned", "blocked", "suspended", "terminated", "disabled", "deactivated for abuse")
"""Words of ``accounts.status`` that say a person or a system acted against an account."""
SHOWN = 5
"""Precedents and paths shown of one ring."""
LEAST_BITS = 3.0
"""What an identifier must say at least to lead anywhere: a whole network's customers are no path."""
PRECEDENT = {
    "ring": pa.string(), "kind": pa.string(), "level": pa.int32(), "value": pa.string(), "accounts": pa.int64(),
}  # fmt: skip
"""Columns of what is kept of judged rings: the ring, the identifier, and how many members held it."""


def telling_identifiers(rings: Mapping[int, str], evidence: Evidence, membership: Membership) -> Table:
    """List what some rings share, to be known by in later runs: the columns of ``PRECEDENT``."""
    return derive(
        """
        select named.name as ring, shared.kind, shared.level, value, holders as accounts
        from shared
        join named using (ring)
        join identifiers using (identifier)
        where shared.bits >= ? and why is null
        """,
        [LEAST_BITS],
        shared=membership.shared,
        identifiers=evidence.identifiers,
        named=_named(rings, evidence),
    )


def precedents(  # noqa: PLR0913 - a run, and what is known beside it
    rings: Mapping[int, str],
    judged: Mapping[str, str],
    kept: Table,
    *,
    kinds: Sequence[EvidenceKind],
    evidence: Evidence,
    membership: Membership,
) -> dict[str, list[dict[str, Any]]]:
    """Find for each ring the identifiers that stand in other rings which somebody judged, now or in an earlier run.

    Args:
        rings: the rings of the run: number to name.
        judged: the name of a ring, and what was said of it.
        kept: what earlier runs kept of judged rings, with the columns of ``PRECEDENT``.
        kinds: the kinds of evidence.
        evidence: what accounts share.
        membership: who belongs to which ring.

    Returns:
        By ring, the most telling first: ring, judgement, kind, identifier, accounts there and here.
    """
    if not judged:
        return {}
    known = {kind.name: kind for kind in kinds}
    mine = telling_identifiers(rings, evidence, membership)
    said = from_arrow(
        mine.database,
        pa.table(
            {"ring": pa.array(judged, pa.string()), "judgement": pa.array(judged.values(), pa.string())}
        ),
    )
    rows = derive(
        """
        with every as (
            select * from mine
            union all by name
            select * from kept anti join mine using (ring, kind, level, value)
        )
        select mine.ring, every.ring as other, judgement, mine.kind, mine.value, every.accounts as there,
            mine.accounts as here
        from mine
        join every using (kind, level, value)
        join said on said.ring = every.ring
        where mine.ring <> every.ring
        qualify row_number() over (
            partition by mine.ring order by least(every.accounts, mine.accounts) desc, other, kind, value
        ) <= ?
        """,
        [SHOWN],
        mine=mine,
        kept=kept,
        said=said,
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for ring, other, judgement, kind, value, there, here in rows.rows("ring, here desc, other, kind, value"):
        found.setdefault(ring, []).append(
            {
                "ring": other,
                "judgement": judgement,
                "kind": kind,
                "identifier": _caption(known, kind, value),
                "there": there,
                "here": here,
            }
        )
    return found


def paths_to_known_bad(  # noqa: PLR0913 - as above
    rings: Mapping[int, str],
    confirmed: Mapping[str, frozenset[str]],
    *,
    kinds: Sequence[EvidenceKind],
    logs: Logs,
    evidence: Evidence,
    membership: Membership,
) -> dict[str, list[dict[str, Any]]]:
    """Find for each ring accounts known bad that are its members, or share an identifier with one.

    Known bad is who was acted against, by ``accounts.status``, and who belongs to another ring that was confirmed
    with that account in it: who joined later was confirmed by nobody.

    Args:
        rings: the rings of the run: number to name.
        confirmed: confirmed rings, and their accounts when that was said.
        kinds: the kinds of evidence.
        logs: the checked tables.
        evidence: what accounts share.
        membership: who belongs to which ring.

    Returns:
        By ring: the account, why it is known bad, and, where it is no member, the kind and identifier that lead there,
        a member that holds it, and how many members do.
    """
    bad = _known_bad(_named(rings, evidence), confirmed, logs=logs, evidence=evidence, membership=membership)
    if not len(bad):
        return {}
    known = {kind.name: kind for kind in kinds}
    found: dict[str, list[dict[str, Any]]] = {}
    for ring, account_id, why, kind, value, _, holders, _, through in _paths(bad, evidence, membership).rows(
        "ring, bits desc, account_id, why"
    ):
        found.setdefault(rings[ring], []).append(
            {
                "account": account_id,
                "why": why,
                "kind": kind,
                "identifier": _caption(known, kind, value) if kind in known else None,
                "through": through,
                "here": holders,
            }
        )
    return found


def _known_bad(
    named: Table,
    confirmed: Mapping[str, frozenset[str]],
    *,
    logs: Logs,
    evidence: Evidence,
    membership: Membership,
) -> Table:
    """List who was acted against (ring is null), and who was in a ring when it was confirmed, and still is."""
    each = sorted((name, account) for name, accounts in confirmed.items() for account in accounts)
    sure = from_arrow(
        evidence.people.database,
        pa.table(
            {
                "name": pa.array([name for name, _ in each], pa.string()),
                "account_id": pa.array([account for _, account in each], pa.string()),
            }
        ),
    )
    return derive(
        f"""
        select account, account_id, status as why, null::bigint as ring
        from accounts
        join people using (account_id)
        where not reference and lower(trim(status)) in ({", ".join("?" * len(BAD))})
        union all by name
        select account, account_id, 'member of ' || name || ', which was confirmed' as why, ring
        from members
        join named using (ring)
        join people using (account)
        semi join sure using (name, account_id)
        """,
        list(BAD),
        accounts=logs.accounts,
        people=evidence.people,
        members=membership.members,
        named=named,
        sure=sure,
    )


def _paths(bad: Table, evidence: Evidence, membership: Membership) -> Table:
    """Find who of those known bad is a member, or shares an identifier with one: the most telling of each ring."""
    return derive(
        f"""
        with inside as (
            select members.ring, account, account_id, why
            from members
            join bad using (account)
            where bad.ring is null
        ),
        reached as (
            select shared.ring, bad.account_id, bad.why, shared.kind, value, shared.bits, identifier, holders
            from shared
            join identifiers using (identifier)
            join holdings using (identifier)
            join bad using (account)
            where shared.bits >= {LEAST_BITS} and identifiers.why is null and bad.ring is distinct from shared.ring
                and (shared.ring, account) not in (select (ring, account) from members)
        ),
        told as (
            select ring, account_id, why, null as kind, null as value, null::bigint as identifier, 0 as holders, 99.0 as bits
            from inside
            union all by name
            select * from reached
            qualify row_number() over (partition by ring, account_id order by bits desc, identifier) = 1
        ),
        best as (
            select * from told
            qualify row_number() over (partition by ring order by bits desc, account_id, why) <= ?
        )
        select best.*, (
            select min(member.account_id)
            from holdings
            join members using (account)
            join people as member using (account)
            where holdings.identifier = best.identifier and members.ring = best.ring
        ) as through
        from best
        """,
        [SHOWN],
        bad=bad,
        shared=membership.shared,
        identifiers=evidence.identifiers,
        holdings=evidence.holdings,
        members=membership.members,
        people=evidence.people,
    )


def _caption(known: Mapping[str, EvidenceKind], kind: str, value: str) -> str:
    """Write an identifier for a screen; one of a kind that is no longer looked at as it is."""
    return (known[kind].caption(value) if kind in known else value)[:160]


def _named(rings: Mapping[int, str], evidence: Evidence) -> Table:
    return from_arrow(
        evidence.people.database,
        pa.table({"ring": pa.array(rings, pa.int64()), "name": pa.array(rings.values(), pa.string())}),
    )
