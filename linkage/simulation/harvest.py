"""What rings do alike: a job queue that never sleeps, even coverage, many ways to ask for the reasoning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linkage.simulation.clock import DAY, END, HOUR
from linkage.simulation.requests import Requests
from linkage.simulation.writer import LANGUAGES, topics

if TYPE_CHECKING:
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
