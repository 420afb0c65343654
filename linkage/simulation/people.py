"""The people (or machines) behind accounts: where they live, how they pay, what they like to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from linkage.simulation.clock import (
    DAY,
    END,
    REFERENCE_START,
    Counts,
    Floats,
    Rhythm,
    Times,
    at,
    human_moments,
)
from linkage.simulation.grammar import invent_name
from linkage.simulation.land import COUNTRIES, DISPOSABLE, MODELS, RELAYS, WORLD_MAIL
from linkage.simulation.writer import topics

if TYPE_CHECKING:
    from linkage.simulation.stage import Stage

Words = NDArray[np.object_]
Numbers = NDArray[np.int64]

_OFFSETS = np.array([country.offset for country in COUNTRIES])

# How popular topics are with people at large: a few fashions, a long tail.
_FASHION = 1 / np.arange(1, 26) ** 0.7


@dataclass
class People:
    """One row a person; a scenario draws ordinary people and overwrites what makes its own special."""

    country: Numbers
    created_at: Times
    org: Words
    email_domain: Words
    plan: Words
    agent: Words
    model: Words
    home: Words
    asn: Numbers
    card: Words
    bin: Words
    requests: Counts
    reply: Floats
    spread: Floats
    details: Floats
    paste: Floats
    reasoning: Floats
    working: Floats
    roaming: Floats
    topics: Numbers
    template: Numbers
    template_share: Floats

    def __len__(self) -> int:
        return len(self.country)

    @property
    def rhythm(self) -> Rhythm:
        """Say when each one is awake."""
        return Rhythm(_OFFSETS[self.country], self.working)

    def language(self, person: int) -> str:
        """Name the language this person writes in."""
        return COUNTRIES[self.country[person]].language


def draw_people(stage: Stage, count: int, *, country: int | None = None) -> People:
    """Draw ``count`` ordinary people who have nothing to do with one another.

    Args:
        stage: the world and the stream of chances.
        count: how many.
        country: where all of them live; spread over the world when None.
    """
    rng, land = stage.rng, stage.land
    weights = np.array([place.weight for place in COUNTRIES])
    countries = rng.choice(len(COUNTRIES), count, p=weights / weights.sum())
    if country is not None:
        countries[:] = country
    homes = [
        land.exit_homes[int(rng.integers(len(land.exit_homes)))]
        if rng.random() < 0.02
        else land.home(int(place), rng)
        for place in countries
    ]
    heavy = rng.random(count) < 0.22
    people = People(
        country=countries,
        created_at=_joined(rng, countries),
        org=_words([""] * count),
        email_domain=_mail(stage, countries),
        plan=_words(rng.choice(["free", "pay_as_you_go", "pro"], count, p=[0.42, 0.42, 0.16])),
        agent=_words(rng.choice(land.agents, count, p=land.agent_weights)),
        model=_words(rng.choice(MODELS, count, p=[0.4, 0.42, 0.18])),
        home=_words([seat for seat, _ in homes]),
        asn=np.array([asn for _, asn in homes], dtype=np.int64),
        card=_words([None] * count),
        bin=_words([None] * count),
        requests=stage.requests(rng.lognormal(np.log(4.6), 0.72, count)),
        reply=np.clip(rng.lognormal(np.log(450), 0.6, count), 40, 2600),
        spread=rng.uniform(0.2, 0.75, count),
        details=rng.lognormal(np.log(2.7), 0.6, count),
        paste=np.where(rng.random(count) < 0.3, rng.uniform(0.2, 0.9, count), 0.02),
        reasoning=np.where(heavy, rng.uniform(0.25, 0.8, count), rng.uniform(0.0, 0.25, count)),
        working=rng.choice([0.1, 0.5, 0.9, -1.0], count, p=[0.3, 0.28, 0.27, 0.15]),
        roaming=np.where(rng.random(count) < 0.35, rng.uniform(0.1, 0.6, count), 0.0),
        topics=rng.choice(len(topics()), (count, 3), p=_FASHION / _FASHION.sum()),
        template=np.full(count, -1, dtype=np.int64),
        template_share=np.zeros(count),
    )
    _give_templates(stage, people)
    give_cards(stage, people, people.plan != "free")
    return people


def give_cards(stage: Stage, people: People, payers: NDArray[np.bool_]) -> None:
    """Give each payer a card of their own, mostly from a bank of their country, seldom a virtual one."""
    rng, land = stage.rng, stage.land
    for person in np.flatnonzero(payers):
        people.card[person] = new_card(stage)
        virtual = rng.random() < 0.09
        people.bin[person] = pick(rng, land.virtual_bins if virtual else land.banks[people.country[person]])


def new_card(stage: Stage) -> str:
    """Make up a card's fingerprint."""
    return stage.rng.bytes(8).hex()


def company_domain(stage: Stage) -> str:
    """Make up a company's mail domain."""
    return f"{invent_name(stage.writer.dice).lower()}{invent_name(stage.writer.dice).lower()}.example"


def pick(rng: np.random.Generator, options: tuple[Any, ...]) -> Any:  # noqa: ANN401 - as the options are
    """Draw one of ``options``, the first ones oftener."""
    place = min(int(rng.geometric(min(0.9, 1.5 / len(options)))) - 1, len(options) - 1)
    return options[place]


def fill(count: int, value: object) -> Words:
    """Repeat one value for everybody."""
    return _words([value] * count)


def _words(values: Any) -> Words:  # noqa: ANN401 - lists and arrays of words
    words = np.empty(len(values), dtype=object)
    words[:] = [value if value is None else str(value) for value in values]
    return words


def _joined(rng: np.random.Generator, countries: Numbers) -> Times:
    """Draw sign-ups at waking hours: some two thirds in the last seven weeks of a growing service."""
    count = len(countries)
    old = rng.random(count) < 0.35
    since = np.where(old, at(6, 1, year=2025), REFERENCE_START)
    until = np.where(old, REFERENCE_START, END - 2 * DAY)
    return human_moments(rng, since, until, Rhythm(_OFFSETS[countries], np.full(count, 0.4)))


def _mail(stage: Stage, countries: Numbers) -> Words:
    """Draw mail domains: world-wide, of the country, one's own, 3 % relays, 3 % disposable ones."""
    rng, land = stage.rng, stage.land
    kinds = rng.choice(5, len(countries), p=[0.52, 0.26, 0.16, 0.03, 0.03])
    choices = {0: WORLD_MAIL, 3: RELAYS, 4: DISPOSABLE}
    return _words(
        [
            pick(rng, choices[kind])
            if kind in choices
            else land.mail[place]
            if kind == 1
            else company_domain(stage)
            for kind, place in zip(kinds.tolist(), countries.tolist(), strict=True)
        ]
    )


def _give_templates(stage: Stage, people: People) -> None:
    """Let a third of people use a public template, some in all they ask."""
    rng, land, count = stage.rng, stage.land, len(people)
    users = rng.random(count) < 0.34
    drawn = rng.choice(len(land.templates), count, p=land.template_weights)
    people.template = np.where(users, drawn, -1)
    people.template_share = np.where(users, rng.choice([0.3, 0.8, 1.0], count), 0.0)
