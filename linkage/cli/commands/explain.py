"""``linkage explain``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from linkage.cli.options import DEFAULT_CASE, CasePath, FormatOption, MemoryOption, SettingsPath, SourceOption
from linkage.cli.output import Format

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 70
"""Characters shown of what was seen in an event."""


def explain(
    account: Annotated[str, typer.Argument(help="An account.", metavar="ACCOUNT")],
    other: Annotated[
        str | None, typer.Argument(help="Another, to ask what links the two.", metavar="ACCOUNT")
    ] = None,
    source: SourceOption = None,
    case: CasePath = DEFAULT_CASE,
    format: FormatOption = Format.table,
    settings: SettingsPath = None,
    memory: MemoryOption = None,
) -> None:
    """Say why an account is in its ring, or what links two accounts.

    A waterfall in bits, down to events: each step says what is shared, what it says on its own, what it adds to
    the sum, and how many accounts hold it. Of a family (a card and its bank number, an address and its block)
    only the most telling level adds, each further identifier half as much as the one before, up to a cap.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage explain acct_0ac332e59e
    """
    from linkage.cli.output import show, show_document, show_text
    from linkage.cli.start import found
    from linkage.evidence.kinds import chosen_kinds
    from linkage.explain import explain_account, explain_pair

    with found(source or (), case, settings, flags={"memory": memory}) as work:
        kinds, _ = chosen_kinds(work.settings.evidence)
        if other is None:
            told = explain_account(account, work.logs, kinds, work.finding.evidence, work.finding.membership)
        else:
            told = explain_pair(account, other, work.logs, kinds, work.finding.evidence)
    ring = None if told.ring is None else work.finding.names[told.ring]
    rows = told.rows()
    if format is not Format.table:
        document = {
            "accounts": list(told.accounts),
            "ring": ring,
            "bits": round(told.bits, 2),
            "confidence": told.confidence,
            "steps": rows,
        }
        show_document(document, rows, format=format)
        return
    subject = " and ".join(told.accounts)
    if told.confidence is None:
        show_text(f"{subject}: in no ring; these identifiers it shares with others", "")
    else:
        place = "taken by themselves" if ring is None else f"in ring {ring}"
        show_text(f"{subject}: {place}, {told.bits:+.1f} bits, confidence {told.confidence:g}", "")
    show([_brief(row, in_ring=told.confidence is not None) for row in rows], format=format)
    show_text("")
    show([line for row in rows for line in _seen(row)], format=format)


def _brief(row: Mapping[str, Any], *, in_ring: bool) -> dict[str, Any]:
    """Write a step so that it can be read across."""
    sums = {"adds": f"{row['adds']:+.1f}" if row["adds"] else "-", "sum": f"{row['sum']:.1f}"}
    held = (
        f"{row['held_here']:,} here, {row['held_by']:,} in all" if in_ring else f"{row['held_by']:,} in all"
    )
    return {
        "evidence": row["level"] or row["kind"],
        "identifier": row["identifier"] or "nearness in time",
        "bits": f"{row['bits']:.1f}",
        **(sums if in_ring else {}),
        "held by": held if row["held_by"] else "",
    }


def _seen(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Write once what was seen, and beside it when."""
    times: dict[tuple[str, str], list[str]] = {}
    for event in row["events"]:
        at = (event["at"] or "at no known time").removesuffix("Z").replace("T", " ")
        times.setdefault((event["account_id"], event["seen"]), []).append(at)
    return [
        {"identifier": row["identifier"], "account": account_id, "first events": moments, "seen": _cut(text)}
        for (account_id, text), moments in times.items()
    ]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
