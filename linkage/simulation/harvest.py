"""What rings do alike: a job queue that never sleeps, even coverage, many ways to ask for the reasoning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linkage.simulation.clock import DAY, END, HOUR
from linkage.simulation.land import DISPOSABLE
from linkage.simulation.people import new_card
from linkage.simulation.requests import Requests, temporary_seats
from linkage.simulation.writer import LANGUAGES, topics

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from linkage.simulation.clock import Counts, Times
    from linkage.simulation.people import Numbers, People
    from linkage.simulation.stage import Range, Stage

_GOLDEN = (5**0.5 - 1) / 2  # multiples of it, modulo 1, fill a stretch of time evenly


def queue(stage: Stage, people: People, since: int, until: int) -> Requests:
    """Deal a ring's jobs out to its members, each as many as it can bear; the texts are still to be written.

    A job is one to three requests. Most members work in a daily window of their own, as a person would; the windows are
    staggered, so that the ring never sleeps although its members do.
    """
    rng, count = stage.rng, len(people)
    begin = np.minimum(np.maximum(people.created_at, since), until - 6 * HOUR)
    who, moment = _deal(stage, people.requests, begin, until)
    opening = rng.permutation((np.arange(count) + rng.random(count)) / count) * DAY
    width = np.where(rng.random(count) < 0.75, rng.uniform(4, 9, count) * HOUR, DAY)
    inside = (opening[who] + (moment % DAY) / DAY * width[who]) % DAY
    windowed = (moment // DAY * DAY + inside).astype(np.int64)
    windowed = np.where((windowed < begin[who]) | (windowed >= min(until, END - 60)), moment, windowed)
    order = np.argsort(windowed, kind="stable")
    return Requests.of(stage, people, who[order], windowed[order])


def _deal(stage: Stage, counts: Counts, begin: Times, until: int) -> tuple[Numbers, Times]:
    """Give each member its jobs, evenly over the campaign, and each job one to three requests minutes apart."""
    rng = stage.rng
    jobs = np.maximum(1, np.round(counts / rng.uniform(1.2, 2.6, len(counts)))).astype(np.int64)
    owner = rng.permutation(np.repeat(np.arange(len(counts)), jobs))
    start = begin[owner] + ((np.arange(len(owner)) * _GOLDEN) % 1.0 * (until - 300 - begin[owner])).astype(
        np.int64
    )
    of_owner = np.argsort(owner, kind="stable")
    first = np.concatenate(([0], np.cumsum(jobs)[:-1]))
    who = np.repeat(np.arange(len(counts)), counts)
    job = of_owner[first[who] + (rng.random(len(who)) * jobs[who]).astype(np.int64)]
    return who, start[job] + rng.integers(0, 280, len(who))


def write_harvest(
    stage: Stage, requests: Requests, rows: Numbers, *, reasoning: float, details: Range = (1, 3)
) -> None:
    """Write prompts that cover all topics in turn, one in eight in another language, and often ask for the reasoning.

    Args:
        stage: the world and the streams of chances.
        requests: where the prompts go.
        rows: which of them, in order of time.
        reasoning: the share that asks for the reasoning.
        details: how many sentences follow the question.
    """
    rng, first = stage.rng, int(stage.rng.integers(len(topics())))
    reason = rng.random(len(rows)) < reasoning
    sentences = rng.integers(details[0], details[1] + 1, len(rows))
    paste = rng.random(len(rows)) < 0.08
    language = rng.choice(LANGUAGES, len(rows), p=[0.88, 0.04, 0.04, 0.04])
    for place, row in enumerate(rows.tolist()):
        requests.prompt[row] = stage.writer.ask(
            topics()[(first + place) % len(topics())],
            details=int(sentences[place]),
            language=str(language[place]),
            reason=bool(reason[place]),
            paste=bool(paste[place]),
        )


def reply_alike(stage: Stage, people: People, mean: Range, spread: tuple[float, float]) -> None:
    """Let a ring's answers be longish and of similar length, members differing a little."""
    rng = stage.rng
    people.reply = rng.uniform(*mean) * np.exp(rng.normal(0, 0.3, len(people)))
    people.spread = rng.uniform(*spread, len(people))


def sign_up(stage: Stage, people: People, since: int, days: float, *, aged: float) -> None:
    """Open accounts at any hour over some days; a share was bought or left idle and is older."""
    rng = stage.rng
    fresh = since + (rng.random(len(people)) * days * DAY).astype(np.int64)
    idle = since - (rng.exponential(90 * DAY, len(people)) + DAY).astype(np.int64)
    older = np.where(people.created_at < since, people.created_at, idle)
    people.created_at = np.where(rng.random(len(people)) < aged, older, fresh)


