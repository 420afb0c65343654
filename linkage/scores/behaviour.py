"""What a sender's traffic looks like: the four signals of a first look for extraction, for accounts and for rings.

A ring is measured as though it were one account: splitting the work over many accounts then hides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from linkage.evidence.public import ELICITATION
from linkage.tables import Table, derive, from_arrow

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


def measure(logs: Logs, senders: Table) -> Table:
    """Measure the signals of each sender.

    All of them compare pairs of a sender's events or are shares, so that few and many events compare:
    ``elicitation`` is the share of prompts that ask for reasoning; ``evenness`` the standard deviation of the
    logarithm of response tokens; ``roundness`` the mean cosine between the hours of two events on the clock face
    (1 always the same hour, 0 around the clock); ``coverage`` how unlike each other two prompts are;
    ``upstream`` the mean of the accounts' own ``extraction_score``.

    Args:
        logs: the checked tables.
        senders: account_id, sender (a number; several accounts may be one).

    Returns:
        sender, events, elicitation, evenness, roundness, coverage, upstream; null where nothing can be said.
    """
    return derive(
        _MEASURE,
        [ELICITATION],
        events=logs.events,
        accounts=logs.accounts,
        senders=senders,
        ranges=_ranges(logs, senders),
    )


_MEASURE = """
    with doings as (
        select sender,
            regexp_matches(concat_ws(' ', prompt, system_prompt), ?) as asks,
            prompt is not null or system_prompt is not null as spoken,
            ln(1 + response_tokens) as length,
            radians(15 * (hour(happened_at) + minute(happened_at) / 60)) as angle
        from events
        join senders using (account_id)
    ),
    measured as (
        select sender, count(*) as events,
            avg(asks::int) filter (spoken) as elicitation,
            case when count(length) >= 3 then stddev_samp(length) end as evenness,
            case when count(*) >= 4
                then (pow(sum(cos(angle)), 2) + pow(sum(sin(angle)), 2) - count(*)) / (count(*) * (count(*) - 1))
            end as roundness
        from doings
        group by sender
    ),
    rated as (
        select sender, avg(extraction_score) as upstream from accounts join senders using (account_id) group by sender
    ),
    everyone as (select distinct sender from senders)
    select sender, coalesce(events, 0) as events, round(elicitation, 6) as elicitation,
        round(evenness, 6) as evenness, round(roundness, 6) as roundness, round(coverage, 6) as coverage,
        round(upstream, 6) as upstream
    from everyone
    left join measured using (sender)
    left join ranges using (sender)
    left join rated using (sender)
    """


def _ranges(logs: Logs, senders: Table) -> Table:
    """Measure how widely each sender's prompts range."""
    from linkage.signatures.breadth import coverage, word_weights  # noqa: PLC0415 - numba takes its time

    said = derive(
        """
        select sender, row_number() over (order by sender, prompt) as row, prompt
        from events
        join senders using (account_id)
        where length(prompt) > 0
        order by row
        """,
        events=logs.events,
        senders=senders,
    )
    weights = word_weights(_sample(said))
    found: list[pa.Table] = []
    for batch in _whole_senders(said):
        sender = batch["sender"].to_numpy()
        numbers, starts = np.unique(sender, return_index=True)
        values = coverage(batch["prompt"], np.append(starts, len(sender)), weights)
        found.append(pa.table({"sender": numbers, "coverage": pa.array(values, from_pandas=True)}))
    schema = pa.schema([("sender", pa.int64()), ("coverage", pa.float64())])
    joined = pa.concat_tables([schema.empty_table(), *(each.cast(schema) for each in found)])
    said.drop()
    return from_arrow(senders.database, joined)


def _sample(said: Table) -> pa.ChunkedArray:
    step = max(1, len(said) // PROMPTS_AT_ONCE)
    rows = derive("select row, prompt from said where row % ? = 0", [step], said=said).arrow("row")
    return rows["prompt"]


def _whole_senders(said: Table) -> Iterator[pa.Table]:
    """Hand over whole senders, about so many prompts at a time that memory stays small."""
    slices = derive(
        """
        select min(sender) as first, max(sender) as last
        from (
            select sender, (sum(count(*)) over (order by sender) - 1) // ? as slice from said group by sender
        )
        group by slice
        """,
        [PROMPTS_AT_ONCE],
        said=said,
    )
    for first, last in slices.rows("first"):
        yield derive(
            "select row, sender, prompt from said where sender between ? and ?", [first, last], said=said
        ).arrow("row")
