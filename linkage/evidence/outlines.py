"""What stays of a template that is worded anew each time: its headings, tags and keys, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.evidence.kind import EXAMPLE_LENGTH
from linkage.tables import Table, derive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkage.tables import Logs

FEWEST_MARKS = 5
"""Fewer say little: many people write two headings and a tag."""
MOST_MARKS = 60
"""What comes after so many is left out: a prompt may hold a whole document."""
HEADINGS = r"^[ \t]*(?:#{1,6} .{1,60}|\*\*[^*\n]{1,60}\*\*|\[[^\]\n]{1,60}\]|[A-Z][^.!?:\n]{0,50}:)[ \t]*$"
"""A heading stands on a line of its own, marked or with a colon."""
TAGS = r"</?[A-Za-z][\w-]{0,30}>"
KEYS = r'"[\w-]{1,40}"\s*:'


def outlines(logs: Logs, people: Table, public: Sequence[str] = ()) -> Table:
    """Make one identifier of each outline that prompts or system prompts have.

    Two prompts have one outline when their marks are the same in the same order, whatever stands between. A rewriting
    by a language model keeps them, because programs read the answer by them.

    Args:
        logs: the checked tables.
        people: every account, numbered.
        public: texts that everybody uses; their outlines link nobody.

    Returns:
        account, identifier, first_seen, last_seen, count, share (of the account's requests), example.
    """
    known = "select unnest(cast(? as varchar[])) as text"
    return derive(
        f"""
        with said as (
            select account_id, false as reference, happened_at, unnest([prompt, system_prompt]) as text from events
            union all
            select account_id, true as reference, happened_at, unnest([prompt, system_prompt]) as text from reference
        ),
        totals as (
            select account_id, false as reference, count(*) as total from events group by all
            union all
            select account_id, true as reference, count(*) as total from reference group by all
        ),
        marked as (
            select account_id, reference, happened_at, text, {_marks("text")} as marks
            from said
            -- Five marks need a second line, a tag or a key: most texts have none of them, and are not searched.
            where (contains(text, chr(10)) or contains(text, '<') or contains(text, '"')) and regexp_matches(text, ?)
        ),
        everybody as (select {_marks("text")} as marks from ({known}))
        select account, 'outline ' || left(sha256(array_to_string(marks, chr(10))), 10) as identifier,
            min(happened_at) as first_seen, max(happened_at) as last_seen, count(*) as count,
            least(1, count(*) / any_value(total)) as share, left(min(text), {EXAMPLE_LENGTH}) as example
        from marked
        join people using (account_id, reference)
        join totals using (account_id, reference)
        where array_length(marks) >= {FEWEST_MARKS} and marks not in (select marks from everybody)
        group by account, marks
        """,
        [_PATTERN, _PATTERN, _PATTERN, list(public)],
        events=logs.events,
        reference=logs.reference,
        people=people,
    )


_PATTERN = f"(?m){HEADINGS}|{TAGS}|{KEYS}"


def _marks(column: str) -> str:
    """Write how the marks of a text are listed."""
    return (
        f"list_transform(regexp_extract_all({column}, ?)[:{MOST_MARKS}],"
        " lambda mark: regexp_replace(trim(mark), '\\s+', ' ', 'g'))"
    )
