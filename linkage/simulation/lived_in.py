"""What keeps a composed world's rings from standing out by one column: names of their own, and use beside the work."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from linkage.simulation.clock import END, human_moments
from linkage.simulation.grammar import invent_name
from linkage.simulation.requests import Requests, write_ordinary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from linkage.simulation.scenario import Group
    from linkage.simulation.stage import Stage

NAMED = 0.3
"""This share of the accounts without an organisation give a name of their own: a trade, a project, a start-up."""
LINGERING = 0.65
"""This share of a ring's members are used for something ordinary when the work is done."""
MOST_ASIDES = 2
GOING_OUT = 0.35
"""This share of honest people also ask from elsewhere: from work, from friends, from a café."""
AWAY = 0.3
"""This share of what they ask is asked there."""


def name_themselves(stage: Stage, group: Group) -> None:
    """Let some of those without an organisation write one; rings and honest people alike, each their own."""
    people = group.people
    chosen = (people.org == "") & (stage.rng.random(len(people)) < NAMED)
    for person in np.flatnonzero(chosen).tolist():
        people.org[person] = f"{invent_name(stage.writer.dice)} {invent_name(stage.writer.dice)}"


def go_out(stage: Stage, group: Group) -> None:
    """Let some honest people ask from other networks of their country too, as rings that rent homes do."""
    rng, requests = stage.rng, group.requests
    goes = rng.random(len(group.people)) < GOING_OUT
    rows = np.flatnonzero(goes[requests.who] & (rng.random(len(requests)) < AWAY))
    for row in rows.tolist():
        country = int(group.people.country[requests.who[row]])
        requests.seat[row], requests.asn[row] = stage.land.home(country, rng)


def linger(stage: Stage, group: Group) -> None:
    """Let some members, once the work is done, ask a little of an ordinary kind instead of a part of the work.

    A campaign begins and ends; without this the last request of an account would give members away.
    """
    rng, people, requests = stage.rng, group.people, group.requests
    counts = np.bincount(requests.who, minlength=len(people))
    last = np.zeros(len(people), dtype=np.int64)
    np.maximum.at(last, requests.who, requests.at)
    asides = np.where(
        (rng.random(len(people)) < LINGERING) & (counts > 2 * MOST_ASIDES),
        rng.integers(1, MOST_ASIDES + 1, len(people)),
        0,
    )
    who = np.repeat(np.arange(len(people)), asides)
    moments = human_moments(rng, last[who], np.full(len(who), END), people.rhythm.of(who))
    more = Requests.of(stage, people, who, moments)
    write_ordinary(stage, people, more)
    # The work that is given up for it: the first requests, so that not everybody begins with the campaign.
    order = np.lexsort((requests.at, requests.who))
    place = np.arange(len(requests)) - (np.cumsum(counts) - counts)[requests.who[order]]
    kept = np.sort(order[place >= asides[requests.who[order]]])
    _keep(requests, kept)
    _append(requests, more)


def _keep(requests: Requests, rows: NDArray[np.int64]) -> None:
    """Leave out all other rows."""
    for column in fields(Requests):
        values = getattr(requests, column.name)
        kept = [values[row] for row in rows.tolist()] if isinstance(values, list) else values[rows]
        setattr(requests, column.name, kept)


def _append(to: Requests, more: Requests) -> None:
    """Put the rows of one at the end of the other."""
    for column in fields(Requests):
        both: list[Any] = [getattr(to, column.name), getattr(more, column.name)]
        setattr(to, column.name, both[0] + both[1] if isinstance(both[0], list) else np.concatenate(both))
