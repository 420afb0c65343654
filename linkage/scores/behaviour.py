"""What a sender's traffic looks like: the four signals of a first look for extraction, for accounts and for rings.

A ring is measured as though it were one account: splitting the work over many accounts then hides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from linkage.evidence.people import people_in_parts
from linkage.evidence.public import ELICITATION
from linkage.shelf import let_go, shelve_in_parts
from linkage.tables import Table, derive, fetch, from_arrow, is_here, transform

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.tables import Logs

PROMPTS_AT_ONCE = 100_000


@dataclass(frozen=True)
class Signal:
    """One signal of extraction.

    Args:
        name: its column.
        rises: whether a higher value speaks for extraction.
        sentence: what a ring that has it does.
    """

    name: str
    rises: bool
    sentence: str


SIGNALS = (
    Signal("elicitation", rises=True, sentence="asks for reasoning"),
    Signal("evenness", rises=False, sentence="gets answers of even length"),
    Signal("roundness", rises=False, sentence="works around the clock"),
    Signal("coverage", rises=True, sentence="ranges evenly over topics"),
    Signal("upstream", rises=True, sentence="is rated as extraction by the upstream detector"),
)


def list_requests(logs: Logs, people: Table) -> Table:
    """Reduce each request to what behaviour is measured by, without its text.

    Args:
        logs: the checked tables.
        people: every account, numbered.

    Returns:
        account, happened_at, spoken (it has a prompt), asks (for reasoning), length (logarithm of response tokens).
    """
    return derive(
        """
        select account, happened_at, prompt is not null or system_prompt is not null as spoken,
            regexp_matches(concat_ws(' ', prompt, system_prompt), ?) as asks,
            ln(1 + response_tokens) as length
        from events
        join people using (account_id)
        where not reference
        """,
        [ELICITATION],
        events=logs.events,
        people=people,
    )


def count_traffic(logs: Logs, people: Table, requests: Table | None = None) -> Table:
    """Add up, for each account, what its signals are made of; sums, so that a ring's are its members' together.

    Args:
        logs: the checked tables.
        people: every account, numbered.
        requests: as from ``list_requests``, where they are at hand.

    Returns:
        account, events, spoken (events with a prompt), asks (those that ask for reasoning), lengths (events with
        response tokens), length and length2 (sums of their logarithm and its square), east and north (sums of the
        hours as points on the clock face), upstream (the account's ``extraction_score``), coverage (see
        ``linkage.signatures.breadth``).
    """
    return derive(
        _TRAFFIC,
        requests=requests or list_requests(logs, people),
        accounts=logs.accounts,
        people=people,
        ranges=_ranges(logs, people),
    )


_TRAFFIC = """
    with doings as (
        select *, radians(15 * (hour(happened_at) + minute(happened_at) / 60)) as angle from requests
    ),
    added as (
        select account, count(*) as events, count(*) filter (spoken) as spoken, count(*) filter (asks) as asks,
            count(length) as lengths, fsum(length) as length, fsum(length * length) as length2,
            fsum(cos(angle)) as east, fsum(sin(angle)) as north
        from doings
        group by account
    )
    select people.account, coalesce(added.events, 0) as events, coalesce(spoken, 0) as spoken, coalesce(asks, 0) as asks,
        coalesce(lengths, 0) as lengths, coalesce(length, 0) as length, coalesce(length2, 0) as length2,
        coalesce(east, 0) as east, coalesce(north, 0) as north, extraction_score as upstream, coverage
    from people
    left join added using (account)
    left join ranges using (account)
    left join accounts using (account_id)
    where not reference
    """


def measure(traffic: Table, senders: Table) -> Table:
    """Measure the signals of each sender: an account, or a ring as though it were one account.

    All of them compare pairs of a sender's events or are shares, so that few and many events compare:
    ``elicitation`` is the share of prompts that ask for reasoning; ``evenness`` the standard deviation of the
    logarithm of response tokens; ``roundness`` the mean cosine between the hours of two events on the clock face
    (1 always the same hour, 0 around the clock); ``coverage`` how unlike each other two prompts of one account
    are, on average; ``upstream`` the mean of the accounts' own ``extraction_score``.

    Args:
        traffic: as from ``count_traffic``.
        senders: account, sender (a number; several accounts may be one).

    Returns:
        sender, events, elicitation, evenness, roundness, coverage, upstream; null where nothing can be said.
    """
    return derive(
        """
        with added as (
            select sender, sum(events) as events, sum(spoken) as spoken, sum(asks) as asks, sum(lengths) as lengths,
                fsum(length) as length, fsum(length2) as length2, fsum(east) as east, fsum(north) as north,
                avg(coverage) as coverage, avg(upstream) as upstream
            from traffic
            join senders using (account)
            group by sender
        )
        select sender, events::bigint as events,
            round(asks / nullif(spoken, 0), 6) as elicitation,
            round(case when lengths >= 3
                then sqrt(greatest(0, (length2 - length * length / lengths) / (lengths - 1))) end, 6) as evenness,
            round(case when events >= 4
                then (east * east + north * north - events) / (events * (events - 1)) end, 6) as roundness,
            round(coverage, 6) as coverage,
            round(upstream, 6) as upstream
        from added
        """,
        traffic=traffic,
        senders=senders,
    )


def _ranges(logs: Logs, people: Table) -> Table:
    """Measure how widely each account's prompts range."""
    from linkage.signatures.breadth import coverage, word_weights  # noqa: PLC0415 - numba takes its time

    # Numbered as they come out of the sort: a window with an order of its own would sort all prompts once more.
    said = shelve_in_parts(
        """
        with prompts as (
            select account, prompt
            from events
            join part using (account_id)
            where length(prompt) > 0 and not reference
        )
        select account, row_number() over () as row, prompt from (from prompts order by account, prompt)
        """,
        parts=people_in_parts(people),
        number="row",
        events=logs.events,
    )
    weights = word_weights(_sample(said))

    def measured(batch: pa.RecordBatch | pa.Table) -> pa.RecordBatch:
        accounts = batch["account"].to_numpy()
        numbers, starts = np.unique(accounts, return_index=True)
        values = coverage(batch["prompt"], np.append(starts, len(accounts)), weights)
        return pa.record_batch([pa.array(numbers), pa.array(values, from_pandas=True)], schema=_RANGES)

    if is_here(said):
        found = [measured(batch) for batch in in_slices(said, "account")]
        ranges = from_arrow(people.database, pa.Table.from_batches(found, _RANGES))
    else:
        ranges = transform(said, measured, _RANGES, together="account", order="row")
    let_go(said)
    return ranges


_RANGES = pa.schema([("account", pa.int64()), ("coverage", pa.float64())])


def _sample(said: Table) -> pa.ChunkedArray:
    step = max(1, len(said) // PROMPTS_AT_ONCE)
    rows = derive("select row, prompt from said where row % ? = 0", [step], said=said).arrow("row")
    return rows["prompt"]


def in_slices(said: Table, by: str) -> Iterator[pa.Table]:
    """Hand over prompts in the order of ``row``, so many at a time that memory stays small.

    Args:
        said: row, prompt, and the column ``by``.
        by: what stays together, such as an account; its numbers rise with ``row``.
    """
    slices = derive(
        f"""
        select min({by}) as first, max({by}) as last
        from (select {by}, (sum(count(*)) over (order by {by}) - 1) // ? as slice from said group by {by})
        group by slice
        """,
        [PROMPTS_AT_ONCE],
        said=said,
    )
    for first, last in slices.rows("first"):
        yield fetch(
            f"select row, {by}, prompt from said where {by} between ? and ? order by row",
            [first, last],
            said=said,
        )
