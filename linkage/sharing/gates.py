"""What may leave the house: each value that members share goes through the same gates, and says where it was stopped."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from linkage.sharing.warninglists import Grade
from linkage.tables import Table, derive, from_columns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from linkage.evidence.collect import Evidence
    from linkage.sharing.warninglists import WarningLists

SUPPORT = 2
"""Fewest members that hold a value which goes out: of one alone it could be anybody's."""
NEVER = frozenset({"asn", "signup", "agent", "partner"})
"""Kinds that never go out: a network, a day and a program are shared by thousands, and a partner's word is theirs."""


@dataclass(frozen=True)
class Shareable:
    """A value that passed the gates.

    Args:
        ring: whose it is.
        kind: its kind of evidence.
        value: as the kind cleans it; of a prompt, the name of the template.
        first_seen: when a member was first seen with it.
        last_seen: when last.
        accounts: how many members hold it.
        confidence: how sure it is on average that these belong, 0 to 1.
        example: what was seen, as it begins.
        soft: it lies in a network that many rent.
    """

    ring: str
    kind: str
    value: str
    first_seen: datetime | None
    last_seen: datetime | None
    accounts: int
    confidence: float
    example: str
    soft: bool = False


@dataclass(frozen=True)
class Held:
    """Values that were held back.

    Args:
        ring: whose they are.
        kind: their kind of evidence.
        reason: where they were stopped.
        values: how many.
    """

    ring: str
    kind: str
    reason: str
    values: int


def shareable(
    members: Mapping[str, Mapping[str, float]],
    evidence: Evidence,
    lists: WarningLists,
    *,
    doubted: Collection[str] = (),
) -> tuple[list[Shareable], list[Held]]:
    """Let the values that members of rings share through the gates.

    Args:
        members: for each ring that goes out its accounts, and how sure it is that each belongs: 0 to 1.
        evidence: what accounts share.
        lists: networks that must not go out.
        doubted: further accounts of these rings, which a person must look at before they are blocked. They give
            nothing, and that they have a value keeps it back no more than that a member has it.

    Returns:
        What passed, by ring, kind and value; and what was held back, and why.
    """
    passed: list[Shareable] = []
    held: Counter[tuple[str, str, str]] = Counter()
    for each, strangers, known in _candidates(_table(members, evidence), evidence, doubted):
        listed = lists.find(each.value) if each.kind == "ip" else None
        hard = listed.name if listed and listed.grade is Grade.hard else None
        reason = _stopped(each, strangers, hard, known=known)
        if reason is not None:
            held[each.ring, each.kind, reason] += 1
        elif listed:
            passed.append(_softened(each))
        else:
            passed.append(each)
    return passed, held_back(held)


def held_back(counted: Mapping[tuple[str, str, str], int]) -> list[Held]:
    """List what was held back, most first in each ring."""
    ordered = sorted(counted.items(), key=lambda item: (item[0][0], -item[1], item[0]))
    return [Held(*place, values) for place, values in ordered]


def networks(
    members: Mapping[str, Mapping[str, float]], evidence: Evidence, *, most: int = 10
) -> dict[str, tuple[int, ...]]:
    """Name the autonomous systems that most members of each ring come from: context, never a reason."""
    rows = derive(
        """
        select ring, value
        from members
        join holdings using (account)
        join identifiers using (identifier)
        where kind = 'asn' and level = 0 and regexp_matches(value, '^AS[0-9]{1,10}$')
        group by ring, value
        having count(*) >= ?
        qualify row_number() over (partition by ring order by count(*) desc, value) <= ?
        """,
        [SUPPORT, most],
        members=_table(members, evidence),
        holdings=evidence.holdings,
        identifiers=evidence.identifiers,
    ).rows("ring, value")
    named: dict[str, list[int]] = {}
    for ring, value in rows:
        named.setdefault(ring, []).append(int(value[2:]))
    return {ring: tuple(sorted(found)) for ring, found in named.items()}


def _stopped(each: Shareable, strangers: int, hard: str | None, *, known: bool) -> str | None:
    if each.accounts < SUPPORT:
        return "only one member has it"
    if known:
        return "it is known to be shared"
    if strangers:
        return "accounts outside these rings have it too"
    if hard is not None:
        return f"its network is on a warning list ({hard})"
    return None


def _softened(each: Shareable) -> Shareable:
    return replace(each, soft=True, confidence=each.confidence / 2)


def _candidates(
    members: Table, evidence: Evidence, doubted: Collection[str]
) -> Iterator[tuple[Shareable, int, bool]]:
    """Give each finest value that a member holds, with how many others do, and whether it is known to be shared.

    Others are all who are in no ring that goes out: in the window, and in the earlier period, too. What evidence says of
    the earlier period counts those of the window again, as far as a value looks public; they are taken off.
    """
    rows = derive(
        """
        with chosen as (
            select * from identifiers
            where not list_contains(?, kind) and (level = 0 or (kind = 'prompt' and level = 1))
        ),
        theirs as (
            select ring, identifier, min(first_seen) as first_seen, max(last_seen) as last_seen,
                count(*) as accounts, avg(confidence) as confidence, min(example) as example
            from members
            join holdings using (account)
            semi join chosen using (identifier)
            group by all
        ),
        inside as (
            select account from members
            union
            select account from people where not reference and list_contains(?, account_id)
        ),
        ours as (select identifier, count(*) as accounts from inside join holdings using (account) group by all),
        everybody as (select identifier, count(*) as accounts from holdings group by all),
        before as (
            select identifier, count(distinct account) as accounts
            from inside join earlier_holdings using (account)
            group by all
        )
        select ring, kind, value, theirs.first_seen, theirs.last_seen, theirs.accounts,
            round(theirs.confidence, 4) as confidence, coalesce(theirs.example, '') as example,
            everybody.accounts - ours.accounts + greatest(
                earlier - round(chosen.accounts * publicity)::bigint - coalesce(before.accounts, 0), 0
            ) as strangers,
            coalesce(why, '') like 'known%' as known
        from theirs
        join chosen using (identifier)
        join ours using (identifier)
        join everybody using (identifier)
        left join before using (identifier)
        """,
        [sorted(NEVER), sorted(doubted)],
        members=members,
        people=evidence.people,
        holdings=evidence.holdings,
        earlier_holdings=evidence.earlier_holdings,
        identifiers=evidence.identifiers,
    )
    for *values, strangers, known in rows.rows("ring, kind, value"):
        yield Shareable(*values), strangers, known


def _table(members: Mapping[str, Mapping[str, float]], evidence: Evidence) -> Table:
    listed: Iterable[tuple[str, str, float]] = [
        (ring, account_id, sure)
        for ring, accounts in members.items()
        for account_id, sure in accounts.items()
    ]
    types = {"ring": "varchar", "account_id": "varchar", "confidence": "double"}
    columns = dict(zip(types, zip(*listed, strict=True), strict=True)) if listed else dict.fromkeys(types, ())
    return derive(
        "select ring, account, confidence from listed join people using (account_id) where not reference",
        listed=from_columns(evidence.people.database, types, columns),
        people=evidence.people,
    )
