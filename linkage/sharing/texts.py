"""Prompts that begin alike, from which both labs sketch their templates in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.tables import derive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.tables import Logs

BEGINNING = 40
"""Characters that two prompts of one template have in common, as they are shown beside the evidence."""
MOST_TEXTS = 200
"""So many prompts of one beginning are read: a template is said in a few."""


def beginning_alike(
    logs: Logs, *, accounts: list[str] | None = None, beginnings: list[str] | None = None
) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Give prompts, and system prompts, that begin alike: how they begin, and the different texts of each account.

    Args:
        logs: the checked tables.
        accounts: only theirs; everybody's when None.
        beginnings: only these; when None, all that two different texts or two accounts have in common.

    Yields:
        The beginning, and by account its texts, in a fixed order.
    """
    rows = derive(
        """
        with texts as (
            select account_id, prompt as text from events
            union all
            select account_id, system_prompt as text from events
        ),
        distinct_texts as (
            select account_id, text, left(text, $1) as beginning
            from texts
            where length(text) >= $1 and ($3 is null or list_contains($3, account_id))
                and ($4 is null or list_contains($4, left(text, $1)))
            group by all
        ),
        shared as (
            select * from distinct_texts
            qualify count(*) over (partition by beginning) >= 2
        ),
        numbered as (
            select *, row_number() over (partition by beginning, account_id order by text) as nth from shared
        )
        -- One text of each account before a second of any: who sends a thousand must not hide the others.
        select beginning, account_id, text from numbered
        qualify row_number() over (partition by beginning order by nth, account_id) <= $2
        """,
        [BEGINNING, MOST_TEXTS, accounts, beginnings],
        events=logs.events,
    )
    current: str | None = None
    texts: dict[str, list[str]] = {}
    for beginning, account_id, text in rows.rows("beginning, account_id, text"):
        if beginning != current:
            if current is not None:
                yield current, texts
            current, texts = beginning, {}
        texts.setdefault(account_id, []).append(text)
    if current is not None:
        yield current, texts
