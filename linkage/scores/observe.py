"""What accounts do, read off the logs once; whoever is measured then is measured by this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkage import progress
from linkage.scores.behaviour import count_traffic, list_requests
from linkage.scores.doors import list_doors
from linkage.scores.names import list_names
from linkage.scores.sharing_out import list_sittings
from linkage.tables import Logs, Table

if TYPE_CHECKING:
    from linkage.evidence.collect import Evidence


@dataclass(frozen=True)
class Behaviour:
    """What accounts do.

    Args:
        logs: the checked tables.
        people: every account, numbered.
        requests: what each request is measured by, as from ``list_requests``.
        traffic: the same added up by account, as from ``count_traffic``.
        sittings: in which hours accounts did something, as from ``list_sittings``.
        doors: through which addresses they came, as from ``list_doors``.
        names: under what names they stand, as from ``list_names``.
    """

    logs: Logs
    people: Table
    requests: Table
    traffic: Table
    sittings: Table
    doors: Table
    names: Table


def observe(logs: Logs, evidence: Evidence) -> Behaviour:
    """Read off the logs what accounts do.

    Args:
        logs: the checked tables.
        evidence: who the accounts are, and which addresses they share.
    """
    progress.at("measuring behaviour")
    people = evidence.people
    requests = list_requests(logs, people)
    traffic = count_traffic(logs, people, requests)
    return Behaviour(
        logs,
        people,
        requests,
        traffic,
        list_sittings(requests),
        list_doors(evidence),
        list_names(logs, people),
    )
