"""What accounts of ours were seen with, kind by kind, as it is held against what other labs have."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from linkage.evidence.people import gather_people
from linkage.tables import Table, derive

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from linkage.evidence.kind import EvidenceKind
    from linkage.tables import Logs


class OwnValues:
    """Values that accounts of ours hold, as their kinds clean them; nobody of the reference is one of ours.

    Args:
        logs: the checked tables.
        kinds: the kinds of evidence.
    """

    def __init__(self, logs: Logs, kinds: Sequence[EvidenceKind]) -> None:
        self._logs = logs
        self._kinds = {kind.name: kind for kind in kinds}
        self._seen: dict[str, Table] = {}
        self._people = gather_people(logs)
        self.accounts: int = self._people.one(
            f"select count(*) from {self._people.name} where not reference"
        )[0]

    def values(self, kind: str) -> list[str]:
        """List the finest values of a kind, each once; none where the kind is not looked at."""
        if kind not in self._kinds:
            return []
        rows = derive(
            """
            select distinct identifier from sightings join people using (account)
            where level = 0 and not reference
            order by identifier
            """,
            sightings=self._sightings(kind),
            people=self._people,
        ).rows()
        return [value for (value,) in rows]

    def holders(self, kind: str, values: Iterable[str]) -> Mapping[str, list[str]]:
        """Name the accounts that hold values of a kind, by value."""
        holders: dict[str, list[str]] = defaultdict(list)
        listed = sorted(set(values))
        if listed:
            rows = derive(
                """
                select distinct identifier, account_id from sightings join people using (account)
                where level = 0 and not reference and list_contains(?, identifier)
                order by all
                """,
                [listed],
                sightings=self._sightings(kind),
                people=self._people,
            ).rows()
            for value, account_id in rows:
                holders[value].append(account_id)
        return holders

    def _sightings(self, kind: str) -> Table:
        if kind not in self._seen:
            self._seen[kind] = self._kinds[kind].sightings(self._logs, self._people)
        return self._seen[kind]
