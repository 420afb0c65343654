"""``linkage rings``."""

from __future__ import annotations

from typing import Annotated

import typer

from linkage.cli.options import DEFAULT_CASE, CasePath, FormatOption, MemoryOption, OptionalSources, SettingsPath
from linkage.cli.output import Format


def rings(
    sources: OptionalSources = None,
    min_score: Annotated[float, typer.Option(min=0, max=1, help="List rings of this score and more.")] = 0.5,
    case: CasePath = DEFAULT_CASE,
    format: FormatOption = Format.table,
    members: Annotated[bool, typer.Option("--members", help="Give each ring its members.")] = False,
    fail_on: Annotated[
        float | None, typer.Option(min=0, max=1, help="End with 10 if a ring has this score or more.")
    ] = None,
    engine: Annotated[str | None, typer.Option(help="The graph library: igraph, leidenalg or networkx.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="The seed of everything random.")] = None,
    settings: SettingsPath = None,
    memory: MemoryOption = None,
) -> None:
    """Find rings, and list those worth acting on, best first.

    With a SOURCE no case is needed; without one the current case is used, and only what is stale is computed.

    Example: linkage rings examples/hydra --min-score 0.7
    """
    from linkage.cli.output import say, show
    from linkage.cli.session import found

    flags = {"links.engine": engine, "seed": seed, "memory": memory}
    with found(sources or (), case, settings, flags=flags) as (_, finding):
        listed = [ring for ring in finding.rings if ring.score >= min_score]
        documents = [ring.document(members=members) for ring in listed]
        if format is Format.table:
            documents = [
                document | {"evidence": [reason.sentence for reason in ring.evidence]}
                for ring, document in zip(listed, documents, strict=True)
            ]
        columns = ["ring", "score", "linked", "extraction", "accounts", "events", "first_seen", "last_seen", "evidence"]
        if members:
            columns.append("members")
        if format is Format.table and members:
            for document in documents:
                document["members"] = [member["account_id"] for member in document["members"]]
        show(documents, format=format, columns=columns)
        below = len(finding.rings) - len(listed)
        say(f"{len(listed)} {'ring' if len(listed) == 1 else 'rings'} at {min_score:g} or more, {below} below")
        worst = max((ring.score for ring in finding.rings), default=0.0)
    if fail_on is not None and worst >= fail_on:
        raise typer.Exit(10)
