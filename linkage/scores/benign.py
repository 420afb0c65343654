"""An honest reading of a ring, where its facts allow one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from linkage.tables import derive

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linkage.evidence.collect import Evidence
    from linkage.rings.membership import Membership
    from linkage.rings.ring import Member
    from linkage.scores.extraction import Extraction
    from linkage.tables import Logs

MOST = 0.8
"""The share of members that must fit before a reading is offered."""
UNLIKELY = 0.5
"""From this chance of extraction on, an honest reading is no longer offered."""
ALLOWED = 0.5
"""From this share of members on the allowlist on, the ring as a whole is taken to be."""


def benign_explanations(
    membership: Membership,
    evidence: Evidence,
    logs: Logs,
    extraction: Extraction,
    likely: Mapping[int, float | None],
) -> dict[int, str]:
    """Say for each ring what honest group it looks like: one organisation, or one network that sleeps at night.

    Nothing is said where the behaviour speaks for extraction, or where no such reading fits.
    """
    rows = derive(
        """
        with facts as (
            select ring, account_id, operator, coalesce(nullif(org, ''), nullif(email_domain, '')) as organisation
            from members
            join people using (account)
            left join accounts using (account_id)
        ),
        sizes as (select ring, count(*) as size from facts group by ring),
        networks as (select ring, operator as value, count(*) as n from facts where operator is not null group by all),
        organisations as (
            select ring, organisation as value, count(*) as n from facts where organisation is not null group by all
        )
        select ring, size, 'organisation' as what, max(n) as n from organisations join sizes using (ring) group by all
        union all by name
        select ring, size, 'network' as what, max(n) as n from networks join sizes using (ring) group by all
        """,
        members=membership.members,
        people=evidence.people,
        accounts=logs.accounts,
    )
    found: dict[int, str] = {}
    for ring, size, what, count in rows.rows("ring, what desc"):
        chance = likely[ring]
        if count < MOST * size or (chance is not None and chance >= UNLIKELY):
            continue
        awake = extraction.parts[ring].get("roundness", 1.0) < 0.7
        if what == "organisation":
            found[ring] = f"{count:,} of {size:,} members are of one organisation"
        elif awake and ring not in found:
            found[ring] = (
                f"{count:,} of {size:,} members use one network and keep its hours: an office, a campus, a class"
            )
    return found


def allowed_reading(members: Sequence[Member], allowed: Mapping[str, str]) -> str | None:
    """Say that a ring is on the allowlist, where most of its members are; None otherwise.

    >>> from linkage.rings.ring import Member
    >>> allowed_reading([Member("a", 1.0, None, "member", 0.8)], {"a": "licensed research"})
    'on the allowlist: licensed research'
    """
    reasons = [allowed[member.account_id] for member in members if member.account_id in allowed]
    if len(reasons) < ALLOWED * len(members) or not reasons:
        return None
    (reason, _), *_ = Counter(sorted(reasons)).most_common(1)
    return f"on the allowlist: {reason}"


def with_allowed(members: Sequence[Member], allowed: Mapping[str, str]) -> tuple[Member, ...]:
    """Mark the members that are on the allowlist."""
    return tuple(
        replace(member, role="allowed") if member.account_id in allowed else member for member in members
    )
