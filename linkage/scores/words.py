"""How far a ring's accounts say the same in words of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.tables import Table, derive

if TYPE_CHECKING:
    from linkage.evidence.collect import Evidence


def list_words(evidence: Evidence) -> Table:
    """List the prompts and templates that accounts share, and how many use each.

    Returns:
        account, words (the number of an identifier), share (of the account's requests), holders (accounts that use it,
        with those of an earlier time and, as far as it looks public, those of the window once more).
    """
    return derive(
        """
        select account, identifier as words, share, accounts + earlier as holders
        from holdings
        join identifiers using (identifier)
        where kind = 'prompt' and level < 2
        """,
        holdings=evidence.holdings,
        identifiers=evidence.identifiers,
    )


def measure_words(words: Table, senders: Table, strangers: int = -1) -> dict[int, dict[str, float | None]]:
    """Measure how much of what each sender's accounts say is in words that they have in common, and nobody else uses.

    Args:
        words: as from ``list_words``.
        senders: account, sender (a number; several accounts are one).
        strangers: the sender that is everybody else, of whom nothing is asked.

    Returns:
        By sender ``words``: for the average account the largest share of its requests that is in words of the sender's
        own, each taken by the part of its holders that are the sender's; 0 where they have none in common. Nothing at
        all where no two accounts say anything alike.
    """
    rows = derive(
        """
        with asked as (from senders where sender <> ?),
        sizes as (select sender, count(*) as size from asked group by sender),
        said as (select sender, account, words, share, holders from words join asked using (account)),
        own as (select sender, words, count(*) as inside from said group by all having inside >= 2),
        best as (
            select sender, account, max(share * least(1, inside / holders)) as value
            from said
            join own using (sender, words)
            group by all
        ),
        added as (select sender, fsum(value) as value from best group by sender)
        select sender, round(coalesce(value, 0) / size, 6) as words
        from sizes
        left join added using (sender)
        where exists (from words)
        """,
        [strangers],
        words=words,
        senders=senders,
    )
    return {sender: {"words": value} for sender, value in rows.rows("sender")}
