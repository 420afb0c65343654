"""One pass over the text: every prompt is read once, signed, and searched for the wrapper around it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linkage.evidence.kind import EXAMPLE_LENGTH
from linkage.evidence.public import ELICITATION, PUBLIC_PHRASES
from linkage.signatures.groups import group_near_duplicates
from linkage.signatures.minhash import sign
from linkage.signatures.samples import WORDS
from linkage.signatures.templates import Templates, join_templates
from linkage.signatures.words import shingle_hashes
from linkage.signatures.wrappers import wrapper_shingles
from linkage.tables import Table, derive, from_arrow

if TYPE_CHECKING:
    from linkage.tables import Logs

LONGEST_READ = 20_000
"""Characters of a prompt in which a template is looked up for its sentences."""
_ASKS = re.compile(ELICITATION)


@dataclass(frozen=True)
class Prompts:
    """The distinct texts of each account, and what they are recognised by.

    Args:
        asked: row, account, text, count, first_seen, last_seen; rows are numbered by account and text.
        signatures: the MinHash of each text, one row each.
        templates: who wraps prompts in which template.
    """

    asked: Table
    signatures: NDArray[np.uint32]
    templates: Templates


def read_prompts(logs: Logs, people: Table, column: str, *, least: int) -> Prompts:
    """Sign every text of a column, and find the wrappers around them.

    Args:
        logs: the checked tables.
        people: every account, numbered.
        column: ``prompt`` or ``system_prompt``.
        least: fewest characters of a text worth looking at.
    """
    asked = derive(
        f"""
        with texts as (
            select account_id, false as reference, {column} as text, happened_at from events
            union all
            select account_id, true as reference, {column} as text, happened_at from reference
        )
        select row_number() over (order by account, text) - 1 as row, account, text,
            count(*) as count, min(happened_at) as first_seen, max(happened_at) as last_seen
        from texts
        join people using (account_id, reference)
        where length(text) >= ?
        group by account, text
        order by row
        """,
        [least],
        events=logs.events,
        reference=logs.reference,
        people=people,
    )
    rows = derive("select row, account, text, count from asked", asked=asked).arrow("row")
    wrappers = wrapper_shingles(
        rows["text"], rows["account"].to_numpy(), rows["count"].to_numpy(), public=PUBLIC_PHRASES
    )
    return Prompts(asked, sign(rows["text"]), join_templates(wrappers))


def near_duplicates(prompts: Prompts, word: str) -> Table:
    """Make one identifier of each group of near-duplicate texts.

    Returns:
        account, identifier, first_seen, last_seen, count, share, example.
    """
    labels = group_near_duplicates(prompts.signatures)
    rows = np.flatnonzero(labels >= 0)
    names = {label: _name(word, prompts.signatures[label].tobytes()) for label in np.unique(labels[rows])}
    grouped = from_arrow(
        prompts.asked.database,
        pa.table(
            {"row": rows, "identifier": pa.array([names[label] for label in labels[rows]], pa.string())}
        ),
    )
    return derive(
        f"""
        with totals as (select account, sum(count) as total from asked group by account)
        select account, identifier, min(first_seen) as first_seen, max(last_seen) as last_seen,
            sum(count)::bigint as count, sum(count) / any_value(total) as share,
            left(min(text), {EXAMPLE_LENGTH}) as example
        from asked
        join grouped using (row)
        join totals using (account)
        group by all
        """,
        asked=prompts.asked,
        grouped=grouped,
    )


def templates(prompts: Prompts, word: str) -> Table:
    """Make one identifier of each wrapper that comes back around different content.

    Returns:
        account, identifier, first_seen, last_seen, count, share, example.
    """
    held = _private(prompts)
    found = from_arrow(
        prompts.asked.database,
        pa.table(
            {
                "account": held.accounts,
                "identifier": pa.array([_name(word, name.tobytes()) for name in held.templates], pa.string()),
                "share": held.shares,
            }
        ),
    )
    return derive(
        f"""
        with spans as (
            select account, min(first_seen) as first_seen, max(last_seen) as last_seen, sum(count) as total,
                left(min(text), {EXAMPLE_LENGTH}) as example
            from asked
            group by account
        )
        select account, identifier, first_seen, last_seen,
            greatest(1, round(share * total))::bigint as count, share, example
        from found
        join spans using (account)
        """,
        asked=prompts.asked,
        found=found,
    )


def _private(prompts: Prompts) -> Templates:
    """Leave out the templates that are nothing but a request for reasoning: those are everybody's."""
    held = prompts.templates
    firsts = dict(zip(held.templates[::-1].tolist(), held.accounts[::-1].tolist(), strict=True))
    public = [
        template for template, account in sorted(firsts.items()) if _only_asks(prompts, template, account)
    ]
    kept = ~np.isin(held.templates, np.array(public, np.uint64))
    return replace(
        held, accounts=held.accounts[kept], templates=held.templates[kept], shares=held.shares[kept]
    )


def _only_asks(prompts: Prompts, template: int, account: int) -> bool:
    """Say whether all that an account's prompts have of a template stands in sentences that ask for reasoning."""
    held = prompts.templates
    shingles = set(held.shingles[held.shingle_templates == template].tolist())
    texts = derive("select text from asked where account = ?", [account], asked=prompts.asked).rows()
    found = [
        (sentence, covered)
        for (text,) in texts
        for sentence in re.split(r"(?<=[.!?:;])\s|\n", text[:LONGEST_READ])
        if (covered := shingles.intersection(shingle_hashes(sentence, WORDS).tolist()))
    ]
    asked = set().union(*(covered for sentence, covered in found if _ASKS.search(sentence)))
    return bool(asked) and len(asked) * 2 > len(set().union(*(covered for _, covered in found)))


def _name(word: str, content: bytes) -> str:
    return f"{word} {hashlib.sha256(content).hexdigest()[:10]}"
