"""``linkage rings``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from linkage.cli.options import (
    DEFAULT_CASE,
    CasePath,
    FormatOption,
    MemoryOption,
    OptionalSources,
    SettingsPath,
)
from linkage.cli.output import Format

if TYPE_CHECKING:
    from linkage.rings.ring import Ring

REASONS_SHOWN = 3


def rings(
    sources: OptionalSources = None,
    min_score: Annotated[
        float, typer.Option(min=0, max=1, help="List rings of this score and more.", metavar="SCORE")
    ] = 0.5,
    case: CasePath = DEFAULT_CASE,
    format: FormatOption = Format.table,
    members: Annotated[bool, typer.Option("--members", help="Give each ring its members.")] = False,
    fail_on: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="End with 10 if a ring has this score or more.", metavar="SCORE"),
    ] = None,
    engine: Annotated[
        str | None, typer.Option(help="The graph library: igraph, leidenalg or networkx.", metavar="NAME")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The seed of everything random.", metavar="NUMBER")
    ] = None,
    settings: SettingsPath = None,
    memory: MemoryOption = None,
) -> None:
    """Find rings, and list those worth acting on, best first.

    With a SOURCE no case is needed; without one the case is used, and only what is stale is computed.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage rings --min-score 0.7
    """
    from linkage.cli.output import say, show
    from linkage.cli.start import found

    flags = {"links.engine": engine, "seed": seed, "memory": memory}
    with found(sources or (), case, settings, flags=flags) as work:
        every = work.finding.rings
        listed = [ring for ring in every if ring.score >= min_score]
        if format is Format.table:
            show(_brief(listed, members=members), format=format)
        else:
            show(
                [ring.document(members=members) for ring in listed],
                format=format,
                columns=_columns(members=members),
            )
    say(
        f"{len(listed)} {'ring' if len(listed) == 1 else 'rings'} at {min_score:g} or more, "
        f"{len(every) - len(listed)} below{_expected(listed)}"
    )
    if fail_on is not None and any(ring.score >= fail_on for ring in every):
        raise typer.Exit(10)


def _expected(listed: list[Ring]) -> str:
    """Say how many of the rings listed should be false: what their scores leave open, added up."""
    if not listed:
        return ""
    return f"; {sum(1 - ring.score for ring in listed):.1f} of those listed should be false, by calibration"


def _brief(listed: list[Ring], *, members: bool) -> list[dict[str, Any]]:
    """Write rings so that a line of a terminal holds one: short figures, dates, the strongest evidence."""
    judged = any(ring.judgement for ring in listed)
    return [
        {
            "ring": ring.ring,
            "score": f"{ring.score:.2f}",
            "linked": f"{ring.linked:.2f}",
            "extraction": None if ring.extraction is None else f"{ring.extraction:.2f}",
            "q": None if ring.q_value is None else f"{ring.q_value:.2g}",
            "accounts": ring.accounts,
            "events": ring.events,
            "seen": [f"{moment:%Y-%m-%d}" for moment in (ring.first_seen, ring.last_seen) if moment],
            **({"judgement": ring.judgement} if judged else {}),
            "evidence": [
                *(reason.sentence for reason in ring.evidence[:REASONS_SHOWN]),
                *([f"honest reading: {ring.benign_explanation}"] if ring.benign_explanation else []),
            ],
            **({"members": [member.account_id for member in ring.members]} if members else {}),
        }
        for ring in listed
    ]


def _columns(*, members: bool) -> list[str]:
    """Name the columns of CSV: the fields of the JSON, also where no ring is listed."""
    from dataclasses import fields

    from linkage.rings.ring import Ring

    without = {"signals"} if members else {"signals", "members"}
    return [field.name for field in fields(Ring) if field.name not in without]
