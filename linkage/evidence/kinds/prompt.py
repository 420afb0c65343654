"""Accounts that send the same prompt, or different ones in the same wrapper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.evidence.kind import SIGHTINGS, EvidenceKind, Freezing, Level, Seen
from linkage.evidence.outlines import outlines
from linkage.evidence.public_templates import public_templates
from linkage.settings import EvidenceSettings
from linkage.shelf import let_go
from linkage.tables import Table, derive

if TYPE_CHECKING:
    from linkage.tables import Logs

LEAST_CHARACTERS = 40
"""A shorter prompt is a greeting or a common question: it is nobody's fingerprint."""


class SharedPrompt(EvidenceKind):
    """Accounts that send near-duplicate prompts, or wrap ever-new content in the same words.

    The evidence that survives residential proxies and virtual cards: an operation that harvests one capability
    repeats its instructions. Near-duplicates are found by MinHash, wrappers by the shingles that come back in an
    account's own prompts, and what is worded anew each time by its outline of headings, tags and keys.
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
        Level("passage", "passages"),
    )
    copyable = True
    freezing = Freezing.plain
    defaults = EvidenceSettings(cap=18.0, largest=20_000)
    examples = (("template 0a1b2c3d4e", "template 0a1b2c3d4e"), ("  ", None))

    def clean(self, raw: str) -> str | None:
        """Keep the name that a group of prompts goes by."""
        return raw.strip() or None

    def sightings(self, logs: Logs, people: Table) -> Table:
        """Read every prompt and system prompt once, and group what is alike."""
        return self.look(logs, people).sightings

    def look(self, logs: Logs, people: Table, *, forms: bool = False) -> Seen:
        """Say beside the sightings what was frozen of the groups and, if asked for, by what they are recognised."""
        from linkage.evidence import recognition, wordings  # noqa: PLC0415 - numba takes its time
        from linkage.evidence.prompts import read_prompts  # noqa: PLC0415 - as above

        public = _public(logs)
        words = ("prompt", "template", "system prompt")
        whole, wrapped, ruled = (recognition.FrozenPrompts.of(logs, word) for word in words)
        own = read_prompts(
            logs, people, "prompt", least=LEAST_CHARACTERS, public=public, frozen=whole.contents
        )
        system = read_prompts(
            logs, people, "system_prompt", least=LEAST_CHARACTERS, public=public, frozen=ruled.contents
        )
        with wordings.room_beside(own):
            parts = {
                "prompts": wordings.near_duplicates(own, "prompt"),
                "wrappers": wordings.templates(own, "template"),
                "systems": wordings.near_duplicates(system, "system prompt"),
                "ready": _ready(logs, people),
                "outlines": outlines(logs, people, public),
                "passages": wordings.passages(own, "passage", public),
            }
        sightings = derive(
            f"""
            with found as (
                select 0 as level, * from prompts
                union all
                select 1 as level, * from wrappers
                union all
                select 1 as level, * from systems
                union all
                select 0 as level, * from ready
                union all
                select 1 as level, * from outlines
                union all
                select 2 as level, * from passages
            )
            select {SIGHTINGS} from (select 'prompt' as kind, * from found)
            """,
            **parts,
        )
        let_go(*parts.values())
        recognised = (
            [
                recognition.prompt_forms(own, "prompt", level=0),
                recognition.template_forms(own, "template", level=1),
                recognition.prompt_forms(system, "system prompt", level=1),
            ]
            if forms
            else []
        )
        earlier = [
            recognition.earlier_prompts(own, "prompt", whole, level=0),
            recognition.earlier_templates(own, "template", wrapped, level=1),
            recognition.earlier_prompts(system, "system prompt", ruled, level=1),
        ]
        let_go(own.asked, system.asked)
        return Seen(sightings, _together(recognised), _together(earlier))


def _together(tables: list[Table]) -> Table | None:
    """Put tables of the same columns one under the other."""
    named = {f"part{number}": table for number, table in enumerate(tables)}
    return derive(" union all ".join(f"from {name}" for name in named), **named) if named else None


def _public(logs: Logs) -> list[str]:
    """Take the texts of public templates from the shipped list and from that of known shared values."""
    rows = derive(
        "select distinct trim(value) as value from known where kind in ('template', 'prompt') order by value",
        known=logs.known_shared,
    ).rows()
    return sorted({*(each.text for each in public_templates()), *(value for (value,) in rows)})


def _ready(logs: Logs, people: Table) -> Table:
    """Take signatures of others' making that the logs bring along: the same signature is the same prompt."""
    from linkage.evidence.texts import ready_bytes  # noqa: PLC0415 - numba takes its time

    return derive(
        f"""
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
        where trim(raw) <> '' and {ready_bytes("raw")} is null
        group by account, raw
        """,
        events=logs.events,
        reference=logs.reference,
        people=people,
    )
