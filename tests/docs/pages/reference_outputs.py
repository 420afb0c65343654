"""The pages of what comes out: the fields of rings and explanations, and the formats of blocklists."""

from __future__ import annotations

import inspect
from datetime import datetime

from linkage.evaluation import Evaluation
from linkage.explain import Step
from linkage.exports.format import Entry
from linkage.exports.formats import FORMATS
from linkage.rings.ring import Member, Reason, Ring
from pages.markdown import code, described, paragraphs, table

_OPENING = """# Output fields

`linkage rings --format json` prints an array of rings, best first; `--members` adds the members.
Times are UTC."""

_FORMATS = """Chosen with `linkage export --to`.
The same decisions give the same bytes, and whatever strangers wrote comes out inert."""

SAMPLE = Entry(
    account_id="acct_1",
    ring="R-7K2M9Q",
    action="block",
    score=0.93,
    confidence=0.99,
    first_seen=datetime(2026, 9, 3, 1, 12, 9),  # noqa: DTZ001 - all our times are UTC
    last_seen=datetime(2026, 9, 30, 23, 51, 40),  # noqa: DTZ001 - as above
    reason="6 cards pay for 117 accounts",
)


def outputs_page() -> str:
    """Write the fields of rings, their evidence and members, of explanations and of evaluations."""
    sections = (
        ("A ring", Ring, {"signals"}),
        ("A piece of its evidence", Reason, set()),
        ("A member", Member, set()),
        ("A step of `linkage explain`", Step, set()),
        ("The figures of `linkage evaluate`", Evaluation, set()),
    )
    parts = [_OPENING]
    for heading, cls, hidden in sections:
        rows = [(code(name), type_, said) for name, type_, said in described(cls) if name not in hidden]
        parts += [f"## {heading}", table(["field", "type", "what it is"], rows)]
    return "\n\n".join(parts)


def formats_page() -> str:
    """Write every format of a blocklist, with what it looks like."""
    fields = [(code(name), type_, said) for name, type_, said in described(Entry)]
    parts = [
        "# Formats of blocklists",
        _FORMATS,
        "## The fields of an entry",
        table(["field", "type", "what it is"], fields),
    ]
    for each in FORMATS:
        shown = each.write([SAMPLE]).decode()
        parts += [
            f"## {each.name}",
            paragraphs(inspect.getdoc(type(each))),
            f"Files end with `{each.suffix}`.",
        ]
        parts += [f"```text\n{shown}```"]
    return "\n\n".join(parts)
