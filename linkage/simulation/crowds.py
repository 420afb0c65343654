"""What honest groups do alike: sit behind one gate, sign up together, share a card or a mail domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linkage.simulation.clock import DAY, END, HOUR, human_moments
from linkage.simulation.land import home_seat
from linkage.simulation.people import company_domain
from linkage.simulation.requests import Requests

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from linkage.simulation.people import People
    from linkage.simulation.stage import Stage


def sit_behind(stage: Stage, requests: Requests, seats: tuple[str, ...], asn: int, *, share: float) -> None:
    """Send ``share`` of the requests through a group's common addresses."""
    rows = np.flatnonzero(stage.rng.random(len(requests)) < share)
    for row, seat in zip(rows.tolist(), stage.rng.integers(0, len(seats), len(rows)).tolist(), strict=True):
        requests.seat[row] = seats[seat]
        requests.asn[row] = asn


def sign_up_within(stage: Stage, people: People, since: int, hours: float) -> None:
    """Open all accounts within some hours, most of them early on."""
    wait = stage.rng.beta(1.6, 3.0, len(people)) * hours * HOUR
    people.created_at = np.minimum(since + wait.astype(np.int64), END - HOUR)


def sign_up_at_work(stage: Stage, people: People, since: int, days: float) -> None:
    """Open all accounts within some days, at the hours at which these people are up."""
    begin = np.full(len(people), since)
    people.created_at = human_moments(stage.rng, begin, begin + int(days * DAY), people.rhythm)


def found_company(stage: Stage, people: People, plan: str) -> None:
    """Make up a company and let everybody join it."""
    domain = company_domain(stage)
    join_company(people, domain.removesuffix(".example"), domain, plan)


def join_company(people: People, org: str, domain: str, plan: str) -> None:
    """Give everybody the company's name, mail domain and plan, and working hours."""
    people.org[:] = org
    people.email_domain[:] = domain
    people.plan[:] = plan
    people.working[:] = 0.95
    people.roaming[:] = 0.0


def share_card(people: People, cards: list[str], bank: str, holders: np.ndarray) -> None:
    """Pay for the ``holders`` with a group's cards, in turn."""
    for place, person in enumerate(np.flatnonzero(holders).tolist()):
        people.card[person] = cards[place % len(cards)]
        people.bin[person] = bank


def hosted(stage: Stage, hoster: int, count: int) -> tuple[str, ...]:
    """Rent addresses of one of the three hosting networks, among those that honest programs and rings rent too.

    The networks with IPv6 addresses have more tenants in larger worlds and more addresses for them.
    """
    network = stage.land.hosters[hoster]
    there = len(network.seats) or round(254 * max(1.0, stage.scale))
    drawn = stage.rng.integers(0, there, count).tolist()
    return tuple(
        network.seats[number] if network.seats else home_seat(f"{network.prefix}:0", number)
        for number in drawn
    )


def learn_locally(stage: Stage, people: People, requests: Requests, *, share: float) -> None:
    """Let some people put their country's tutorial before most of what they ask, as many of their neighbours do."""
    learners = stage.rng.random(len(people)) < share
    usual = stage.rng.random(len(requests)) < 0.7
    for row in np.flatnonzero(learners[requests.who] & usual).tolist():
        tutorial = stage.land.tutorials[people.country[requests.who[row]]]
        requests.prompt[row] = f"{tutorial.text}\n{requests.prompt[row]}"


def everyday_work(stage: Stage, topic: str, language: str, *, reason: float) -> str:
    """Write what somebody asks at work: on one topic, often with material, and in a share ``reason`` with the reasoning."""
    dice = stage.writer.dice
    return stage.writer.ask(
        topic,
        details=dice.below(4),
        language=language,
        reason=dice.chance(reason),
        paste=dice.chance(0.4),
    )


def say_first(requests: Requests, rows: Iterable[int], text: str, *, system: bool) -> None:
    """Put one text round what was written: as the system prompt, or before the prompt."""
    for row in rows:
        if system:
            requests.system[row] = text
        else:
            requests.prompt[row] = f"{text}\n\n{requests.prompt[row]}"


def together(first: Requests, second: Requests) -> Requests:
    """Put two lots of requests of the same people into one."""
    return Requests(
        who=np.concatenate((first.who, second.who)),
        at=np.concatenate((first.at, second.at)),
        goes_on=np.concatenate((first.goes_on, second.goes_on)),
        seat=np.concatenate((first.seat, second.seat)),
        asn=np.concatenate((first.asn, second.asn)),
        prompt=first.prompt + second.prompt,
        system=first.system + second.system,
        reply=np.concatenate((first.reply, second.reply)),
        model=np.concatenate((first.model, second.model)),
        agent=np.concatenate((first.agent, second.agent)),
    )


def choose(requests: Requests, kept: NDArray[np.bool_]) -> Requests:
    """Keep some requests only."""
    rows = np.flatnonzero(kept)
    return Requests(
        who=requests.who[rows],
        at=requests.at[rows],
        goes_on=requests.goes_on[rows],
        seat=requests.seat[rows],
        asn=requests.asn[rows],
        prompt=[requests.prompt[row] for row in rows.tolist()],
        system=[requests.system[row] for row in rows.tolist()],
        reply=requests.reply[rows],
        model=requests.model[rows],
        agent=requests.agent[rows],
    )
