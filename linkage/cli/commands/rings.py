"""``linkage rings``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from linkage.cli.options import (
    DEFAULT_CASE,
    ByOption,
    CasePath,
    FormatOption,
    MemoryOption,
    OptionalSources,
    SettingsPath,
)
from linkage.cli.output import Format

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    only_changed: Annotated[
        bool, typer.Option("--changed", help="List what became of rings since you last asked so; see --by.")
    ] = False,
    dismissed: Annotated[
        bool, typer.Option("--dismissed", help="List also what a person dismissed and nothing is new of.")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Compute all anew, also where nothing has changed.")
    ] = False,
    by: ByOption = "unknown",
    settings: SettingsPath = None,
    memory: MemoryOption = None,
) -> None:
    """Find rings, and list those worth acting on, best first.

    With a SOURCE no case is needed; without one the case is used, and only what is stale is computed.
    A ring that a person dismissed is not listed until something is new of it. With --changed, rings that are new, grew,
    shrank, merged, split, ended or returned are listed, each once to each of those who ask.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage rings --min-score 0.7
    """
    from linkage.cli.output import say, show
    from linkage.cli.start import found

    if only_changed and sources:
        raise typer.BadParameter("what changed is known of a case: name no SOURCE", param_hint="--changed")
    flags = {"links.engine": engine, "seed": seed, "memory": memory}
    with found(sources or (), case, settings, flags=flags, full=full) as work:
        every: Sequence[Ring] = work.finding.rings
        chosen, turn = every, 0
        if only_changed and work.case is not None:
            from linkage import runs

            chosen, turn = runs.rings_changed(work.case, work.finding, who=by)
        knobs = work.settings
    # The case is free again, however slowly somebody reads what follows.
    closed = [ring for ring in chosen if ring.is_closed and not dismissed]
    shown = [ring for ring in chosen if ring not in closed]
    listed = [ring for ring in shown if ring.score >= min_score]
    if format is Format.table:
        show(_brief(listed, members=members), format=format)
    else:
        show(
            [ring.document(members=members) for ring in listed],
            format=format,
            columns=_columns(members=members),
        )
    if only_changed:
        say(
            f"{len(listed)} changed at {min_score:g} or more, {len(shown) - len(listed)} below{_hidden(closed)}"
        )
        runs.look(case, knobs, who=by, turn=turn)
    else:
        say(
            f"{len(listed)} {'ring' if len(listed) == 1 else 'rings'} at {min_score:g} or more, "
            f"{len(shown) - len(listed)} below{_hidden(closed)}{_expected(listed)}"
        )
    if fail_on is not None and any(ring.score >= fail_on for ring in shown):
        raise typer.Exit(10)


def _hidden(closed: Sequence[Ring]) -> str:
    return f", {len(closed)} dismissed" if closed else ""


def _expected(listed: list[Ring]) -> str:
    """Say how many of the rings listed should be false: what their scores leave open, added up."""
    if not listed:
        return ""
    return f"; {sum(1 - ring.score for ring in listed):.1f} of those listed should be false, by calibration"


def _brief(listed: list[Ring], *, members: bool) -> list[dict[str, Any]]:
    """Write rings so that a line of a terminal holds one: short figures, dates, the strongest evidence."""
    judged = any(ring.judgement for ring in listed)
    moved = any(ring.state not in {"new", "known"} for ring in listed)
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
            **({"state": _state(ring)} if moved else {}),
            **({"judgement": ring.judgement} if judged else {}),
            "evidence": [
                *(reason.sentence for reason in ring.evidence[:REASONS_SHOWN]),
                *([f"honest reading: {ring.benign_explanation}"] if ring.benign_explanation else []),
                *ring.news,
            ],
            **({"members": [member.account_id for member in ring.members]} if members else {}),
        }
        for ring in listed
    ]


def _state(ring: Ring) -> str:
    """Say what became of a ring: the word, how many are new, and which other rings have to do with it."""
    new = f", {len(ring.joined):,} new" if ring.joined and ring.state != "new" else ""
    kin = f" ({', '.join(ring.kin)})" if ring.kin else ""
    return f"{ring.state}{new}{kin}"


def _columns(*, members: bool) -> list[str]:
    """Name the columns of CSV: the fields of the JSON, also where no ring is listed."""
    from dataclasses import fields

    from linkage.rings.ring import Ring

    without = {"signals"} if members else {"signals", "members", "joined"}
    last = ("kin", "news", "joined", "members")
    names = [field.name for field in fields(Ring) if field.name not in {*without, *last}]
    return [*names, *(name for name in last if name not in without)]
