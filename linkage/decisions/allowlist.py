"""Which accounts are exempt, and why: by id, organisation, address, network, card or template."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from linkage.evidence.ageing import end_of
from linkage.evidence.kinds import KINDS
from linkage.evidence.shared import known_identifiers
from linkage.tables import Table, derive

if TYPE_CHECKING:
    from datetime import datetime

    from linkage.evidence.collect import Evidence
    from linkage.tables import Logs


_SHARED = "known to be shared: "
"""How the reasons of ``known_identifiers`` begin; an allowlist has reasons of its own."""


def allowed_accounts(logs: Logs, evidence: Evidence, end: datetime | None = None) -> dict[str, str]:
    """Find the accounts of the window that an entry of the allowlist covers.

    An entry with an end counts until the last event of the logs, not until today, so that the same logs give the
    same decisions; one clock that runs ahead ends none.

    Args:
        logs: the checked tables.
        evidence: who the accounts are.
        end: when the last event was, where the events are elsewhere.

    Returns:
        account_id to the entry's reason.
    """
    if not len(logs.allowlist):
        return {}
    valid = derive(
        """
        select kind,
            -- Of IPv6 an identifier is the /64, so one address stands for its own.
            case when kind in ('ip', 'network') and contains(value, ':') and not contains(value, '/')
                then value || '/64' else value end as value,
            coalesce(reason, 'listed') as why
        from allowlist
        where until is null or until >= coalesce(?::timestamp, 'epoch')
        """,
        [end or end_of(logs)],
        allowlist=logs.allowlist,
    )
    if not len(valid):
        return {}
    seen = _seen(
        logs, evidence, {kind for (kind,) in derive("select distinct kind from valid", valid=valid).rows()}
    )
    rows = derive(
        """
        select account_id, why from valid join people on kind = 'account' and value = account_id
        union all
        select account_id, why from valid join accounts on kind = 'org' and lower(value) in (lower(org), lower(email_domain))
        union all
        select account_id, substr(listed.why, length(?) + 1)
        from seen
        join listed on (listed.kind, listed.level, listed.value) = (seen.kind, seen.level, seen.identifier)
        join people using (account)
        """,
        [_SHARED],
        valid=valid,
        people=evidence.people,
        accounts=logs.accounts,
        seen=seen,
        listed=known_identifiers(seen, valid, KINDS),
    )
    return dict(rows.rows("account_id, why desc"))


def can_be_met(kind: str, value: str) -> bool:
    """Say whether a value could ever be met in logs: an entry that covers nobody protects nobody.

    >>> can_be_met("network", "198.51.100.0/24"), can_be_met("ip", "the office"), can_be_met("asn", "64500")
    (True, False, True)
    """
    if kind in {"ip", "network"}:
        try:
            ip_network(value, strict=False)
        except ValueError:
            return False
        return True
    return all(each.clean(value) is not None for each in KINDS if each.name == kind)


def _seen(logs: Logs, evidence: Evidence, listed: set[str]) -> Table:
    """Say which account was ever seen with which identifier of the listed kinds, shared or not."""
    words = {"network": "ip", "template": "prompt"}
    names = {words.get(word, word) for word in listed}
    none = derive(
        "select account, '' as kind, 0 as level, '' as identifier from people limit 0", people=evidence.people
    )
    parts = [kind.sightings(logs, evidence.people) for kind in KINDS if kind.name in names]
    named = {f"part{number}": part for number, part in enumerate([none, *parts])}
    return derive(
        " union all ".join(f"select account, kind, level, identifier from {name}" for name in named), **named
    )