def sign_up_in_waves(stage: Stage, people: People, starts: Times, *, hours: float, aged: float) -> None:
    """Open accounts in short waves of so many hours; a share was bought or left idle and is older than the first."""
    rng, count, first = stage.rng, len(people), int(starts.min())
    sign_up(stage, people, first, 0.0, aged=aged)
    fresh = starts[rng.integers(0, len(starts), count)] + (rng.random(count) * hours * HOUR).astype(np.int64)
    people.created_at = np.where(people.created_at < first, people.created_at, fresh)


def pay_virtually(stage: Stage, people: People, *, bins: int, upgraded: float) -> None:
    """Pay with virtual cards, each used once, from a few BINs that honest people have too.

    Args:
        stage: the world and the stream of chances.
        people: the members; those on free plans have no card.
        bins: how many of the land's virtual BINs.
        upgraded: the share of those drawn with free plans that pays nevertheless.
    """
    rng, count = stage.rng, len(people)
    issuers = rng.permutation(np.array(stage.land.virtual_bins, dtype=object))[:bins]
    people.plan[(people.plan == "free") & (rng.random(count) < upgraded)] = "pay_as_you_go"
    for member, issuer in enumerate(rng.integers(0, len(issuers), count).tolist()):
        pays = people.plan[member] != "free"
        people.card[member] = new_card(stage) if pays else None
        people.bin[member] = issuers[issuer] if pays else None


def use_throwaway_mail(stage: Stage, people: People, share: float) -> None:
    """Give a share of the members a disposable mail domain; the others keep an ordinary one."""
    rng, count = stage.rng, len(people)
    throwaway = rng.choice(np.array(DISPOSABLE, dtype=object), count)
    people.email_domain = np.where(rng.random(count) < share, throwaway, people.email_domain).astype(object)


def rent_homes(
    stage: Stage, requests: Requests, count: int, *, addresses: Range, countries: tuple[int, ...]
) -> None:
    """Give each of ``count`` members its own rented addresses, and send each request from one of them."""
    rng, (low, high) = stage.rng, addresses
    seats, asns = temporary_seats(stage, count * high, countries)
    own = rng.integers(low, high + 1, count)
    chosen = requests.who * high + (rng.random(len(requests)) * own[requests.who]).astype(np.int64)
    requests.seat, requests.asn = seats[chosen], asns[chosen]


def some_countries(stage: Stage, count: Range) -> tuple[int, ...]:
    """Draw the countries whose homes a ring rents."""
    return tuple(stage.rng.permutation(8)[: int(stage.rng.integers(count[0], count[1] + 1))].tolist())


def preamble(stage: Stage, words: Range) -> str:
    """Write a text to stand before every question, of as many words as said; it does not ask for the reasoning."""
    text = stage.writer.wrapper(reason=False)
    while not words[0] <= len(text.split()) <= words[1]:
        text = stage.writer.wrapper(reason=False)
    return text


def write_drill(
    stage: Stage, requests: Requests, rows: Numbers, *, subjects: tuple[str, ...], reasoning: float
) -> None:
    """Write short prompts in English that drill a few topics, the first ones oftener, rather than cover all of them."""
    rng, count = stage.rng, len(rows)
    weights = 1 / np.arange(1, len(subjects) + 1)
    subject = rng.choice(len(subjects), count, p=weights / weights.sum())
    reason, paste = (rng.random(count) < share for share in (reasoning, 0.08))
    sentences = rng.integers(0, 3, count)
    for place, row in enumerate(rows.tolist()):
        requests.prompt[row] = stage.writer.ask(
            subjects[int(subject[place])],
            details=int(sentences[place]),
            reason=bool(reason[place]),
            paste=bool(paste[place]),
        )


def carry(
    stage: Stage, people: People, moments: Times, goes_on: NDArray[np.bool_], *, hopping: float
) -> Numbers:
    """Choose the account that carries each request for somebody else, among those open at that moment.

    Args:
        stage: the world and the stream of chances.
        people: the accounts; one that asks more (``people.requests``) carries more.
        moments: when; none before the first account is open.
        goes_on: whether a request goes on from the one in the row before, and so stays on its account.
        hopping: the share that changes the account nevertheless.
    """
    rng, count = stage.rng, len(moments)
    by_age = np.argsort(people.created_at, kind="stable")
    reach = np.cumsum(people.requests[by_age])
    is_open = np.maximum(np.searchsorted(people.created_at[by_age], moments, side="right"), 1)
    chosen: Numbers = by_age[np.searchsorted(reach, rng.random(count) * reach[is_open - 1], side="right")]
    hops = ~goes_on | (rng.random(count) < hopping)
    kept = chosen[np.maximum.accumulate(np.where(hops, np.arange(count), 0))]
    return np.where(people.created_at[kept] <= moments, kept, chosen)
