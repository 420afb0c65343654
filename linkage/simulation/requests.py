"""What accounts send: who, when, from where, and what they ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from linkage.simulation.clock import END, REFERENCE_START, START, Times, sessions
from linkage.simulation.people import Numbers, Words
from linkage.simulation.writer import topics

if TYPE_CHECKING:
    from linkage.simulation.people import People
    from linkage.simulation.stage import Stage


@dataclass
class Requests:
    """One row a request; ``who`` counts the scenario's people from 0."""

    who: Numbers
    at: Times
    goes_on: NDArray[np.bool_]
    seat: Words
    asn: Numbers
    prompt: list[str]
    system: list[str | None]
    reply: NDArray[np.int64]
    model: Words
    agent: Words

    @classmethod
    def of(
        cls, stage: Stage, people: People, who: Numbers, at: Times, goes_on: NDArray[np.bool_] | None = None
    ) -> Requests:
        """Make requests from home with each one's usual program; the texts are still to be written."""
        count = len(who)
        return cls(
            who=who,
            at=at,
            goes_on=np.zeros(count, dtype=bool) if goes_on is None else goes_on,
            seat=people.home[who],
            asn=people.asn[who],
            prompt=[""] * count,
            system=[None] * count,
            reply=_replies(stage, people, who),
            model=people.model[who],
            agent=people.agent[who],
        )

    def __len__(self) -> int:
        return len(self.who)


def live(stage: Stage, people: People) -> Requests:
    """Let people go about their days: at home, sometimes under way, asking what they like to ask."""
    requests = live_silently(stage, people)
    write_ordinary(stage, people, requests)
    return requests


def live_silently(stage: Stage, people: People) -> Requests:
    """Let people go about their days, the texts still to be written."""
    requests = Requests.of(stage, people, *_moments(stage, people))
    _roam(stage, people, requests)
    return requests


def write_ordinary(stage: Stage, people: People, requests: Requests, rows: Numbers | None = None) -> None:
    """Write what the people of ``rows`` (all, when None) would ask of their own accord."""
    rng = stage.rng
    chosen = np.arange(len(requests)) if rows is None else rows
    count = len(chosen)
    who = requests.who[chosen]
    topic = people.topics[who, np.minimum(rng.geometric(0.6, count) - 1, 2)]
    details = rng.poisson(people.details[who])
    reason = rng.random(count) < people.reasoning[who]
    paste = rng.random(count) < people.paste[who]
    wrapped = rng.random(count) < people.template_share[who]
    follow = requests.goes_on[chosen] & (rng.random(count) < 0.3)
    draws = zip(
        chosen.tolist(),
        who.tolist(),
        topic.tolist(),
        details.tolist(),
        reason.tolist(),
        paste.tolist(),
        strict=True,
    )
    for (row, person, t, d, r, p), w, f in zip(draws, wrapped.tolist(), follow.tolist(), strict=True):
        language = people.language(person)
        if f:
            requests.prompt[row] = stage.writer.follow(topics()[t], language=language)
        else:
            requests.prompt[row] = stage.writer.ask(
                topics()[t], details=d, language=language, reason=r, paste=p
            )
        if "harness" in requests.agent[row]:
            requests.system[row] = stage.land.harness.text
        elif w:
            wrap(stage, requests, row, int(people.template[person]))


def wrap(stage: Stage, requests: Requests, row: int, template: int) -> None:
    """Put a public template round a request: before the prompt, or as its system prompt."""
    public = stage.land.templates[template]
    if public.system:
        requests.system[row] = public.text
    else:
        requests.prompt[row] = f"{public.text}\n\n{requests.prompt[row]}"


def temporary_seats(stage: Stage, count: int, countries: tuple[int, ...]) -> tuple[Words, Numbers]:
    """Rent addresses for a moment, as proxy networks do.

    Most are homes never seen before; some are phones behind a carrier, and a few are the homes of honest people here.
    """
    rng, land = stage.rng, stage.land
    seats = np.empty(count, dtype=object)
    asns = np.empty(count, dtype=np.int64)
    for row, chance in enumerate(rng.random(count).tolist()):
        country = countries[int(rng.integers(len(countries)))]
        if chance < 0.04:
            seats[row], asns[row] = land.exit_homes[int(rng.integers(len(land.exit_homes)))]
        elif chance < 0.16:
            carrier = land.carriers[country]
            seats[row], asns[row] = carrier.seats[int(rng.integers(len(carrier.seats)))], carrier.asn
        else:
            seats[row], asns[row] = land.home(country, rng)
    return seats, asns


def _moments(stage: Stage, people: People) -> tuple[Numbers, Times, NDArray[np.bool_]]:
    """Draw sittings in September, and fewer in the earlier period for those who were there already."""
    rng = stage.rng
    there = people.created_at < START - 4 * 86400
    before = np.where(there, rng.binomial(people.requests, 0.4), 0)
    parts = []
    for counts, since, until in ((people.requests, START, END), (before, REFERENCE_START, START)):
        begin = np.clip(people.created_at, since, until - 1)
        end = np.full(len(people), until)
        parts.append(sessions(rng, counts, begin, end, people.rhythm))
    who, moment, goes_on = (np.concatenate(part) for part in zip(*parts, strict=True))
    return who, moment, goes_on


def _roam(stage: Stage, people: People, requests: Requests) -> None:
    """Send some requests from the phone, through the country's carrier."""
    under_way = np.flatnonzero(stage.rng.random(len(requests)) < people.roaming[requests.who])
    for row in under_way:
        carrier = stage.land.carriers[people.country[requests.who[row]]]
        requests.seat[row] = carrier.seats[int(stage.rng.integers(len(carrier.seats)))]
        requests.asn[row] = carrier.asn


def _replies(stage: Stage, people: People, who: Numbers) -> NDArray[np.int64]:
    spread = people.spread[who]
    drawn = people.reply[who] * np.exp(stage.rng.normal(0, 1, len(who)) * spread)
    return np.clip(drawn, 3, 4096).astype(np.int64)
