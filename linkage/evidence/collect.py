"""Ask each kind for its sightings, and keep what accounts share, with its worth in bits and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkage.evidence.gather import gather
from linkage.evidence.publicity import publicity
from linkage.evidence.visits import with_mutual
from linkage.evidence.worth import weigh
from linkage.tables import Table, derive

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linkage.evidence.kind import EvidenceKind
    from linkage.settings import EvidenceSettings
    from linkage.tables import Logs


@dataclass(frozen=True)
class Evidence:
    """What accounts share.

    Args:
        people: account, account_id, reference, created_at, first_seen, last_seen, events, operator, addressed (how
            many of its events came from an address that is known).
        identifiers: identifier (number), kind, family, level, value, accounts (holders), earlier (holders to be counted
            as strangers: those in the reference and, as far as it looks public, those of the window), population and
            earlier_population (the accounts among which they are counted), cap, habit, bits, why (it may not create a
            link), creates, publicity (0 to 1: how public its holders look).
        holdings: account, identifier, first_seen, last_seen, count, share, example, mutual (0 to 1: how far the other
            holders use it as the account does).
        earlier_holdings: account, identifier, of accounts of the window that held it in the reference already.
        skipped: sentences on kinds that found no column to read.
    """

    people: Table
    identifiers: Table
    holdings: Table
    earlier_holdings: Table
    skipped: tuple[str, ...]


def collect_evidence(
    logs: Logs, kinds: Sequence[EvidenceKind], settings: Mapping[str, EvidenceSettings]
) -> Evidence:
    """Ask each kind for its sightings and weigh them by rarity.

    Args:
        logs: the checked tables.
        kinds: what to look at.
        settings: per kind, with nothing left open (see ``kinds.effective``).
    """
    gathered = gather(logs, kinds)
    sightings = gathered.sightings
    people = _addressed(gathered.people, sightings)
    weighed = weigh(gathered, logs, kinds, settings)
    held = derive(
        """
        select account, identifiers.identifier, sightings.first_seen, sightings.last_seen, count, share, example
        from sightings
        join identifiers using (kind, level)
        join people using (account)
        where sightings.identifier = identifiers.value and not reference
        """,
        sightings=sightings,
        identifiers=weighed,
        people=people,
    )
    holdings = with_mutual(held, weighed, people)
    identifiers = _graded(weighed, publicity(weighed, holdings, people))
    earlier_holdings = derive(
        """
        select now.account, identifiers.identifier
        from sightings
        join identifiers using (kind, level)
        join people as before using (account)
        join people as now on now.account_id = before.account_id and not now.reference
        where sightings.identifier = identifiers.value and before.reference
        """,
        sightings=sightings,
        identifiers=identifiers,
        people=people,
    )
    sightings.drop()
    return Evidence(people, identifiers, holdings, earlier_holdings, gathered.skipped)


def _addressed(people: Table, sightings: Table) -> Table:
    """Count of each account the events whose address is known."""
    return derive(
        """
        with counted as (
            select account, sum(count)::bigint as events from sightings where kind = 'ip' and level = 0 group by account
        )
        select people.*, coalesce(counted.events, 0) as addressed
        from people
        left join counted using (account)
        order by account
        """,
        people=people,
        sightings=sightings,
    )


def _graded(identifiers: Table, grades: Table) -> Table:
    """Count as strangers to any group the holders of a public identifier, as far as it looks public.

    A group of all who use one public template has no outsider left who uses it, and would look as tied as a ring.
    It keeps its star, or its users would be drawn into rings by what little else they share with them.

    A frozen list does not say whose the earlier holders were. As far as an identifier looks private they are taken
    for those who hold it now: a ring that was there before would otherwise be its own stranger.
    """
    return derive(
        """
        select identifier, kind, family, level, value, accounts,
            round(earlier * case when by_list then coalesce(grades.publicity, 1) else 1 end)::bigint
                + round(accounts * coalesce(grades.publicity, 0))::bigint as earlier,
            population, earlier_population, cap, habit, bits, why, creates,
            coalesce(grades.publicity, 0.0) as publicity
        from identifiers
        left join grades using (identifier)
        order by identifier
        """,
        identifiers=identifiers,
        grades=grades,
    )
