"""What accounts do, read off the logs once; whoever is measured then is measured by this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkage import progress
from linkage.scores.behaviour import count_traffic, list_requests
from linkage.scores.doors import list_doors
from linkage.scores.harvest import list_lengths
from linkage.scores.names import list_names
from linkage.scores.sharing_out import list_sittings
from linkage.scores.words import list_words
from linkage.tables import Logs, Table

if TYPE_CHECKING:
    from linkage.evidence.collect import Evidence


@dataclass(frozen=True)
class Activity:
    """What is needed of all events, added up by account: it can be handed over without them.

    Args:
        traffic: what signals are made of, as from ``count_traffic``.
        sittings: in which hours accounts did something, as from ``list_sittings``.
        lengths: how long the answers were, as from ``list_lengths``.
    """

    traffic: Table
    sittings: Table
    lengths: Table


@dataclass(frozen=True)
class Behaviour:
    """What accounts do.

    Args:
        logs: the checked tables.
        people: every account, numbered.
        traffic: as in ``Activity``.
        sittings: as in ``Activity``.
        lengths: as in ``Activity``.
        doors: through which addresses they came, as from ``list_doors``.
        names: under what names they stand, as from ``list_names``.
        words: what they say alike, as from ``list_words``.
    """

    logs: Logs
    people: Table
    traffic: Table
    sittings: Table
    lengths: Table
    doors: Table
    names: Table
    words: Table


def add_up(logs: Logs, people: Table) -> Activity:
    """Add up by account what is needed of all events.

    Args:
        logs: the checked tables.
        people: every account, numbered.
    """
    requests = list_requests(logs, people)
    activity = Activity(
        count_traffic(logs, people, requests), list_sittings(requests), list_lengths(requests)
    )
    requests.drop()
    return activity


def observe(logs: Logs, evidence: Evidence, activity: Activity | None = None) -> Behaviour:
    """Read off the logs what accounts do.

    Args:
        logs: the checked tables.
        evidence: who the accounts are, and which addresses they share.
        activity: what was added up before, where the events themselves are elsewhere.
    """
    progress.at("measuring behaviour")
    people = evidence.people
    done = activity or add_up(logs, people)
    return Behaviour(
        logs,
        people,
        done.traffic,
        done.sittings,
        done.lengths,
        list_doors(evidence),
        list_names(logs, people),
        list_words(evidence),
    )
