"""The page of the kinds of evidence, from their classes."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from linkage.evidence.kinds import KINDS
from linkage.evidence.kinds.column import SharedColumn
from pages.markdown import code, paragraphs, table

if TYPE_CHECKING:
    from linkage.evidence.kind import EvidenceKind

_OPENING = """# Kinds of evidence

Every kind says the same thing: this account was seen with this identifier.
A kind whose column is empty is skipped, and that is said.
Within a family only the level that says most counts.
A level that *creates* can link its holders by a single identifier; the others link only together with something else.
A kind is *receivable* where somebody else can give it to a victim: an account that only such evidence ties is a *neighbour*, and is blocked only if a person confirmed that very account.
A kind is *copyable* where whoever has seen it at a victim can repeat it: an account that rests on one such thing, which less than a tenth of the ring has, is a neighbour, too."""


def kinds_page() -> str:
    """Write every kind: what it reads, what it may weigh, when it is strong and when it misleads."""
    declared = SharedColumn("NAME", column="its column")
    return "\n\n".join(
        [_OPENING, *(_kind(kind) for kind in KINDS), _kind(declared, heading="a declared column")]
    )


def _kind(kind: EvidenceKind, *, heading: str = "") -> str:
    facts = [
        ("on screen", kind.label),
        ("family", code(kind.family)),
        ("reads", code(".".join(kind.reads))),
        ("may read", ", ".join(code(name) for name in kind.also_reads) or "nothing else"),
        (
            "levels, fine to coarse",
            ", ".join(_level(level.name, creates=level.creates) for level in kind.levels),
        ),
        ("receivable", "yes" if kind.receivable else "no"),
        ("copyable", "yes" if kind.copyable else "no"),
        ("most bits (`cap`)", code(kind.defaults.cap)),
        ("most holders (`largest`)", code(kind.defaults.largest)),
    ]
    parts = [f"## {heading or kind.name}", paragraphs(inspect.getdoc(type(kind))), table(["", ""], facts)]
    if kind.examples:
        rows = [
            (code(repr(raw)), "links nobody" if found is None else code(found))
            for raw, found in kind.examples
        ]
        parts.append(table(["value in the logs", "identifier"], rows))
    return "\n\n".join(parts)


def _level(name: str, *, creates: bool) -> str:
    return f"{name} (creates)" if creates else name
