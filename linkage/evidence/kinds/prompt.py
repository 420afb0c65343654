"""Accounts that send the same prompt, or different ones in the same wrapper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.evidence.kind import SIGHTINGS, EvidenceKind, Level
from linkage.settings import EvidenceSettings
from linkage.tables import Table, derive

if TYPE_CHECKING:
    from linkage.tables import Logs

LEAST_CHARACTERS = 40
"""A shorter prompt is a greeting or a common question: it is nobody's fingerprint."""


class SharedPrompt(EvidenceKind):
    """Accounts that send near-duplicate prompts, or wrap ever-new content in the same words.

    The evidence that survives residential proxies and virtual cards: an operation that harvests one capability
    repeats its instructions. Near-duplicates are found by MinHash, wrappers by the shingles that come back in an
    account's own prompts.
    Misleads for public templates (toolkits, tutorials, coding harnesses), assignments of a class, and a
    company's own system prompt: give a reference period, or list the texts of known templates.
    """

    name = "prompt"
    label = "prompt"
    family = "prompt"
    reads = ("events", "prompt")
    also_reads = ("system_prompt", "prompt_signature")
    example_length = LEAST_CHARACTERS
    levels = (
        Level("near-duplicate prompt", "near-duplicate prompts", creates=True),
        Level("prompt template", "prompt templates", creates=True),
    )
    defaults = EvidenceSettings(cap=18.0, largest=20_000)
    examples = (("template 0a1b2c3d4e", "template 0a1b2c3d4e"), ("  ", None))

    def clean(self, raw: str) -> str | None:
        """Keep the name that a group of prompts goes by."""
        return raw.strip() or None

    def sightings(self, logs: Logs, people: Table) -> Table:
        """Read every prompt and system prompt once, and group what is alike."""
        from linkage.evidence.prompts import near_duplicates, read_prompts, templates  # noqa: PLC0415 - numba

        public = _listed(logs)
        own = read_prompts(logs, people, "prompt", least=LEAST_CHARACTERS, public=public)
        system = read_prompts(logs, people, "system_prompt", least=LEAST_CHARACTERS, public=public)
        return derive(
            f"""
            with found as (
                select 0 as level, * from prompts
                union all by name
                select 1 as level, * from wrappers
                union all by name
                select 1 as level, * from systems
                union all by name
                select 0 as level, * from ready
            )
            select {SIGHTINGS} from (select 'prompt' as kind, * from found)
            """,
            prompts=near_duplicates(own, "prompt"),
            wrappers=templates(own, "template"),
            systems=near_duplicates(system, "system prompt"),
            ready=_ready(logs, people),
        )


def _listed(logs: Logs) -> list[str]:
    """Take the texts of public templates from the list of known shared values."""
    rows = derive(
        "select distinct trim(value) as value from known where kind in ('template', 'prompt') order by value",
        known=logs.known_shared,
    ).rows()
    return [value for (value,) in rows]


def _ready(logs: Logs, people: Table) -> Table:
    """Take signatures that the logs bring along: the same signature is the same prompt."""
    return derive(
        """
        with signed as (
            select account_id, false as reference, prompt_signature as raw, happened_at from events
            union all
            select account_id, true as reference, prompt_signature as raw, happened_at from reference
        )
        select account, 'signature ' || left(sha256(raw), 10) as identifier,
            min(happened_at) as first_seen, max(happened_at) as last_seen, count(*) as count,
            count(*) / sum(count(*)) over (partition by account) as share, any_value(left(raw, 160)) as example
        from signed
        join people using (account_id, reference)
        where trim(raw) <> ''
        group by account, raw
        """,
        events=logs.events,
        reference=logs.reference,
        people=people,
    )
